"""Subcategory and urgency of a report: from its words, its sender, or what it is about; and where a case is refiled."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.facts.categories import Categorised, categorise
from rules.facts.urgency import urgent_by
from rules.review.backtest import Past, again
from schemas.case import UrgentBy
from schemas.command import Act
from schemas.report import SourceFacts
from schemas.rulebook import Rulebook
from tests.unit.rules.cases.test_waiting import supply
from tests.worlds.street import ON_S1, T0, Street, a_book, a_report, a_rulebook

U = UrgentBy
PARTS: list[dict[str, Any]] = [
    {"id": "oil", "category": "dirty", "name": {"zh": "漏油"}, "words": ["漏油", "oil"]},
    {"id": "mud", "category": "dirty", "name": {"zh": "泥浆"}, "words": ["泥浆", "泥浆车"]},
    {"id": "open-hole", "category": "pothole", "name": {"zh": "深坑"}, "words": ["深坑"], "urgent": True},
    {"id": "burst", "category": "leak", "name": {"zh": "爆管"}},
]
ROWS: list[dict[str, Any]] = [
    {"id": "R-open", "priority": 5, "when": {"subcategory": "open-hole"}, "then": {"assign": "grid_head"}},
    {"id": "R-now", "priority": 6, "when": {"category": "dirty", "urgency": "urgent"}, "then": {"assign": "office"}},
    {"id": "R-bank", "priority": 7, "when": {"category": "dirty", "land_kind": "bank"}, "then": {"assign": "head-2"}},
]


def divided() -> Rulebook:
    """The sample rulebook with subcategories, words that make urgent, and a row for each of the three facts."""
    told: dict[str, Any] = a_rulebook(urgent_words=["伤人", "Danger"]).model_dump(mode="json")
    told["subcategories"] = PARTS
    told["routing"]["inputs"] = ["category", "subcategory", "urgency", "land_kind"]
    told["routing"]["rows"] += ROWS
    told["categories"][2]["urgent"] = True  # leak
    return Rulebook.model_validate(told)


BOOK = a_book(rulebook=divided())


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("油污", Categorised("dirty", ("油污",))),
        ("路上漏油", Categorised("dirty", ("漏油",), "oil", ("漏油",))),
        ("greasy Oil", Categorised("dirty", ("greasy", "oil"), "oil", ("oil",))),
        ("漏油和泥浆车", Categorised("dirty", ("漏油", "泥浆", "泥浆车"), "mud", ("泥浆", "泥浆车"))),
        ("漏油的泥浆", Categorised("dirty", ("漏油", "泥浆"), "oil", ("漏油",))),  # ties go to the first
        ("说不清", Categorised("other", ())),
    ],
)
def test_words_of_a_subcategory_choose_it_and_its_category(text: str, found: Categorised) -> None:
    assert categorise(a_report(text=text), BOOK) == found


def test_a_sender_names_a_category_or_one_of_its_subcategories() -> None:
    """Within a named category words still tell the subcategory; a named one is not argued with."""
    assert categorise(a_report(text="泥浆", category="oil"), BOOK) == Categorised("dirty", None, "oil")
    assert categorise(a_report(text="泥浆", category="dirty"), BOOK) == Categorised("dirty", None, "mud", ("泥浆",))
    assert categorise(a_report(text="泥浆", category="leak"), BOOK) == Categorised("leak")
    source = SourceFacts(category="burst")
    assert categorise(a_report(text="泥浆", source=source), BOOK) == Categorised("leak", None, "burst")


def test_a_name_nobody_knows_is_no_subcategory() -> None:
    """As with categories: from a door the words decide; from an importer it is another system's own word."""
    assert categorise(a_report(text="泥浆", category="ghost"), BOOK).subcategory == "mud"
    assert categorise(a_report(text="泥浆", source=SourceFacts(category="ghost")), BOOK) == Categorised("ghost")


@pytest.mark.parametrize(
    ("told", "by"),
    [
        ({"text": "油污"}, ()),
        ({"text": "油污", "urgent": True}, (U.REPORTER,)),
        ({"text": "油污伤人"}, (U.WORDS,)),
        ({"text": "DANGER 深坑"}, (U.WORDS, U.SUBCATEGORY)),
        ({"text": "漏水"}, (U.CATEGORY,)),
        ({"text": "", "category": "open-hole"}, (U.SUBCATEGORY,)),
        ({"text": "", "source": SourceFacts(category="ghost")}, ()),
    ],
)
def test_it_is_known_who_says_that_it_is_urgent(told: dict[str, Any], by: tuple[UrgentBy, ...]) -> None:
    report = a_report(**told)
    assert urgent_by(report, categorise(report, BOOK), BOOK) == by


WORDS = ["油污", "漏油", "泥浆", "坑", "深坑", "漏水", "伤人", "办证", "别的"]


@given(
    st.lists(st.sampled_from(WORDS), max_size=5),
    st.lists(st.sampled_from(WORDS), max_size=3),
    st.sampled_from([None, "dirty", "leak", "other", "ghost", *(part["id"] for part in PARTS)]),
    st.booleans(),
)
def test_a_subcategory_is_always_one_of_the_category_and_what_people_said_stays_said(
    text: list[str], more: list[str], named: str | None, urgent: bool
) -> None:
    """Whatever is written and named; the checks of tables and the words that come later lean on it."""
    report = a_report(text=" ".join(text), category=named, urgent=urgent)
    found = categorise(report, BOOK)
    parts = {part["id"]: part["category"] for part in PARTS}
    assert found.subcategory is None or parts[found.subcategory] == found.category
    assert named not in parts or found.subcategory == named
    again = report.model_copy(update={"text": " ".join([*text, *more])})
    said = {U.REPORTER, U.WORDS} & {*urgent_by(report, found, BOOK)}
    assert said <= {*urgent_by(again, categorise(again, BOOK), BOOK)}


def test_each_of_the_three_facts_decides_and_says_where_it_comes_from() -> None:
    """One case for each row, from the report to the person and the reason that is kept."""
    street = Street(BOOK)
    hole = street.report(text="深坑", name="hole")
    assert (hole.assignee, hole.row, hole.subcategory, hole.urgent_by) == (
        "head-1",
        "R-open",
        "open-hole",
        (U.SUBCATEGORY,),
    )
    opened, dispatched = street.drafts[-2:]
    assert opened.facts["subcategory_words"] == ("深坑",)
    assert dispatched.because is not None
    assert dispatched.because.facts == {"category": "pothole", "subcategory": "open-hole", "urgency": "urgent"}
    now = street.report(text="油污，有人受伤，伤人", name="now")
    assert (now.assignee, now.row, now.urgent_by) == ("office", "R-now", (U.WORDS,))
    assert street.drafts[-2].facts["urgent_words"] == ("伤人",)
    bank = street.report(ON_S1.model_copy(update={"land_kind": "bank", "segment": "S2"}), text="油污", name="bank")
    assert (bank.assignee, bank.row) == ("head-2", "R-bank")
    plain = street.report(ON_S1.model_copy(update={"grid": "G2", "segment": None}), text="油污", name="plain")
    assert (plain.row, plain.subcategory, plain.urgent_by) == ("R-dirty", None, ())
    assert not {"subcategory_words", "urgent_words"} & street.drafts[-2].facts.keys()


def test_a_corrected_case_has_the_urgency_of_what_it_is_now() -> None:
    """What was said of it by people stays said; a subcategory names its category."""
    street = Street(BOOK)
    case = street.report(text="深坑", urgent=True)
    case = street.act(case, Act.CORRECT, "office", category="mud")
    assert (case.category, case.subcategory, case.item) == ("dirty", "mud", "I1")
    assert (case.urgent_by, case.row) == ((U.REPORTER,), "R-now")
    case = street.act(case, Act.CORRECT, "office", category="dirty")
    assert (case.subcategory, case.assignee) == (None, "office")
    case = street.act(case, Act.CORRECT, "office", category="leak")
    assert case.urgent_by == (U.REPORTER, U.CATEGORY)


@pytest.mark.parametrize(("named", "kept"), [("oil", "oil"), (None, "mud")])
def test_words_that_come_with_the_place_count_where_nobody_named_it(named: str | None, kept: str) -> None:
    street = Street(BOOK)
    case = street.report(None, text="路面", category=named, urgent=True)
    supply(street, "泥浆", ON_S1)
    case = street.cases[case.number]
    assert (case.category, case.subcategory, case.urgent_by) == ("dirty", kept, (U.REPORTER,))


def test_words_that_come_later_tell_the_subcategory() -> None:
    """A placed report without words waits for them."""
    street = Street(BOOK)
    street.report(text="")
    supply(street, "深坑伤人")
    case = street.case_of("R1-G1", "r1")
    assert case is not None
    assert (case.category, case.subcategory, case.urgent_by) == ("pothole", "open-hole", (U.WORDS, U.SUBCATEGORY))


@pytest.mark.parametrize(
    ("part", "said"),
    [
        ({"id": "oil", "category": "nothing"}, "'nothing', which is not a category"),
        ({"id": "leak", "category": "dirty"}, "has the id of a category"),
    ],
)
def test_subcategories_that_name_nothing_are_refused(part: dict[str, Any], said: str) -> None:
    told = {**a_rulebook().model_dump(mode="json"), "subcategories": [{"name": {"zh": "子类"}, **part}]}
    with pytest.raises(ValueError, match=said):
        Rulebook.model_validate(told)


OUTCOMES = [
    # words, what they gave and what the sender said; which row of a draft has it
    ("深坑", {}, {}, "R-open"),
    ("坑", {"category": "open-hole"}, {}, "R-open"),
    ("深坑", {"category": "pothole"}, {"part_by_words": True}, "R-open"),
    (None, {"text": "深坑"}, {"part_by_words": True}, "R-open"),
    ("坑", {"text": "深坑"}, {"part_by_words": True}, "R-hole"),  # as if the words were others now
    ("油污", {"urgent": True}, {}, "R-now"),
    (None, {"text": "油污伤人"}, {}, "R-now"),
    ("油污", {"text": "油污伤人"}, {}, "R-dirty"),
]


@pytest.mark.parametrize(("text", "told", "past", "row"), OUTCOMES)
def test_a_backtest_reads_words_again_and_keeps_what_was_named(
    text: str | None, told: dict[str, Any], past: dict[str, Any], row: str
) -> None:
    """Words that were erased keep what they gave."""
    case = Street(BOOK).report(**{"text": text or "", **told})
    by_words = "category" not in told
    assert again(Past(case, T0, text, by_words=by_words, **past), BOOK).outcome.row == row

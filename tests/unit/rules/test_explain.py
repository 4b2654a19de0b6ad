"""Explanations of decisions on the example street."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from grid36.rulebook_explain import book_of
from rules.explain import Explanation, explain, shown, who_matched
from rules.rehearsal import outcome, rehearse
from schemas.event import Because, EventType
from schemas.names import Language
from schemas.place import PlaceGiven
from schemas.report import Report, Reporter
from schemas.rulebook import Rulebook
from schemas.table import Cell
from tests.broken_books import example, patched

NOW = int(datetime(2026, 11, 20, 9, tzinfo=ZoneInfo("Asia/Shanghai")).timestamp() * 1000)


def explained(patch: dict[str, Any] | None = None, **report: Any) -> tuple[EventType, Explanation]:
    """What would become of a report under the example with a patch, and why."""
    region, rulebook = example()
    book = book_of(region, Rulebook.model_validate(patched(rulebook.model_dump(mode="json"), patch or {})))
    given = {"id": "r1", "place": PlaceGiven(code="G003"), "reporter": Reporter(id="a"), "door": "cli"}
    draft = outcome(rehearse(Report.model_validate({**given, "received_ms": NOW, **report}), book, NOW))
    assert draft.because is not None
    return draft.type, explain(draft.because, book.rulebook, draft.now.get("item"))


def test_the_row_its_facts_and_cells_and_the_item() -> None:
    kind, why = explained(category="tree")
    assert kind is EventType.DISPATCHED
    assert who_matched(why.because).en == "row 10 parks"
    assert next((met.fact, met.value, met.cell) for met in why.met) == ("category", "tree", "tree, green-area")
    assert why.item is not None
    assert why.item.basis == "Sample list, part P, 1"
    assert why.say(Language.ZH) != why.say(Language.EN)
    assert [(near.number, near.why.en) for near in why.near] == [(1, "kind is problem, and the row asks for question")]


def test_rows_that_lost_say_why() -> None:
    """By priority, or by their place in the table."""
    row = {"id": "trees", "priority": 500, "when": {"category": "tree"}, "then": {"assign": "grid_head"}}
    patch = {"add": {"routing.rows": [row]}}
    _, why = explained(patch, category="tree", kind="question")
    assert why.because.row == "questions"
    assert [(lost.number, lost.why.en) for lost in why.lost] == [
        (10, "its priority 500 comes after 100"),
        (17, "its priority 500 comes after 100"),
    ]
    _, why = explained(patch, category="tree")
    assert [lost.why.en for lost in why.lost] == ["it has the same priority and stands later in the table"]
    assert why.lost[0].why.zh == "优先级相同，在表中靠后"


def test_rows_in_conflict_are_all_shown() -> None:
    """A unique table that was not checked: the fallback owner has it, and both rows say why."""
    patch = {"set": {"routing.hit_policy": "U"}}
    _, why = explained(patch, category="tree", kind="question")
    assert why.because.code == "fallback"
    assert [lost.why.en for lost in why.lost] == ["it contradicts the others"] * 2


def test_the_default_a_refusal_and_a_wait() -> None:
    _, why = explained(category="other")
    assert who_matched(why.because).en == "no row matched; the default holds"
    kind, why = explained(category="medical")
    assert kind is EventType.REFUSED
    assert why.item is not None
    assert why.item.id == "S03"
    kind, why = explained(category="tree", place=PlaceGiven(code="nowhere"))
    assert kind is EventType.INFORMATION_NEEDED
    assert (why.because.code, why.met, why.lost) == ("needs_place", (), ())


def test_an_unknown_row_of_another_version_is_no_trap() -> None:
    why = explain(Because(code="department", zh="甲", en="a", version="1", row="gone", row_number=3), example()[1])
    assert why.met == ()


def test_cells_as_a_steward_writes_them() -> None:
    cells = ["-", "a", [1, 2], {"ge": 7}, {"le": 9}, {"ge": 7, "le": 9}]
    assert [shown(Cell.model_validate(cell)) for cell in cells] == ["-", "a", "1, 2", "≥ 7", "≤ 9", "7–9"]

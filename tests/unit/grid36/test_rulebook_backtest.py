"""A draft on the past: exactly the cases that an independent look finds, each with what would have become of it."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from connectors.ledger.read import Ledger
from grid36.rulebook_backtest import as_answer, as_lines, backtest
from rules.backtest import Effect, Verdict
from schemas.case import Case, State
from schemas.command import Act, Supply
from schemas.duty import DOOR
from schemas.event import digest_of
from schemas.names import Language
from schemas.people import Role
from schemas.report import Reporter
from schemas.rulebook import Rulebook
from schemas.topics import EVENTS, TEXTS
from streams.chain import event_value
from tests.builders import Built, LogBuilder, ledger_of
from tests.street import DAY, HOUR, IN_G2, ON_S1, ON_S2, PHOTO, T0, Street, a_book, a_rulebook

CATEGORIES = ("dirty", "pothole", "leak", "permit", "other")


def ledger_from(street: Street, path: Path, *, older: bool = False) -> Ledger:
    """The ledger of everything that happened on a street; in the form of `older` events, where no word is no fact."""
    log, digest = LogBuilder(), ""
    for n, draft in enumerate(street.drafts):
        facts = {name: fact for name, fact in draft.facts.items() if not older or name != "words" or fact}
        value = event_value(replace(draft, facts=facts), n, digest)
        log.records.append(Built(EVENTS, 0, draft.home, value))
        digest = digest_of(value)
        log.next_n[0], log.last[0] = n + 1, digest
    for case in street.cases.values():
        for words in street.written(case.number):
            log.records.append(Built(TEXTS, 0, words.id, words.model_dump_json().encode()))
    return ledger_of(log, path / "ledger.sqlite")


def changed(**more: Any) -> Rulebook:
    """The rulebook of the street with some parts replaced."""
    return Rulebook.model_validate({**a_rulebook().model_dump(mode="json"), **more})


def rows(*changes: tuple[int, dict[str, Any]]) -> dict[str, Any]:
    """The routing table with other outputs in some rows."""
    routing = a_rulebook().model_dump(mode="json")["routing"]
    for number, then in changes:
        routing["rows"][number]["then"] = then
    return {"routing": routing}


def lively_street() -> Street:
    """Forty reports over ten days at three places, in all categories; some of them covered by others, some resolved."""
    street = Street()
    street.away("owner-1", "owner-2", hours=48)
    for number in range(40):
        place = (ON_S1, ON_S2, IN_G2)[number % 3]
        at = T0 + number * 6 * HOUR
        case = street.report(place, at=at, name=f"r{number}", category=CATEGORIES[number % 5], text="说明")
        if case.assignee and number % 4 == 0:
            street.act(case, Act.RESOLVE, case.assignee, at=at + HOUR, photos=(PHOTO,))
    return street


def found(street: Street, path: Path, draft: Rulebook, *, older: bool = False, **period: int) -> dict[str, Any]:
    ledger = ledger_from(street, path, older=older)
    result = backtest(
        ledger, street.book, a_book(street.book.region, draft), period.get("from_ms"), period.get("to_ms")
    )
    assert list(as_lines(result, Language.ZH))
    assert list(as_lines(result, Language.EN))
    return as_answer(result)


def everybody(street: Street) -> list[Case]:
    return [*street.cases.values(), *street.archived]


def test_the_rulebook_that_decided_changes_nothing(tmp_path: Path) -> None:
    """Not even where somebody covered: the list is compared, not who stood in that day."""
    street = lively_street()
    answer = found(street, tmp_path, a_rulebook())
    assert answer["cases"] == sum(case.master is None for case in everybody(street)) > 25
    assert answer["changed"] == []


def test_offers_and_the_admission_gate_change_nothing_by_themselves(tmp_path: Path) -> None:
    """What waits for somebody who accepts or admits it is compared with whom it waits for."""
    told = changed(**rows((2, {"assign": "department", "offer": "workers"}))).model_dump(mode="json")
    told["policy"] |= {"off_list": "approve", "approver": "street-chief"}
    street = Street(a_book(rulebook=Rulebook.model_validate(told)))
    offered = street.report(ON_S1, name="offered", text="漏水")
    held = street.report(ON_S1, name="held", text="坑", pushed_by="water")
    street.act(held, Act.ADMIT, "street-chief")
    assert found(street, tmp_path, street.book.rulebook)["changed"] == []
    for part, draft, expected in (
        ("wider", {"routing": told["routing"] | rows((2, {"assign": "x", "offer": "volunteers"}))["routing"]}, offered),
        ("direct", {"routing": a_rulebook().model_dump(mode="json")["routing"]}, offered),
        ("another", {"policy": told["policy"] | {"approver": "office"}}, held),
    ):
        (tmp_path / part).mkdir()
        changes = found(street, tmp_path / part, Rulebook.model_validate(told | draft))["changed"]
        assert [(each["case"], each["effects"]) for each in changes] == [(expected.number, ["elsewhere"])], part


def test_a_changed_row_moves_exactly_the_cases_it_is_about(tmp_path: Path) -> None:
    street = lively_street()
    answer = found(street, tmp_path, changed(**rows((1, {"assign": "grid_head"}))))
    expected = {
        case.number
        for case in everybody(street)
        if case.category == "pothole" and case.master is None and case.place and case.place.segment
    }
    assert {each["case"] for each in answer["changed"]} == expected
    assert expected
    assert {tuple(each["effects"]) for each in answer["changed"]} == {("elsewhere",)}
    assert {each["would"]["owner"] for each in answer["changed"]} == {"head-1"}


def test_a_refusal_and_its_opposite_are_told_apart(tmp_path: Path) -> None:
    told = a_rulebook().model_dump(mode="json")["items"]
    told[0] |= {"verdict": "refuse"}
    told[2] |= {"verdict": "handle"}
    answer = found(lively_street(), tmp_path, changed(items=told))
    effects = {each["category"]: each["effects"] for each in answer["changed"]}
    assert effects["dirty"][0] == "refused"
    assert effects["permit"] == ["accepted"]
    assert {each["was"]["verdict"] for each in answer["changed"] if each["category"] == "permit"} == {Verdict.REFUSED}


def test_shorter_limits_make_cases_late_that_were_in_time(tmp_path: Path) -> None:
    street = lively_street()
    told = a_rulebook().model_dump(mode="json")["categories"]
    told[0]["limits"]["resolve"] = "30m"
    answer = found(street, tmp_path, changed(categories=told))
    resolved = {c.number for c in everybody(street) if c.category == "dirty" and c.resolved_ms is not None}
    assert {each["case"] for each in answer["changed"]} == resolved
    assert answer["counts"][Effect.LATE] == len(resolved) > 0


@pytest.mark.parametrize(("limit", "effects"), [("3h", []), ("2h", [["late"]])])
def test_a_pause_would_have_moved_the_other_deadline_as_well(
    tmp_path: Path, limit: str, effects: list[list[str]]
) -> None:
    """Due after 4 hours and paused for two: resolved after 4.5 hours it is in time by 4 or 3 hours, not by 2."""
    street = Street()
    case = street.act(street.report(at=T0), Act.ACKNOWLEDGE, "owner-1", at=T0)
    street.act(case, Act.REQUEST_PAUSE, "owner-1", at=T0 + HOUR, hours=2, note="等材料")
    street.act(case, Act.APPROVE, "office", at=T0 + HOUR)
    done = street.act(case, Act.RESOLVE, "owner-1", at=T0 + 4 * HOUR + HOUR // 2, photos=(PHOTO,))
    assert (done.on_time, done.due_ms) == (True, T0 + 6 * HOUR)
    told = a_rulebook().model_dump(mode="json")["categories"]
    told[0]["limits"]["resolve"] = limit
    assert [each["effects"] for each in found(street, tmp_path, changed(categories=told))["changed"]] == effects


def test_only_the_period_is_looked_at(tmp_path: Path) -> None:
    draft = changed(**rows((1, {"assign": "grid_head"})))
    all_of_it = found(lively_street(), tmp_path, draft)
    (tmp_path / "part").mkdir()
    part = found(lively_street(), tmp_path / "part", draft, from_ms=T0 + 2 * DAY, to_ms=T0 + 5 * DAY)
    inside = [each for each in all_of_it["changed"] if T0 + 2 * DAY <= each["submitted_ms"] < T0 + 5 * DAY]
    assert part["changed"] == inside
    assert 0 < part["cases"] < all_of_it["cases"]


def test_other_words_give_another_category(tmp_path: Path) -> None:
    """Only where words had given it; a category that the reporter named stays."""
    street = Street()
    by_words = street.report(ON_S1, name="words", text="坑")
    street.report(ON_S1, name="named", text="坑", category="other")
    told = a_rulebook().model_dump(mode="json")["categories"]
    told[1]["words"], told[2]["words"] = [], ["坑"]
    answer = found(street, tmp_path, changed(categories=told))
    assert [each["case"] for each in answer["changed"]] == [by_words.number]
    assert answer["changed"][0]["would"]["department"] == "water"


def other_words(**words: list[str]) -> Rulebook:
    """The rulebook of the street with other words of some categories."""
    told = a_rulebook().model_dump(mode="json")["categories"]
    return changed(categories=[each | {"words": words.get(each["id"], each["words"])} for each in told])


@pytest.mark.parametrize("older", [False, True])
def test_a_default_that_no_word_led_to_is_read_again(tmp_path: Path, older: bool) -> None:
    """Not where somebody named it. Older events do not tell the two apart, and count as not named."""
    street = Street()
    unread = street.report(ON_S1, name="unread", text="怪声")
    named = street.report(ON_S1, name="named", text="怪声", category="other")
    answer = found(street, tmp_path, other_words(leak=["怪声"]), older=older)
    assert [each["case"] for each in answer["changed"]] == [unread.number, *([named.number] if older else [])]
    assert answer["changed"][0]["would"]["department"] == "water"


@pytest.mark.parametrize("older", [False, True])
def test_words_that_came_later_or_from_another_home_are_read(tmp_path: Path, older: bool) -> None:
    """A report that waited for words has them beside it; one that moved has its own under another id."""
    street = Street()
    street.report(ON_S1, name="silent", text="")
    street.report(None, name="lost", text="坑")
    street.report(IN_G2, name="chosen", text="")
    for report, home, text, place in (("silent", "R1-G1", "坑", None), ("lost", "R1-U", "", ON_S2)):
        told = {"id": f"s-{report}", "home": home, "report": report, "by": "patrol-1", "text": text, "place": place}
        street.apply(Supply.model_validate(told), street.t_ms)
        street.settle()
    chosen = street.case_of("R1-G2", "chosen")
    assert chosen is not None
    street.act(chosen, Act.CORRECT, "office", category="pothole")
    expected = {case.number for case in everybody(street) if case.report in {"silent", "lost"} and case.place}
    answer = found(street, tmp_path, other_words(pothole=[], leak=["坑"]), older=older)
    assert (answer["cases"], len(expected)) == (3, 2)
    assert {each["case"] for each in answer["changed"]} == expected


def land(**words: list[str]) -> dict[str, Any]:
    """Potholes beside a house go to the head of the grid; words of each kind of land."""
    told = changed(**rows((1, {"assign": "department"}))).model_dump(mode="json")
    values = [{"id": name, "name": {"zh": name}, "words": said} for name, said in words.items()]
    told["attributes"] = [{"id": "land", "name": {"zh": "地类"}, "values": values}]
    told["routing"]["inputs"] = [*told["routing"]["inputs"], "attr_land"]
    row = {"id": "house", "priority": 1, "when": {"category": "pothole", "attr_land": "house"}}
    told["routing"]["rows"].insert(0, row | {"then": {"assign": "grid_head"}})
    return told


def test_attributes_are_read_in_the_words_again(tmp_path: Path) -> None:
    """Also where the category was named, the words came later, or the report moved; not what the door had named."""
    book = Rulebook.model_validate(land(house=["屋后"], forest=["林地"]))
    street = Street(a_book(rulebook=book))
    read = street.report(ON_S1, name="read", text="屋后", category="pothole")
    street.report(ON_S2, name="told", text="屋后", category="pothole", attributes={"land": "house"})
    street.report(IN_G2, name="silent", text="")
    street.report(None, name="lost", text="屋后的坑")
    far = IN_G2.model_copy(update={"lat": 24.4639})
    for report, home, text, place in (("silent", "R1-G2", "坑在屋后", None), ("lost", "R1-U", "", far)):
        told = {"id": f"s-{report}", "home": home, "report": report, "by": "patrol-1", "text": text, "place": place}
        street.apply(Supply.model_validate(told), street.t_ms)
        street.settle()
    decided = [case for case in everybody(street) if case.state is State.DISPATCHED]
    assert {case.assignee for case in decided} == {"head-1", "head-2"}
    assert found(street, tmp_path, book)["changed"] == []
    (tmp_path / "other").mkdir()
    answer = found(street, tmp_path / "other", Rulebook.model_validate(land(house=["门前"], forest=["屋后"])))
    assert len(decided) == 4
    assert {each["report"] for each in answer["changed"]} == {read.report, "silent", "lost"}


def test_a_category_stays_when_its_words_were_erased(tmp_path: Path) -> None:
    street = Street()
    street.report(ON_S1, text="坑")
    street.act("R1-G1-2611-00001", Act.ERASE, "office")
    assert found(street, tmp_path, other_words(pothole=[], leak=["坑"]))["changed"] == []


def often(category: str, times: int) -> Rulebook:
    """The rulebook of the street, in which the chief gets what came so often on its segment."""
    routing = a_rulebook().model_dump(mode="json")["routing"]
    routing["inputs"] = [*routing["inputs"], "repeats_in_segment_7d"]
    when = {"category": category, "repeats_in_segment_7d": {"ge": times}}
    routing["rows"].insert(0, {"id": "often", "priority": 1, "when": when, "then": {"assign": "street-chief"}})
    return changed(routing=routing)


def test_repeats_are_counted_as_they_were(tmp_path: Path) -> None:
    """A draft that asks how often it came is answered from the log, although nobody counted then."""
    street = Street()
    for number in range(4):
        street.report(ON_S1, at=T0 + number * DAY, name=f"r{number}", text="漏水")
    answer = found(street, tmp_path, often("leak", 2))
    cases = sorted(street.cases.values(), key=lambda case: case.submitted_ms)
    assert [each["case"] for each in answer["changed"]] == [case.number for case in cases[2:]]


@pytest.mark.parametrize(("times", "changes"), [(3, 1), (4, 0)])
def test_merged_reports_count_as_repeats_and_a_report_does_not_count_itself(
    tmp_path: Path, times: int, changes: int
) -> None:
    street = Street()
    for number, hours in enumerate((0, 1, 2, 72)):
        street.report(ON_S1, at=T0 + hours * HOUR, name=f"r{number}", category="dirty")
    assert [case.master is None for case in everybody(street)].count(True) == 2
    assert len(found(street, tmp_path, often("dirty", times))["changed"]) == changes


def test_duties_are_not_looked_at(tmp_path: Path) -> None:
    """No rule gives them to anybody: they would count as decided by another system, and as gone elsewhere."""
    duty = {"id": "school-run", "name": {"zh": "护学岗"}, "place": "S1", "window": "07:20-08:10", "person": "patrol-1"}
    street = Street(a_book(rulebook=changed(duties=[duty | {"category": "dirty"}])))
    told: dict[str, Any] = {"door": DOOR, "category": "dirty", "reporter": Reporter(id=DOOR, kind=Role.SYSTEM)}
    done = street.report(ON_S1, name="done", duty="school-run", **told)
    gone = street.report(ON_S1, name="gone", duty="no-longer-there", **told)
    assert (done.assignee, gone.state) == ("patrol-1", "refused")
    answer = found(street, tmp_path, a_rulebook())
    assert (answer["cases"], answer["by_source"], answer["changed"]) == (0, 0, [])

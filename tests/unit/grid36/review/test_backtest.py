"""A draft on the past: exactly the cases that an independent look finds, each with what would have become of it."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from connectors.ledger.queries.cases import Ledger
from grid36.review.backtest import as_answer, as_lines, backtest
from rules.review.backtest import Effect, PastVerdict
from schemas.case import Case
from schemas.command import Act
from schemas.duty import DOOR
from schemas.event import EventType, digest_of
from schemas.names import Language
from schemas.people import Role
from schemas.report import Reporter
from schemas.rulebook import Rulebook
from schemas.topics import EVENTS, TEXTS
from streams.cases.event_writer import event_value
from tests.worlds.builders import Built, LogBuilder, ledger_of
from tests.worlds.street import DAY, HOUR, IN_G2, ON_S1, ON_S2, PHOTO, T0, Street, a_book, a_rulebook

CATEGORIES = ("dirty", "pothole", "leak", "permit", "other")
WORDS = {"dirty": "油污", "pothole": "坑", "leak": "漏水", "permit": "办证", "other": "别的"}


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
    """Forty reports over ten days at three places, in all categories, named or by words; some resolved."""
    street = Street()
    street.away("owner-1", "owner-2", hours=48)
    for number in range(40):
        place = (ON_S1, ON_S2, IN_G2)[number % 3]
        at = T0 + number * 6 * HOUR
        category = CATEGORIES[number % 5]
        told = {"text": WORDS[category]} if number % 2 else {"category": category, "text": "说明"}
        case = street.report(place, at=at, name=f"r{number}", **told)
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
    assert {each["was"]["verdict"] for each in answer["changed"] if each["category"] == "permit"} == {
        PastVerdict.REFUSED
    }


def test_shorter_limits_make_cases_late_that_were_in_time(tmp_path: Path) -> None:
    street = lively_street()
    told = a_rulebook().model_dump(mode="json")["categories"]
    told[0]["limits"]["resolve"] = "30m"
    answer = found(street, tmp_path, changed(categories=told))
    resolved = {c.number for c in everybody(street) if c.category == "dirty" and c.resolved_ms is not None}
    assert {each["case"] for each in answer["changed"]} == resolved
    assert answer["counts"][Effect.LATE] == len(resolved) > 0


@pytest.mark.parametrize(
    ("limit", "hours", "effects"),
    [("2h", 3, ["late_now"]), ("4h", 3, []), ("8h", 3, []), ("8h", 5, ["in_time_now"]), ("2h", 5, [])],
)
def test_open_cases_are_judged_as_of_now(tmp_path: Path, limit: str, hours: int, effects: list[str]) -> None:
    """Due after 4 hours and nothing done yet: the newest event of the log says how late it is."""
    street = Street()
    case = street.report(at=T0)
    street.report(IN_G2, at=T0 + hours * HOUR, name="r2", text="别的")
    told = a_rulebook().model_dump(mode="json")["categories"]
    told[0]["limits"]["resolve"] = limit
    answer = found(street, tmp_path, changed(categories=told))
    assert [each["effects"] for each in answer["changed"] if each["case"] == case.number] == (
        [effects] if effects else []
    )
    late, would = hours > 4, hours > int(limit[0])
    assert answer["open"] == {"cases": 2, "late_now": int(late), "would_be_late": int(would)}


def test_an_open_case_that_stands_still_is_judged_when_it_stopped(tmp_path: Path) -> None:
    street = Street()
    case = street.act(street.report(at=T0), Act.REQUEST_PAUSE, "owner-1", at=T0 + HOUR, hours=200, note="等材料")
    street.act(case, Act.APPROVE, "office", at=T0 + HOUR)
    street.report(IN_G2, at=T0 + 9 * HOUR, name="r2", text="别的")
    told = a_rulebook().model_dump(mode="json")["categories"]
    told[0]["limits"]["resolve"] = "2h"
    assert found(street, tmp_path, changed(categories=told))["changed"] == []


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


def test_a_report_does_not_count_itself_when_another_home_comes_between(tmp_path: Path) -> None:
    """The ledger reads partitions in pieces, so what belongs together need not stand together."""
    street = Street()
    for number in range(3):
        for place in (ON_S1, IN_G2):
            street.report(place, at=T0 + number * DAY, name=f"r{number}-{place.grid}", text="漏水")
    street.drafts.sort(key=lambda draft: (draft.t_ms, draft.type is not EventType.OPENED))
    answer = found(street, tmp_path, often("leak", 1))
    assert [each["report"] for each in answer["changed"]] == ["r1-G1", "r2-G1"]


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

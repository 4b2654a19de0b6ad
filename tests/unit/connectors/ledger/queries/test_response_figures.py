"""Report-in figures, derived from what cases say of the departments that were called."""

import sqlite3
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from connectors.ledger.calls import TABLES, call_rows
from connectors.ledger.calls import released as is_released
from connectors.ledger.fold import COLUMNS, columns
from connectors.ledger.queries.response_figures import Cause, figures, report_ins
from schemas.joint import Assist, ReportInStep, Scores
from schemas.names import Language, Name
from schemas.remit import Remit
from schemas.report import Department
from tests.worlds.builders import HOMES, START, LogBuilder, ledger_of

UTC = ZoneInfo("UTC")

S = ReportInStep
NAMES = {"water": Name(zh="供水", en="Water")}


def call(code: str = "water", cause: Any = "whistle", **more: Any) -> Assist:
    due = {S.SIGN: 10, S.CONTACT: 20, S.ATTEND: 30}
    return Assist(department=Department(code=code, name=code), cause=cause, called_ms=0, due=due, **more)


def told(*calls: Assist, now_ms: int = 100, cause: Cause = "any", released: bool = False) -> dict[str, Any]:
    connection = sqlite3.connect(":memory:")
    connection.executescript(TABLES)
    for id, each in enumerate(calls):
        doc = {"state": "refused" if released else "dispatched", "assists": [each.model_dump(mode="json")]}
        (row,) = call_rows(id, doc)
        connection.execute(f"INSERT INTO calls VALUES ({', '.join('?' * len(row))})", row)  # noqa: S608
    answer = figures(connection, now_ms, None, None, "UTC", cause=cause, names=NAMES, language=Language.EN)
    connection.close()
    return {row["key"]: row for row in [*answer["rows"], answer["total"]]}


def test_the_rate_is_of_those_that_were_due() -> None:
    """Attended in time; attended late; never came; called a moment ago, and so not due yet."""
    rows = told(
        call(done={S.SIGN: 5, S.CONTACT: 5, S.ATTEND: 30}),
        call(done={S.SIGN: 11, S.ATTEND: 31}, missed=(S.SIGN, S.ATTEND)),
        call(missed=(S.SIGN, S.CONTACT, S.ATTEND)),
        call(),
        now_ms=30,
    )
    row = rows["water"]
    assert (row["name"], row["called"], row["due"], row["on_time"], row["rate"]) == ("Water", 4, 3, 1, 0.3333)
    assert row["steps"]["sign"] == {"due": 4, "on_time": 1, "rate": 0.25, "median_ms": 8}
    assert row["steps"]["contact"] == {"due": 4, "on_time": 1, "rate": 0.25, "median_ms": 5}
    assert rows[""]["due"] == 3


def test_a_case_that_was_closed_early_makes_no_rate_better() -> None:
    """Nobody came, and no deadline fires any more: due all the same once the limit is over, but not before."""
    assert told(call(), now_ms=30)["water"]["rate"] is None
    assert told(call(), now_ms=31)["water"]["rate"] == 0
    assert told(call(), call(done={S.ATTEND: 25}), now_ms=31)["water"]["rate"] == 0.5


def test_who_was_called_to_what_came_to_nothing_is_released() -> None:
    """What was missed before that stays missed."""
    assert told(call(), released=True)["water"]["rate"] is None
    assert told(call(missed=(S.SIGN,)), released=True)["water"]["steps"]["sign"]["rate"] == 0
    assert [is_released(doc) for doc in (
        {"state": "closed", "outcome": "fixed"}, {"state": "resolved"}, {"state": "closed", "outcome": "withdrawn"},
        {"state": "refused"}, {"state": "merged"}, {"state": "closed", "outcome": "fixed", "master": "n"},
    )] == [False, False, True, True, True, True]  # fmt: skip


def test_ratings_are_means_and_silence_is_counted_apart() -> None:
    rows = told(
        call(rate_until_ms=50, scores=Scores()),
        call(rate_until_ms=50, scores=Scores(cooperation=5, professionalism=4)),
        call(rate_until_ms=50),
        call(rate_until_ms=150),
    )
    row = rows["water"]
    assert (row["rated"], row["not_rated"]) == (2, 1)
    assert (row["cooperation"], row["professionalism"], row["responsibility"]) == (4.0, 3.5, 3.0)


def test_nobody_called_means_no_rate() -> None:
    row = told()[""]
    assert (row["called"], row["rate"], row["cooperation"]) == (0, None, None)


@pytest.mark.parametrize("codes", [(), ("water",), ("water", "roads")])
def test_the_ledger_finds_joint_cases_by_department(codes: tuple[str, ...]) -> None:
    doc = {"number": "n", "state": "dispatched", "assists": [call(code).model_dump(mode="json") for code in codes]}
    assert columns(doc, 1, UTC)[COLUMNS.index("called")] == (f" {' '.join(codes)} " if codes else None)


def test_calls_count_in_the_period_in_which_they_were_made(tmp_path: Path) -> None:
    """Whenever their case was reported, and whatever else was called for it."""
    log = LogBuilder()
    for late in (0, 5):
        calls = [call(), call("power").model_copy(update={"called_ms": START + late})]
        log.open(t_ms=START - 9, assists=[each.model_dump(mode="json") for each in calls])
    log.open(t_ms=START + 9)
    ledger = ledger_of(log, tmp_path / "l.sqlite")

    def count(from_ms: int | None, to_ms: int | None = None) -> dict[str, int]:
        return {row["key"]: row["called"] for row in report_ins(ledger, from_ms, to_ms)["rows"]}

    assert count(None) == {"water": 2, "power": 2}
    assert count(START) == {"power": 2}
    assert count(START + 1) == {"power": 1}
    assert count(START, START + 5) == {"power": 1}
    assert count(START + 6) == {}


def test_a_part_of_the_region_has_the_calls_to_its_grids_and_of_its_departments(tmp_path: Path) -> None:
    log = LogBuilder()
    calls = [call().model_dump(mode="json"), call("power").model_dump(mode="json")]
    for home in HOMES[:2]:
        log.open(home, assists=calls)
    ledger = ledger_of(log, tmp_path / "l.sqlite")

    def count(within: Remit) -> dict[str, int]:
        return {row["key"]: row["called"] for row in report_ins(ledger, within=within)["rows"]}

    assert count(Remit(grids=frozenset({"G001"}))) == {"water": 1, "power": 1}
    assert count(Remit(departments=frozenset({"water"}))) == {"water": 2}
    assert count(Remit(grids=frozenset({"G001"}), departments=frozenset({"water"}))) == {"water": 2, "power": 1}
    assert count(Remit()) == {}

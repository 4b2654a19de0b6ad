import sqlite3
import statistics
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, get_args
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from connectors.ledger.fold import kind_of
from connectors.ledger.queries.stats import Stats, StatsRow, stats
from connectors.ledger.queries.stats_totals import By
from connectors.ledger.schema import TABLES
from schemas.case import State
from schemas.event import EventType
from schemas.names import Language, Name
from schemas.remit import WHOLE, Remit
from tests.strategies.drawn_cases import CASE, END, MORE
from tests.unit.connectors.ledger.queries.row_by_row import row_by_row
from tests.worlds.builders import HOMES, HOUR, START, LogBuilder, ledger_of

MONTHS = ["2026-09", "2026-10"]


def _one(answer: Stats, key: str) -> StatsRow:
    return next(row for row in answer["rows"] if row["key"] == key)


def test_thirty_six_minutes(tmp_path: Path) -> None:
    """Submitted 7:21, resolved 7:57, verified later: 36 minutes, and one on time."""
    log = LogBuilder()
    number = log.open(t_ms=START)
    log.dispatch(number, START)
    log.resolve(number, START + 36 * 60_000)
    log.close(number, START + 3 * HOUR, verifying_ms=144 * 60_000)
    row = ledger_of(log, tmp_path / "l.sqlite").stats("category")["rows"][0]
    assert (row["mean_s"], row["p50_s"], row["p90_s"]) == (2160.0, 2160.0, 2160.0)
    assert (row["opened"], row["closed"], row["on_time"], row["late"]) == (1, 1, 1, 0)
    assert row["mean_verifying_s"] == 144 * 60


def test_past_cases_without_a_place_are_counted_apart(tmp_path: Path) -> None:
    """Nobody had them by their place, and their times would spoil those of the category. A live one stays there."""
    past = {"history": True, "category": "c", "dispatched_ms": START, "kind": "problem"}
    assert kind_of(past | {"place": None}) == kind_of(past) == "without_place"
    assert kind_of(past | {"place": {"grid": "G1"}}) == "problem"
    assert kind_of(past | {"place": None, "dispatched_ms": None}) == "problem", "it waits"
    assert kind_of(past | {"history": False, "kind": "question"}) == "question"
    log = LogBuilder()
    cases: tuple[tuple[int, dict[str, Any]], ...] = ((1, {}), (5, {"history": True, "place": None}))
    for took, more in cases:
        number = log.open(t_ms=START, category="c", **more)
        log.dispatch(number, START)
        log.resolve(number, START + took * HOUR)
        log.close(number, START + took * HOUR)
    rows = ledger_of(log, tmp_path / "l.sqlite").stats("category")["rows"]
    assert [(row["kind"], row["closed"], row["mean_s"]) for row in rows] == [
        ("problem", 1, 3600.0),
        ("without_place", 1, 18000.0),
    ]


def test_cases_known_by_day_are_counted_apart_in_whole_days(tmp_path: Path) -> None:
    """They are in no figure of hours, and on time or late like all others."""
    log = LogBuilder()
    for days, hours in ((0, 5), (1, 0), (3, 0)):
        number = log.open(t_ms=START)
        log.dispatch(number, START)
        log.resolve(number, START + days * 24 * HOUR + hours * HOUR, by_day=True)
        log.close(number, START + days * 24 * HOUR + hours * HOUR)
    timed = log.open(t_ms=START)
    log.dispatch(timed, START)
    log.resolve(timed, START + HOUR)
    log.close(timed, START + HOUR)
    row = ledger_of(log, tmp_path / "l.sqlite").stats("category")["rows"][0]
    assert (row["closed"], row["on_time"], row["mean_s"], row["p90_s"]) == (4, 4, 3600.0, 3600.0)
    assert (row["by_day"], row["mean_days"], row["p50_days"], row["p90_days"]) == (3, 1.333, 1.0, 2.6)


def test_nothing_resolved_is_no_data_not_zero(tmp_path: Path) -> None:
    log = LogBuilder()
    log.open()
    row = ledger_of(log, tmp_path / "l.sqlite").stats("grid")["rows"][0]
    assert (row["mean_s"], row["p50_s"], row["p90_s"], row["mean_verifying_s"]) == (None,) * 4
    assert ledger_of(LogBuilder(), tmp_path / "e.sqlite").stats()["rows"] == []


def test_each_report_counts_once_and_times_at_the_master(tmp_path: Path) -> None:
    """A follower is opened and merged; a stub is nowhere; who fixed it on the spot is apart; withdrawn has no time."""
    log = LogBuilder()
    master = log.open()
    log.dispatch(master, START)
    follower = log.open()
    log.add(EventType.MERGED, follower, now={"state": "merged", "master": master})
    log.resolve(master, START + HOUR)
    log.close(master, START + 2 * HOUR)
    log.close(follower, START + 2 * HOUR, resolved_ms=START + HOUR, on_time=True, due_ms=START)
    stub = log.open(HOMES[3], place=None, state="needs_information")
    log.add(EventType.MOVED, stub, now={"state": "moved"})
    log.open(moved_from=stub)
    on_the_spot = log.open(self_handled=True)
    log.close(on_the_spot, START, resolved_ms=START)
    withdrawn = log.open()
    log.dispatch(withdrawn, START)
    log.close(withdrawn, START + 1, outcome="withdrawn", resolved_ms=START + 1)
    row, apart = ledger_of(log, tmp_path / "l.sqlite").stats("grid")["rows"]
    assert (row["key"], row["kind"]) == ("G001", "problem")
    assert (row["opened"], row["merged"], row["closed"], row["self_handled"]) == (4, 1, 2, 0)
    assert (row["on_time"], row["late"], row["mean_s"]) == (1, 0, 3600.0)
    assert (apart["key"], apart["kind"], apart["opened"], apart["closed"]) == ("G001", "self_handled", 1, 1)


SAMPLES: list[tuple[dict[str, Any], str]] = [
    ({"self_handled": True}, ""),
    ({"self_handled": True, "sampled": True}, "sampled"),
    ({"self_handled": True, "sampled": True, "archived": True}, "sampled"),
    ({"self_handled": True, "sampled": True, "verified_by": "inspector", "inspected": "passed"}, "sampled passed"),
    ({"self_handled": True, "sampled": True, "verified_by": "inspector"}, "sampled passed"),
    ({"self_handled": False, "sampled": True, "inspected": "failed", "state": "dispatched"}, "sampled failed"),
    ({"self_handled": False, "sampled": True, "state": "dispatched"}, "sampled"),
]


@pytest.mark.parametrize("by", ["category", "grid", "month"])
def test_samples_of_what_was_fixed_on_the_spot_are_counted_in_its_line_only(tmp_path: Path, by: By) -> None:
    """Also a failed one, which counts as a problem from then on."""
    log = LogBuilder()
    for now, _ in SAMPLES:
        log.open(HOMES[0], **{"state": "closed", **now})
    ledger = ledger_of(log, tmp_path / "l.sqlite")
    problems, apart = ledger.stats(by)["rows"]
    assert (problems["kind"], problems["opened"], problems["sampled"], problems["inspected"]) == ("problem", 2, 0, 0)
    assert (apart["kind"], apart["opened"]) == ("self_handled", 5)
    told = [apart["sampled"], apart["inspected"], apart["passed"], apart["failed"]]
    assert told == [sum(word in words for _, words in SAMPLES) for word in ("sampled", "ed ", "passed", "failed")]
    assert ledger.stats(by, kind="self_handled")["rows"] == [apart]
    assert ledger.stats(by, kind="problem")["rows"] == [problems]


def test_kinds_are_never_in_one_line(tmp_path: Path) -> None:
    """Whatever they are grouped by: problems first, and each kind by itself when asked for it."""
    log = LogBuilder()
    kinds: list[dict[str, Any]] = [
        {"kind": "question"}, {"change": {"id": "I1"}}, {"self_handled": True}, {"kind": "problem"}, {},
        {"kind": "question", "self_handled": True}, {"kind": "complaint"}, {"duty": "d1"},
    ]  # fmt: skip
    for each in kinds:
        log.open(HOMES[0], **each)
    ledger = ledger_of(log, tmp_path / "l.sqlite")
    wanted = [("problem", 2), ("question", 1), ("complaint", 1), ("proposal", 1), ("self_handled", 2)]
    for by in get_args(By):
        assert [(row["kind"], row["opened"]) for row in ledger.stats(by)["rows"]] == wanted
    assert [row["opened"] for row in ledger.stats("category", kind="self_handled")["rows"]] == [2]
    assert len(ledger.cases(kind="proposal")) == 1


def test_cases_raised_to_a_rung_are_counted_and_found(tmp_path: Path) -> None:
    log = LogBuilder()
    for raised in (0, 1, 0, 3):
        log.open(HOMES[0], raised=raised)
    ledger = ledger_of(log, tmp_path / "l.sqlite")
    rows = ledger.stats("raised", language=Language.EN)["rows"]
    assert [(row["key"], row["name"], row["opened"]) for row in rows] == [
        ("0", "not raised", 2), ("1", "raised to rung 1", 1), ("3", "raised to rung 3", 1)
    ]  # fmt: skip
    assert [case.raised for case in ledger.cases(raised="3")] == [3]


def test_the_three_rates(tmp_path: Path) -> None:
    """Response, resolution and satisfaction; what nobody was asked about is in none of them."""
    log = LogBuilder()
    for n, word in enumerate([{"rating": "satisfied"}, {"rating": "dissatisfied"}, {}, {"verified_by": "policy"}]):
        number = log.open()
        log.dispatch(number, START, hops=n)
        log.resolve(number, START + HOUR, contacted_ms=START, missed=["respond"] if n == 0 else [])
        log.close(number, START + HOUR, **word)
    log.dispatch(log.open(), START)
    row = ledger_of(log, tmp_path / "l.sqlite").stats("grid")["rows"][0]
    assert (row["response_rate"], row["resolution_rate"], row["satisfaction_rate"]) == (0.75, 1.0, 0.5)
    assert row["above_one_hop"] == 2


def test_late_is_judged_at_the_time_asked(tmp_path: Path) -> None:
    log = LogBuilder()
    number = log.open()
    log.dispatch(number, START)  # due after 4 hours
    ledger = ledger_of(log, tmp_path / "l.sqlite")
    assert ledger.stats(to_ms=START + 4 * HOUR)["rows"][0]["open_late"] == 0
    assert ledger.stats(to_ms=START + 4 * HOUR + 1)["rows"][0]["open_late"] == 1
    assert ledger.stats(to_ms=START + 9 * HOUR, as_of_ms=START + HOUR)["rows"][0]["open_late"] == 0
    assert ledger.stats()["rows"][0]["open_late"] == 0


def test_months_begin_where_the_region_says(tmp_path: Path) -> None:
    """An hour before midnight UTC on the last day of September is October in Shanghai."""
    log = LogBuilder()
    log.open(t_ms=int(datetime(2026, 9, 30, 23, tzinfo=UTC).timestamp() * 1000))
    log.open(t_ms=int(datetime(2026, 9, 30, 1, tzinfo=UTC).timestamp() * 1000))
    ledger = ledger_of(log, tmp_path / "l.sqlite")
    assert [row["key"] for row in ledger.stats("month", zone="UTC")["rows"]] == ["2026-09"]
    answer = ledger.stats("month", START, START + HOUR * 24 * 30, "Asia/Shanghai")
    assert [(row["key"], row["opened"]) for row in answer["rows"]] == [("2026-09", 1), ("2026-10", 1)]
    assert answer["from"] == "2026-09-21T22:13:20+08:00"
    assert answer["zone"] == "Asia/Shanghai"


def test_a_department_keeps_the_name_of_its_source(tmp_path: Path) -> None:
    """Ours is known by its code and shown by our name, another system's by the name it has there."""
    log = LogBuilder()
    for department in ({"code": "police", "name": "NYPD"}, {"code": "sanitation", "name": "环卫所"}):
        log.dispatch(log.open(), START, department=department)
    log.open()
    names = {"sanitation": Name(zh="环卫所", en="Sanitation"), "police": Name(zh="派出所", en="Police")}
    rows = ledger_of(log, tmp_path / "l.sqlite").stats("department", names=names)["rows"]
    assert [(row["key"], row["name"]) for row in rows] == [("", ""), ("NYPD", "NYPD"), ("sanitation", "环卫所")]


def rate(part: int, whole: int) -> float | None:
    return round(part / whole, 4) if whole else None


ZONES = ("UTC", "Asia/Shanghai", "America/New_York", "America/Sao_Paulo", "Pacific/Apia")
REMITS = (
    WHOLE, Remit(), Remit(grids=frozenset({"g1"})), Remit(departments=frozenset({"d1"})),
    Remit(grids=frozenset({"g2"}), departments=frozenset({"d2"}), lists=frozenset({"g1"})),
)  # fmt: skip
ALONE = {"key", "name", "kind"}


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.tuples(CASE, MORE), max_size=25),
    st.none() | st.integers(START, END),
    st.none() | st.integers(START, END),
    st.integers(START, END),
    st.sampled_from([None, "problem", "self_handled"]),
    st.sampled_from(ZONES),
    st.sampled_from(REMITS),
)
def test_the_sums_of_sqlite_are_those_of_a_count_case_by_case(
    drawn: list[tuple[dict[str, Any], dict[str, Any]]], from_ms: int | None, to_ms: int | None, at_ms: int,
    kind: str | None, zone: str, within: Remit,
) -> None:  # fmt: skip
    """Every figure, by everything, exactly, of the region and of a part of it."""
    log, names = LogBuilder(), {"d1": Name(zh="一", en="One"), "g1": Name(zh="甲", en="A")}
    for fields, more in drawn:
        took = fields.pop("took_ms")
        fields["resolved_ms"] = None if took is None else fields["submitted_ms"] + took
        log.open(HOMES[0], **fields, **more)
    with TemporaryDirectory() as folder:
        ledger = ledger_of(log, Path(folder) / "l.sqlite")
        for by in get_args(By):
            rows = ledger.stats(by, from_ms, to_ms, zone, kind=kind, within=within, as_of_ms=at_ms, names=names)["rows"]
            wanted = row_by_row(ledger.path, by, from_ms, to_ms, zone, at_ms, kind, names, within)
            found = {(row["kind"], row["key"]): {k: v for k, v in row.items() if k not in ALONE} for row in rows}
            assert found == wanted
            assert len(rows) == len(wanted)
        ledger.close()


@pytest.mark.parametrize(("by", "kind"), [("kind", None), ("raised", "problem"), ("category", "self_handled")])
def test_the_figures_of_a_part_are_found_by_its_own_indexes(by: By, kind: str | None) -> None:
    """Grid and time, department and time: of the cases of all others only those are passed over that are few."""
    tables, asked = sqlite3.connect(":memory:"), list[str]()
    tables.executescript(TABLES)
    tables.execute("INSERT INTO meta VALUES ('last_ms', '0'), ('zone', 'UTC')")
    tables.set_trace_callback(asked.append)
    stats(tables, by, START, None, "UTC", kind=kind, within=REMITS[-1], as_of_ms=END, names={}, language=Language.ZH)
    tables.set_trace_callback(None)
    plans = [row[3] for query in asked for row in tables.execute(f"EXPLAIN QUERY PLAN {query}")]
    found = {line.partition("INDEX ")[2] for line in plans if " cases " in f"{line} "}
    assert {"cases_grid (grid=? AND submitted_ms>?)", "cases_department (department=? AND submitted_ms>?)"} <= found
    few = ("cases_open_due", "cases_by_day", "cases_samples", "cases_proposes")
    assert [line for line in plans if line.startswith("SCAN cases") and not any(each in line for each in few)] == []


@pytest.mark.parametrize("zone", ZONES)
def test_months_begin_at_their_first_midnight(tmp_path: Path, zone: str) -> None:
    """Also where clocks are changed then: no case is in two months or in none."""
    log, place = LogBuilder(), ZoneInfo(zone)
    times = [
        round(datetime(year, month, 1, tzinfo=place).timestamp() * 1000) + shift * HOUR // 2
        for year in (2011, 2026) for month in range(1, 13) for shift in range(-4, 5)
    ]  # fmt: skip
    for t_ms in times:
        log.open(t_ms=t_ms)
    rows = ledger_of(log, tmp_path / "l.sqlite").stats("month", zone=zone)["rows"]
    months = Counter(datetime.fromtimestamp(t_ms / 1000, place).strftime("%Y-%m") for t_ms in times)
    assert {row["key"]: row["opened"] for row in rows} == months


@settings(max_examples=40)
@given(st.lists(CASE, max_size=25), st.integers(START, END), st.integers(START, END))
def test_figures_agree_with_an_independent_sum(drawn: list[dict[str, Any]], from_ms: int, to_ms: int) -> None:
    log = LogBuilder()
    for fields in drawn:
        took = fields.pop("took_ms")
        fields["resolved_ms"] = None if took is None else fields["submitted_ms"] + took
        log.open(HOMES[0], **fields)
    with TemporaryDirectory() as folder:
        answer = ledger_of(log, Path(folder) / "l.sqlite").stats("category", from_ms, to_ms)
    cohort = [c for c in drawn if from_ms <= c["submitted_ms"] < to_ms and c["state"] != "moved"]
    assert {(row["key"], row["kind"]) for row in answer["rows"]} == {(c["category"], kind_of(c)) for c in cohort}
    for row in answer["rows"]:
        mine = [c for c in cohort if (c["category"], kind_of(c)) == (row["key"], row["kind"])]
        own = [c for c in mine if not c["master"]]
        solved = [
            c
            for c in own
            if c["state"] in {"resolved", "closed"}
            and c["resolved_ms"] is not None
            and c["outcome"] != "withdrawn"
            and not c["self_handled"]
        ]
        judged = [c["on_time"] for c in solved if c["due_ms"] is not None and c["on_time"] is not None]
        going = [c for c in own if c["state"] not in {"resolved", "closed", "refused", "merged"} and c["due_ms"]]
        past = [c for c in going if c["due_ms"] < min(to_ms, c["suspended_ms"] or to_ms)]
        assert row["opened"] == len(mine)
        assert row["merged"] == len(mine) - len(own)
        assert row["closed"] == sum(c["state"] == "closed" for c in own)
        assert row["refused"] == sum(c["state"] == "refused" for c in own)
        assert row["rework"] == sum(c["reworks"] > 0 for c in own)
        assert row["self_handled"] == sum(c["self_handled"] for c in own)
        assert row["above_one_hop"] == sum(c["hops"] >= 2 for c in own)
        late = [c for c in own if "respond" in c["missed"]]
        reached = [c for c in own if c not in late and c["contacted_ms"]]
        assert row["response_rate"] == rate(len(reached), len(late) + len(reached))
        rated = [c["rating"] for c in own if c["rating"]]
        assert row["satisfaction_rate"] == rate(rated.count("satisfied"), len(rated))
        heard = [c for c in own if c["rating"] or c["verified_by"] == "reporter"]
        good = [c for c in heard if c["state"] == "closed" and c["outcome"] in {"fixed", "handled_by_another"}]
        assert row["resolution_rate"] == rate(len(good), len(heard))
        assert (row["on_time"], row["late"]) == (sum(judged), len(judged) - sum(judged))
        assert row["open_late"] == len(past)
        times = [(c["resolved_ms"] - c["submitted_ms"]) / 1000 for c in solved]
        if len(times) > 1:
            tenths = statistics.quantiles(times, n=10, method="inclusive")
            assert row["mean_s"] == pytest.approx(statistics.fmean(times), abs=0.001)
            assert row["p50_s"] == pytest.approx(tenths[4], abs=0.001)
            assert row["p90_s"] == pytest.approx(tenths[8], abs=0.001)
        else:
            assert row["mean_s"] == row["p50_s"] == row["p90_s"] == (times[0] if times else None)


def test_a_reopened_case_leaves_the_closed_ones_and_returns(tmp_path: Path) -> None:
    log = LogBuilder()
    number = log.open()
    log.dispatch(number, START)
    log.resolve(number, START + HOUR)
    log.close(number, START + HOUR)
    log.add(EventType.REOPENED, number, now={"state": State.REOPENED.value, "on_time": None})
    row = ledger_of(log, tmp_path / "a.sqlite").stats()["rows"][0]
    assert (row["closed"], row["on_time"], row["mean_s"]) == (0, 0, None)
    log.resolve(number, START + 6 * HOUR, on_time=False)
    log.close(number, START + 7 * HOUR)
    row = ledger_of(log, tmp_path / "b.sqlite").stats()["rows"][0]
    assert (row["closed"], row["late"], row["mean_s"]) == (1, 1, 6 * 3600.0)

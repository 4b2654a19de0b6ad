"""The engine at its limits, and its process killed, stopped and late."""

import asyncio
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from functools import partial
from typing import Any

import psutil
import pytest

from rules.durable.child import frames
from rules.durable.envelope import Ruleset, plan
from rules.durable.matcher import MAX_REMEMBERED, Alarm, DurableMatcher
from rules.durable.process import CHUNK, Ask, EngineFailedError, EngineProcess, definitions
from rules.tables.matcher import Question
from schemas.table import Facts, Table
from tests.strategies.drawn_tables import scan
from tests.unit.rules.durable import test_envelope as limits

LIMIT_S = 10.0  # never the reason, unless a test says so
TABLE = Table.model_validate(
    {
        "name": "t",
        "hit_policy": "C",
        "inputs": ["category", "road", "hour"],
        "rows": [
            {"id": f"r{i}", "when": {"category": f"c{i % 7}", "road": f"s{i % 11}", "hour": {"ge": i % 13}}}
            for i in range(200)
        ],
    }
)


def questions(count: int, first: int = 0) -> list[Question]:
    return [("t", {"category": f"c{i % 7}", "road": f"s{i % 11}", "hour": i}) for i in range(first, first + count)]


@asynccontextmanager
async def started(
    *tables: Table, alarms: list[Alarm] | None = None, limit_s: float = LIMIT_S
) -> AsyncIterator[DurableMatcher]:
    matcher = DurableMatcher(tables, limit_s, (alarms if alarms is not None else []).append)
    try:
        assert await matcher.started()
        yield matcher
    finally:
        matcher.close()


async def answers(matcher: DurableMatcher, asked: list[Question]) -> list[tuple[str, ...]]:
    await matcher.prepare(asked)
    return [matcher.matches(*question) for question in asked]


def expected(asked: list[Question]) -> list[tuple[str, ...]]:
    return [scan(TABLE, facts) for _, facts in asked]


async def test_a_batch_is_answered_by_the_engine() -> None:
    async with started(TABLE) as matcher:
        assert await answers(matcher, questions(300)) == expected(questions(300))
        assert matcher.answered == {"engine": 300, "index": 0}


@pytest.mark.parametrize(
    ("rows", "limit", "facts"),
    [
        (limits.distinct, 500, {"road": "s499"}),
        (limits.identical, 200, {"road": "x", "hour": 7}),
        (limits.overlapping, 60, {"distance_m": 2**53}),
        (limits.many, 4_000, {"road": "s0", "grid": "g49"}),
    ],
)
async def test_the_engine_is_right_at_each_limit(rows: Callable[[int], Any], limit: int, facts: Facts) -> None:
    table = limits.table(rows(limit))
    async with started(table) as matcher:
        assert await answers(matcher, [("t", facts), ("t", {})]) == [scan(table, facts), ()]
        assert matcher.answered["engine"] == 2


async def test_a_table_outside_is_left_to_the_index_with_an_alarm() -> None:
    alarms: list[Alarm] = []
    table = limits.table(limits.distinct(501))
    async with started(table, alarms=alarms) as matcher:
        assert await answers(matcher, [("t", {"road": "s500"})]) == [("r501",)]
        assert matcher.answered == {"engine": 0, "index": 1}
    assert [alarm.kind for alarm in alarms] == ["outside"]
    assert alarms[0].detail.startswith("table t: 501 different conditions on one node")


async def test_a_child_killed_in_a_batch_costs_that_batch_an_answer_by_the_index() -> None:
    alarms: list[Alarm] = []
    async with started(TABLE, alarms=alarms) as matcher:
        pid = matcher.pid
        assert pid is not None
        os.kill(pid, signal.SIGSTOP)
        asking = asyncio.create_task(answers(matcher, questions(300)))
        await asyncio.sleep(0.05)
        os.kill(pid, signal.SIGKILL)
        began = time.monotonic()
        assert await asking == expected(questions(300))
        assert time.monotonic() - began < 5.0
        assert matcher.answered == {"engine": 0, "index": 300}
        assert [(alarm.kind, alarm.questions) for alarm in alarms] == [("failed", 300)]
        assert "exit code: -9" in alarms[0].detail
        assert await matcher.started()
        assert matcher.pid != pid
        assert await answers(matcher, questions(300, 300)) == expected(questions(300, 300))
        assert matcher.answered == {"engine": 300, "index": 300}


async def test_a_hanging_child_is_waited_for_no_longer_than_the_limit_and_replaced() -> None:
    alarms: list[Alarm] = []
    async with started(TABLE, alarms=alarms, limit_s=1.0) as matcher:
        pid = matcher.pid
        assert pid is not None
        os.kill(pid, signal.SIGSTOP)
        began, ticks = time.monotonic(), 0
        asking = asyncio.create_task(answers(matcher, questions(50)))
        while not asking.done():
            ticks += 1
            await asyncio.sleep(0.01)
        assert time.monotonic() - began < 2.0
        assert ticks > 10, "the event loop went on"
        assert await asking == expected(questions(50))
        assert [(alarm.kind, alarm.questions) for alarm in alarms] == [("failed", 50)]
        assert "late" in alarms[0].detail
        assert await matcher.started()
        assert not psutil.pid_exists(pid)
        assert await answers(matcher, questions(50, 50)) == expected(questions(50, 50))
        assert matcher.answered == {"engine": 50, "index": 50}


async def test_batches_asked_at_the_same_time_do_not_mix_and_raise_one_alarm() -> None:
    alarms: list[Alarm] = []
    async with started(TABLE, alarms=alarms) as matcher:
        parts = [questions(100, first) for first in range(0, 400, 100)]
        found = await asyncio.gather(*(answers(matcher, part) for part in parts))
        assert found == [expected(part) for part in parts]
        assert matcher.pid is not None
        os.kill(matcher.pid, signal.SIGKILL)
        parts = [questions(100, first) for first in range(400, 800, 100)]
        found = await asyncio.gather(*(answers(matcher, part) for part in parts))
        assert found == [expected(part) for part in parts]
    assert [alarm.kind for alarm in alarms] == ["failed"]


async def test_a_cancelled_batch_does_not_shift_the_answers_of_the_next() -> None:
    async with started(TABLE) as matcher:
        asking = asyncio.create_task(matcher.prepare(questions(300)))
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        asking.cancel()
        assert await answers(matcher, questions(300, 300)) == expected(questions(300, 300))


async def test_what_is_remembered_is_bounded() -> None:
    async with started(TABLE, limit_s=30.0) as matcher:
        asked = questions(MAX_REMEMBERED + 200)
        await matcher.prepare(asked)
        found = [matcher.matches(*question) for question in (asked[0], asked[199], asked[200], asked[-1])]
        assert found == [scan(TABLE, facts) for _, facts in (asked[0], asked[199], asked[200], asked[-1])]
        assert matcher.answered == {"engine": 2, "index": 2}


def test_more_than_fits_into_the_limit_is_not_asked() -> None:
    """A batch that is merely large is no reason to kill an engine that works."""
    engine = EngineProcess()
    engine.load(unguarded([{"road": f"s{i}"} for i in range(50)]))
    asks: list[Ask] = [(0, {"road": f"s{i % 60}"}) for i in range(100_000)]
    found = engine.ask(asks, time.monotonic() + 1.0)
    assert CHUNK <= len(found) < len(asks)
    assert found[:60] == [(i,) if i < 50 else () for i in range(60)]
    assert engine.ask(asks[:1], time.monotonic() + 5.0) == [(0,)]
    engine.close()


async def test_questions_that_were_not_asked_are_left_to_the_index() -> None:
    async with started(TABLE, limit_s=1e-9) as matcher:
        assert await answers(matcher, questions(300)) == expected(questions(300))
        assert matcher.answered == {"engine": 0, "index": 300}


async def test_an_engine_that_answers_wrongly_is_noticed_and_not_believed() -> None:
    """It is loaded with another table here, as if it had forgotten one condition of every row."""
    alarms: list[Alarm] = []
    matcher = DurableMatcher([TABLE], LIMIT_S, alarms.append)
    wrong = [
        Ruleset(tuple((row, c[:1]) for row, c in one.rules), (), one.asked) for one in plan(TABLE).rulesets.values()
    ]
    matcher._order = definitions(wrong, LIMIT_S)
    assert await matcher.started()
    assert await answers(matcher, questions(20)) == expected(questions(20))
    assert [alarm.kind for alarm in alarms] == ["differs"]
    assert matcher.answered == {"engine": 0, "index": 20}
    matcher.close()


async def test_before_the_start_and_after_the_end_the_index_answers() -> None:
    matcher = DurableMatcher([TABLE])
    assert await answers(matcher, questions(5)) == expected(questions(5))
    matcher.close()
    assert await answers(matcher, questions(5)) == expected(questions(5))
    assert not await matcher.started()
    assert matcher.answered == {"engine": 0, "index": 10}


async def test_a_child_at_rest_is_started_again_when_it_is_asked() -> None:
    alarms: list[Alarm] = []
    matcher = DurableMatcher([TABLE], LIMIT_S, alarms.append)
    matcher.rest()
    assert await matcher.started()
    child = psutil.Process(matcher.pid)
    matcher.rest()
    assert await answers(matcher, questions(5)) == expected(questions(5)), "by the index, or by the child at its end"
    await asyncio.to_thread(psutil.wait_procs, [child], LIMIT_S)
    assert not child.is_running()
    assert await matcher.started()
    assert await answers(matcher, questions(5, 50)) == expected(questions(5, 50))
    assert (matcher.answered["engine"], alarms) == (5, [])
    matcher.close()


async def test_a_child_that_cannot_start_is_an_alarm_and_is_not_tried_in_a_loop() -> None:
    alarms: list[Alarm] = []
    matcher = DurableMatcher([TABLE], on_alarm=alarms.append, start=partial(EngineProcess, python="/bin/false"))
    assert not await matcher.started()
    assert not await matcher.started()
    assert [alarm.kind for alarm in alarms] == ["not_started"]
    assert await answers(matcher, questions(5)) == expected(questions(5))
    matcher.close()


def test_an_error_of_the_engine_is_told_and_ends_it() -> None:
    engine = EngineProcess(child="tests.unit.rules.failing_engine")
    with pytest.raises(EngineFailedError, match="what: error, error: it failed"):
        engine.load(definitions([], 1.0))
    with pytest.raises(EngineFailedError, match="what: lost"):
        engine.load(definitions([], 1.0))


def test_a_crash_is_told_with_its_signal() -> None:
    engine = EngineProcess()
    engine.load(unguarded([{"road": "s1"}]))
    os.kill(engine.pid, signal.SIGSEGV)
    with pytest.raises(EngineFailedError, match=f"what: lost, exit code: -{signal.SIGSEGV.value}"):
        engine.ask([(0, {"road": "s1"})], time.monotonic() + LIMIT_S)


def test_a_child_that_works_too_long_when_nobody_is_left_to_kill_it_ends_by_its_alarm() -> None:
    """The alarm is set far below what a plain table takes to load."""
    engine = EngineProcess()
    with pytest.raises(EngineFailedError, match=f"exit code: -{signal.SIGALRM.value}"):
        engine.load(unguarded(limits.many(1_000), alarm_s=0.0001))


def unguarded(rows: Any, alarm_s: float = 5.0) -> str:
    return definitions(list(plan(limits.table(rows)).rulesets.values()), alarm_s)


def test_the_child_has_nothing_of_ours_open_and_imports_no_other_part() -> None:
    with socket.socket() as ours:
        ours.bind(("127.0.0.1", 0))
        ours.set_inheritable(True)
        engine = EngineProcess()
        engine.load(definitions([], 1.0))
        child = psutil.Process(engine.pid)
        assert child.net_connections("inet") == []
        loaded = {os.path.basename(found.path).split(".")[0] for found in child.memory_maps()}
        assert "durable_rules_engine" in loaded
        assert not loaded & {"_pydantic_core", "_ssl", "_asyncio"}
        engine.close()


def test_the_child_ends_with_its_parent() -> None:
    """Even when the parent is killed and cannot say so."""
    code = (
        "from rules.durable.process import *; e = EngineProcess(); e.load(definitions([], 1.0)); print(e.pid); input()"
    )
    with subprocess.Popen([sys.executable, "-c", code], stdin=-1, stdout=-1, text=True) as parent:
        assert parent.stdout is not None
        child = psutil.Process(int(parent.stdout.readline()))
        parent.kill()
    assert psutil.wait_procs([child], timeout=20)[1] == []


def test_a_frame_that_breaks_off_ends_the_child() -> None:
    ours, theirs = socket.socketpair()
    with ours, theirs:
        ours.sendall(b"\x00\x00\x00\x02ok\x00\x00\x00\x05cut")
        ours.shutdown(socket.SHUT_WR)
        assert next(frames(theirs)) == "ok"

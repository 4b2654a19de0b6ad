"""Matches by durable-rules, within the measured limits and in a process of its own.

The index answers what the engine cannot be asked or does not answer in time: the same rows, by construction.
"""

from __future__ import annotations

import asyncio
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Final, Literal, TypeAlias

from rules.durable.envelope import PIVOT, EnginePlan, Ruleset, in_envelope, loadable, plan
from rules.durable.process import START_LIMIT_S, Ask, EngineFailedError, EngineProcess, definitions
from rules.tables.index import IndexMatcher, Key, TableIndex
from rules.tables.matcher import Question, WrongFactError
from schemas.table import Facts, Table

MAX_REMEMBERED: Final = 10_000  # answers, about 5 MB
_SLOWEST_RETRY_S: Final = 60.0

_Asked: TypeAlias = tuple[str, Key]


@dataclass(frozen=True, slots=True)
class Alarm:
    """A message about the engine that a person should see; it never loses or changes a decision.

    `outside`: a table beyond its limits. `failed`: it crashed, hung or refused, and is started again.
    `differs`: its answer differed from the index and was discarded. `not_started`: it could not be started.
    """

    kind: Literal["outside", "failed", "differs", "not_started"]
    detail: str
    questions: int = 0  # decided by the index instead


@dataclass(frozen=True, slots=True)
class _Loaded:
    """A table as the engine has it: its rulesets with their numbers there."""

    index: TableIndex
    names: tuple[str, ...]
    rulesets: dict[str | int | None, tuple[int, Ruleset]]

    def parts(self, key: Key) -> list[tuple[int, Ruleset]]:
        """The rulesets in which a row may match: that of the category and that of all categories."""
        category = dict(zip(self.names, key, strict=True)).get(PIVOT)
        found = (self.rulesets.get(each) for each in {category, None})
        return [part for part in found if part is not None]


@dataclass(slots=True)
class _Batch:
    """Questions for the engine; each is a slice of all asks, whose rows are merged."""

    asks: list[Ask] = field(default_factory=list)
    questions: list[tuple[_Asked, _Loaded, int, tuple[int, ...]]] = field(default_factory=list)

    def add(self, asked: _Asked, table: _Loaded) -> None:
        facts = {name: value for name, value in zip(table.names, asked[1], strict=True) if value is not None}
        always: tuple[int, ...] = ()
        for number, ruleset in table.parts(asked[1]):
            always += ruleset.always
            if wanted := {name: facts[name] for name in ruleset.asked if name in facts}:
                self.asks.append((number, wanted))
        self.questions.append((asked, table, len(self.asks), always))

    def answers(self, rows: Sequence[tuple[int, ...]]) -> Iterable[tuple[_Asked, _Loaded, tuple[str, ...]]]:
        """The answers to the questions all of whose asks were answered."""
        start = 0
        for asked, table, end, always in self.questions:
            if end > len(rows):
                return
            found = [*always, *(row for part in rows[start:end] for row in part)]
            yield asked, table, table.index.ordered(found)
            start = end


class DurableMatcher:
    """A `Matcher` that asks durable-rules in batches, in one child process, started at the first `prepare`.

    `prepare` waits at most `limit_s` and never blocks the event loop. `start` starts the child. `on_alarm` is called
    from that loop, or from a thread when the child could not be started. Call `close` at the end; afterwards the index
    decides.
    """

    def __init__(
        self,
        tables: Sequence[Table],
        limit_s: float = 1.0,
        on_alarm: Callable[[Alarm], None] = lambda _: None,
        start: Callable[[], EngineProcess] = EngineProcess,
    ) -> None:
        self._index = IndexMatcher(tables)
        self._limit_s = limit_s
        self._on_alarm = on_alarm
        self._start_process = start
        self._remembered: OrderedDict[_Asked, tuple[str, ...]] = OrderedDict()
        self._loaded: dict[str, _Loaded] = {}
        self._order = self._plan(tables)
        self._engine: EngineProcess | None = None
        self._loading: EngineProcess | None = None
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="durable")  # one caller at a time
        self._starting: Future[None] | None = None
        self._retry_s = 0.0
        self._not_before = 0.0
        self._closed = threading.Event()
        self.answered = {"engine": 0, "index": 0}

    def _plan(self, tables: Sequence[Table]) -> str:
        plans = {table.name: plan(table) for table in tables}
        inside = loadable(plans)
        for name in plans.keys() - inside.keys():
            problems = "; ".join(map(str, plans[name].problems)) or "too many engine rules together with other tables"
            self._on_alarm(Alarm("outside", f"table {name}: {problems}"))
        rulesets: list[Ruleset] = []
        for name, one in inside.items():
            self._loaded[name] = _load(self._index.table(name), one, rulesets)
        return definitions(rulesets, alarm_s=START_LIMIT_S + self._limit_s)

    @property
    def pid(self) -> int | None:
        """The child's process id; None while there is none."""
        return self._engine.pid if self._engine else None

    def matches(self, table: str, facts: Facts) -> tuple[str, ...]:
        """The ids of all rows that match, by priority, then in table order."""
        index = self._index.table(table)
        key = index.key(facts)
        known = self._remembered.get((table, key))
        self.answered["index" if known is None else "engine"] += 1
        return index.matches(key) if known is None else known

    async def prepare(self, questions: Sequence[Question]) -> None:
        """Ask the engine; what it does not answer within the limit is left to the index."""
        batch = self._batch(questions)
        if not batch.questions or self._closed.is_set():
            return
        engine = self._engine
        if engine is None:
            self._start()
            return
        deadline = time.monotonic() + self._limit_s
        try:
            rows = await asyncio.wrap_future(self._thread.submit(engine.ask, batch.asks, deadline))
        except EngineFailedError as failure:
            self._give_up(engine, Alarm("failed", str(failure), len(batch.questions)))
            return
        self._remember(engine, batch, rows)

    def _batch(self, questions: Sequence[Question]) -> _Batch:
        batch, seen = _Batch(), set[_Asked]()
        for name, facts in questions:
            table = self._loaded.get(name)
            try:
                asked = (name, self._index.table(name).key(facts))
            except WrongFactError:
                continue  # `matches` raises it for its caller
            if table is None or asked in self._remembered or asked in seen:
                continue
            if in_envelope(asked[1]):
                seen.add(asked)
                batch.add(asked, table)
        return batch

    def _remember(self, engine: EngineProcess, batch: _Batch, rows: Sequence[tuple[int, ...]]) -> None:
        answers = list(batch.answers(rows))
        for asked, table, found in answers[
            :1
        ]:  # one answer of each batch is checked: the engine has given wrong answers silently
            if found != table.index.matches(asked[1]):
                self._give_up(engine, Alarm("differs", f"table {asked[0]}: {asked[1]}", len(answers)))
                return
        self._remembered.update((asked, found) for asked, _, found in answers)
        while len(self._remembered) > MAX_REMEMBERED:
            self._remembered.popitem(last=False)

    def _give_up(self, engine: EngineProcess, alarm: Alarm) -> None:
        if self._engine is not engine:
            return  # another batch waited for the same engine and reported it
        self._engine = None
        self._on_alarm(alarm)
        self._start(engine)

    def _start(self, old: EngineProcess | None = None) -> None:
        if (
            self._closed.is_set()
            or (self._starting and not self._starting.done())
            or time.monotonic() < self._not_before
        ):
            return
        self._starting = self._thread.submit(self._start_now, old)

    def _start_now(self, old: EngineProcess | None) -> None:
        if old is not None:
            old.kill()
        if self._closed.is_set():
            return
        self._loading = engine = self._start_process()
        try:
            engine.load(self._order)
        except EngineFailedError as failure:
            if self._closed.is_set():
                return
            self._retry_s = min(_SLOWEST_RETRY_S, 2 * self._retry_s or 1.0)
            self._not_before = time.monotonic() + self._retry_s
            self._on_alarm(Alarm("not_started", str(failure)))
            return
        self._retry_s = 0.0
        self._engine = engine

    async def started(self) -> bool:
        """Start the child if there is none and wait for it; whether it runs now."""
        if self._engine is None:
            self._start()
        if self._starting:
            await asyncio.wrap_future(self._starting)
        return self._engine is not None

    def rest(self) -> None:
        """End the child, even one being started; the next `prepare` starts another one."""
        if self._starting and not self._closed.is_set():
            self._starting = self._thread.submit(self._rest_now)

    def _rest_now(self) -> None:
        engine, self._engine = self._engine, None
        if engine is not None:
            engine.close()

    def close(self) -> None:
        """End the child."""
        self._closed.set()
        if self._loading and self._loading is not self._engine:
            self._loading.interrupt()
        self._thread.shutdown()
        if self._engine:
            self._engine.close()
        self._engine = None


def _load(index: TableIndex, one: EnginePlan, rulesets: list[Ruleset]) -> _Loaded:
    """Number the rulesets of a table, after those already in `rulesets`."""
    numbered: dict[str | int | None, tuple[int, Ruleset]] = {}
    for category, ruleset in one.rulesets.items():
        numbered[category] = (len(rulesets), ruleset)
        rulesets.append(ruleset)
    return _Loaded(index, tuple(index.table.kinds()), numbered)

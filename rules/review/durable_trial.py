"""Tries tables on the rule engine in a process of its own, before cases depend on them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Final

from rules.check.boxes import Boxes
from rules.durable.envelope import check_envelope
from rules.durable.matcher import Alarm, DurableMatcher
from rules.durable.process import EngineProcess
from rules.tables.index import IndexMatcher
from rules.tables.matcher import Question
from schemas.names import Name
from schemas.table import Facts, Table

MOST_ASKED: Final = 5_000
"""How many questions are asked per table: for each row, facts that it matches."""
_BATCH: Final = 100
_LIMIT_S: Final = 10.0  # a worker waits for one second only, but a busy machine is no fault of the table


@dataclass(frozen=True, slots=True)
class Failure:
    """A failure of the engine on a table; `facts` are those it answered wrongly, if it answered at all."""

    table: str
    detail: Name
    facts: Facts | None = None


async def try_tables(
    tables: Sequence[Table], limit_s: float = _LIMIT_S, start: Callable[[], EngineProcess] = EngineProcess
) -> list[Failure]:
    """Load each table into an engine of its own and ask it about every row. Returns the failures.

    A table outside the measured limits is skipped: `rules.check` refuses it. Waits at most `limit_s` for a batch.
    """
    failures = []
    for table in tables:
        if not check_envelope(table):
            failures += await _try(table, limit_s, start)
    return failures


async def _try(table: Table, limit_s: float, start: Callable[[], EngineProcess]) -> list[Failure]:
    alarms: list[Alarm] = []
    engine, index = DurableMatcher([table], limit_s, alarms.append, start), IndexMatcher([table])
    try:
        await engine.started()
        for questions in _batches(table):
            await engine.prepare(questions)
            if alarms:
                break
            for name, facts in questions:
                if engine.matches(name, facts) != index.matches(name, facts):
                    return [Failure(table.name, Name.of("explain.engine.differs"), facts)]
    finally:
        engine.close()
    return [Failure(table.name, _told(alarm)) for alarm in alarms]


def _batches(table: Table) -> list[list[Question]]:
    boxes = Boxes(table)
    there = (box for i, box in enumerate(boxes.boxes) if not boxes.never(i))
    questions: list[Question] = [(table.name, dict(boxes.example(box))) for box in islice(there, MOST_ASKED)]
    return [questions[i : i + _BATCH] for i in range(0, len(questions), _BATCH)]


def _told(alarm: Alarm) -> Name:
    return Name.of("explain.engine.detail", what=Name.of(f"explain.engine.{alarm.kind}"), detail=alarm.detail)

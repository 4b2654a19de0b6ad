"""A system without Kafka: the three steps on lists in memory, one record at a time. The oracle of what a log must say.

It shares the steps with the product, and nothing of what carries them: no transactions, no recovery, no batches.
"""

from collections.abc import Callable, Iterable
from functools import partial
from typing import TypeVar

from grid36.settings import Settings
from grid36.system.create import region_of, rulebook_of
from rules.book.compiled_rulebook import CompiledRulebook, book_of
from rules.decide import decide
from schemas.case import Case
from schemas.codec import decode
from schemas.errors import Stop
from schemas.topics import COMMANDS, EVENTS, PARKED, REPORTS
from streams.cases.state_records import CASE
from streams.cases.step import CasesStep, Decide
from streams.locate.step import LocateStep
from streams.measure.step import MeasureStep
from streams.partition.contract import ConsumedRecord, Effects, Output, Step, raw_of
from streams.rulebooks.cache import RulebookCache, cache_of

E = TypeVar("E")


def example_book() -> CompiledRulebook:
    """The book of the example street."""
    settings = Settings()
    return book_of(region_of(settings), rulebook_of(settings))


class PlainPartition:
    """One step of one partition: deadlines due before a record first, each tried twice, then set aside."""

    def __init__(self, step: Step) -> None:
        self.step = step
        self.clock = 0
        self.next = 0

    def take(self, record: ConsumedRecord) -> list[Effects]:
        """Everything that follows from one record."""
        t_ms = max(self.clock, record.t_ms)
        done = []
        while (due := self.step.next_due()) is not None and due < t_ms:
            fired = _twice(lambda: self.step.due(t_ms), partial(self._park_due, due))
            assert fired is not None
            done.append(fired)
        done.append(_twice(lambda: self.step.apply(record, t_ms), lambda error: self.step.park(record, error, t_ms)))
        self.clock, self.next = t_ms, record.offset + 1
        return done

    def _park_due(self, due_ms: int, error: Exception) -> Effects | None:
        return self.step.park_due(error, due_ms)


def _twice(work: Callable[[], E], park: Callable[[Exception], E], tries: int = 2) -> E:
    try:
        return work()
    except Stop:
        raise
    except Exception as error:  # noqa: BLE001  # as the partition does: whatever it is, it belongs to the record
        return _twice(work, park, tries - 1) if tries > 1 else park(error)


class PlainSystem:
    """All partitions of all steps; `send` carries one record through to the end of what follows from it."""

    def __init__(
        self,
        book: CompiledRulebook,
        partitions: int = 8,
        *,
        history: bool = True,
        rules: Decide = decide,
        prefix: str = "",
    ) -> None:
        cache: RulebookCache = cache_of(book)
        numbers = range(partitions)
        self._prefix = prefix
        self.steps: dict[str, list[PlainPartition]] = {
            REPORTS: [PlainPartition(LocateStep(n, partitions, cache, prefix=prefix)) for n in numbers],
            COMMANDS: [
                PlainPartition(CasesStep(n, partitions, cache, prefix=prefix, history=history, decide=rules))
                for n in numbers
            ],
            EVENTS: [PlainPartition(MeasureStep(n, prefix=prefix)) for n in numbers],
        }
        self.written: dict[str, list[list[Output]]] = {}
        self.cases: dict[str, Case] = {}
        """As they stand, or stood when they were archived."""
        self._states: dict[tuple[str, int], dict[str, bytes]] = {}

    def send(self, topic: str, partition: int, t_ms: int, key: bytes | None, value: bytes | None) -> None:
        """Write one record and let everything happen that follows from it."""
        self._write(Output(self._prefix + topic, partition, key or b"", value, t_ms=t_ms), t_ms)

    def outputs(self, topic: str) -> list[list[Output]]:
        """What was written to a topic, by partition."""
        return self.written.get(self._prefix + topic, [[] for _ in self.steps[COMMANDS]])

    def apply(self, topic: str, partition: int, record: ConsumedRecord) -> list[Output]:
        """One record of a real log, and what follows from it in its own step only."""
        outputs: list[Output] = []
        for effects in self.steps[topic][partition].take(record):
            self._keep(effects, self._states.setdefault((topic, partition), {}))
            outputs += effects.records()
        return outputs

    def state_of(self, topic: str, partition: int) -> dict[str, bytes]:
        """What the step that reads `topic` remembers, as its state topic has it."""
        return dict(self._states.get((topic, partition), {}))

    def _write(self, output: Output, t_ms: int) -> None:
        of_topic = self.written.setdefault(output.topic, [[] for _ in self.steps[COMMANDS]])
        of_topic[output.partition].append(output)
        topic = output.topic.removeprefix(self._prefix)
        if topic not in self.steps:
            return
        at = output.t_ms if output.t_ms is not None else t_ms
        record = ConsumedRecord(len(of_topic[output.partition]) - 1, at, output.key, output.value, output.headers)
        for made in self.apply(topic, output.partition, record):
            self._write(made, at)

    def _keep(self, effects: Effects, state: dict[str, bytes]) -> None:
        for key, changed in effects.changes.items():
            value = raw_of(changed)
            if value is None:
                state.pop(key, None)
            else:
                state[key] = value
            if key.startswith(CASE) and value is not None:
                self.cases[key.removeprefix(CASE)] = decode(Case, value)


def parked_count(system: PlainSystem) -> int:
    """How many records were set aside."""
    return sum(len(outputs) for outputs in system.outputs(PARKED))


def totals(steps: Iterable[PlainPartition]) -> dict[str, int]:
    """The counts of all partitions of `cases`, added up."""
    total: dict[str, int] = {}
    for one in steps:
        counts = one.step.bookkeeping().get("counts", {})
        assert isinstance(counts, dict)
        for name, count in counts.items():
            total[name] = total.get(name, 0) + count
    return total

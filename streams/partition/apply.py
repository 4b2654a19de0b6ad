"""Applies records and deadlines in memory, and decides when a transaction should end. No Kafka in here."""

import enum
import logging
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final, ParamSpec, TypeVar

from schemas.errors import Retry
from streams.kafka.settings import EngineSettings
from streams.partition.batches import check_size
from streams.partition.bookkeeping import KEY, Bookkeeping
from streams.partition.contract import ConsumedRecord, Effects, Latest, Output, Slot, State, Step, raw_of, state_size
from streams.partition.errors import Refusal, TooLargeError, UnwritableError

P = ParamSpec("P")
T = TypeVar("T")

log = logging.getLogger(__name__)


CLOCK_EVERY: Final = 4


class Pause(enum.Enum):
    """Why `PartitionWork.through` stops for a moment."""

    COMMIT = "the transaction is full"
    BREATHE = "others want the loop"


@dataclass(slots=True)
class Pending:
    """What one transaction will write; empty when nothing was consumed since the last."""

    outputs: list[Output] = field(default_factory=list)
    changes: dict[str, State] = field(default_factory=dict)
    latest: dict[Slot, Latest] = field(default_factory=dict)
    bytes: int = 0
    records: int = 0
    deadlines: int = 0
    parked: int = 0
    work_s: float = 0.0

    @property
    def effects(self) -> int:
        """How many steps of work it holds."""
        return self.records + self.deadlines

    def add(self, effects: Effects) -> None:
        """Add one step of work; raises `TooLargeError` when it cannot be written."""
        self.bytes += check_size(effects)
        self.outputs.extend(effects.outputs)
        for key, state in effects.changes.items():
            if key in self.changes:
                self.bytes -= state_size(key, self.changes[key])
            self.changes[key] = state
        for slot, latest in effects.latest.items():
            earlier = self.latest.pop(slot, None)
            self.latest[slot] = merged = latest if earlier is None else latest.after(earlier)
            if earlier is not None:
                self.bytes += merged.size - latest.size - earlier.size


@dataclass(slots=True)
class PoisonIsolation:
    """What to do after a transaction that was too large to write: repeat it in single steps, then park the culprit.

    It outlives the recovery in between, which forgets everything else.
    """

    single: bool = False
    park_next: bool = False

    def blame(self, effects: int) -> None:
        """Note that a transaction of this many steps of work was too large."""
        self.park_next = effects == 1
        self.single = True

    def parked(self) -> None:
        """Note that the culprit is parked: go on as usual."""
        self.single = self.park_next = False


class PartitionWork:
    """One step object with its position, between two recoveries."""

    def __init__(
        self, step: Step, bookkeeping: Bookkeeping, settings: EngineSettings, careful: PoisonIsolation
    ) -> None:
        self.step = step
        self.next = self.written = bookkeeping.next
        self.clock = bookkeeping.clock
        self.last = bookkeeping.last
        self.lost = bookkeeping.lost
        self.pending = Pending()
        self.fired = 0
        self._settings = settings
        self._careful = careful
        self._slice_from = 0.0

    def through(self, records: Sequence[ConsumedRecord]) -> Iterator[Pause]:
        """Apply `records` in order, each after the deadlines due before it.

        The caller commits at every `Pause.COMMIT` and once more at the end when something is pending.
        """
        self._slice_from = time.perf_counter()
        for record in records:
            if record.offset < self.next:
                continue
            t_ms = max(self.clock, record.t_ms)
            due_ms = self.step.next_due()
            if due_ms is not None and due_ms < t_ms:
                yield from self._deadlines(t_ms)
            effects = self._applied(record, t_ms)
            self.pending.records += 1
            self._take(effects)
            self.next, self.clock, self.last = record.offset + 1, t_ms, (record.offset, record.t_ms)
            if pause := self._pause():
                yield pause
                self._slice_from = time.perf_counter()

    def skip_to(self, offset: int) -> None:
        """Step over offsets without records; this alone is not worth a transaction until it gets quiet."""
        self.next = max(self.next, offset)

    @property
    def unwritten(self) -> bool:
        """Whether more was read than the bookkeeping says: markers and aborted records, which retention may delete."""
        return self.next > self.written

    def bookkeeping(self) -> Bookkeeping:
        """The present bookkeeping."""
        step = self.step.bookkeeping()
        return Bookkeeping(self._settings.partitions, self.next, self.clock, self.last, step, self.lost)

    def take_pending(self, partition: int) -> tuple[Pending, list[Output]]:
        """What to write now, state and bookkeeping included, as one transaction; the next one starts empty."""
        pending, self.pending = self.pending, Pending()
        pending.outputs += [output for latest in pending.latest.values() for output in latest.outputs()]
        state = self.step.state
        changes = [Output(state, partition, key.encode(), raw_of(value)) for key, value in pending.changes.items()]
        place = Output(state, partition, KEY.encode(), self.bookkeeping().encode())
        self.written = self.next
        self._slice_from = time.perf_counter()
        return pending, [*pending.outputs, *changes, place]

    def _deadlines(self, t_ms: int) -> Iterator[Pause]:
        while (due := self.step.next_due()) is not None and due < t_ms:
            effects = self._fired(t_ms)
            if effects is None:
                return
            self.pending.deadlines += 1
            self.fired += 1
            self._take(effects)
            self.clock = max(self.clock, due)
            if pause := self._pause():
                yield pause
                self._slice_from = time.perf_counter()

    def _applied(self, record: ConsumedRecord, t_ms: int) -> Effects:
        guilty = self._guilty()
        outcome = guilty if guilty else attempt(self.step.apply, record, t_ms)
        if not isinstance(outcome, Exception):
            return outcome
        log.warning("%s: offset %d cannot be processed: %r", self.step.source, record.offset, outcome)
        self.pending.parked += 1
        return self.step.park(record, outcome, t_ms)

    def _fired(self, t_ms: int) -> Effects | None:
        guilty = self._guilty()
        outcome = guilty if guilty else attempt(self.step.due, t_ms)
        if not isinstance(outcome, Exception):
            return outcome
        log.warning("%s: a deadline cannot be processed: %r", self.step.source, outcome)
        self.pending.parked += 1
        return self.step.park_due(outcome, t_ms)

    def _guilty(self) -> TooLargeError | None:
        if not self._careful.park_next:
            return None
        self._careful.parked()
        return TooLargeError(topic=self.step.source)

    def _take(self, effects: Effects) -> None:
        try:
            self.pending.add(effects)
        except TooLargeError as error:  # the step has changed its memory already, which is wrong now
            self._careful.blame(self.pending.effects)
            raise UnwritableError from error

    def _pause(self) -> Pause | None:
        """Whether to stop here. The clock is read after every few steps: it costs a hundredth of a command."""
        full = self._full()
        if not full and self.pending.effects % CLOCK_EVERY:
            return None
        now = time.perf_counter()
        if not full and now - self._slice_from <= self._settings.slice_s:
            return None
        self.pending.work_s += now - self._slice_from
        return Pause.COMMIT if self._full() else Pause.BREATHE

    def _full(self) -> bool:
        pending, settings = self.pending, self._settings
        return (
            self._careful.single
            or pending.records >= settings.records_per_transaction
            or pending.deadlines >= settings.deadlines_per_transaction
            or pending.bytes >= settings.bytes_per_transaction
            or pending.work_s >= settings.work_s_per_transaction
        )


def attempt(work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T | Exception:
    """Do it, again when it fails, and return the second error.

    What is not the record's own fault is raised: memory, recursion, `Refusal`, `Retry`.
    """
    failure: Exception | None = None
    for _ in range(2):
        try:
            return work(*args, **kwargs)
        except (MemoryError, RecursionError, Refusal, Retry):
            raise
        except Exception as error:  # noqa: BLE001  # whatever a record makes its step raise, the partition goes on
            failure = error
    assert failure is not None
    return failure

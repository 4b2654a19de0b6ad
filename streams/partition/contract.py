"""What a step of work is: the contract between the transactional partition and locate, cases, measure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple, Protocol

from streams.partition.errors import TooLargeError

Headers = tuple[tuple[str, bytes], ...]

BATCH_BYTES = 900_000
"""Largest Kafka batch a partition writes; the broker's own limit is 1 MiB."""

RECORD_BYTES = 890_000
"""Largest single record (key, value and headers together): what is larger cannot be written at all."""


FRAME_BYTES = 32
"""What Kafka adds to a record, at the most."""
HEADER_BYTES = 8
"""And to each of its headers."""
SHORT_BYTES = RECORD_BYTES // 2
"""Up to here a value surely fits into a record, and its size need not be counted to the byte."""
MOST_HEADER_BYTES = 200
"""A header with its name, of a record whose size is not counted to the byte."""


class ConsumedRecord(NamedTuple):
    """One consumed Kafka record; `t_ms` is its Kafka timestamp in milliseconds since the epoch."""

    offset: int
    t_ms: int
    key: bytes | None
    value: bytes | None
    headers: Headers = ()


class Output(NamedTuple):
    """One record to write in the same transaction.

    `t_ms` None lets the broker stamp it (live); a history names the time itself. `value` None is a tombstone.
    """

    topic: str
    partition: int
    key: bytes
    value: bytes | None
    headers: Headers = ()
    t_ms: int | None = None


class LazyBytes(Protocol):
    """A value of the state whose bytes are made when the transaction is written: once, however often it changed."""

    @property
    def raw(self) -> bytes:
        """Its present bytes."""

    @property
    def size(self) -> int:
        """How many bytes that are at the most; exact where it could matter to `RECORD_BYTES`."""


State = bytes | LazyBytes | None
"""What a key of the state is from now on; None: gone."""


def raw_of(state: State) -> bytes | None:
    """The bytes to write."""
    return state if state is None or isinstance(state, bytes) else state.raw


Slot = tuple[str, bytes]
"""Topic and key of a record."""


class Latest(Protocol):
    """A record of which a transaction writes only the last of its slot, made when it is written."""

    @property
    def size(self) -> int:
        """How many bytes that are at the most; exact where it could matter to `RECORD_BYTES`."""

    def after(self, earlier: Any) -> Latest:
        """The same, with all that is still to be said of an earlier one of the slot, which is not written."""

    def outputs(self) -> Sequence[Output]:
        """What to write: itself, behind what could not be left out."""


def state_size(key: str, state: State) -> int:
    """Bytes of a record of the state, at the most."""
    value = 0 if state is None else len(state) if isinstance(state, bytes) else state.size
    return FRAME_BYTES + len(key.encode()) + value


@dataclass(slots=True)
class Effects:
    """What one step of work did, all or nothing: records to write, and what state keys are from now on."""

    outputs: Sequence[Output] = ()
    changes: Mapping[str, State] = field(default_factory=dict)
    latest: Mapping[Slot, Latest] = field(default_factory=dict)
    """Records that a later one of the same transaction replaces; they come behind `outputs`."""
    _size: int | None = field(default=None, init=False, repr=False, compare=False)

    @property
    def size(self) -> int:
        """Bytes of all of it, counted once; raises `TooLargeError` when one record cannot be written."""
        if self._size is None:
            self._size = self._counted()
        return self._size

    def records(self) -> list[Output]:
        """What a transaction of this alone writes beside the state."""
        return [*self.outputs, *(output for latest in self.latest.values() for output in latest.outputs())]

    def _counted(self) -> int:
        total = 0
        for output in self.outputs:
            value = len(output.value or b"")
            if value < SHORT_BYTES:  # nobody has keys or headers that long: an upper bound will do
                total += FRAME_BYTES + len(output.key) + value + MOST_HEADER_BYTES * len(output.headers)
                continue
            size = size_of(output.key, output.value, output.headers)
            if size > RECORD_BYTES:
                raise TooLargeError(topic=output.topic, bytes=size)
            total += size
        for (topic, _), latest in self.latest.items():
            size = latest.size
            if size > RECORD_BYTES:
                raise TooLargeError(topic=topic, bytes=size)
            total += size
        for key, state in self.changes.items():
            size = state_size(key, state)
            if size > RECORD_BYTES:
                raise TooLargeError(topic="state", bytes=size)
            total += size
        return total


class Step(Protocol):
    """One stateful step of one partition: pure and synchronous, but for `prepare`; never reads a clock.

    The step holds its own memory; the partition keeps no copy of the values. When `apply`, `due`, `park` or
    `park_due` returns, the step has applied the change to its memory. When one of them raises, it must have left
    **nothing** behind (copy on write): the partition calls again, parks, or goes on with the same step.
    After any infrastructure error the step object is thrown away and a new one is made and restored.

    Errors: `Stop` ends the worker, `Retry` owns the partition again, both are never parked. Any other exception
    of `apply` or `due` belongs to the command: tried once more, then parked. `park` and `park_due` must not raise.
    """

    source: str
    """Topic that is read."""
    state: str
    """Compacted topic that holds what the step remembers, same number of partitions."""

    def restore(self, items: Iterable[tuple[str, bytes]]) -> None:
        """Take in state; called several times with at most about 1,000 items each, in no particular order."""

    def resume(self, bookkeeping: Mapping[str, object]) -> None:
        """Called once when all state is in; `bookkeeping` is what the step itself returned last (empty at first).

        The place to build heaps and to refuse: raise a `Stop` error when state and bookkeeping contradict.
        """

    async def prepare(self, records: Sequence[ConsumedRecord]) -> None:
        """Look ahead at records about to be applied, e.g. ask the rules child for all of them at once.

        Must not change state, and must not raise because of what a record says: an exception here counts as
        infrastructure and owns the partition again. Called once per batch, before its first `apply`.
        """

    def next_due(self) -> int | None:
        """When the earliest deadline falls due (exact, cheap, no side effects seen from outside), or None."""

    def due(self, t_ms: int) -> Effects | None:
        """Fire the one earliest deadline that is due **before** `t_ms`, at its due time; None when there is none."""

    def apply(self, record: ConsumedRecord, t_ms: int) -> Effects:
        """Apply one record at `t_ms` = max(partition clock, `record.t_ms`); deadlines due before are already fired."""

    def park(self, record: ConsumedRecord, error: Exception, t_ms: int) -> Effects:
        """Park a record that failed, or whose effects cannot be written (`TooLargeError`)."""

    def park_due(self, error: Exception, t_ms: int) -> Effects:
        """Park the earliest deadline, which failed, and **remove it**, else it would fail again and again."""

    def bookkeeping(self) -> Mapping[str, object]:
        """What the step wants back at `resume`, JSON-able and ≤ 1.5 kB, e.g. {"n": 17, "digest": "…", "counts": {}}."""

    def tick(self) -> Output | None:
        """The record to append to `source` when a deadline is overdue by the wall clock and nothing else comes.

        None: this step never ticks (no deadlines, or a history, where only the replay moves time).
        """


class StepWithoutDeadlines:
    """The half of a step's contract that is about deadlines, for a step that has none."""

    def next_due(self) -> int | None:
        """Nothing falls due."""
        return None

    def due(self, t_ms: int) -> Effects | None:
        """Nothing falls due."""
        return None

    def park_due(self, error: Exception, t_ms: int) -> Effects:
        """Nothing falls due."""
        return Effects()

    def tick(self) -> Output | None:
        """Nothing falls due."""
        return None


StepFactory = Callable[[int], Step]
"""Makes a fresh, empty step for a partition number."""


def size_of(key: bytes | None, value: bytes | None, headers: Headers = ()) -> int:
    """Bytes of one record as far as limits go: key, value, headers (whose names are ASCII) and a little framing."""
    size = FRAME_BYTES + len(key or b"") + len(value or b"")
    for name, content in headers:  # a plain loop is the fastest here
        size += len(name) + len(content) + HEADER_BYTES
    return size

"""The step `measure`: events in; counts, sums and histograms in its state."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from schemas.chain import ChainError, Position, link
from schemas.codec import UnreadableError, decode, encode
from schemas.event import EventType
from schemas.measure import Measure, Tally
from schemas.models import LogModel
from schemas.names import Language, Name
from schemas.topics import EVENTS, MEASURES
from streams.partition.contract import ConsumedRecord, Effects, State, StepWithoutDeadlines
from streams.partition.errors import Refusal

MOST_BYTES: Final = 4_000
"""Of one figure: `schemas.measure.BOUNDS_S` has some 70 buckets."""
BY: Final = ("category", "department", "segment", "grid")


class ChainBrokenError(Refusal, ChainError):
    """The events of this partition are not the ones that were written. Compare them with a backup of the log."""


class CountedNow(LogModel):
    """The fields of a case that `measure` reads."""

    category: Any = None
    moved_from: Any = None


class Counted(LogModel):
    """The fields of an event that `measure` reads; the rest is not decoded."""

    n: int
    prev: str
    type: str
    grid: str
    now: CountedNow | None = None
    facts: dict[str, Any] | None = None


class Figure:
    """One figure in memory: counted with every event, written once a transaction."""

    __slots__ = ("key", "size", "tally")

    def __init__(self, key: str, measure: Measure | None = None) -> None:
        self.key = key
        self.tally = Tally(measure)
        self.size = MOST_BYTES

    @property
    def raw(self) -> bytes:
        """Its present bytes."""
        return encode(self.tally.measure)


class MeasureStep(StepWithoutDeadlines):
    """One partition of events; by the contract of `streams.partition`. Its key is `{partition}/{figure}`.

    Figures: `resolution/…` (last resolved − submitted) by category, department, segment and grid, and `verifying/all`
    in ms; counts of `opened/…` by category and grid (a report that moved counts where it was first), `on_time/…` and
    `late/…` by category and department, and `self-handled/…` by grid; each also as `/all`.
    """

    def __init__(self, partition: int, *, prefix: str = "") -> None:
        self.source = prefix + EVENTS
        self.state = prefix + MEASURES
        self._partition = partition
        self._figures: dict[str, Figure] = {}
        self._position = Position()

    def restore(self, items: Iterable[tuple[str, bytes]]) -> None:
        """Take in state."""
        for key, value in items:
            self._figures[key.partition("/")[2]] = Figure(key, decode(Measure, value))

    def resume(self, bookkeeping: Mapping[str, object]) -> None:
        """Which event comes next."""
        found: Mapping[str, Any] = bookkeeping
        self._position = Position(n=found.get("n", 0), digest=found.get("digest", ""))

    def bookkeeping(self) -> Mapping[str, object]:
        """Which event comes next."""
        return {"n": self._position.n, "digest": self._position.digest}

    def items(self) -> Iterable[tuple[str, bytes]]:
        """The whole state as the topic has it, for comparison."""
        return ((figure.key, figure.raw) for figure in self._figures.values())

    async def prepare(self, records: Sequence[ConsumedRecord]) -> None:
        """Nothing to prepare."""

    def apply(self, record: ConsumedRecord, t_ms: int) -> Effects:
        """Count one event. Raises `ChainBrokenError` when it is not the next one; that ends the worker."""
        event, position = self._linked(record)
        counted = list(_counted(event))  # an error in its figures must show here, before any of them changes
        changes: dict[str, State] = {}
        for name, value_ms, times in counted:
            figure = self._figures.get(name)
            if figure is None:
                figure = self._figures[name] = Figure(f"{self._partition}/{name}")
            figure.tally.add(value_ms, times)
            changes[figure.key] = figure
        self._position = position
        return Effects((), changes)

    def park(self, record: ConsumedRecord, error: Exception, t_ms: int) -> Effects:
        """Skip an event whose figures are wrong, but continue the chain of events with it."""
        _, self._position = self._linked(record)
        return Effects()

    def _linked(self, record: ConsumedRecord) -> tuple[Counted, Position]:
        value = record.value or b""
        try:
            event = decode(Counted, value)
            return event, link(self._position, self._partition, record.offset, event.n, event.prev, value)
        except (ChainError, UnreadableError) as error:
            raise ChainBrokenError(
                Name(zh=error.message(Language.ZH), en=error.message(Language.EN)), **error.facts
            ) from None


def _counted(event: Counted) -> Iterable[tuple[str, int, int]]:
    """(figure, milliseconds, how many times) of one event."""
    facts = event.facts or {}
    if event.type == EventType.OPENED:
        if event.now is not None and event.now.moved_from is not None:
            return  # the report was counted in the home where it waited
        if facts.get("duty"):
            yield from _each("duty-due", {"grid": event.grid}, ("grid",), 0, 1)
            return
        names = {"category": event.now.category if event.now else None, "grid": event.grid}
        yield from _each("opened", names, ("category", "grid"), 0, 1)
    elif facts.get("self_handled"):
        yield from _each("self-handled", {"grid": event.grid}, ("grid",), 0, 1)
    elif event.type in {EventType.CLOSED, EventType.REOPENED} and "figures" in facts:
        figures = facts["figures"]
        times = int(figures["sign"])
        if figures.get("duty"):
            by = ("grid", "person")
            yield from _each("duty-done" if figures["done"] else "duty-not-done", figures, by, 0, times)
            if figures.get("anew"):
                yield from _each("duty-not-done", figures, by, 0, -times)
            return
        if figures.get("self_handled"):
            yield from _each("self-handled", figures, ("grid",), 0, times)
            return
        if not figures.get("by_day"):  # no duration is made of days
            yield from _each("resolution", figures, BY, int(figures["resolution_ms"]), times)
        yield "verifying/all", int(figures["verifying_ms"]), times
        if figures.get("on_time") is not None:
            kind = "on_time" if figures["on_time"] else "late"
            yield from _each(kind, figures, ("category", "department"), 0, times)


def _each(
    figure: str, names: Mapping[str, Any], by: Iterable[str], value_ms: int, times: int
) -> Iterable[tuple[str, int, int]]:
    yield f"{figure}/all", value_ms, times
    for what in by:
        if names.get(what):
            yield f"{figure}/{what}/{names[what]}", value_ms, times

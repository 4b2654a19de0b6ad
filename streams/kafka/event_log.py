"""The shared reader of `events`: committed events, each once, in order, with ordinals and digests checked."""

import asyncio
from collections.abc import AsyncIterator, Callable, Collection, Mapping
from contextlib import aclosing, suppress
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Final, Self

from aiokafka.structs import ConsumerRecord
from pydantic_core import from_json

from schemas import topics
from schemas.chain import NotAnEventError, Position, link
from schemas.codec import Headers, UnreadableError, decode
from schemas.event import Event
from streams.kafka.topic_reader import PATIENCE_S, TopicMissing, TopicReader

__all__ = ["EventLog", "Logged", "Position"]


BEGINNING: Final = Position()


@dataclass(slots=True)
class Logged:
    """One event of the log; the digest in the next event is that of `raw`."""

    partition: int
    offset: int
    fields: Mapping[str, Any]
    """The event as plain JSON, for readers that need not validate it."""
    raw: bytes
    headers: Headers

    @property
    def event(self) -> Event:
        """The event, validated anew at each call."""
        try:
            return decode(Event, self.raw)
        except UnreadableError as error:
            raise NotAnEventError(partition=self.partition, offset=self.offset, detail=str(error)) from error


class EventLog:
    """Topic `events` from given positions on; use it in `async with`.

        async with EventLog(servers, positions) as log:
            async for batch in log.follow(stop):
                ...  # store the batch together with log.positions, in one transaction

    Raises a `schemas.chain.ChainError` (a `Stop`) naming partition, expected and found at a hole, a double or a change;
    `LogCutError` or `LogShorterError` when the topic is not the one that was read before. A broker that is away is
    waited for: `waiting` says so.
    """

    def __init__(
        self,
        servers: str,
        positions: Mapping[int, Position] | None = None,
        *,
        prefix: str = "",
        partitions: Collection[int] | None = None,
    ) -> None:
        """`positions` by partition, from the beginning where one is not named; `partitions` None means all."""
        self.positions: dict[int, Position] = dict(positions or {})
        offsets = {partition: position.offset for partition, position in self.positions.items()}
        self._tail = _Events(servers, prefix, offsets, partitions, self._ordinal)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, kind: type[BaseException] | None, error: object, trace: TracebackType | None) -> None:
        await self._tail.__aexit__(kind, error, trace)

    @property
    def waiting(self) -> str | None:
        """What the reader waits for, if anything."""
        return self._tail.waiting

    async def follow(self, stop: asyncio.Event | None = None) -> AsyncIterator[list[Logged]]:
        """Batches without end, or until `stop`. In an empty one only the offsets in `positions` moved."""
        async for records in self._tail.follow(stop):
            yield self._checked(records)

    async def read_to_end(self, patience_s: float = PATIENCE_S) -> AsyncIterator[list[Logged]]:
        """Batches up to the end that the log has at the call; `positions` is there afterwards.

        Raises `ServiceAway` when the broker does not answer for `patience_s`.
        """
        async for records in self._tail.to_end(patience_s):
            yield self._checked(records)

    def _ordinal(self, partition: int) -> int:
        return self.positions.get(partition, BEGINNING).n

    def _checked(self, records: list[ConsumerRecord]) -> list[Logged]:
        positions = dict(self.positions)
        batch = [self._take(record, positions) for record in records]
        for partition, offset in self._tail.offsets.items():
            positions[partition] = positions.get(partition, BEGINNING)._replace(offset=offset)
        self.positions = positions
        return batch

    def _take(self, record: ConsumerRecord, positions: dict[int, Position]) -> Logged:
        partition, offset, value = record.partition, record.offset, record.value
        try:
            fields = from_json(value, cache_strings="keys")  # values are seldom the same, and would push out the keys
            n, prev, known = fields["n"], fields["prev"], fields.get("v", 1) == 1
        except (ValueError, TypeError, LookupError) as error:
            raise NotAnEventError(partition=partition, offset=offset) from error
        if not known:
            raise NotAnEventError(partition=partition, offset=offset, v=fields["v"])
        positions[partition] = link(positions.get(partition, BEGINNING), partition, offset, n, prev, value)
        return Logged(partition, offset, fields, value, record.headers)


class _Events(TopicReader):
    """Reader of `events` that sees from the ordinals whether deleted records had been read: markers have none."""

    def __init__(
        self,
        servers: str,
        prefix: str,
        offsets: Mapping[int, int],
        partitions: Collection[int] | None,
        ordinal: Callable[[int], int],
    ) -> None:
        super().__init__(servers, prefix + topics.EVENTS, offsets, partitions=partitions)
        self._cases = prefix + topics.CASES
        self._ordinal = ordinal

    async def _may_begin(self, partition: int, first: int) -> bool:
        """The next event is the one expected; where there is none, `cases` has written no more than was read."""
        written = await self._written(partition)  # before reading the end, which holds whatever is written later
        found = await self._next(partition, first)
        return (written if found is None else found) == self._ordinal(partition)

    async def _written(self, partition: int) -> int | None:
        """How many events `cases` has written; None when it does not say."""
        written: int | None = None
        with suppress(TopicMissing):
            async with TopicReader(self.servers, self._cases, partitions={partition}, compacted=True) as states:
                async for records in states.to_end():
                    for record in records:
                        if record.key == topics.PLACE_KEY.encode():
                            written = from_json(record.value)["n"]
        return written

    async def _next(self, partition: int, first: int) -> int | None:
        """The ordinal of the first event from an offset on."""
        events = TopicReader(self.servers, self.topic, {partition: first}, partitions={partition}, compacted=True)
        async with events, aclosing(events.to_end()) as batches:
            async for record in (record async for records in batches for record in records):
                try:
                    return int(from_json(record.value)["n"])
                except (ValueError, TypeError, LookupError):
                    return self._ordinal(partition)  # its reader reports what is wrong with it
        return None

"""Valid events, texts and whole logs of them in one line each; times are ms, the chain of digests is right."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from aiokafka import AIOKafkaProducer
from pydantic_core import from_json

from connectors.ledger.address import LedgerAddress
from connectors.ledger.queries.cases import Ledger
from connectors.ledger.write.place import place_of
from connectors.ledger.write.store import Store, TextRecord
from schemas import topics
from schemas.chain import Position
from schemas.codec import Headers, cloud_event, encode
from schemas.event import Event, EventType, digest_of
from schemas.order import Written
from streams.kafka.event_log import Logged

HOUR = 3_600_000
START = 1_790_000_000_000
"""A moment in September 2026."""
HOMES = ("demo-G001", "demo-G002", "demo-G003", "demo-U")


@dataclass(frozen=True)
class Built:
    """One record of `events` or `texts` before it is sent."""

    topic: str
    partition: int
    key: str
    value: bytes | None
    headers: Headers = ()


def event(type: EventType = EventType.OPENED, *, n: int = 0, prev: str = "", **fields: Any) -> Event:
    """A valid event; all but the named fields are filled in."""
    case = fields.get("case", "demo-G001-2609-00001")
    home = topics.home_of(case) if case else topics.EVERYWHERE
    given = {"t_ms": START, "home": home, "grid": home.partition("-")[2] or "-", "command": f"c{n}", "by": "p-test"}
    return Event(n=n, prev=prev, type=type, **{"case": case, **given, **fields})


@dataclass
class LogBuilder:
    """A growing log: every `add` gets its place and its link in the partition of its home."""

    partitions: int = 4
    records: list[Built] = field(default_factory=list)
    next_n: dict[int, int] = field(default_factory=dict)
    last: dict[int, str] = field(default_factory=dict)
    counts: dict[str, int] = field(default_factory=dict)

    def add(self, type: EventType, case: str | None, *, partition: int | None = None, **fields: Any) -> Event:
        """Append one event (`partition` is needed only where there is no case)."""
        if case is not None:
            partition = topics.partition_of(topics.home_of(case), self.partitions)
        assert partition is not None
        n = self.next_n.get(partition, 0)
        made = event(
            type, n=n, prev=self.last.get(partition, ""), **{"case": case, "command": f"c{partition}-{n}", **fields}
        )
        value = encode(made)
        head = cloud_event(event_id=f"{partition}-{n}", source="demo", kind=made.type, t_ms=made.t_ms, subject=case)
        self.records.append(Built(topics.EVENTS, partition, made.home, value, head))
        self.next_n[partition], self.last[partition] = n + 1, digest_of(value)
        return made

    def write(self, id: str, case: str, text: str = "Greasy pavement", **fields: Any) -> None:
        """Append one text."""
        made = Written(id=id, case=case, text=text, **{"by": "p-test", "role": "report", "at_ms": START, **fields})
        self._text(id, case, encode(made))

    def erase(self, id: str, case: str) -> None:
        """Append the tombstone of a text."""
        self._text(id, case, None)

    def open(self, home: str = HOMES[0], t_ms: int = START, **now: Any) -> str:
        """Open a case; its number."""
        self.counts[home] = count = self.counts.get(home, 0) + 1
        number = topics.case_number(home, "2609", count)
        grid = home.split("-")[1]
        place = {"grid": grid, "segment": f"S-{grid}", "label": f"Test road in {grid}", "by": "address"}
        first: dict[str, Any] = {"report": f"r-{number}", "state": "submitted", "reporter": "p-rep", "door": "terminal"}
        first |= {"category": "greasy", "place": place, "submitted_ms": t_ms, "acted_ms": t_ms}
        self.add(EventType.OPENED, number, t_ms=t_ms, now={**first, **now})
        return number

    def dispatch(self, number: str, t_ms: int, **now: Any) -> None:
        """Give a case to its one assignee, due after four hours."""
        first: dict[str, Any] = {
            "state": "dispatched",
            "assignee": "p-owner",
            "department": {"code": "sanitation", "name": "Test sanitation"},
        }
        first |= {"dispatched_ms": t_ms, "due_ms": t_ms + 4 * HOUR, "deadlines": {"resolve": t_ms + 4 * HOUR}}
        self.add(EventType.DISPATCHED, number, t_ms=t_ms, now={**first, **now})

    def resolve(self, number: str, t_ms: int, on_time: bool | None = True, **now: Any) -> None:
        """Hand in the after-photo."""
        first: dict[str, Any] = {"state": "resolved", "resolved_ms": t_ms, "on_time": on_time, "deadlines": {}}
        self.add(EventType.RESOLVED, number, t_ms=t_ms, now={**first, **now})

    def close(self, number: str, t_ms: int, **now: Any) -> None:
        """Verify and close."""
        first: dict[str, Any] = {"state": "closed", "closed_ms": t_ms, "outcome": "fixed", "verified_by": "reporter"}
        self.add(EventType.CLOSED, number, t_ms=t_ms, now={**first, **now})

    def stories(self, count: int) -> "LogBuilder":
        """`count` cases, opened, dispatched, resolved and closed, interleaved over all homes."""
        waiting: list[str] = []
        for i in range(count):
            number = self.open(HOMES[i % 3], START + i * 60_000, category=("greasy", "pothole")[i % 2])
            self.write(f"t-{number}", number)
            self.dispatch(number, START + i * 60_000)
            waiting.append(number)
            if i % 3 == 2:
                for done in waiting:
                    self.resolve(done, START + i * 60_000 + HOUR, on_time=i % 4 != 0)
                self.close(waiting[0], START + i * 60_000 + 2 * HOUR)
                waiting = []
        return self

    def _text(self, id: str, case: str, value: bytes | None) -> None:
        partition = topics.partition_of(topics.home_of(case), self.partitions)
        self.records.append(Built(topics.TEXTS, partition, id, value))


def logged(records: Iterable[Built]) -> list[Logged]:
    """The events among `records` as the shared reader hands them out."""
    return [
        Logged(each.partition, i, from_json(each.value or b""), each.value or b"", each.headers)
        for i, each in enumerate(records)
        if each.topic == topics.EVENTS
    ]


def take(store: Store, log: LogBuilder) -> None:
    """Fold a whole built log into a store, without a Kafka."""
    store.take_events(logged(log.records), {p: Position(n, n, log.last[p]) for p, n in log.next_n.items()})
    store.take_texts([TextRecord(each.key, each.value) for each in log.records if each.topic == topics.TEXTS], {})


ELSEWHERE: Final = list[Callable[[Path], LedgerAddress]]()
"""The last one says where a ledger is instead of in a file, so that tests run on other databases, too."""


def ledger_of(log: LogBuilder, path: Path) -> Ledger:
    """A ledger with everything in `log`, opened for reading."""
    address = ELSEWHERE[-1](path) if ELSEWHERE else path
    place = place_of(address)
    with place.only_one("rebuild"):
        store = place.new()
        take(store, log)
        store.close() if ELSEWHERE else store.finish()
        place.publish(store.name)
    return Ledger(address)


async def publish(
    servers: str, records: Iterable[Built], *, prefix: str = "", transaction: str = "t", size: int = 500
) -> None:
    """Write records in transactions of `size`, as the workers do: control records stand between them."""
    producer = AIOKafkaProducer(bootstrap_servers=servers, transactional_id=f"{prefix}{transaction}", linger_ms=0)
    await producer.start()
    try:
        todo = list(records)
        for i in range(0, len(todo), size):
            async with producer.transaction():
                sent = [
                    await producer.send(
                        prefix + each.topic,
                        partition=each.partition,
                        key=each.key.encode(),
                        value=each.value,
                        headers=list(each.headers),
                    )
                    for each in todo[i : i + size]
                ]
                for one in sent:
                    await one
    finally:
        await producer.stop()

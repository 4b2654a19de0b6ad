"""What a planned month consists of: messages in the order they are sent, and the fate of every report.

Spacing: messages about one home reach it by one way at a time. A report's id is chosen so that its partition of
`reports` has the number of its home's partition of `commands`; so reports of a home keep their order. Where the way
changes (a report, then an act, then a report that moves in), the player waits for what was sent before: `waves`.
"""

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass

from schemas.command import Cover, Do
from schemas.report import AnyIncoming, Report, Supplement
from schemas.topics import EVERYWHERE, partition_of

DIRECT, LOCATED, MOVED, ALONE = "direct", "located", "moved", "alone"


@dataclass(slots=True)
class Expected:
    """What must have become of one report when all is over; times in ms."""

    story: str
    report: str
    home: str
    category: str
    submitted_ms: int
    state: str = "dispatched"
    share: str = "routed"
    number: str = ""
    assignee: str | None = None
    accountable: str | None = None
    department: str | None = None
    item: str | None = None
    outcome: str | None = None
    verified_by: str | None = None
    resolution_ms: int | None = None
    """Last resolved − submitted."""
    on_time: bool | None = None
    master: str | None = None
    """Report id of the case it was joined to."""
    gap: bool = False
    self_handled: bool = False
    hops: int = 0
    returns: int = 0
    reworks: int = 0
    reopenings: int = 0
    reminders: int = 0


@dataclass(frozen=True, slots=True)
class Message:
    """One record to write: its time, the ways it takes into which homes, and how many commands come of it."""

    topic: str
    t_ms: int
    content: AnyIncoming | Do | Cover
    ways: tuple[tuple[str, str], ...]
    commands: int = 1

    @property
    def key(self) -> str:
        """The record's key; its partition follows from it (a cover goes to every one)."""
        if isinstance(self.content, Supplement):
            return self.content.report
        return self.content.id if isinstance(self.content, Report) else self.ways[0][0]


@dataclass(frozen=True, slots=True)
class Month:
    """Messages in the order they are sent, and the fate of every report."""

    messages: list[Message]
    expected: dict[str, Expected]
    refused_actions: int

    def waves(self, partitions: int) -> Iterator[list[Message]]:
        """Runs of messages that no partition of `commands` gets by two different ways; each partition's order stays."""
        queues: list[deque[int]] = [deque() for _ in range(partitions)]
        touched = [list(_touched(message, partitions)) for message in self.messages]
        for index, ways in enumerate(touched):
            for number in {number for number, _ in ways}:
                queues[number].append(index)
        while any(queues):
            wave: list[Message] = []
            seen: dict[int, str] = {}
            while (index := next(_ready(queues, touched, seen), -1)) >= 0:
                for number, way in touched[index]:
                    seen[number] = way if number not in seen or seen[number] == way else ALONE
                for number in {number for number, _ in touched[index]}:
                    queues[number].popleft()
                wave.append(self.messages[index])
            yield wave


def _touched(message: Message, partitions: int) -> Iterator[tuple[int, str]]:
    """Which partitions of `commands` a message reaches, and how."""
    for home, way in message.ways:
        if home == EVERYWHERE:
            yield from ((number, way) for number in range(partitions))
        else:
            yield partition_of(home, partitions), way


def _ready(queues: list[deque[int]], touched: list[list[tuple[int, str]]], seen: dict[int, str]) -> Iterator[int]:
    """Messages that stand first wherever they go, and go no other way than this wave does there."""
    for queue in queues:
        if queue and all(
            queues[number][0] == queue[0] and (number not in seen or seen[number] == way)
            for number, way in touched[queue[0]]
        ):
            yield queue[0]

"""Who has had a case, one after the other: accountable people and executors."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, Literal

from schemas.event import Event, EventType

Part = Literal["assignee", "executor"]
PARTS: Final[tuple[Part, ...]] = ("assignee", "executor")


@dataclass(frozen=True, slots=True)
class Holder:
    """Somebody got a case, as its assignee or its executor."""

    person: str
    part: Part
    since_ms: int
    by: EventType
    """What gave it to them."""


def holders(events: Iterable[Event]) -> list[Holder]:
    """From the events of a case, oldest first; who gets it again is there again."""
    found: list[Holder] = []
    now: dict[Part, str | None] = {}
    for event in events:
        for part in PARTS:
            if part not in event.now or event.now[part] == now.get(part):
                continue
            now[part] = person = event.now[part]
            if person is not None:
                at_ms = event.occurred_ms if event.occurred_ms is not None else event.t_ms
                found.append(Holder(person, part, at_ms, event.type))
    return found

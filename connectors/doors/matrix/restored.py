"""Notices that the server was restored from a backup, by the newest event that we took: the server forgot it.

Its sync takes our position, which is from a future that never was, for the present, and skips what lies between. So the
rooms are read again from the time of that event on; what was taken before is known by its id.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from connectors.chat.json_values import number_of, text_of
from connectors.doors.matrix.client import V3, MatrixClient, MatrixError, part_of_path
from connectors.doors.matrix.events import Event
from connectors.doors.matrix.sync import SyncNews

MARGIN_MS: Final = 3_600_000
"""How far clocks of servers may differ; messages of that time come twice, and are taken once."""


@dataclass(frozen=True, slots=True)
class NewestEvent:
    """An event that we took. `t_ms`: when it was sent, by its server's clock, but not later than it was taken."""

    room: str
    event: str
    t_ms: int


def sent_ms(event: Event) -> int:
    """When it was sent, by its server's clock; 0 where that does not say."""
    return int(number_of(event.get("origin_server_ts")) or 0)


def newest_of(news: SyncNews, now_ms: int) -> NewestEvent | None:
    """The newest event that a sync brought; None where it brought none."""
    rooms = [*news.joined.items(), *news.left.items()]
    found = [
        NewestEvent(room, id, min(sent_ms(event), now_ms))
        for room, each in rooms
        for event in each.events
        if (id := text_of(event.get("event_id")))
    ]
    return max(found, key=lambda each: each.t_ms, default=None)


async def knows(client: MatrixClient, newest: NewestEvent) -> bool:
    """Whether the server still has the event, or we still are in its room. Raises `MatrixError`."""
    try:
        await client.call("GET", f"{V3}/rooms/{part_of_path(newest.room)}/event/{part_of_path(newest.event)}")
    except MatrixError as fault:
        if fault.status in {403, 404}:
            return False
        raise
    return True


def sent_from(events: Iterable[Event], from_ms: int) -> list[Event]:
    """Those that were sent from this time on, in their order."""
    return [event for event in events if sent_ms(event) >= from_ms]

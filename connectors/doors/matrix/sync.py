"""What a sync asks for, and what its answer says of each room. Pure and total."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from connectors.chat.json_values import mapping_of, mappings_of, number_of, text_of
from connectors.doors.matrix.events import READ, Event

MEMBER: Final = "m.room.member"
ENCRYPTION: Final = "m.room.encryption"
ENCRYPTED: Final = "m.room.encrypted"
TIMELINE: Final = (*READ, MEMBER, ENCRYPTION, ENCRYPTED)
INSIDE: Final = frozenset({"join", "invite"})


@dataclass(frozen=True, slots=True)
class RoomNews:
    """What happened in one room."""

    events: Sequence[Event]
    """The latest, in order."""
    before: str = ""
    """Where the events before them end; "" when there are none since the last sync."""
    people: int | None = None
    """How many are joined or invited, with us; None when the server does not say."""
    encrypted: bool = False
    """Whether its messages became, or are, encrypted."""


@dataclass(frozen=True, slots=True)
class SyncNews:
    """One answer."""

    next: str
    joined: Mapping[str, RoomNews]
    left: Mapping[str, RoomNews]
    invited: Sequence[str]


def sync_filter(events: int) -> str:
    """The filter of a sync: nothing but what we read, and at most so many events of a room."""
    none: dict[str, object] = {"types": []}
    room = {
        "timeline": {"limit": events, "types": list(TIMELINE)},
        "state": {"types": [ENCRYPTION, MEMBER], "lazy_load_members": True},  # without it, there is no summary
        "ephemeral": none,
        "account_data": none,
    }
    return json.dumps({"presence": none, "account_data": none, "room": room})


def page_filter() -> str:
    """The filter of a page of messages."""
    return json.dumps({"types": list(TIMELINE)})


def read_sync(answer: Mapping[str, object]) -> SyncNews:
    """The news of an answer."""
    rooms = mapping_of(answer.get("rooms"))
    return SyncNews(
        next=text_of(answer.get("next_batch")),
        joined=_rooms(rooms.get("join")),
        left=_rooms(rooms.get("leave")),
        invited=tuple(text_of(room) for room in mapping_of(rooms.get("invite"))),
    )


def entered(events: Sequence[Event], me: str) -> tuple[int | None, bool]:
    """Where our time in a room begins: the index of our last invitation, or of our coming in without one.

    The second value: whether an invitation may lie before these events.
    """
    found = None
    for at in range(len(events) - 1, -1, -1):
        event = events[at]
        if event.get("type") != MEMBER or event.get("state_key") != me:
            continue
        membership = mapping_of(event.get("content")).get("membership")
        before = mapping_of(mapping_of(event.get("unsigned")).get("prev_content")).get("membership")
        if membership == "invite":
            return at, False
        if membership != "join":
            return found, False
        found = at
        if before not in INSIDE:
            return at, False
    return found, True


def _rooms(value: object) -> dict[str, RoomNews]:
    return {text_of(room): _room(mapping_of(news)) for room, news in mapping_of(value).items()}


def _room(news: Mapping[str, object]) -> RoomNews:
    timeline, summary = mapping_of(news.get("timeline")), mapping_of(news.get("summary"))
    events = mappings_of(timeline.get("events"))
    joined, invited = (number_of(summary.get(f"m.{which}_member_count")) for which in ("joined", "invited"))
    state = mappings_of(mapping_of(news.get("state")).get("events"))
    return RoomNews(
        events=events,
        before=text_of(timeline.get("prev_batch")) if timeline.get("limited") is True else "",
        people=None if joined is None or invited is None else joined + invited,
        encrypted=any(event.get("type") in {ENCRYPTION, ENCRYPTED} for event in (*state, *events)),
    )

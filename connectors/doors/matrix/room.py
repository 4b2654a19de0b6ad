"""What is known of a room when its events are read."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class OwnMessage:
    """A message of ours. One that is sent as several events is known by the first of them, its `main`."""

    main: str
    values: tuple[str, ...] = ()
    """Of its buttons, in their order."""


@dataclass(frozen=True, slots=True)
class RoomView:
    """A room, and who we are in it."""

    id: str
    me: str
    """Our user id, such as `@grid36:example.org`."""
    name: str = ""
    """Our display name."""
    group: bool = False
    """Whether there are more than two people, with those who are invited."""

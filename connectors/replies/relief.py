"""Passes urgent jobs of people who are off, or in their quiet hours, to those on duty."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from typing import Any, Final

from connectors.replies.recipients import HANDLERS, THE_LAST, Handlers, Known, each_once
from connectors.replies.reply import Recipient
from schemas.event import EventType

InsteadOf = Callable[[str, str], Iterable[tuple[str, ...]]]
"""Who is on duty instead of a person for a grid now, the nearest first; nothing when the person may be written to."""
MOST: Final = 3
"""How many people hear of one job."""
_NEW: Final = frozenset({EventType.DISPATCHED, EventType.HANDED_ON, EventType.TAKEN_OVER})
PASSED: Final = _NEW | {EventType.REWORK_ORDERED, EventType.REOPENED, EventType.DEADLINE_MISSED}


def nobody_instead(_: str, __: str) -> tuple[()]:
    """Where nobody is ever off."""
    return ()


class Relief:
    """Tracks which cases are urgent."""

    def __init__(self, urgent: Iterable[str], handlers: Handlers, instead_of: InsteadOf = nobody_instead) -> None:
        """`urgent`: the cases stored so far."""
        self.urgent = set(urgent)
        self.changed: set[str] = set()
        """Cases that became urgent, or are so no longer; whoever stores them empties it."""
        self._handlers, self._instead_of = handlers, instead_of

    def take(self, event: Mapping[str, Any], concerned: Known) -> Known:
        """Whom an event concerns, when jobs were passed: who is off hears later, if somebody on duty can be reached."""
        self._follow(event)
        if event.get("case") not in self.urgent or event["type"] not in PASSED:
            return concerned
        off, called = set[Recipient](), list[Recipient]()
        for each in concerned:
            if each.to in HANDLERS and _has_it(event, each.person):
                reached = self._on_duty(each, event.get("grid", ""))
                if reached:
                    off.add(each)
                    called += reached
        here = [replace(each, to="off_duty") if each in off else each for each in concerned]
        return each_once([*here, *called])

    def _follow(self, event: Mapping[str, Any]) -> None:
        case, now = event.get("case"), event.get("now", {})
        if case is None:
            return
        is_urgent = case in self.urgent
        if event["type"] in THE_LAST:
            is_urgent = False
        elif "urgent_by" in now:
            is_urgent = bool(now["urgent_by"])
        if is_urgent != (case in self.urgent):
            self.changed.add(case)
            self.urgent ^= {case}

    def _on_duty(self, off: Recipient, grid: str) -> list[Recipient]:
        """The nearest who can be reached."""
        for tier in self._instead_of(off.person, grid):
            found = [(person, self._handlers(person)) for person in tier if person != off.person]
            reached = [
                Recipient(door.door, person, "on_duty", off.report, door.language)
                for person, door in found
                if door is not None
            ]
            if reached:
                return reached[:MOST]
        return []


def _has_it(event: Mapping[str, Any], person: str) -> bool:
    """Whether a handler has the job after the event, and does not lose it by it."""
    now = event.get("now", {})
    return event["type"] not in _NEW or person in {now.get("assignee"), now.get("executor"), now.get("accountable")}

"""Whom an event concerns: the reporter, if the report came through a door that replies, and the case's handlers."""

from collections.abc import Callable, Mapping
from typing import Any, Final, NamedTuple

from connectors.replies.reply import Recipient, ReplyTo
from schemas.event import EventType
from schemas.names import Language

TO_THE_ACTOR: Final = frozenset({EventType.ACTION_REFUSED, EventType.COMMAND_PARKED})
"""Answers to an act: they concern only the person who acted."""
THE_LAST: Final = frozenset({EventType.ARCHIVED, EventType.MOVED})
"""No event follows under this case number."""
HANDLERS: Final[tuple[ReplyTo, ...]] = ("assignee", "executor")


class Handler(NamedTuple):
    """The door and language by which somebody who handles cases is reached."""

    door: str
    language: Language


Handlers = Callable[[str], Handler | None]
"""Finds the door of a person; None if there is none."""
Known = tuple[Recipient, ...]


def nobody(_: str) -> None:
    """For systems in which no handler has a door."""


class Recipients:
    """Tracks for each case whom its events concern; other cases cost one look-up."""

    def __init__(self, doors: Mapping[str, str], cases: Mapping[str, Known], handlers: Handlers = nobody) -> None:
        """`doors`: door by its name in the log; `cases`: the recipients stored so far."""
        self._doors = dict(doors)
        self.cases: dict[str, Known] = dict(cases)
        self._handlers = handlers

    def take(self, event: Mapping[str, Any]) -> Known:
        """Whom an event concerns (including a handler who loses the case); updates who follows the case."""
        case: str | None = event.get("case")
        if case is None:
            return ()
        known, now = self.cases.get(case, ()), event.get("now", {})
        joined = self._joined(event["type"], now, known)
        if not known and not joined:
            return ()
        concerned = (*known, *(each for each in joined if each not in known))
        if event["type"] in TO_THE_ACTOR:
            return tuple(each for each in concerned if each.person == event["by"])[:1]
        if event["type"] in THE_LAST:
            self.cases.pop(case, None)
        else:
            left = {to for to in HANDLERS if to in now}
            stay = (each for each in known if each.to not in left and each not in joined)
            follow = (*stay, *joined)
            if follow != known:
                self.cases[case] = follow
        return _each_once(concerned)

    def _joined(self, kind: str, now: Mapping[str, Any], known: Known) -> Known:
        joined = []
        if kind == EventType.OPENED and (door := self._doors.get(now.get("door", ""))) is not None:
            language = Language(now.get("language", Language.ZH))
            joined.append(Recipient(door, now.get("reporter", ""), "reporter", now["report"], language))
        for to in HANDLERS:
            person = now.get(to)
            if person and (handler := self._handlers(person)) is not None:
                report = now.get("report") or (known[0].report if known else "")
                joined.append(Recipient(handler.door, person, to, report, handler.language))
        return tuple(joined)


def _each_once(concerned: Known) -> Known:
    """One reply for each person and door, whatever their relation to the case."""
    return tuple({(each.door, each.person): each for each in reversed(concerned)}.values())[::-1]

"""Whom an event concerns: the reporter, if the report came through a door that replies, and the case's handlers."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from typing import Any, Final, NamedTuple

from connectors.replies.reply import Recipient, ReplyTo
from schemas.event import EventType
from schemas.names import Language

TO_THE_ACTOR: Final = frozenset({EventType.ACTION_REFUSED, EventType.COMMAND_PARKED})
"""Answers to an act: they concern only the person who acted."""
THE_LAST: Final = frozenset({EventType.ARCHIVED, EventType.MOVED})
"""No event follows under this case number."""
HANDLERS: Final[tuple[ReplyTo, ...]] = ("assignee", "executor")


NO_DOOR: Final = ""
"""Of a handler who has none yet: from the event on that follows their binding, they are told."""


class Handler(NamedTuple):
    """The door and language by which somebody who handles cases is reached."""

    door: str
    language: Language


Handlers = Callable[[str], Handler | None]
"""Finds the door of a person; None if there is none."""
Others = Callable[[Mapping[str, Any]], Iterable[tuple[str, ReplyTo]]]
"""Who else has something to do with this one event: person, and as what."""
Known = tuple[Recipient, ...]


def nobody(_: str) -> None:
    """For systems in which no handler has a door."""


def nobody_else(_: Mapping[str, Any]) -> tuple[()]:
    """Only those who report and handle the case."""
    return ()


class Recipients:
    """Tracks for each case whom its events concern, and handlers who may get a door later."""

    def __init__(
        self,
        doors: Mapping[str, str],
        cases: Mapping[str, Known],
        handlers: Handlers = nobody,
        others: Others = nobody_else,
    ) -> None:
        """`doors`: door by its name in the log; `cases`: the recipients stored so far."""
        self._doors = dict(doors)
        self.cases: dict[str, Known] = {}
        self.changed: set[str] = set()
        """Cases whose recipients changed; whoever stores them empties it."""
        self._handlers, self._others = handlers, others
        self._followed: dict[Recipient, set[str]] = {}
        """Which cases each follower follows."""
        for case, recipients in cases.items():
            self._set(case, recipients)

    def take(self, event: Mapping[str, Any]) -> Known:
        """Whom an event concerns (including a handler who loses the case); updates who follows the case."""
        case: str | None = event.get("case")
        if case is None:
            return ()
        known, now = tuple(map(self._reached, self.cases.get(case, ()))), event.get("now", {})
        joined = self._joined(event["type"], now, known)
        concerned = (*known, *(each for each in joined if each not in known))
        if event["type"] in TO_THE_ACTOR:
            return self._actor(event["by"], concerned)
        asked = self._asked(event)
        if not concerned:
            return asked
        self._merge(event, known)
        if event["type"] in THE_LAST:
            self._put(case, ())
        else:
            left = {to for to in HANDLERS if to in now}
            stay = (each for each in known if each.to not in left and each not in joined)
            follow = (*stay, *joined)
            self._put(case, follow)
        return each_once(each for each in (*asked, *concerned) if each.door)

    def _merge(self, event: Mapping[str, Any], known: Known) -> None:
        """Whoever reported a case that joins another one follows that one to its end, unless the case leaves it."""
        if "master" not in event.get("now", {}):
            return
        master = event["now"]["master"]
        followers = {replace(each, to="follower") for each in known if each.to == "reporter"}
        if not followers:
            return
        for number in {number for each in followers for number in self._followed.get(each, ())}:
            if number != master:
                self._put(number, tuple(each for each in self.cases[number] if each not in followers))
        if master:
            self._put(master, tuple(dict.fromkeys((*self.cases.get(master, ()), *followers))))

    def _put(self, case: str, recipients: Known) -> None:
        if recipients == self.cases.get(case, ()):
            return
        self.changed.add(case)
        self._set(case, recipients)

    def _set(self, case: str, recipients: Known) -> None:
        for each in self.cases.pop(case, ()):
            if each.to == "follower" and (cases := self._followed[each]):
                cases.discard(case)
                if not cases:
                    del self._followed[each]
        if recipients:
            self.cases[case] = recipients
        for each in recipients:
            if each.to == "follower":
                self._followed.setdefault(each, set()).add(case)

    def _reached(self, recipient: Recipient) -> Recipient:
        """A handler through the door by which they are reached now; reporters stay with the one they chose."""
        handler = self._handlers(recipient.person) if recipient.to in HANDLERS else None
        return recipient if handler is None else replace(recipient, door=handler.door, language=handler.language)

    def _actor(self, by: str, concerned: Known) -> Known:
        """Whoever acted: as what they are to the case, or, for somebody above or beside it, through their own door."""
        own = tuple(each for each in concerned if each.person == by and each.door)[:1]
        if own or (handler := self._handlers(by)) is None:
            return own
        return (Recipient(handler.door, by, "decider", "", handler.language),)

    def _asked(self, event: Mapping[str, Any]) -> Known:
        asked = []
        for person, to in self._others(event):
            if (handler := self._handlers(person)) is not None:
                asked.append(Recipient(handler.door, person, to, "", handler.language))
        return tuple(asked)

    def _joined(self, kind: str, now: Mapping[str, Any], known: Known) -> Known:
        joined = []
        if kind == EventType.OPENED and (door := self._doors.get(now.get("door", ""))) is not None:
            language = Language(now.get("language", Language.ZH))
            joined.append(Recipient(door, now.get("reporter", ""), "reporter", now["report"], language))
        for to in HANDLERS if self._handlers is not nobody else ():
            if person := now.get(to):
                report = now.get("report") or (known[0].report if known else "")
                joined.append(self._reached(Recipient(NO_DOOR, person, to, report, Language.ZH)))
        return tuple(joined)


def each_once(concerned: Iterable[Recipient]) -> Known:
    """One reply for each person and door, whatever their relation to the case."""
    return tuple({(each.door, each.person): each for each in reversed([*concerned])}.values())[::-1]

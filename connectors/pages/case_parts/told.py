"""The people who were told of a case: by which door and when, and what is not known. For insiders only."""

import asyncio
from dataclasses import dataclass
from typing import Final

import htpy as h

from connectors.chat.told import ToldMessage, told
from connectors.pages.html.viewer import Viewer
from schemas.case import WITH_ORDER, Case

MOST: Final = 20
"""The last messages, to limit the page size."""


@dataclass(frozen=True, slots=True)
class ToldPerson:
    """A message and the person behind its account; "" for an account that was forgotten."""

    message: ToldMessage
    person: str


async def look(viewer: Viewer, number: str) -> list[ToldPerson] | None:
    """Messages about a case; None where no door stores any."""
    gateway = viewer.gateway
    if gateway.door_folder is None:
        return None
    messages = await asyncio.to_thread(told, gateway.door_folder, number)
    people: dict[tuple[str, str], str] = {}
    for door, sender in {(each.door, each.sender) for each in messages}:
        contact = await gateway.contacts.find(door, sender)
        people[door, sender] = contact.person if contact is not None else ""
    return [ToldPerson(each, people[each.door, each.sender]) for each in messages]


def shown(viewer: Viewer, case: Case, found: list[ToldPerson] | None) -> h.Element:
    """Each message with person, door and time; then those who have the case and of whom no message is known."""
    words, messages = viewer.words, found or []
    lines = [_line(viewer, case, each) for each in messages[-MOST:]]
    known = {each.person for each in messages}
    left = [person for person in (case.assignee, case.executor) if person and person not in known]
    untold = [h.li[h.b[viewer.name(person)], h.span(".quiet")[words("told.nothing")]] for person in left]
    body = h.ul(".told")[lines, untold if case.state in WITH_ORDER else None]
    more = h.p(".quiet")[words("told.more", n=len(messages) - MOST)] if len(messages) > MOST else None
    return h.section("#told", data_live=True)[
        h.h2[words("told.title")], body, more, h.p(".quiet")[words("told.unknown")]
    ]


def _line(viewer: Viewer, case: Case, each: ToldPerson) -> h.Element:
    words, message = viewer.words, each.message
    return h.li[
        h.b[_who(viewer, case, each.person)],
        h.span[words.one_of("door", message.door)],
        h.span(class_=f"told-{message.state}")[words(f"told.{message.state}")],
        viewer.time(message.t_ms),
    ]


def _who(viewer: Viewer, case: Case, person: str) -> str:
    """A person of the region by name; others as what they are to the case."""
    if viewer.person(person) is not None:
        return viewer.name(person)
    reporters = {case.reporter, *(each.reporter for each in case.followers)}
    return viewer.words("told.reporter" if person in reporters else "by.somebody")

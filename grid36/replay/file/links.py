"""Follows links between rows of a file to find each duplicate's master. Pure.

A duplicate of a duplicate follows the last master. Links to the row itself, to no usable row, in a circle, or to a
master that was closed before, lead nowhere: the row is a case of its own.
"""

from collections.abc import Callable, Iterable
from typing import NamedTuple

from grid36.replay.file.reasons import Reason


class Link(NamedTuple):
    """Row `number` says that it is a duplicate of the row with the report id `to`."""

    number: int
    to: str


class Masters(NamedTuple):
    """`rows`: the master's row of each duplicate; `nowhere`: why the link of a row leads nowhere."""

    rows: dict[int, int]
    nowhere: dict[int, Reason]


def masters_of(links: Iterable[Link], row_of: Callable[[str], int | None]) -> Masters:
    """Follow every link; `row_of` gives the usable row of a report id."""
    nowhere: dict[int, Reason] = {}
    to: dict[int, int] = {}
    names: dict[int, str] = {}
    for link in links:
        target = row_of(link.to)
        names[link.number] = link.to
        if target == link.number:
            nowhere[link.number] = Reason("itself")
        elif target is None:
            nowhere[link.number] = Reason("no_master", {"text": link.to})
        else:
            to[link.number] = target
    for number in _in_circles(to):
        nowhere[number] = Reason("circle", {"text": names[number]})
        del to[number]
    return Masters({number: _last(number, to) for number in sorted(to)}, nowhere)


def _in_circles(to: dict[int, int]) -> set[int]:
    """The rows whose links lead back to themselves."""
    found: set[int] = set()
    seen: dict[int, int] = {}
    for start in to:
        at = start
        while at in to and at not in seen:
            seen[at] = start
            at = to[at]
        if at in to and seen[at] == start and at not in found:
            while at not in found:
                found.add(at)
                at = to[at]
    return found


def _last(number: int, to: dict[int, int]) -> int:
    """Where the links of a row end; passed rows are linked to it at once, so that long chains stay cheap."""
    passed = []
    while number in to:
        passed.append(number)
        number = to[number]
    for each in passed:
        to[each] = number
    return number

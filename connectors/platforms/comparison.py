"""Compares what a platform says that it gave us with what we have of it, case by case; pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from connectors.platforms.id_map import Mapped


@dataclass(frozen=True, slots=True)
class Ours:
    """One case of a platform as we have it: their id, our case if there is one yet, and its state."""

    theirs: str
    case: str | None
    state: str


@dataclass(frozen=True, slots=True)
class Comparison:
    """Both counts, and the ids by which they differ."""

    theirs: int
    ours: int
    missing_here: tuple[str, ...]
    """They have it, and we do not."""
    missing_there: tuple[str, ...]
    """We have it, and they did not name it."""
    twice: tuple[str, ...]
    """They named it more than once."""

    @property
    def equal(self) -> bool:
        """Whether both have the same."""
        return not (self.missing_here or self.missing_there)


def compared(theirs: Iterable[str], ours: Iterable[Ours]) -> Comparison:
    """The comparison of one day."""
    named, here = list(theirs), {each.theirs for each in ours}
    there = set(named)
    twice = sorted({id for id in there if named.count(id) > 1}) if len(there) < len(named) else []
    return Comparison(
        len(there), len(here), tuple(sorted(there - here)), tuple(sorted(here - there)), tuple(twice)
    )  # fmt: skip


def span_of(day: date, zone: ZoneInfo) -> tuple[int, int]:
    """When a day begins and when the next one does (ms UTC)."""
    ends = (datetime.combine(day + timedelta(days=n), time(), zone) for n in (0, 1))
    begin, end = (round(each.timestamp() * 1000) for each in ends)
    return begin, end


def ours_of(entries: Iterable[Mapped], cases: Mapping[str, tuple[str, str]]) -> list[Ours]:
    """The ids of a day, with number and state of their cases by report. What was only named by another counts not."""
    return [
        Ours(each.theirs, *cases.get(each.report or "", (None, each.state)))
        for each in entries
        if each.state != "named"
    ]  # fmt: skip

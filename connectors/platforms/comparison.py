"""Compares what a platform says that it gave us with what we have of it, case by case; pure."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

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
    named, here = Counter(theirs), {each.theirs for each in ours}
    there = named.keys()
    twice = tuple(sorted(id for id, times in named.items() if times > 1))
    return Comparison(len(there), len(here), tuple(sorted(there - here)), tuple(sorted(here - there)), twice)


def ours_of(entries: Iterable[Mapped], cases: Mapping[str, tuple[str, str]]) -> list[Ours]:
    """The ids of a day, with number and state of their cases by report. What was only named by another counts not."""
    came = (each for each in entries if each.state != "named")
    return [Ours(each.theirs, *cases.get(each.report or "", (None, each.state))) for each in came]

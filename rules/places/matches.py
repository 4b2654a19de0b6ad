"""What an address can mean: a segment, with or without a house number on it, or a landmark."""

from collections.abc import Iterable, Sequence
from typing import Final, NamedTuple

from rules.places.house_numbers import HouseNumber
from schemas.place import Ambiguous, Candidate
from schemas.region import Landmark, Segment, Side

MOST_CANDIDATES: Final = 3


class AtSegment(NamedTuple):
    """A whole segment, or a house number on it."""

    segment: Segment
    house: HouseNumber | None = None

    @property
    def code(self) -> str:
        """The segment's id."""
        return self.segment.id

    @property
    def segment_id(self) -> str | None:
        """The segment's id."""
        return self.segment.id

    @property
    def is_house(self) -> bool:
        """Whether the segment holds a house number that was given."""
        return self.house is not None

    def label(self) -> str:
        """`湖滨南路12-8号`, or the road with the segment's numbers."""
        if self.house:
            return written(self.segment.road.zh, self.house.written)
        return segment_label(self.segment)


class AtLandmark(NamedTuple):
    """A landmark."""

    landmark: Landmark

    @property
    def code(self) -> str:
        """The landmark's id."""
        return self.landmark.id

    @property
    def segment_id(self) -> str | None:
        """The segment it is on, if known."""
        return self.landmark.segment

    @property
    def is_house(self) -> bool:
        """Never."""
        return False

    def label(self) -> str:
        """Its Chinese name."""
        return self.landmark.name.zh


Match = AtSegment | AtLandmark


def written(road: str, number: str) -> str:
    """An address as the road's own language writes it."""
    if any("\u3400" <= letter <= "\u9fff" for letter in road):
        return f"{road}{number}号"
    return f"{number} {road}" if road.isascii() else f"{road} {number}"


def segment_label(segment: Segment) -> str:
    """The road's name and the numbers on the segment: `湖滨南路 2–18(双)`."""
    marks = {Side.ODD: "(单)", Side.EVEN: "(双)", Side.BOTH: ""}
    spans = " ".join(f"{r.first}–{r.last}{marks[r.side]}" for r in segment.numbers)
    return f"{segment.road.zh} {spans or segment.id}"


def distinct(matches: Iterable[Match]) -> list[Match]:
    """Each segment and landmark once, in order of first appearance."""
    seen: dict[tuple[bool, str], Match] = {}
    for match in matches:
        seen.setdefault((isinstance(match, AtSegment), match.code), match)
    return list(seen.values())


def candidates(matches: Sequence[Match]) -> tuple[Candidate, ...]:
    """The first three to choose from; equal labels get the numbers of their segments."""
    shown = matches[:MOST_CANDIDATES]
    labels = [match.label() for match in shown]
    return tuple(
        Candidate(
            code=match.code,
            label=segment_label(match.segment) if labels.count(label) > 1 and isinstance(match, AtSegment) else label,
        )
        for match, label in zip(shown, labels, strict=True)
    )


def question(matches: Sequence[Match], typed: Sequence[Candidate] = ()) -> Ambiguous:
    """The first three to choose from, up to two typed codes first, and how many more there are."""
    codes = {each.code for each in typed[:2]}
    others = [match for match in matches if match.code not in codes]
    named = (*typed[:2], *candidates(others), *typed[2:])[:MOST_CANDIDATES]
    return Ambiguous(candidates=named, more=max(0, len(typed) + len(others) - MOST_CANDIDATES))

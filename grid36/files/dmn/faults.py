"""What in a DMN file is beyond what the tables of a rulebook can say, and where it stands."""

from collections.abc import Sequence
from typing import NamedTuple, Self

from schemas.errors import WrongInput
from schemas.names import Name


class DmnPlace(NamedTuple):
    """A decision, perhaps one of its rules (from 1) and one of its columns."""

    decision: str = ""
    rule: int = 0
    column: str = ""

    def words(self) -> Name:
        """The place for people; empty facts are left out."""
        parts = [Name.of("dmn.at.decision", decision=self.decision)] if self.decision else []
        parts += [Name.of("dmn.at.rule", number=self.rule)] if self.rule else []
        parts += [Name.of("dmn.at.column", column=self.column)] if self.column else []
        return Name.joined("，", ", ", parts or [Name.of("dmn.at.file")])


class DmnProblem(NamedTuple):
    """One fault."""

    place: DmnPlace
    text: Name

    def words(self) -> Name:
        """Where it is and what."""
        return Name.joined("：", ": ", (self.place.words(), self.text))


class DmnUnreadable(WrongInput):
    """This DMN file cannot be used. Correct each place that is named; what a rulebook can say is in the guide."""

    @classmethod
    def of(cls, problems: Sequence[DmnProblem]) -> Self:
        """All of these: the first ten by name, the others by their number."""
        more = len(problems) - MOST_NAMED
        named = [each.words() for each in problems[:MOST_NAMED]]
        named += [Name.of("dmn.more", more=more)] if more > 0 else []
        return cls(Name.joined("；", "; ", [Name.of("dmn.unreadable"), *named]))


MOST_NAMED = 10
"""Faults that are named one by one."""


class NotSayableInXml(WrongInput):
    """A text of the rulebook has characters that XML cannot hold. Take them out, and export again."""

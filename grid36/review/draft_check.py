"""Checks the files of a draft as a whole: how they are read, the checks of the list, and open cases."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from grid36.files.rulebook import FileProblem, RulebookReading, at_cells
from grid36.review.check import AnyProblem, check_rulebook
from grid36.review.source_positions import Where
from rules.check.problem import Problem
from schemas.region import Region


@dataclass(frozen=True, slots=True)
class DraftCheck:
    """All problems, those of the files first."""

    of_files: tuple[FileProblem, ...]
    of_list: tuple[Problem, ...] = ()
    """With the sheets, rows and columns that people see in their files."""
    remarks: tuple[FileProblem, ...] = ()
    """The same problems, each once for every cell that it is about."""

    @property
    def problems(self) -> tuple[AnyProblem, ...]:
        """Both."""
        return (*self.of_files, *self.of_list)


async def check_draft(reading: RulebookReading, region: Region, on: date, flight: Iterable[Problem]) -> DraftCheck:
    """What is wrong with a draft that is to hold from `on`; `flight`: what becomes of open cases by it."""
    if reading.rulebook is None:
        return unread(reading)
    found, where = (*await check_rulebook(region, reading.rulebook, on), *flight), Where(reading)
    remarks = [remark for problem in found for remark in at_cells(problem, where.places(problem))]
    return DraftCheck(reading.problems, where.in_files(found), (*reading.problems, *remarks))


def unread(reading: RulebookReading) -> DraftCheck:
    """A draft that could not be read: it has the problems of its files alone."""
    return DraftCheck(reading.problems, (), reading.problems)

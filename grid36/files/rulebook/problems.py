"""Problems in the files of a rulebook: sheet, row, column, value, and the expected value, in both languages."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from rules.check import problem as checks
from rules.check.problem import Severity
from schemas.errors import WrongInput
from schemas.names import Language, Name
from texts.catalogue import say

MOST_SHOWN = 60  # characters of a value
MOST_LINES = 20
"""Problems that an error lists."""


@dataclass(frozen=True)
class CellPlace:
    """A cell, a row, a column or a whole sheet; rows and columns count from 1, as a spreadsheet does."""

    sheet: str
    """The file or, in a workbook, the sheet."""
    row: int | None = None
    column: str | None = None
    """The title of the column as it stands there, or the path of a field in YAML."""
    number: int | None = None
    """Of the column."""
    file: str | None = None
    """The workbook that has the sheet."""

    @property
    def cell(self) -> str | None:
        """`C7`; None where it is no single cell."""
        return None if self.row is None or self.number is None else f"{letters(self.number)}{self.row}"


@dataclass(frozen=True)
class FileProblem:
    """One problem, and what would be right."""

    severity: Severity
    code: str
    place: CellPlace
    text: Name
    remedy: Name
    value: str | None = None

    @property
    def sheet(self) -> str:
        """The file or sheet."""
        return self.place.sheet

    def say(self, language: Language) -> str:
        """One line for people: `items.csv, row 7, column verdict (C7): "maybe": … → …`."""
        shown = "" if self.value is None else say(language, "files.place.value", value=_short(self.value))
        return f"{self.where(language)}: {shown}{self.text.to(language)} → {self.remedy.to(language)}"

    def where(self, language: Language) -> str:
        """`items.csv, row 7, column verdict (C7)`."""
        return say(language, "files.place.comma").join(self._parts(language))

    def _parts(self, language: Language) -> Iterator[str]:
        place = self.place
        if place.file and place.file != place.sheet:
            yield place.file
        yield place.sheet
        if place.row is not None:
            yield say(language, "files.place.row", row=place.row)
        if place.column and place.cell:
            yield say(language, "files.place.cell", column=place.column, cell=place.cell)
        elif place.column:
            yield say(language, "files.place.column", column=place.column)

    def as_row(self) -> dict[str, Any]:
        """For programs: both languages."""
        return {
            "severity": self.severity.value,
            "code": self.code,
            "file": self.place.file or self.place.sheet,
            "sheet": self.place.sheet,
            "rows": [] if self.place.row is None else [self.place.row],
            "column": self.place.column,
            "cell": self.place.cell,
            "value": self.value,
            "text": self.text.model_dump(),
            "remedy": self.remedy.model_dump(),
        }


def at_cells(problem: checks.Problem, places: Iterable[CellPlace]) -> Iterator[FileProblem]:
    """What the checks found, as a problem of each of these places."""
    shown = ", ".join(f"{name}={value}" for name, value in problem.example) or None
    for place in places:
        yield FileProblem(problem.severity, problem.code, place, problem.text, problem.remedy, shown)


class FaultyRulebook(WrongInput):
    """The rulebook cannot be used. Correct every place below; `grid36 rules check` lists them all."""

    def __init__(self, problems: Sequence[FileProblem]) -> None:
        self.problems = tuple(problems)
        super().__init__()

    def message(self, language: Language) -> str:
        """What is wrong, in at most twenty lines, and the number of the rest."""
        lines = [super().message(language), *(f"  {each.say(language)}" for each in self.problems[:MOST_LINES])]
        if (more := len(self.problems) - MOST_LINES) > 0:
            lines.append(say(language, "files.place.more", more=more))
        return "\n".join(lines)


@dataclass
class Problems:
    """Collects problems while files are read, so that a steward sees all of them at once."""

    found: list[FileProblem] = field(default_factory=list)
    files: dict[str, str] = field(default_factory=dict)
    """The workbook of each sheet."""
    _places: set[CellPlace] = field(default_factory=set)

    def add(
        self,
        code: str,
        place: CellPlace,
        text: Name,
        remedy: Name,
        value: object = None,
        severity: Severity = Severity.ERROR,
    ) -> None:
        """Keep one."""
        shown = None if value is None else str(value)
        if severity is Severity.ERROR:
            self._places.add(place)
        self.found.append(FileProblem(severity, code, place, text, remedy, shown))

    def warn(self, code: str, place: CellPlace, text: Name, remedy: Name, value: object = None) -> None:
        """Keep one that does not stop the rulebook."""
        self.add(code, place, text, remedy, value, Severity.WARNING)

    def stands_at(self, place: CellPlace) -> bool:
        """Whether an error at this cell is known already."""
        return place in self._places

    @property
    def errors(self) -> list[FileProblem]:
        """Those that stop the rulebook."""
        return [problem for problem in self.found if problem.severity is Severity.ERROR]

    def in_order(self) -> tuple[FileProblem, ...]:
        """Errors first, then by sheet, row and column."""
        found = [replace(p, place=replace(p.place, file=self.files.get(p.place.sheet))) for p in self.found]
        return tuple(
            sorted(
                found,
                key=lambda p: (p.severity is not Severity.ERROR, p.place.sheet, p.place.row or 0, p.place.number or 0),
            )
        )


def letters(number: int) -> str:
    """The name of a column in a spreadsheet: 1 is A, 27 is AA."""
    name = ""
    while number:
        number, rest = divmod(number - 1, 26)
        name = chr(ord("A") + rest) + name
    return name


def _short(value: str) -> str:
    line = re.sub(r"\r?\n|\r", "⏎", value).replace("\t", "⇥")
    line = re.sub(r"[\x00-\x1f\x7f-\x9f]", "\ufffd", line)
    return line if len(line) <= MOST_SHOWN else line[: MOST_SHOWN - 1] + "…"

"""Finds the position of a problem in the files of a rulebook: sheet and cell of a list, or line of YAML."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from typing import Any, Final

import yaml

from grid36.files.rulebook import CellPlace, RulebookReading
from rules.check.problem import Problem

_OF_REGION: Final = {
    "grids": "grids.csv",
    "segments": "segments.csv",
    "region": "region.yaml",
    "people": "people.csv",
    "organisations": "organisations.yaml",
}
"""Files of the region, whose problems name ids."""
_TABLES: Final = ("routing", "joint", "limits")


class Where:
    """The files that a rulebook was read from."""

    def __init__(self, reading: RulebookReading) -> None:
        self._reading = reading

    def places(self, problem: Problem) -> tuple[CellPlace, ...]:
        """Each row that the problem names, or one place for all of its sheet."""
        if problem.sheet in _OF_REGION:
            return (CellPlace(_OF_REGION[problem.sheet], None, problem.column),)
        name = next((n for n in _TABLES if self._table_name(n) == problem.sheet), problem.sheet)
        return tuple(self._in_list(name, problem)) if name in self._reading.lists else self._in_yaml(name, problem)

    def row(self, name: str, number: int) -> CellPlace:
        """Where row `number` of a list stands, counted from 1 among its rows as `rules` does."""
        if name in self._reading.lists:
            return self._reading.lists[name].place(number - 1)
        lines = self._lines.get(name, [])
        return CellPlace(self._reading.layout.yaml.name, lines[number] if number < len(lines) else None)

    def _table_name(self, name: str) -> str | None:
        table = getattr(self._reading.rulebook, name, None)
        return None if table is None else str(table.name)

    def _in_list(self, name: str, problem: Problem) -> Iterator[CellPlace]:
        rows = self._reading.lists[name]
        column = problem.column or ""
        paths = [(column,), ("when", column), ("then", column)] if column else []
        path = next((path for path in paths if rows.at(path) is not None), ())
        for number in problem.rows:
            yield rows.place(number - 1, path)
        if not problem.rows:
            yield rows.place(None, path)

    def _in_yaml(self, name: str, problem: Problem) -> tuple[CellPlace, ...]:
        file, lines = self._reading.layout.yaml.name, self._lines.get(name, [])
        known = [lines[number] for number in problem.rows if number < len(lines)]
        found = tuple(CellPlace(file, line, problem.column) for line in known or lines[:1])
        return found or (CellPlace(file, None, problem.column),)

    @cached_property
    def _lines(self) -> dict[str, list[int]]:
        """For each list: the line of the list itself, then of each of its rows."""
        return dict(_lines_of(self._reading.layout.yaml))

    def in_files(self, problems: Iterable[Problem]) -> tuple[Problem, ...]:
        """The problems with the sheets, rows and columns that people see in their files."""
        return tuple(self._in_file(problem) for problem in problems)

    def _in_file(self, problem: Problem) -> Problem:
        places = self.places(problem)
        rows = tuple(place.row for place in places if place.row is not None)
        return replace(problem, sheet=places[0].sheet, rows=rows, column=places[0].column or problem.column)


def _lines_of(file: Path) -> Iterator[tuple[str, list[int]]]:
    node = yaml.compose(file.read_text(encoding="utf-8-sig"), Loader=yaml.CSafeLoader)
    for key, value in node.value if isinstance(node, yaml.MappingNode) else ():
        rows: Any = value
        if isinstance(value, yaml.MappingNode):  # a table
            rows = next((inner for name, inner in value.value if name.value == "rows"), value)
        inner = rows.value if isinstance(rows, yaml.SequenceNode) else ()
        yield str(key.value), [int(key.start_mark.line) + 1, *(int(row.start_mark.line) + 1 for row in inner)]

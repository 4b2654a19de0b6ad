"""Reads the files of a region that people edit, and collects every fault with file, row and column."""

import csv
import io
from codecs import BOM_UTF16_BE, BOM_UTF16_LE
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import BaseModel, ValidationError

from grid36.files.strict_yaml import load, mistake_in
from schemas.errors import WrongInput
from schemas.mistake_words import said_of
from schemas.names import Language, Name
from texts.catalogue import say

Model = TypeVar("Model", bound=BaseModel)

MOST_SHOWN = 20
"""How many faults one message lists; the rest is counted."""
_OTHER_TABLES = {".xlsx", ".xlsm", ".xls", ".ods", ".et", ".numbers", ".txt", ".tsv"}
_OF_FEATURES = (".geojson", ".json", ".shp", ".gpkg", ".zip")


@dataclass(frozen=True)
class RegionFault:
    """One mistake in a file; `row` counts as a spreadsheet does (the header is 1), or features from 1."""

    file: str
    text: Name
    row: int | None = None
    column: str | None = None

    def say(self, language: Language) -> str:
        """`grids.csv, row 3, column head: …`."""
        return f"{', '.join(self.where(language))}: {self.text.to(language)}"

    def where(self, language: Language) -> list[str]:
        """`grids.csv`, `row 3`, `column head`, as far as known."""
        key = "files.table.feature" if self.file.lower().endswith(_OF_FEATURES) else "files.table.row"
        where = [self.file]
        where += [say(language, key, row=self.row)] if self.row is not None else []
        where += [say(language, "files.table.column", column=self.column)] if self.column else []
        return where


def first_of(lines: Sequence[str], language: Language) -> list[str]:
    """The first lines, and how many there are beyond."""
    more = len(lines) - MOST_SHOWN
    return [*lines[:MOST_SHOWN], *([say(language, "files.table.more", more=more)] if more > 0 else [])]


class FaultyRegion(WrongInput):
    """The region's files have mistakes. Correct each one that is named, then run `grid36 region check DIR`."""

    def __init__(self, faults: Sequence[RegionFault]) -> None:
        self.faults = tuple(faults)
        super().__init__()

    def message(self, language: Language) -> str:
        """What is wrong, in at most twenty lines, and the number of the rest."""
        return "\n".join(
            [super().message(language), *first_of([f"  {fault.say(language)}" for fault in self.faults], language)]
        )


class FaultyMap(FaultyRegion):
    """No region can be made from this file; nothing was written. Correct what is named, then call again."""


@dataclass
class RegionFaults:
    """Collects faults while files are read, so that a steward sees all of them at once."""

    found: list[RegionFault] = field(default_factory=list)
    notes: list[RegionFault] = field(default_factory=list)
    """What was left out on request."""
    mentioned: set[tuple[type[BaseModel], str]] = field(default_factory=set)
    """Faulty entries by kind and id, so that links to them are not reported as missing too."""
    unread: set[type[BaseModel]] = field(default_factory=set)
    """Kinds whose file cannot be read, which is reported once."""

    def add(self, file: str, text: Name, *, row: int | None = None, column: str | None = None) -> None:
        """Keep one."""
        self.found.append(RegionFault(file, text, row, column))

    def note(self, file: str, text: Name, *, row: int | None = None) -> None:
        """Add a remark that is not a mistake."""
        self.notes.append(RegionFault(file, text, row))

    def model(self, made: type[Model], values: Mapping[str, Any], file: str, row: int | None = None) -> Model | None:
        """The values as a model, or None after adding its faults."""
        try:
            return made.model_validate({k: v for k, v in values.items() if v is not None})
        except ValidationError as error:
            self.mentioned.add((made, str(values.get("id") or values.get("code"))))
            reported = set[str | None]()
            for detail in error.errors():
                column = "_".join(str(part) for part in detail["loc"] if isinstance(part, str)) or None
                if column in reported:  # of a long list in one cell or shape, the first is enough
                    continue
                reported.add(column)
                self.add(file, said_of(detail), row=row, column=column)
            return None

    def raise_any(self, error: type[FaultyRegion] = FaultyRegion) -> None:
        """Raise `error` with all faults, in the order of files and rows."""
        if self.found:
            raise error(sorted(self.found, key=lambda f: (f.file, f.row or 0, f.column or "")))


@dataclass(frozen=True)
class RegionRow:
    """One row of a CSV file; an empty cell is None."""

    file: str
    number: int
    cells: Mapping[str, str]

    def text(self, column: str) -> str | None:
        """The cell without blanks around it."""
        return self.cells.get(column, "").strip() or None

    def many(self, column: str) -> tuple[str, ...]:
        """A cell that lists several things, with semicolons between."""
        return tuple(
            part for part in (p.strip() for p in self.cells.get(column, "").replace("；", ";").split(";")) if part
        )

    def name(self, column: str) -> dict[str, str] | None:
        """The cells `<column>_zh` and `<column>_en`; one of them is enough."""
        zh, en = self.text(f"{column}_zh"), self.text(f"{column}_en")
        first = zh or en
        return {"zh": first, "en": en or ""} if first else None


def find(folder: Path, file: str) -> Path:
    """The file of this name, whatever its case; a path to nothing where there is none."""
    exact = folder / file
    if exact.exists() or not folder.is_dir():
        return exact
    return next((each for each in sorted(folder.iterdir()) if each.name.lower() == file), exact)


def _name_others(path: Path, faults: RegionFaults) -> None:
    """Report a table in another kind of file, which would otherwise be ignored silently."""
    if path.parent.is_dir():
        for each in sorted(path.parent.iterdir()):
            if each.stem.lower() in {path.stem, path.name} and each.suffix.lower() in _OTHER_TABLES:
                text = Name.of("files.table.not_read", name=path.name)
                faults.add(each.name, text)


def read_table(
    folder: Path, file: str, columns: Sequence[str], needed: Sequence[str], faults: RegionFaults
) -> list[RegionRow]:
    """Rows of a CSV file in UTF-8 or, as spreadsheets in China save it, GB 18030; none when it is absent.

    Semicolons and tabs separate, too, and what spreadsheets leave of empty columns at the right is passed over.
    """
    path = find(folder, file)
    file = path.name
    if not path.exists():
        _name_others(path, faults)
        return []
    text = text_of(path)
    reader = csv.DictReader(io.StringIO(text, newline=""), restkey="", restval="", delimiter=_separator(text, columns))
    header = [name.strip() for name in reader.fieldnames or []]
    while header and not header[-1]:
        header.pop()
    reader.fieldnames = header
    for missing in [name for name in needed if name not in header]:
        faults.add(file, Name.of("files.table.column_missing"), row=1, column=missing)
    for unknown in [name for name in header if name not in columns]:
        known = ", ".join(columns)
        faults.add(file, Name.of("files.table.no_such_column", known=known), row=1, column=unknown)
    if any(name not in header for name in needed):
        return []
    rows = []
    for cells in reader:
        number = reader.line_num
        if "" not in header and any(map(str.strip, cells.get("") or ())):
            faults.add(file, Name.of("files.table.more_cells_than_header"), row=number)
            continue
        row = RegionRow(file, number, {k: v for k, v in cells.items() if isinstance(v, str)})
        if any(value.strip() for value in row.cells.values()):
            rows.append(row)
            for name in needed:
                if row.text(name) is None:
                    faults.add(file, Name.of("files.table.empty_cell"), row=number, column=name)
    return rows


def _separator(text: str, columns: Sequence[str]) -> str:
    """The one with which the first line names most columns."""
    first = text.partition("\n")[0]
    return max(",;\t", key=lambda each: sum(name.strip(' "\r') in columns for name in first.split(each)))


def text_of(path: Path) -> str:
    """The text of a file in UTF-8, in marked UTF-16 or, as spreadsheets in China save it, in GB 18030."""
    raw = path.read_bytes()
    if raw.startswith((BOM_UTF16_LE, BOM_UTF16_BE)):
        return raw.decode("utf-16", errors="replace")
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        return raw.decode("gb18030", errors="replace")


def read_yaml(folder: Path, file: str, faults: RegionFaults) -> dict[str, Any]:
    """A YAML file that holds one mapping; empty with a fault when it cannot be read."""
    path = find(folder, file)
    if not path.exists():
        faults.add(file, Name.of("files.fault.file_missing"))
        return {}
    try:
        content = load(text_of(path))
    except yaml.YAMLError as error:
        line, said = mistake_in(error)
        faults.add(file, Name.of("files.table.not_yaml", said=said), row=line)
        return {}
    if not isinstance(content, dict):
        faults.add(file, Name.of("files.fault.not_key_value_lines"))
        return {}
    return content

"""Finds the files of a rulebook: `rulebook.yaml`, and lists as CSV files or as one workbook beside it.

Names count whatever their case, and lists also by their Chinese names. What looks like a list and is not read is named.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from pathlib import Path
from typing import Final
from zipfile import BadZipFile, ZipFile

from grid36.files.rulebook.titles import LISTS, plain_title
from schemas.models import ChoiceEnum

YAML: Final = "rulebook.yaml"
WORKBOOK: Final = "lists.xlsx"
BOOKS: Final = {".xlsx", ".xlsm"}
SAID: Final = ("problems", "问题")
"""Sheets in which problems were written back."""
OTHER_BOOKS: Final = {".xls", ".xlsb", ".xlt", ".ods", ".fods", ".ots", ".et", ".ett", ".numbers", ".uos"}
"""Workbooks of other kinds, which are named with the remedy and not read."""
_BY_NAME: Final = {plain_title(word): name for name, title in LISTS.items() for word in (name, title.zh)}
_COPY: Final = re.compile(r"[\s_-]*(\(\d+\)|（\d+）|copy|副本|\d)+$", re.IGNORECASE)
_NAMES_SHEET: Final = re.compile(rb"<(?:\w+:)?sheet\s[^>]*?name\s*=\s*[\"']([^\"']*)[\"']")


class Form(ChoiceEnum):
    """Which files hold the lists."""

    YAML = "yaml"  # all in rulebook.yaml
    CSV = "csv"  # a file for each list
    XLSX = "xlsx"  # a sheet for each list


@dataclass(frozen=True)
class Layout:
    """The files of one rulebook that are there."""

    yaml: Path
    tables: Mapping[str, Path]
    """CSV files by list."""
    workbook: Path | None
    strays: Mapping[Path, str | None] = field(default_factory=dict)
    """Files that look like lists and are not read, each with its list; None for a workbook of several."""

    @property
    def form(self) -> Form:
        """How it is kept, seen from its lists."""
        return Form.XLSX if self.workbook else Form.CSV if self.tables else Form.YAML


def layout_of(path: Path) -> Layout:
    """The files of the rulebook in a folder, or around its `rulebook.yaml` or one of its lists.

    Another workbook than `lists.xlsx` counts instead of it, and another YAML file stands alone.
    """
    kind = path.suffix.lower() if path.is_file() else ""
    if kind in {".yaml", ".yml"} and path.stem.lower() != Path(YAML).stem:
        return Layout(path, {}, None)
    folder = path.parent if path.is_file() else path
    files = sorted(each for each in folder.iterdir() if each.is_file()) if folder.is_dir() else []
    yaml = path if kind in {".yaml", ".yml"} else _yaml(folder, files)
    if kind in BOOKS and path.name.lower() != WORKBOOK:
        return Layout(yaml, {}, path)
    if kind in OTHER_BOOKS:
        return Layout(yaml, {}, None, {path: None})
    workbook = path if kind in BOOKS else next((each for each in files if each.name.lower() == WORKBOOK), None)
    tables: dict[str, Path] = {}
    for file in sorted(files, key=lambda each: (each.stem not in LISTS, each.name)):  # its own name goes first
        if file.suffix.lower() == ".csv" and (name := _BY_NAME.get(plain_title(file.stem))):
            tables.setdefault(name, file)
    read = {yaml, workbook, *tables.values()}
    return Layout(yaml, tables, workbook, dict(_strays([file for file in files if file not in read])))


def _yaml(folder: Path, files: list[Path]) -> Path:
    named = [each for each in files if each.name.lower() in {YAML, "rulebook.yml"}]
    return next((each for each in named if each.name == YAML), next(iter(named), folder / YAML))


def _strays(files: list[Path]) -> Iterator[tuple[Path, str | None]]:
    for file in files:
        kind, stem = file.suffix.lower(), plain_title(file.stem)
        if file.name.startswith(("~$", ".")):  # a program has it open
            continue
        if kind in OTHER_BOOKS or (kind in BOOKS and _has_lists(file)):
            yield file, None
        elif kind in {".csv", ".txt", ".tsv"}:
            plain = plain_title(_COPY.sub("", stem.replace("_", " ")))
            for near in get_close_matches(plain, _BY_NAME, 1, 0.8):
                yield file, _BY_NAME[near]


def _has_lists(file: Path) -> bool:
    """Whether a sheet is called as a list is, also when it cannot be opened; a copy with remarks is none."""
    try:
        with ZipFile(file) as parts:
            names = _NAMES_SHEET.findall(parts.read("xl/workbook.xml")[:1_000_000])
    except (BadZipFile, OSError, KeyError, RuntimeError, NotImplementedError):
        return True
    titles = {plain_title(name.decode("utf-8", errors="replace")) for name in names}
    return not titles.isdisjoint(_BY_NAME) and titles.isdisjoint(SAID)

"""Which files a rulebook stands in: `rulebook.yaml`, and lists as CSV files or as one workbook beside it."""

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from grid36.rulebook_files.titles import LISTS
from schemas.value import Choice

YAML: Final = "rulebook.yaml"
WORKBOOK: Final = "lists.xlsx"


class Form(Choice):
    """In what files the lists stand."""

    YAML = "yaml"  # all in rulebook.yaml
    CSV = "csv"  # a file for each list
    XLSX = "xlsx"  # a sheet for each list


@dataclass(frozen=True)
class Layout:
    """The files of one rulebook that are there."""

    yaml: Path
    tables: dict[str, Path]
    """CSV files by list."""
    workbook: Path | None

    @property
    def form(self) -> Form:
        """How it is kept, seen from its lists."""
        return Form.XLSX if self.workbook else Form.CSV if self.tables else Form.YAML


def layout_of(path: Path) -> Layout:
    """The files of the rulebook in a folder, or around its `rulebook.yaml` or one of its lists.

    Another workbook than `lists.xlsx` counts instead of it, and another YAML file stands alone.
    """
    if path.is_file() and path.suffix.lower() in {".yaml", ".yml"} and path.name != YAML:
        return Layout(path, {}, None)
    folder = path if not path.is_file() else path.parent
    named = path if path.is_file() and path.suffix.lower() in {".xlsx", ".xlsm"} else folder / WORKBOOK
    tables = {name: folder / f"{name}.csv" for name in LISTS if (folder / f"{name}.csv").exists()}
    if named.name != WORKBOOK:
        tables = {}
    return Layout(folder / YAML, tables, named if named.exists() else None)

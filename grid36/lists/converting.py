"""A workbook with its YAML, from a rulebook with the tables of a DMN file or with one row changed: files to files."""

from pathlib import Path

from connectors.lists.errors import RowElsewhere, RowUnreadable
from grid36.files.dmn.faults import DmnUnreadable
from grid36.files.dmn.read import read_dmn
from grid36.files.rulebook.layout import Form
from grid36.files.rulebook.writing import write_rulebook
from grid36.lists.job_folder import CONVERSION, DRAFT, RULEBOOK, TABLES, UNCONVERTED, Conversion, Unconverted
from grid36.lists.row_editing import with_row
from schemas.codec import decode, encode
from schemas.names import Name
from schemas.rulebook import Rulebook


def convert(folder: Path) -> None:
    """Write the workbook into the folder `draft`, or what is wrong with what was sent."""
    job = decode(Conversion, (folder / CONVERSION).read_bytes())
    try:
        made = _made(folder, job)
    except (DmnUnreadable, RowUnreadable, RowElsewhere) as fault:
        text = next((each for each in fault.args if isinstance(each, Name)), None)
        (folder / UNCONVERTED).write_bytes(encode(Unconverted(fault=type(fault).__name__, text=text)))
    else:
        write_rulebook(made, folder / DRAFT, Form.XLSX, job.language)


def _made(folder: Path, job: Conversion) -> Rulebook:
    base, row = Rulebook.model_validate_json((folder / RULEBOOK).read_bytes()), job.row
    if row is not None:
        return with_row(base, row.sheet, row.number, row.id, row.cells, job.language)
    tables = folder / TABLES
    return read_dmn(tables.read_bytes(), base) if tables.exists() else base

"""What lies in the folder between the gateway and the process that checks or converts a draft: jobs in, answers out.

The gateway imports this only; what reads workbooks and DMN files, and what decides, is loaded by the process
(`grid36/lists/child.py`).
"""

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Final

from connectors.lists.question import ListQuestion
from grid36.files.rulebook.layout import WORKBOOK, YAML
from schemas.codec import encode
from schemas.models import LogModel
from schemas.names import Language, Name

if TYPE_CHECKING:  # it brings what talks to Kafka, a third of the time in which a conversion starts
    from grid36.system.create import KnownSystem

KNOWN: Final = "known.json"
JOB: Final = "job.json"
DRAFT: Final = "draft"
RULEBOOK: Final = "rulebook.json"
"""A whole rulebook instead of a workbook; of a workbook, what was read from it."""
ANSWER: Final = "answer.json"
REMARKED: Final = "remarked.xlsx"
QUESTION: Final = "question.json"
LINES: Final = "lines.json"
PERIOD: Final = "period.json"
MOVED: Final = "moved.json"
CONVERSION: Final = "conversion.json"
TABLES: Final = "tables.dmn"
"""A DMN file."""
UNCONVERTED: Final = "unconverted.json"


class CheckJob(LogModel):
    """What is to be checked: the workbook in the folder `draft`, or `rulebook.json`."""

    on: date
    t_ms: int
    language: Language
    ledger: str
    """The file in which open cases are."""


class ExplainJob(LogModel):
    """A question, and in which language its answer is read."""

    question: ListQuestion
    language: Language


class ExplainedLines(LogModel):
    """The answer, as `grid36 rules explain` prints it."""

    lines: tuple[str, ...]


class BacktestJob(LogModel):
    """Cases submitted from one moment up to another (ms UTC), in this ledger."""

    from_ms: int
    to_ms: int
    ledger: str


class ChangedRow(LogModel):
    """A row of a list, by its sheet, its number (from 0) and its id, and the cells that it is to have."""

    sheet: str
    number: int
    id: str
    cells: tuple[str, ...]


class Conversion(LogModel):
    """What becomes a workbook: `rulebook.json` with a row changed, or with the tables of `tables.dmn` where it is."""

    language: Language
    """Of its titles, and of the cells of the row."""
    row: ChangedRow | None = None


class Unconverted(LogModel):
    """Why there is no workbook: the class of the fault and what it says, where that is more than its own text."""

    fault: str
    text: Name | None = None


def lay_out(folder: Path, job: CheckJob, known: "KnownSystem", draft: tuple[bytes, str] | str) -> None:
    """Write what the process needs; `draft` is a workbook with its YAML, or the JSON of a rulebook."""
    (folder / JOB).write_bytes(encode(job))
    (folder / KNOWN).write_bytes(encode(known))
    if isinstance(draft, str):
        (folder / RULEBOOK).write_text(draft, encoding="utf-8")
        return
    (folder / DRAFT).mkdir()
    (folder / DRAFT / WORKBOOK).write_bytes(draft[0])
    (folder / DRAFT / YAML).write_text(draft[1], encoding="utf-8")


def lay_out_other(folder: Path, name: str, job: LogModel, known: "KnownSystem", draft: str | None) -> None:
    """The same for a question or a period, by its file; `draft`: a rulebook instead of the one in force."""
    (folder / name).write_bytes(encode(job))
    (folder / KNOWN).write_bytes(encode(known))
    if draft is not None:
        (folder / RULEBOOK).write_text(draft, encoding="utf-8")


def lay_out_conversion(folder: Path, job: Conversion, rulebook: str, tables: bytes | None) -> None:
    """The same for a conversion of a rulebook (JSON); `tables`: a DMN file."""
    (folder / CONVERSION).write_bytes(encode(job))
    (folder / RULEBOOK).write_text(rulebook, encoding="utf-8")
    if tables is not None:
        (folder / TABLES).write_bytes(tables)

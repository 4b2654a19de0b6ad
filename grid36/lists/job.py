"""One check of a draft: files in a folder in, files out. It runs in a process of its own (`grid36/lists/child.py`)."""

from datetime import date
from pathlib import Path
from typing import Final

from connectors.lists.checked import ListCheck
from grid36.files.rulebook import RulebookReading, read_rulebook
from grid36.files.rulebook.comments import write_comments
from grid36.files.rulebook.layout import WORKBOOK, YAML
from grid36.lists.backtesting import PERIOD, decide_again
from grid36.lists.check_values import list_check
from grid36.lists.explaining import QUESTION, explain
from grid36.review.check import check_rulebook
from grid36.review.draft_check import check_draft
from grid36.system.create import KnownSystem
from grid36.system.in_flight import touched_in
from schemas.codec import decode, encode
from schemas.models import LogModel
from schemas.names import Language
from schemas.rulebook import Rulebook

JOB: Final = "job.json"
KNOWN: Final = "known.json"
DRAFT: Final = "draft"
RULEBOOK: Final = "rulebook.json"
"""A whole rulebook instead of a workbook; of a workbook, what was read from it."""
ANSWER: Final = "answer.json"
REMARKED: Final = "remarked.xlsx"


class CheckJob(LogModel):
    """What is to be checked: the workbook in the folder `draft`, or `rulebook.json`."""

    on: date
    t_ms: int
    language: Language
    ledger: str
    """The file in which open cases are."""


def lay_out(folder: Path, job: CheckJob, known: KnownSystem, draft: tuple[bytes, str] | str) -> None:
    """Write what the process needs; `draft` is a workbook with its YAML, or the JSON of a rulebook."""
    (folder / JOB).write_bytes(encode(job))
    (folder / KNOWN).write_bytes(encode(known))
    if isinstance(draft, str):
        (folder / RULEBOOK).write_text(draft, encoding="utf-8")
        return
    (folder / DRAFT).mkdir()
    (folder / DRAFT / WORKBOOK).write_bytes(draft[0])
    (folder / DRAFT / YAML).write_text(draft[1], encoding="utf-8")


def lay_out_other(folder: Path, name: str, job: LogModel, known: KnownSystem, draft: str | None) -> None:
    """The same for a question or a period, by its file; `draft`: a rulebook instead of the one in force."""
    (folder / name).write_bytes(encode(job))
    (folder / KNOWN).write_bytes(encode(known))
    if draft is not None:
        (folder / RULEBOOK).write_text(draft, encoding="utf-8")


async def do_job(folder: Path) -> None:
    """Check it or answer the question, and leave the answer in the folder."""
    known = decode(KnownSystem, (folder / KNOWN).read_bytes())
    if (folder / QUESTION).exists():
        return explain(folder, known, _draft(folder) if (folder / RULEBOOK).exists() else None)
    if (folder / PERIOD).exists():
        return decide_again(folder, known, _draft(folder))
    job = decode(CheckJob, (folder / JOB).read_bytes())
    answer = await (_of_workbook if (folder / DRAFT).exists() else _of_rulebook)(folder, job, known)
    (folder / ANSWER).write_bytes(encode(answer))
    return None


async def _of_workbook(folder: Path, job: CheckJob, known: KnownSystem) -> ListCheck:
    reading = read_rulebook(folder / DRAFT)
    draft, ledger = reading.rulebook, Path(job.ledger)
    flight = () if draft is None else touched_in(ledger, known, known.region, draft)
    found = await check_draft(reading, known.region, job.on, flight)
    if draft is not None:
        (folder / RULEBOOK).write_text(draft.model_dump_json(), encoding="utf-8")
    if _opens(reading):
        write_comments(reading, found.remarks, folder / REMARKED, job.language)
    return list_check(known, draft, found.problems, job.on, job.t_ms)


async def _of_rulebook(folder: Path, job: CheckJob, known: KnownSystem) -> ListCheck:
    draft = _draft(folder)
    found = await check_rulebook(known.region, draft, job.on)
    flight = touched_in(Path(job.ledger), known, known.region, draft)
    return list_check(known, draft, (*found, *flight), job.on, job.t_ms)


def _draft(folder: Path) -> Rulebook:
    return Rulebook.model_validate_json((folder / RULEBOOK).read_bytes())


def _opens(reading: RulebookReading) -> bool:
    """Whether remarks can be written into it."""
    return bool(reading.sheets)

"""One check of a draft, or the answer to a question about it: files in a folder in, files out."""

from pathlib import Path

from connectors.lists.checked import ListCheck
from grid36.files.rulebook import RulebookReading, read_rulebook
from grid36.files.rulebook.comments import write_comments
from grid36.lists.backtesting import decide_again
from grid36.lists.check_values import list_check
from grid36.lists.explaining import explain
from grid36.lists.job_folder import ANSWER, DRAFT, JOB, KNOWN, PERIOD, QUESTION, REMARKED, RULEBOOK, CheckJob
from grid36.review.check import check_rulebook
from grid36.review.draft_check import check_draft
from grid36.system.create import KnownSystem
from grid36.system.in_flight import touched_in
from schemas.codec import decode, encode
from schemas.rulebook import Rulebook


async def check_draft_in(folder: Path) -> None:
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
    draft, ledger = reading.rulebook, job.ledger
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
    flight = touched_in(job.ledger, known, known.region, draft)
    return list_check(known, draft, (*found, *flight), job.on, job.t_ms)


def _draft(folder: Path) -> Rulebook:
    return Rulebook.model_validate_json((folder / RULEBOOK).read_bytes())


def _opens(reading: RulebookReading) -> bool:
    """Whether remarks can be written into it."""
    return bool(reading.sheets)

"""What would become of a report that nobody sent, by the list in force or by a draft; in a process of its own."""

from pathlib import Path

from grid36.lists.job_folder import LINES, QUESTION, ExplainedLines, ExplainJob
from grid36.review.explain import explain_report
from grid36.review.explain_text import as_lines
from grid36.system.create import KnownSystem
from rules.book.compiled_rulebook import book_of
from schemas.codec import decode, encode
from schemas.people import Role
from schemas.place import PlaceGiven
from schemas.report import Report, Reporter, ReportKind
from schemas.rulebook import Rulebook


def explain(folder: Path, known: KnownSystem, draft: Rulebook | None) -> None:
    """Answer the question in the folder; `draft` instead of the list in force."""
    job, region = decode(ExplainJob, (folder / QUESTION).read_bytes()), known.region
    asked = job.question
    report = Report(
        id="rehearsed",
        kind=ReportKind.PROBLEM,
        text=asked.text,
        place=PlaceGiven(address=asked.address or None, code=asked.code or None),
        reporter=Reporter(id="somebody", kind=Role.RESIDENT),
        door="web",
        received_ms=asked.at_ms,
        urgent=asked.urgent,
    )
    explained = explain_report(report, book_of(region, draft or known.rulebook), asked.at_ms)
    lines = as_lines(explained, job.language, region.zone)
    (folder / LINES).write_bytes(encode(ExplainedLines(lines=tuple(lines))))

"""The cases of a period decided again by a draft; in a process of its own."""

from pathlib import Path
from typing import Final

from connectors.ledger.queries.cases import Ledger
from connectors.lists.backtested import ListBacktest, MovedCases, OutcomeThen
from grid36.lists.job_folder import MOVED, PERIOD, BacktestJob
from grid36.review.backtest import Difference, backtest
from grid36.system.create import KnownSystem
from rules.book.compiled_rulebook import book_of
from rules.review.backtest import PastOutcome
from schemas.codec import decode, encode
from schemas.directory import Directory
from schemas.names import Name
from schemas.rulebook import Rulebook

MOST_GROUPS: Final = 100
MOST_CASES: Final = 12


def decide_again(folder: Path, known: KnownSystem, draft: Rulebook) -> None:
    """Leave the answer in the folder. Raises `LedgerAway`."""
    job = decode(BacktestJob, (folder / PERIOD).read_bytes())
    books = book_of(known.region, known.rulebook), book_of(known.region, draft)
    found = backtest(Ledger(job.ledger), *books, job.from_ms, job.to_ms)
    groups: dict[tuple[str, PastOutcome, PastOutcome], list[Difference]] = {}
    for each in found.differences:
        groups.setdefault((each.case.category, each.was, each.would.outcome), []).append(each)
    ranked = sorted(groups.items(), key=lambda group: -len(group[1]))[:MOST_GROUPS]
    directory, names = Directory(known.region), {each.id: each.name for each in (*known.rulebook.filed, *draft.filed)}
    moved = tuple(
        MovedCases(
            category=names.get(category) or Name.same(category or "–"),
            was=_outcome(was, directory),
            would=_outcome(would, directory),
            cases=tuple(each.case.number for each in cases[:MOST_CASES]),
            count=len(cases),
        )
        for (category, was, would), cases in ranked
    )
    answer = ListBacktest(
        cases=found.cases,
        different=len(found.differences),
        open=found.open,
        late_now=found.late_now,
        would_be_late=found.would_be_late,
        groups=moved,
    )
    (folder / MOVED).write_bytes(encode(answer))


def _outcome(outcome: PastOutcome, directory: Directory) -> OutcomeThen:
    person, body = directory.person(outcome.owner), directory.organisation(outcome.department)
    return OutcomeThen(
        verdict=outcome.verdict.value,
        owner=person.name if person else Name.same(outcome.owner) if outcome.owner else None,
        department=body.name if body else Name.same(outcome.department) if outcome.department else None,
        item=outcome.item or "",
    )

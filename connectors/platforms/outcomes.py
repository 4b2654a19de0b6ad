"""What became of the cases of a platform, in its own words: only of those that it has, so nothing comes back as new."""

from collections.abc import Iterable, Mapping, Sequence
from functools import cache, partial
from typing import Any, Final, NamedTuple

from connectors.ledger.changed_cases import changed_cases
from connectors.ledger.position import position
from connectors.ledger.queries.cases import Ledger
from connectors.platforms.id_map import Mapped
from schemas.case import Case, State
from schemas.event import EventType
from schemas.names import Language
from schemas.order import Written
from schemas.platform import NeighbourPlatform
from schemas.report import ReportKind

ANSWERS: Final = frozenset({"answer", "after"})
"""Texts that say what was done or answered."""
DONE: Final = frozenset({State.RESOLVED, State.CLOSED})


class OutcomePage(NamedTuple):
    """Outcomes, and the cursor of what comes behind them; with `more` there is more at once."""

    outcomes: list[dict[str, Any]]
    next: str
    more: bool


class OutcomeFacts(NamedTuple):
    """A case with what an outcome needs of it: the answers in the one that is worked on, and why it was refused."""

    case: Case
    worked_on: Case
    answers: Sequence[Written]
    refused: Mapping[Language, str]


def after_of(cursor: str, epoch: str) -> int:
    """Where a cursor goes on; from the beginning after the ledger was rebuilt: an outcome can come again."""
    named, _, seq = cursor.partition(":")
    return int(seq) if named == epoch and seq.isdecimal() else 0


def changed_since(ledger: Ledger, cursor: str) -> tuple[list[Case], str, bool]:
    """The cases since the cursor, the next cursor, and whether there is more. To be run in the ledger's thread."""
    epoch = ledger.epoch()
    page = changed_cases(ledger, after_of(cursor, epoch))
    return [case for case in page.cases if case.state is not State.MOVED], position(epoch, page.next_seq), page.more


def standings_of(ledger: Ledger, cases: Iterable[Case]) -> list[OutcomeFacts]:
    """What an outcome of each needs. To be run in the ledger's thread.

    What thousands of reports have in common, when they were merged into one case, is read once.
    """
    master_of, answers_of = cache(ledger.case), cache(partial(_answers, ledger))
    found = []
    for case in cases:
        worked_on = (master_of(case.master) if case.master is not None else None) or case
        answers = answers_of(worked_on.number) if worked_on.state in DONE else []
        found.append(OutcomeFacts(case, worked_on, answers, _why_refused(ledger, case)))
    return found


def _answers(ledger: Ledger, number: str) -> list[Written]:
    return [text for text in ledger.texts(number) if text.role in ANSWERS and text.text]


def _why_refused(ledger: Ledger, case: Case) -> Mapping[Language, str]:
    reasons: dict[Language, str] = {}
    for event in ledger.timeline(case.number) if case.state is State.REFUSED else ():
        if event.type is EventType.REFUSED and event.because is not None:
            reasons = {Language.ZH: event.because.zh, Language.EN: event.because.en}
    return reasons


def outcome(platform: NeighbourPlatform, entry: Mapped, standing: OutcomeFacts, language: Language) -> dict[str, Any]:
    """One outcome: times in ms UTC, without what is not there. The same state gives the same outcome."""
    case, worked_on = standing.case, standing.worked_on
    state = worked_on.state if case.state is State.MERGED else case.state
    resolved_ms = worked_on.resolved_ms
    fields: dict[str, Any] = {
        "id": entry.theirs,
        "case": case.number,
        "seq": case.seq + (worked_on.seq if worked_on is not case else 0),
        "state": state.value,
        "their_state": platform.answers.get(state),
        "kind": case.kind.value,
        "master": case.master,
        "submitted_ms": case.submitted_ms,
        "dispatched_ms": worked_on.dispatched_ms,
        "contacted_ms": worked_on.contacted_ms,
        "resolved_ms": resolved_ms,
        "closed_ms": case.closed_ms or worked_on.closed_ms,
        "outcome": (case.outcome or worked_on.outcome or None),
        "answer": _answer(standing.answers, case.reporter) if state in DONE else None,
        "answered": (resolved_ms is not None) if case.kind is ReportKind.QUESTION else None,
        "reason": standing.refused.get(language),
        "department": worked_on.department.name if worked_on.department else None,
        "due_ms": entry.due_ms,
        "on_time": None if entry.due_ms is None or resolved_ms is None else resolved_ms <= entry.due_ms,
    }
    return {name: value for name, value in fields.items() if value is not None}


def _answer(answers: Sequence[Written], reporter: str) -> str | None:
    """The last words of whoever did the work or answered."""
    return next((each.text for each in reversed(answers) if each.by != reporter), None)

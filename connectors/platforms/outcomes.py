"""What became of the cases of a platform, in its own words: only of those that it has, so nothing comes back as new."""

from collections.abc import Iterable, Mapping
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
    """A case with what an outcome needs of it: the texts of the one that is worked on, and why it was refused."""

    case: Case
    worked_on: Case
    texts: list[Written]
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


def standing_of(ledger: Ledger, case: Case) -> OutcomeFacts:
    """What an outcome needs. To be run in the ledger's thread."""
    master = ledger.case(case.master) if case.master is not None else None
    worked_on = master or case
    refused: dict[Language, str] = {}
    if case.state is State.REFUSED:
        for event in ledger.timeline(case.number):
            if event.type is EventType.REFUSED and event.because is not None:
                refused = {Language.ZH: event.because.zh, Language.EN: event.because.en}
    texts = ledger.texts(worked_on.number) if worked_on.state in DONE else []
    return OutcomeFacts(case, worked_on, texts, refused)


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
        "answer": _answer(standing.texts, case.reporter) if state in DONE else None,
        "answered": (resolved_ms is not None) if case.kind is ReportKind.QUESTION else None,
        "reason": standing.refused.get(language),
        "department": worked_on.department.name if worked_on.department else None,
        "due_ms": entry.due_ms,
        "on_time": None if entry.due_ms is None or resolved_ms is None else resolved_ms <= entry.due_ms,
    }
    return {name: value for name, value in fields.items() if value is not None}


def _answer(texts: Iterable[Written], reporter: str) -> str | None:
    """The last words of whoever did the work or answered."""
    said = [text.text for text in texts if text.role in ANSWERS and text.by != reporter and text.text]
    return said[-1] if said else None

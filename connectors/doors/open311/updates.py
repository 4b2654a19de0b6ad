"""Updates in the form of mySociety: changes of state of ours as a list, in fixed words and never a person's own."""

from connectors.doors.open311.answers import KeptAnswer
from connectors.doors.open311.asking import AskedUpdates
from connectors.doors.open311.documents import Fields, GeoReportDocument
from connectors.doors.open311.shown_request import RequestWords, request_id, status_notes
from connectors.ledger.fold import OVER
from connectors.ledger.queries.cases import Ledger
from connectors.ledger.state_changes import StateChange, state_changes
from schemas.case import State


def updates(ledger: Ledger, asked: AskedUpdates, words: RequestWords, ending: str) -> KeptAnswer:
    """Oldest first. Raises `TooManyEventsError`."""
    found = state_changes(ledger, asked.from_ms, asked.to_ms, asked.limit, asked.offset)
    return KeptAnswer(document([_shown(each, words) for each in found]).to_bytes(ending))


def document(rows: list[Fields]) -> GeoReportDocument:
    """A list of updates."""
    return GeoReportDocument("service_request_updates", "request_update", rows)


def _shown(change: StateChange, words: RequestWords) -> Fields:
    state = State(change.now["state"])
    return {
        "update_id": f"{change.partition}-{change.n}",
        "service_request_id": request_id(change.report, change.number),
        "status": "closed" if state in OVER else "open",
        "updated_datetime": words.time(change.t_ms),
        "description": status_notes(change.now, state, words.language),
    }

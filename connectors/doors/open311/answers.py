"""Answers of the ledger as documents, kept as bytes as long as nothing happens in the ledger."""

from collections.abc import Callable, Hashable
from dataclasses import dataclass, replace
from typing import Any, Final
from zoneinfo import ZoneInfo

from connectors.doors.open311.asking import Asked
from connectors.doors.open311.audience import FROM_NEIGHBOUR, OWN, Audience
from connectors.doors.open311.documents import GeoReportDocument
from connectors.doors.open311.services import current_codes
from connectors.doors.open311.shown_request import RequestWords, history, shown_request
from connectors.intake.context import Gateway
from connectors.ledger.queries.cases import Ledger
from connectors.ledger.service_requests import RequestFilter, RequestRow, service_request, service_requests
from schemas.names import Language

MOST_KEPT: Final = 200
MOST_ENDS: Final = 10_000
MOST_BYTES: Final = 200_000
"""A larger answer is not kept."""


@dataclass(frozen=True, slots=True)
class KeptAnswer:
    """The bytes of an answer."""

    body: bytes
    before: str = ""
    """The parameter of the next page, if there is one."""


Ends = dict[tuple[RequestFilter, int], tuple[int, str]]
"""Where pages begin: by a filter without its offset, and the offset, the last case of the page before."""


class KeptAnswers:
    """Answers at one position of the ledger, by what was asked; used from several threads."""

    def __init__(self) -> None:
        self._kept: tuple[object, dict[Hashable, KeptAnswer], Ends] = None, {}, {}

    def get(self, at: object, key: Hashable, make: Callable[[Ends], KeptAnswer]) -> KeptAnswer:
        """What `make` gives, made once at each position."""
        position, kept, ends = self._kept
        if position != at:
            kept, ends = {}, {}
            self._kept = at, kept, ends
        elif (found := kept.get(key)) is not None:
            return found
        made = make(ends)
        if len(kept) < MOST_KEPT and len(made.body) <= MOST_BYTES:
            kept[key] = made
        return made


def position_of(ledger: Ledger) -> tuple[str, int, int]:
    """Where the ledger is: two equal ones, and no answer has changed. Read it before the rows."""
    ((taken,),) = ledger.rows("SELECT coalesce(sum(next_offset), 0) FROM positions")
    return ledger.epoch(), ledger.last_seq(), taken


def words_for(gateway: Gateway, language: Language) -> RequestWords:
    """What rows are shown with at this moment."""
    return RequestWords(
        language, ZoneInfo(gateway.region.zone), current_codes(gateway.rulebook), gateway.category_names,
        gateway.department_names, {grid.id: grid.name for grid in gateway.region.grids}, gateway.address,
    )  # fmt: skip


def listed(
    ledger: Ledger, asked: Asked, audience: Audience, words: RequestWords, ending: str, ends: Ends
) -> KeptAnswer:
    """A list of requests; `ends` of pages before make later ones cheap. Raises `TooManyEventsError`."""
    if asked.ids:
        found = (_by_id(ledger, id, audience) for id in asked.ids)
        return KeptAnswer(_document(ledger, [each for each in found if each], asked, audience, words).to_bytes(ending))
    whole, offset = replace(asked.filter, offset=0), asked.filter.offset
    start = ends.get((whole, offset)) if offset else None  # else it counts from the first one
    rows = service_requests(ledger, asked.filter if start is None else replace(whole, before=start))
    last = rows[-1].doc if len(rows) == whole.limit else None
    if last is not None and len(ends) < MOST_ENDS:
        ends[whole, offset + whole.limit] = last.get("submitted_ms", 0), last["number"]
    more = f"{last.get('submitted_ms', 0)},{last['number']}" if last is not None else ""
    return KeptAnswer(_document(ledger, rows, asked, audience, words).to_bytes(ending), more)


def one(ledger: Ledger, id: str, asked: Asked, audience: Audience, words: RequestWords) -> GeoReportDocument | None:
    """One request; None where this audience sees none of this id."""
    row = _by_id(ledger, id, audience)
    return None if row is None else _document(ledger, [row], asked, audience, words)


def _by_id(ledger: Ledger, id: str, audience: Audience) -> RequestRow | None:
    if id.startswith(OWN):  # who knows it has sent it
        return service_request(ledger, report=id)
    if not audience.lists:
        return None
    return service_request(ledger, report=id) if id.startswith(FROM_NEIGHBOUR) else service_request(ledger, number=id)


def _document(
    ledger: Ledger, rows: list[RequestRow], asked: Asked, audience: Audience, words: RequestWords
) -> GeoReportDocument:
    return GeoReportDocument(
        "service_requests", "request", [_shown(ledger, row, asked, audience, words) for row in rows]
    )


def _shown(ledger: Ledger, row: RequestRow, asked: Asked, audience: Audience, words: RequestWords) -> dict[str, Any]:
    number = row.doc["number"]
    written = ledger.texts(number) if audience.reads_words_of(str(row.doc.get("report", ""))) else ()
    shown = shown_request(row, audience, words, written)
    if asked.extensions:
        shown["extended_attributes"] = {"case_number": number}
        shown["notes"] = history(ledger.timeline(number), words)
    return shown

"""What is doubtful about a case's report: as its event says, and as other reports show."""

from typing import Final

from pydantic_core import from_json

from connectors.ledger.queries.cases import Ledger
from schemas.case import Case
from schemas.doubts import Doubt, Sighting, photo_again, too_fast
from schemas.event import EventType
from schemas.place import FoundBy

OPENED: Final = "SELECT event FROM timeline WHERE number = ? ORDER BY seq LIMIT 1"
BEFORE: Final = """
SELECT number FROM cases INDEXED BY cases_reporter
WHERE reporter = ? AND submitted_ms <= ? AND number <> ? AND report <> ? AND lon IS NOT NULL
ORDER BY submitted_ms DESC, number LIMIT 1
"""
AGAIN: Final = """
SELECT DISTINCT texts.number FROM texts AS own
JOIN pictures AS mine ON mine.text = own.id JOIN pictures AS theirs ON theirs.digest = mine.digest
JOIN texts ON texts.id = theirs.text
WHERE own.number = ? AND texts.number <> ? AND theirs.at_ms < mine.at_ms ORDER BY theirs.at_ms, texts.number LIMIT 3
"""


def doubts(ledger: Ledger, case: Case) -> tuple[Doubt, ...]:
    """All of them; none of a past that was read in."""
    if case.history or case.duty is not None:
        return ()
    numbers = [number for (number,) in ledger.rows(AGAIN, case.number, case.number) if number != case.moved_from]
    return (*_own(ledger, case), *_moved(ledger, case), *map(photo_again, numbers))


def _own(ledger: Ledger, case: Case) -> list[Doubt]:
    row = ledger.row(OPENED, case.number)
    event = from_json(row[0]) if row is not None else {}
    if event.get("type") != EventType.OPENED:
        return []
    return [Doubt.model_validate(each) for each in event.get("facts", {}).get("doubts", ())]


def _moved(ledger: Ledger, case: Case) -> list[Doubt]:
    """Whether the reporter was at two places at once, by the positions of their phone."""
    here = _sighting(ledger, case)
    if here is None:
        return []
    row = ledger.row(BEFORE, case.reporter, case.submitted_ms, case.number, case.report)
    before = ledger.case(row[0]) if row is not None else None
    there = _sighting(ledger, before) if before is not None else None
    doubt = too_fast(there, here) if there is not None else None
    return [doubt] if doubt is not None else []


def _sighting(ledger: Ledger, case: Case) -> Sighting | None:
    """At the time of its photo, if that is known: reports may wait on a phone without a net."""
    place = case.place
    if place is None or place.by is not FoundBy.COORDINATES or place.lon is None or place.lat is None:
        return None
    photos = [photo for text in ledger.texts(case.number) if text.role == "report" for photo in text.photos]
    taken = [photo.taken_ms for photo in photos if photo.taken_ms is not None]
    return Sighting(case.number, (place.lon, place.lat), min(taken, default=case.submitted_ms))

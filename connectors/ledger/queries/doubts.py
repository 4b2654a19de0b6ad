"""What is doubtful about a case's report: as its event says, and as other reports show."""

from typing import Final

from pydantic_core import from_json

from connectors.ledger.queries.cases import Ledger
from schemas.case import Case
from schemas.doubts import Doubt, Sighting, photo_again, photo_alike, too_fast
from schemas.event import EventType
from schemas.place import FoundBy
from schemas.report import ANONYMOUS, Photo

OPENED: Final = "SELECT event FROM timeline WHERE number = ? ORDER BY seq LIMIT 1"
BEFORE: Final = """
SELECT number FROM cases INDEXED BY cases_reporter
WHERE reporter = ? AND submitted_ms <= ? AND number <> ? AND report <> ? AND lon IS NOT NULL
ORDER BY submitted_ms DESC, number LIMIT 1
"""
AGAIN: Final = """
SELECT texts.number FROM texts AS own
JOIN pictures AS mine ON mine.text = own.id JOIN pictures AS theirs ON theirs.digest = mine.digest
JOIN texts ON texts.id = theirs.text
WHERE own.number = ? AND texts.number <> ? AND theirs.at_ms < mine.at_ms
GROUP BY texts.number ORDER BY min(theirs.at_ms), texts.number LIMIT 3
"""
EARLIER: Final = """
SELECT number FROM cases INDEXED BY cases_reporter
WHERE reporter = ? AND submitted_ms <= ? AND number <> ? AND report <> ? ORDER BY submitted_ms DESC, number LIMIT 20
"""


def doubts(ledger: Ledger, case: Case) -> tuple[Doubt, ...]:
    """All of them; none of a past that was read in."""
    if case.history or case.duty is not None:
        return ()
    numbers = [number for (number,) in ledger.rows(AGAIN, case.number, case.number) if number != case.moved_from]
    by_event = (*_own(ledger, case), *map(photo_again, numbers))
    return by_event if case.reporter == ANONYMOUS else (*by_event, *_moved(ledger, case), *_alike(ledger, case))


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


def _alike(ledger: Ledger, case: Case) -> list[Doubt]:
    """Among the latest reports of the same person, the last one with a photo that resembles one of this report."""
    photos = _photos(ledger, case.number)
    if not photos:
        return []
    earlier = ledger.rows(EARLIER, case.reporter, case.submitted_ms, case.number, case.report)
    found = (photo_alike(photos, _photos(ledger, number), number) for (number,) in earlier)
    return [doubt for doubt in found if doubt is not None][:1]


def _photos(ledger: Ledger, number: str) -> list[Photo]:
    return [photo for text in ledger.texts(number) if text.role == "report" for photo in text.photos]


def _sighting(ledger: Ledger, case: Case) -> Sighting | None:
    """At the time of its photo, if that is known: reports may wait on a phone without a net."""
    place = case.place
    if place is None or place.by is not FoundBy.COORDINATES or place.lon is None or place.lat is None:
        return None
    taken = [photo.taken_ms for photo in _photos(ledger, case.number) if photo.taken_ms is not None]
    return Sighting(case.number, (place.lon, place.lat), min(taken, default=case.submitted_ms))

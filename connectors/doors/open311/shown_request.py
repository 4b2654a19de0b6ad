"""A case as a request of GeoReport, for one audience; pure. Times have the region's zone, places are WGS-84."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from connectors.doors.open311.audience import OWN, Audience
from connectors.doors.open311.documents import Fields
from connectors.ledger.fold import OVER
from connectors.ledger.service_requests import RequestRow
from schemas.case import State
from schemas.event import Event
from schemas.names import Language, Name
from schemas.order import Written
from schemas.report import FROM_NEIGHBOUR
from texts.catalogue import say

AREA_DIGITS: Final = 3
"""Of degrees: about 100 m."""
EXACT_DIGITS: Final = 6


@dataclass(frozen=True, slots=True)
class RequestWords:
    """What rows are shown with: language, zone, names and the address of photos."""

    language: Language
    zone: ZoneInfo
    codes: Mapping[str, str] = field(default_factory=dict)
    """Any id of a service to its code."""
    categories: Mapping[str, Name] = field(default_factory=dict)
    departments: Mapping[str, Name] = field(default_factory=dict)
    grids: Mapping[str, Name] = field(default_factory=dict)
    address: str = ""
    """Of this gateway, for links to photos."""
    edition: int = 0
    """Other words have another one."""

    def time(self, t_ms: int | None) -> str:
        """W3C, with the zone's offset."""
        return "" if t_ms is None else datetime.fromtimestamp(t_ms / 1000, self.zone).isoformat(timespec="seconds")


def request_id(report: str, number: str) -> str:
    """The id that was answered to a POST, or that a neighbour gave, which stays; else the number of the case."""
    return report if report.startswith((OWN, FROM_NEIGHBOUR)) else number


def shown_request(
    row: RequestRow, audience: Audience, words: RequestWords, written: Sequence[Written] = ()
) -> dict[str, Any]:
    """The fields that this audience may see; `written` are texts of the case, shown to who may read them."""
    doc, state = row.doc, State(row.doc["state"])
    over = state in OVER
    code = str(doc.get("subcategory") or doc.get("category") or "")
    name = words.categories.get(code)
    department = doc.get("department") or {}
    body = words.departments.get(department.get("code", ""))
    closed_ms = doc.get("closed_ms") if over else None
    return {
        "service_request_id": request_id(str(doc.get("report", "")), doc["number"]),
        "status": "closed" if over else "open",
        "status_notes": status_notes(doc, state, words.language),
        "service_name": name.to(words.language) if name else code,
        "service_code": words.codes.get(code, code),
        **_words(doc, audience, words, written),
        "agency_responsible": body.to(words.language) if body else department.get("name", ""),
        "requested_datetime": words.time(doc.get("submitted_ms")),
        "updated_datetime": words.time(closed_ms or row.last_ms or doc.get("submitted_ms")),
        "expected_datetime": words.time(doc.get("due_ms")),
        **_place(doc.get("place") or {}, audience, words),
    }


def received_request(id: str, language: Language) -> dict[str, Any]:
    """What is safely stored and not decided yet."""
    return {"service_request_id": id, "status": "open", "status_notes": say(language, "open311.received")}


def photo_links(written: Sequence[Written], words: RequestWords) -> list[str]:
    """Photos of the report and of the work done, for who may read these texts."""
    shown = [photo for each in written if each.role in {"report", "after"} for photo in each.photos]
    return [f"{words.address}/photos/{photo.digest}.jpg" for photo in shown]


def history(events: Sequence[Event], words: RequestWords) -> list[Fields]:
    """Each change of its state: when, and which."""
    states = [(event.t_ms, event.now["state"]) for event in events if "state" in event.now]
    return [
        {"datetime": words.time(t_ms), "description": _state(state, words.language), "type": state}
        for t_ms, state in states
    ]


def status_notes(doc: Mapping[str, Any], state: State, language: Language) -> str:
    """What a state of ours says; never a person's own words."""
    shown = _state(state, language)
    if state is State.MERGED and doc.get("master"):
        return say(language, "open311.merged", state=shown, number=doc["master"])
    if state is State.CLOSED and doc.get("outcome"):
        outcome = say(language, f"pages.outcome.{doc['outcome']}")
        return say(language, "open311.ended", state=shown, outcome=outcome)
    return shown


def _state(state: str, language: Language) -> str:
    return say(language, f"pages.state.{state}")


def _words(
    doc: Mapping[str, Any], audience: Audience, words: RequestWords, written: Sequence[Written]
) -> Mapping[str, Any]:
    if not audience.reads_words_of(str(doc.get("report", ""))):
        return {}
    said = [each for each in written if each.role == "report"]
    photos = photo_links(said, words)
    return {"description": "\n".join(each.text for each in said), "media_url": photos[0] if photos else ""}


def _place(place: Mapping[str, Any], audience: Audience, words: RequestWords) -> Mapping[str, Any]:
    digits = EXACT_DIGITS if audience.exact else AREA_DIGITS
    lat, lon = place.get("lat"), place.get("lon")
    grid = words.grids.get(place.get("grid", ""))
    area = place.get("road") or (grid.to(words.language) if grid else "")
    return {
        "address": place.get("label", "") if audience.exact else area,
        "address_id": place.get("segment") or place.get("grid"),
        **({} if lat is None or lon is None else {"lat": round(lat, digits), "long": round(lon, digits)}),
    }

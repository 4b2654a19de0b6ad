"""What a GET asks for, from its query: an empty parameter counts as absent, an unknown one is not looked at."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from http import HTTPStatus
from typing import Final, NamedTuple
from urllib.parse import urlencode

from multidict import MultiMapping

from connectors.doors.open311.services import ids_of
from connectors.intake.refusal import refused
from connectors.intake.validation import SHOWN, Faults
from connectors.ledger.service_requests import RequestFilter
from schemas.moments import FROM_MS, TO_MS
from schemas.rulebook import Rulebook

DAY_MS: Final = 86_400_000
MINUTE_MS: Final = 60_000
MOST_DAYS: Final = 90
MOST: Final = 1000
"""Requests of one answer."""
MOST_SKIPPED: Final = 10_000
"""Requests on the pages before; `Link` leads further."""
MOST_IDS: Final = 50
MOST_KEPT: Final = 1000
"""Questions."""
_WHOLE: Final = re.compile("[0-9]{1,9}")
_BEFORE: Final = re.compile(r"(-?[0-9]{1,15}),([^\s]{1,250})")


@dataclass(frozen=True, slots=True)
class Asked:
    """A list of requests: these `ids`, or what the filter says."""

    filter: RequestFilter = field(default_factory=RequestFilter)
    ids: tuple[str, ...] = ()
    extensions: bool = False


@dataclass(frozen=True, slots=True)
class AskedUpdates:
    """Changes of state of a time, ms UTC, both ends included."""

    from_ms: int
    to_ms: int
    limit: int
    offset: int


def updates_asked_for(query: Mapping[str, str], now_ms: int) -> AskedUpdates:
    """Without dates the last day. Raises `Refused` (400) with every mistake."""
    given, faults = _given(query), Faults()
    size, offset = _page(given, faults)
    from_ms, to_ms = _time(given, "start_date", faults), _time(given, "end_date", faults)
    if to_ms is None:  # to the minute, so that the same question has the same answer for a while
        to_ms = now_ms - now_ms % MINUTE_MS + MINUTE_MS if from_ms is None else from_ms + MOST_DAYS * DAY_MS
    if from_ms is None:
        from_ms = to_ms - DAY_MS
    if not from_ms <= to_ms <= from_ms + MOST_DAYS * DAY_MS:
        faults.fault("span_too_long", "end_date", days=MOST_DAYS)
    faults.done()
    return AskedUpdates(from_ms, to_ms, size, offset)


def asked_for(query: Mapping[str, str], rulebook: Rulebook, now_ms: int) -> Asked:
    """Raises `Refused` (400, 404) with every mistake."""
    given = _given(query)
    extensions = given.get("extensions", "").lower() in {"true", "1", "v1"}
    if ids := tuple(_listed(given.get("service_request_id", ""))):
        if len(ids) > MOST_IDS:
            raise refused(HTTPStatus.BAD_REQUEST, "too_many", "service_request_id", limit=MOST_IDS)
        return Asked(ids=ids, extensions=extensions)
    faults = Faults()
    services, categories = _services(given, rulebook)
    size, offset = _page(given, faults)
    changed = _time(given, "updated_after", faults), _time(given, "updated_before", faults)
    from_ms, to_ms = _span(given, faults, now_ms, is_bound=changed == (None, None))
    before = _BEFORE.fullmatch(given.get("before", ""))
    if "before" in given and before is None:
        faults.fault("wrong_type", "before", wanted="Link")
    asked = RequestFilter(
        services=services, categories=categories, open=_open(given, faults), from_ms=from_ms, to_ms=to_ms,
        changed_from_ms=changed[0], changed_to_ms=changed[1],
        before=(int(before[1]), before[2]) if before else None, limit=size, offset=offset,
    )  # fmt: skip
    faults.done()
    return Asked(asked, extensions=extensions)


class Question(NamedTuple):
    """What is asked for, and the query of further pages but for where they begin."""

    asked: Asked
    further: str


class KeptQuestions:
    """Questions by their text, read once a minute: programs send the same ones again and again."""

    def __init__(self) -> None:
        self._of: tuple[object, object] = None, None
        self._kept = dict[str, Question]()

    def of(self, text: str, query: Mapping[str, str], rulebook: Rulebook, now_ms: int) -> Question:
        """`query` is `text` in parts. Raises `Refused` (400, 404) with every mistake."""
        minute = now_ms // MINUTE_MS
        if self._of[0] is not rulebook or self._of[1] != minute or len(self._kept) >= MOST_KEPT:
            self._of, self._kept = (rulebook, minute), {}
        if (found := self._kept.get(text)) is None:
            further = urlencode({name: value for name, value in query.items() if name not in {"page", "before"}})
            found = self._kept[text] = Question(asked_for(query, rulebook, now_ms), further)
        return found


def check_once(query: MultiMapping[str]) -> None:
    """Raises `Refused` (400) for each parameter that is given several times: which one is meant cannot be known."""
    if len(names := dict.fromkeys(query)) == len(query):
        return
    faults = Faults()
    for name in names:
        if len([value for value in query.getall(name) if value.strip()]) > 1:
            faults.fault("given_twice", name[:SHOWN])
    faults.done()


def check_time(given: Mapping[str, str], name: str) -> None:
    """Raises `Refused` (400) where it is no time with its zone."""
    faults = Faults()
    _time(given, name, faults)
    faults.done()


def _given(query: Mapping[str, str]) -> dict[str, str]:
    return {name: value.strip() for name, value in query.items() if value.strip()}


def _page(given: Mapping[str, str], faults: Faults) -> tuple[int, int]:
    """How many, after how many."""
    page = _number(given, "page", 1, 1_000_000, faults)
    size = _number(given, "page_size", MOST, MOST, faults)
    if (offset := (page - 1) * size) > MOST_SKIPPED:
        faults.fault("page_too_far", "page", limit=MOST_SKIPPED)
    return size, offset


def _listed(value: str) -> list[str]:
    return [word for each in value.split(",") if (word := each.strip())]


def _services(given: Mapping[str, str], rulebook: Rulebook) -> tuple[tuple[str, ...] | None, tuple[str, ...] | None]:
    codes = _listed(given.get("service_code", ""))
    if not codes:
        return None, None
    services, categories = list[str](), list[str]()
    for code in codes:
        if (found := ids_of(code, rulebook)) is None:
            raise refused(HTTPStatus.NOT_FOUND, "unknown_service", "service_code", given=code[:SHOWN])
        services += found[0]
        categories += found[1]
    return tuple(dict.fromkeys(services)), tuple(dict.fromkeys(categories))


def _open(given: Mapping[str, str], faults: Faults) -> bool | None:
    words = {word.lower() for word in _listed(given.get("status", ""))}
    for wrong in sorted(words - {"open", "closed"}):
        faults.fault("not_one_of", "status", given=wrong, known="open, closed")
    return None if len(words) != 1 else words == {"open"}


def _number(given: Mapping[str, str], name: str, default: int, most: int, faults: Faults) -> int:
    text = given.get(name, str(default))
    if _WHOLE.fullmatch(text) is None or not 1 <= int(text) <= most:
        faults.fault("bad_number", name, given=text, low=1, high=most)
        return default
    return int(text)


def _time(given: Mapping[str, str], name: str, faults: Faults) -> int | None:
    """ms UTC of a time with its zone. A blank is a plus that was not escaped."""
    if name not in given:
        return None
    text = given[name]
    try:
        time = datetime.fromisoformat(text.replace(" ", "+"))
        if time.tzinfo is None:
            faults.fault("time_without_zone", name, given=text)
            return None
        t_ms = round(time.timestamp() * 1000)
    except (ValueError, OverflowError):
        faults.fault("bad_time", name, given=text)
        return None
    if not FROM_MS <= t_ms < TO_MS:
        faults.fault("time_out_of_range", name, given=text)
        return None
    return t_ms


def _span(given: Mapping[str, str], faults: Faults, now_ms: int, *, is_bound: bool) -> tuple[int | None, int | None]:
    """90 days at most, the last ones unless told; without an end where it is asked for what changed."""
    from_ms, to_ms = _time(given, "start_date", faults), _time(given, "end_date", faults)
    if from_ms is not None and to_ms is not None and not from_ms <= to_ms <= from_ms + MOST_DAYS * DAY_MS:
        faults.fault("span_too_long", "end_date", days=MOST_DAYS)
    if not is_bound or (from_ms is not None and to_ms is not None):
        return from_ms, to_ms
    if from_ms is not None:
        return from_ms, from_ms + MOST_DAYS * DAY_MS
    # to the minute, so that the same question has the same answer for a while
    end_ms = to_ms if to_ms is not None else now_ms - now_ms % MINUTE_MS
    return end_ms - MOST_DAYS * DAY_MS, to_ms

"""JSON of cases, events and texts for pages and scripts. Times are milliseconds UTC, places WGS-84."""

import json
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from aiohttp import web

from connectors.intake.recordings.formats import address_of
from schemas.case import Case
from schemas.event import Event
from schemas.limit_words import due_words
from schemas.names import Language
from schemas.order import Written

_INSIDE = {"v", "acts"}


def json_answer(answer: dict[str, Any], status: int, headers: Mapping[str, str] = MappingProxyType({})) -> web.Response:
    """A JSON response that no cache stores; characters that UTF-8 cannot encode become question marks."""
    body = json.dumps(answer, ensure_ascii=False).encode("utf-8", "replace")
    headers = {"Cache-Control": "no-store"} | dict(headers)
    return web.Response(body=body, status=status, headers=headers, content_type="application/json", charset="utf-8")


def case_json(case: Case) -> dict[str, Any]:
    """The current case, without unknown or empty fields."""
    fields = case.model_dump(mode="json", exclude=_INSIDE, exclude_none=True)
    made = due_words(case)
    if made is not None:
        fields["due_made_of"] = {"zh": made.zh, "en": made.en}
    return {name: value for name, value in fields.items() if value not in ("", [], {})}


def event_json(event: Event, language: Language) -> dict[str, Any]:
    """One event of a timeline; `why` is the reason of the decision in `language`."""
    fields: dict[str, Any] = event.model_dump(mode="json", exclude={"v", "prev", "home", "now"}, exclude_none=True)
    if event.because is not None:
        fields["why"] = event.because.zh if language is Language.ZH else event.because.en
    return fields


def words_json(written: Written) -> dict[str, Any]:
    """A text with the URLs of its photos and of its recordings, if it has any."""
    fields: dict[str, Any] = written.model_dump(mode="json", exclude={"v", "photos", "recordings"})
    photos = [photo.model_dump(mode="json", exclude_none=True) for photo in written.photos]
    fields["photos"] = [photo | {"url": f"/photos/{photo['digest']}.jpg"} for photo in photos]
    spoken = [
        each.model_dump(mode="json", exclude_none=True) | {"url": address_of(each)} for each in written.recordings
    ]
    return fields | ({"recordings": spoken} if spoken else {})

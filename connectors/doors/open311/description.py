"""The server as one OpenAPI 3.1 document, made from the tables and limits by which requests are read."""

from collections.abc import Iterable, Mapping
from typing import Any, Final

from connectors.doors.open311.asking import MOST, MOST_IDS
from connectors.doors.open311.documents import TYPES
from connectors.doors.open311.posting import OURS
from connectors.intake.field_types import MOST_TEXT

Json = dict[str, Any]

BASE: Final = "/open311/v2"
_TEXT: Final[Json] = {"type": "string"}
_TIME: Final[Json] = {"type": "string", "format": "date-time", "description": "With its zone."}
_STATUS: Final[Json] = {"enum": ["open", "closed"]}
_DEGREES: Final[Json] = {"type": "number", "description": "WGS-84."}
_ENDING: Final[Json] = {"name": "ending", "in": "path", "required": True, "schema": {"enum": [*TYPES]}}
_ERRORS: Final[Mapping[int, str]] = {
    400: "What was wrong, each mistake.", 403: "No key, or not for this.", 404: "No such id, code or jurisdiction.",
    409: "This id was sent with other content.", 413: "Too large.", 415: "Of another type.",
    429: "Later: see Retry-After.", 503: "Away for a while.",
}  # fmt: skip
_KEYED: Final[list[Json]] = [{"api_key": []}]
_PERHAPS_KEYED: Final[list[Json]] = [{}, *_KEYED]

REQUEST: Final[Json] = {
    "service_request_id": _TEXT, "status": _STATUS, "status_notes": _TEXT, "service_name": _TEXT,
    "service_code": _TEXT, "description": _TEXT, "media_url": _TEXT, "agency_responsible": _TEXT,
    "service_notice": _TEXT, "requested_datetime": _TIME, "updated_datetime": _TIME, "expected_datetime": _TIME,
    "address": _TEXT, "address_id": _TEXT, "lat": _DEGREES, "long": _DEGREES, "token": _TEXT,
    "extended_attributes": {"type": "object"}, "notes": {"type": "array", "items": {"type": "object"}},
}  # fmt: skip
UPDATE: Final[Json] = {
    "update_id": _TEXT, "service_request_id": _TEXT, "status": _STATUS, "updated_datetime": _TIME, "description": _TEXT,
}  # fmt: skip
SERVICE: Final[Json] = {
    "service_code": _TEXT, "service_name": _TEXT, "description": _TEXT, "metadata": {"type": "boolean"},
    "type": {"const": "realtime"}, "keywords": _TEXT, "group": _TEXT,
}  # fmt: skip

_JURISDICTION: Final[Json] = {"jurisdiction_id": _TEXT}
_PAGES: Final[Json] = {
    "page": {"type": "integer", "minimum": 1}, "page_size": {"type": "integer", "minimum": 1, "maximum": MOST},
}  # fmt: skip
_SPAN: Final[Json] = {"start_date": _TIME, "end_date": _TIME}
_LIST: Final[Json] = {
    "service_request_id": {**_TEXT, "description": f"Up to {MOST_IDS}, with commas between."}, "service_code": _TEXT,
    "status": {**_TEXT, "description": "open, closed, or both with a comma between."}, "updated_after": _TIME,
    "updated_before": _TIME, "extensions": {"enum": ["true", "false"]},
}  # fmt: skip
_MEDIA: Final[Json] = {"media_url": {"type": "array", "items": {"type": "string", "format": "uri"}}}
_FILES: Final[Json] = {"media": {"type": "array", "items": {"type": "string", "contentMediaType": "image/*"}}}
_FILED: Final[Json] = {
    **{name: {"type": "number"} if name in {"lat", "long"} else _TEXT for name in OURS},
    "description": {"type": "string", "maxLength": MOST_TEXT}, **_MEDIA, **_JURISDICTION, "api_key": _TEXT,
}  # fmt: skip
_ADDED: Final[Json] = {
    "service_request_id": _TEXT, "update_id": _TEXT, "status": _STATUS, "updated_datetime": _TIME,
    "description": {"type": "string", "maxLength": MOST_TEXT}, **_MEDIA, **_JURISDICTION, "api_key": _TEXT,
}  # fmt: skip


def description(version: str) -> Json:
    """All operations with what they are asked and answer."""
    row = _object(REQUEST, "service_request_id")
    return {
        "openapi": "3.1.0",
        "info": {"title": "Grid36: Open311 GeoReport v2", "version": version},
        "servers": [{"url": BASE}],
        "components": {"securitySchemes": {"api_key": {"type": "apiKey", "in": "query", "name": "api_key"}}},
        "paths": {
            "/discovery.{ending}": {"get": _get("discovery", {"type": "object"})},
            "/services.{ending}": {"get": _get("services", _many(_object(SERVICE, "service_code")), _JURISDICTION)},
            "/services/{code}.{ending}": {"get": _get("service", {"type": "object"}, _JURISDICTION, id="code")},
            "/requests.{ending}": {
                "get": _get("requests", _many(row), {**_LIST, **_SPAN, **_PAGES, **_JURISDICTION}, keyed=_KEYED),
                "post": _post("file", _many(row), _FILED, ("service_code",), keyed=_PERHAPS_KEYED),
            },
            "/requests/{id}.{ending}": {"get": _get("request", _many(row), _JURISDICTION, id="id")},
            "/tokens/{id}.{ending}": {"get": _get("token", _many(row), _JURISDICTION, id="id")},
            "/servicerequestupdates.{ending}": {
                "get": _get(
                    "updates", _many(_object(UPDATE, *UPDATE)), {**_SPAN, **_PAGES, **_JURISDICTION}, keyed=_KEYED
                ),
                "post": _post(
                    "update", _many(_object(UPDATE, "update_id")), _ADDED, ("service_request_id",), keyed=_KEYED
                ),
            },
        },
    }  # fmt: skip


def _object(fields: Json, *required: str) -> Json:
    return {"type": "object", "properties": fields, "required": [*required], "additionalProperties": False}


def _many(of: Json) -> Json:
    return {"type": "array", "items": of}


def _get(
    name: str, answer: Json, query: Json | None = None, *, id: str = "", keyed: list[Json] | None = None
) -> Json:  # fmt: skip
    parameters = [{"name": each, "in": "query", "schema": schema} for each, schema in (query or {}).items()]
    if id:
        pattern = {"type": "string", "pattern": "^[A-Za-z0-9-]{1,80}$"}
        parameters.append({"name": id, "in": "path", "required": True, "schema": pattern})
    asked: Json = {"operationId": name, "parameters": [_ENDING, *parameters]}
    return asked | {"responses": _responses("200", answer), "security": keyed or _PERHAPS_KEYED}


def _post(name: str, answer: Json, fields: Json, required: Iterable[str], *, keyed: list[Json]) -> Json:
    form = {"type": "object", "properties": fields, "required": [*required]}
    parts = form | {"properties": fields | _FILES}
    content = {"application/x-www-form-urlencoded": {"schema": form}, "multipart/form-data": {"schema": parts}}
    asked: Json = {"operationId": name, "parameters": [_ENDING], "requestBody": {"required": True, "content": content}}
    return asked | {"responses": _responses("201", answer), "security": keyed}


def _responses(good: str, answer: Json) -> Json:
    error = _many(_object({"code": _TEXT, "description": _TEXT}, "code", "description"))
    wrong: Json = {str(status): {"description": said, "content": _content(error)} for status, said in _ERRORS.items()}
    elsewhere: Json = {"type": "object", "required": ["error", "message"], "description": "Of another ending."}
    wrong["404"]["content"] = _content({"anyOf": [error, elsewhere]})
    return {good: {"description": "As asked.", "content": _content(answer)}, **wrong}


def _content(schema: Json) -> Json:
    return {"application/json": {"schema": schema}, "text/xml": {}}

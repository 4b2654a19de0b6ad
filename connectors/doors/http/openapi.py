"""The HTTP API as one OpenAPI 3.1 document, made from the models that read requests and those of the log."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, Final

from pydantic import BaseModel, TypeAdapter

from connectors.doors.http.access import Reach, access_to
from connectors.doors.http.openapi_webhooks import SUBSCRIPTION_VIEW, webhooks
from connectors.doors.http.platforms.rows_and_outcomes import MOST_ROWS
from connectors.doors.http.proofs.fields import ProofListQuery, ProofQuery, StatementSubmission
from connectors.doors.http.queries import (
    CaseQuery,
    DepartmentQuery,
    OrderQuery,
    OutcomeQuery,
    ProposalQuery,
    Query,
    RemedyQuery,
    ReportInQuery,
)
from connectors.intake.bodies.body import PHOTO_FIELDS
from connectors.intake.field_types import ID_PATTERN
from connectors.intake.numbers import CASE_NUMBER
from connectors.intake.recordings.formats import TYPES
from connectors.intake.submission import (
    ActionSubmission,
    ActSubmission,
    CoverSubmission,
    PhotoUpload,
    RemedySubmission,
    ReportSubmission,
    SeveralActsSubmission,
    SubscriptionSubmission,
    SupplementSubmission,
)
from schemas.case import Case
from schemas.case_facts import CaseFacts
from schemas.event import Event
from schemas.names import Language
from schemas.order import Order, Written
from schemas.proof import ProofVerdict

Json = dict[str, Any]

_REF: Final = "#/components/schemas/{model}"
_ID: Final[Json] = {"type": "string", "pattern": ID_PATTERN}
_TEXT: Final[Json] = {"type": "string"}
_ID_OF_REMEDY: Final = _TEXT | {"description": "The id of its report: `GET /api/reports/{id}` says what became of it."}
_OBJECT: Final[Json] = {"type": "object"}
_OR_NULL: Final[Json] = {"type": ["string", "null"]}
_DIGEST: Final[Json] = {"type": "string", "pattern": "^[0-9a-f]{64}$", "description": "SHA-256 in hex."}
_POSITION: Final[Json] = {"type": "string", "description": "Where the ledger was; `/api/changes` goes on from there."}
_STATE: Final[Json] = {"enum": ["accepted", "done", "refused"], "description": "`accepted`: not decided yet."}
_IN_PATHS: Final[Mapping[str, Json]] = {
    "id": _ID,
    "number": {"type": "string", "pattern": CASE_NUMBER},
    "digest": _DIGEST,
    "code": {"type": "string", "pattern": "^[a-z0-9][a-z0-9-]{0,19}$"},
    "ending": {"enum": sorted(TYPES)},
    "day": {"type": "string", "format": "date", "description": "Of the region's zone."},
}


def _ref(name: str) -> Json:
    return {"$ref": _REF.format(model=name)}


def _list(of: Json) -> Json:
    return {"type": "array", "items": of}


def _fields(required: str, **fields: Json) -> Json:
    return {"type": "object", "properties": fields, "required": required.split()}


_OUTCOME: Final = _fields("act state timeline", act=_ID, state=_STATE, timeline=_list(_ref("EventView")))
_EVENTS: Final = _list(_ref("EventView"))
_DECIDED: Final = _fields("case act state timeline", case=_TEXT, act=_ID, state=_STATE, timeline=_EVENTS)
_SEVERAL: Final = _fields(
    "acts state cases", acts=_ID, cases=_list(_DECIDED),
    state={"enum": ["accepted", "done"], "description": "`accepted`: some case is not decided yet."},
)  # fmt: skip
_REPORT: Final = _fields(
    "report case state", report=_ID, case=_OR_NULL, why=_TEXT, now=_ref("CaseView"),
    state=_TEXT | {"description": "`accepted`, `parked`, or the state of its case."},
)  # fmt: skip
_CASE: Final = _fields(
    "position case timeline words possible_duplicates reused_photos reused_photos_more",
    position=_POSITION, case=_ref("CaseView"), may_be=_list(_TEXT), timeline=_list(_ref("EventView")),
    words=_list(_ref("TextView")), possible_duplicates=_list(_OBJECT), reused_photos=_list(_OBJECT),
    reused_photos_more={"type": "integer"},
)  # fmt: skip
_CASES: Final = _fields("position cases next", position=_POSITION, cases=_list(_ref("CaseView")), next=_OR_NULL)
_JOIN: Final = _fields(
    "name since_ms", name=_TEXT,
    since_ms=_OBJECT | {"description": "By partition: read on from the first record that is not older (ms UTC)."},
)  # fmt: skip
_ORDERS: Final = _fields(
    "department orders next topic", department=_TEXT, orders=_list(_ref("OrderView")), next=_OR_NULL, topic=_JOIN
)
_SUBSCRIPTIONS: Final = _fields(
    "department subscriptions", department=_TEXT, subscriptions=_list(_ref("SubscriptionView"))
)
_ACCOUNT: Final = _fields("count digest", count={"type": "integer"}, digest=_DIGEST)
_ENTRIES: Final = _list(_fields("id case", id=_TEXT, case=_TEXT))
_DIFFERENCES: Final = _fields(
    "", missing_there=_ENTRIES, missing_here=_ENTRIES, twice_there=_ENTRIES, overtaken=_ENTRIES, elsewhere=_ENTRIES
)
_WAY: Final = _fields(
    "verdict ours", verdict={"enum": [*ProofVerdict]}, ours=_ACCOUNT, theirs=_ACCOUNT, differences=_DIFFERENCES
)
_DAY: Final = _fields(
    "day closed verdict from_partner", day=_TEXT, closed={"type": "boolean"},
    verdict={"enum": [*ProofVerdict]}, to_partner=_WAY, from_partner=_WAY,
)  # fmt: skip
_TAKEN: Final = _fields(
    "became", id=_TEXT, report=_OR_NULL, error=_TEXT, message=_TEXT, where=_TEXT,
    became={"enum": ["new", "known", "changed", "same", "ours", "ended", "refused"]},
)  # fmt: skip
_OUTCOMES: Final = _fields("outcomes next more", outcomes=_list(_OBJECT), next=_TEXT, more={"type": "boolean"})
_COMPARISON: Final = _fields(
    "day equal theirs ours missing_here missing_there twice cases", day=_TEXT, equal={"type": "boolean"},
    theirs={"type": "integer"}, ours={"type": "integer"}, missing_here=_list(_TEXT), missing_there=_list(_TEXT),
    twice=_list(_TEXT), cases=_list(_OBJECT),
)  # fmt: skip
_FILE: Final = _TEXT | {"format": "binary"}
_HEALTH: Final = _fields(
    "status mode kafka", status={"enum": ["ok", "degraded", "failed"]}, mode=_TEXT, kafka=_TEXT, ledger=_OR_NULL
)
_PROBE: Final = _fields("status", status={"enum": ["ok", "failed"]}, outbox=_TEXT)


@dataclass(frozen=True, slots=True)
class Operation:
    """One method of one path: what it does, what it reads, and what it answers."""

    method: str
    path: str
    summary: str
    answer: Json
    body: type[BaseModel] | None = None
    in_path: str = ""
    """The field of the body that stands in the path."""
    query: type[Query] = Query
    json: Json | None = None
    """The schema of a body that is JSON only."""
    content: str = "application/json"

    @property
    def status(self) -> HTTPStatus:
        """202 says that it is safely stored, not that it is decided."""
        if self.body in {PhotoUpload, SubscriptionSubmission, StatementSubmission}:
            return HTTPStatus.CREATED
        return HTTPStatus.ACCEPTED if self.body else HTTPStatus.OK


OPERATIONS: Final = (
    Operation("post", "/api/reports", "Report something", _fields("report", report=_ID), ReportSubmission),
    Operation(
        "post", "/api/reports/{id}/supplement", "Add what a report lacks",
        _fields("supplement", supplement=_ID), SupplementSubmission, "report",
    ),
    Operation("post", "/api/cases/{number}/acts", "Act on a case", _fields("act", act=_ID), ActSubmission, "case"),
    Operation(
        "post", "/api/cases/acts", "Act on up to a hundred cases, each decided by itself; form: `case.<number>=<seen>`",
        _fields("acts", acts=_ID), SeveralActsSubmission,
    ),
    Operation("get", "/api/cases/acts/{id}", "What became of one act on several cases", _SEVERAL),
    Operation("post", "/api/covers", "Say that somebody is away", _fields("cover", cover=_ID), CoverSubmission),
    Operation("get", "/api/reports/{id}", "What became of a report", _REPORT),
    Operation("get", "/api/cases", "Cases, newest first or by deadline", _CASES, query=CaseQuery),
    Operation("get", "/api/cases/{number}", "One case and everything that happened", _CASE),
    Operation("get", "/api/cases/{number}/acts/{id}", "What became of an act on this case", _OUTCOME),
    Operation("get", "/api/acts/{id}", "What became of an act, an absence or a supplement", _OUTCOME),
    Operation(
        "get", "/api/orders", "A department's open orders, newest first: the documents of its topic", _ORDERS,
        query=OrderQuery,
    ),
    Operation(
        "post", "/api/orders/{number}/actions", "Act on an order, as its officer unless `by` names somebody else of it",
        _fields("act", act=_ID), ActionSubmission, "case", query=DepartmentQuery,
    ),
    Operation(
        "get", "/api/orders/{number}/photos/{digest}.jpg", "A photo of an order", _FILE, query=DepartmentQuery,
        content="image/jpeg",
    ),
    Operation(
        "get", "/api/orders/{number}/recordings/{digest}.{ending}", "A voice message of an order", _FILE,
        query=DepartmentQuery, content="audio/*",
    ),
    Operation(
        "post", "/api/photos", "Store photos, to be named by acts",
        _fields("photos", photos=_list(_DIGEST)), PhotoUpload,
    ),
    Operation(
        "get", "/api/subscriptions", "A department's subscriptions, and how each stands", _SUBSCRIPTIONS,
        query=DepartmentQuery,
    ),
    Operation(
        "post", "/api/subscriptions", "Let a department's orders be posted; the secret is shown once",
        _fields("subscription secret", subscription=_ref("SubscriptionView"), secret=_TEXT), SubscriptionSubmission,
        query=DepartmentQuery,
    ),
    Operation(
        "delete", "/api/subscriptions/{id}", "End a subscription", _fields("ended", ended=_TEXT), query=DepartmentQuery
    ),
    Operation(
        "post", "/api/subscriptions/{id}/resume", "Let one that stopped go on where it stopped",
        _fields("subscription", subscription=_ref("SubscriptionView")), query=DepartmentQuery,
    ),
    Operation(
        "get", "/api/proofs", "What went between a partner and Grid36 on a day, by both sides",
        _fields("partner zone days", partner=_TEXT, zone=_TEXT, days=_list(_DAY)), query=ProofQuery,
    ),
    Operation(
        "get", "/api/proofs/{day}/records", "The records that count on a day",
        _fields("partner day way closed records", partner=_TEXT, day=_TEXT, way=_TEXT, closed={"type": "boolean"},
                records=_list(_OBJECT)), query=ProofListQuery,
    ),
    Operation(
        "post", "/api/proofs/{day}", "State what you took or sent on a closed day; with the list, see what differs",
        _WAY, StatementSubmission, "day",
    ),
    Operation(
        "post", "/api/platforms/{code}/rows", "Take over rows of a neighbouring platform, each case once",
        _fields("counts rows", counts=_OBJECT, rows=_list(_TAKEN)),
        json=_fields("rows", rows={"type": "array", "items": _OBJECT, "minItems": 1, "maxItems": MOST_ROWS}),
    ),
    Operation(
        "get", "/api/platforms/{code}/outcomes", "What became of a platform's cases, by its ids", _OUTCOMES,
        query=OutcomeQuery,
    ),
    Operation(
        "post", "/api/platforms/{code}/comparison", "Compare a platform's ids of a day with ours", _COMPARISON,
        json=_fields("day ids", day=_TEXT | {"format": "date"}, ids=_list(_TEXT)),
    ),
    Operation("get", "/api/report-ins", "How called departments reported in", _OBJECT, query=ReportInQuery),
    Operation(
        "get", "/api/proposals", "Proposed changes of the list",
        _fields("proposals", proposals=_list(_OBJECT)), query=ProposalQuery,
    ),
    Operation(
        "get", "/api/remedies", "Standing remedies, newest first, each with the cases that it collects",
        _fields("remedies", remedies=_list(_OBJECT)), query=RemedyQuery,
    ),
    Operation(
        "post", "/api/remedies", "Propose a standing remedy for a segment and a category; the same days make it once",
        _fields("report", report=_ID_OF_REMEDY), RemedySubmission,
    ),
    Operation(
        "get", "/api/changes", "Every change as it happens; resumes after `Last-Event-ID` or `?after=`",
        _TEXT, content="text/event-stream",
    ),
    Operation("get", "/api/openapi.json", "This document", _OBJECT),
    Operation("get", "/photos/{digest}.jpg", "A photo", _FILE, content="image/jpeg"),
    Operation(
        "get", "/photos/small/{digest}.jpg", "Its thumbnail", _FILE, content="image/jpeg"
    ),
    Operation(
        "get", "/recordings/{digest}.{ending}", "A voice message", _FILE, content="audio/*"
    ),
    Operation("get", "/health", "What works and what waits", _HEALTH),
    Operation("get", "/healthz", "Whether the gateway lives", _PROBE),
    Operation("get", "/readyz", "Whether it can accept reports; 503 when not", _PROBE),
)  # fmt: skip
"""The whole API. A test compares it with the routes."""

_VIEWS: Final[Mapping[str, tuple[Any, Json]]] = {
    "CaseView": (Case, {"due_made_of": _ref("Name")}),
    "EventView": (Event, {"why": _TEXT | {"description": "The reason of the decision, in the asked language."}}),
    "TextView": (Written, {}),
    "OrderView": (Order, {}),
    "CaseFactsView": (CaseFacts, {}),
}
"""Name of a view to the model whose fields it shows, where they are not empty, and what it adds."""
_ERROR: Final = _fields("error message where", error=_TEXT, message=_TEXT, where=_TEXT)
_LANGUAGE: Final = _TEXT | {"description": f"Of the answer: {', '.join(Language)}. Accept-Language does as well."}


def openapi(version: str) -> Json:
    """The document of release `version`; every `$ref` resolves from its root."""
    read = [model for each in OPERATIONS for model in (each.body, each.query) if model]
    shown = [model for model, _ in _VIEWS.values()]
    made, shared = TypeAdapter.json_schemas(
        [(model, "validation", TypeAdapter(model)) for model in {*read, *shown}], ref_template=_REF
    )
    known: dict[str, Json] = shared["$defs"]
    fields = {model: (known.get(model.__name__) or schema) for (model, _), schema in made.items()}
    views = {name: _view(fields[model], more) for name, (model, more) in _VIEWS.items()}
    errors = {"Mistake": _ERROR, "Error": {"allOf": [_ref("Mistake"), _fields("", faults=_list(_ref("Mistake")))]}}
    paths: dict[str, Json] = {}
    for each in OPERATIONS:
        paths.setdefault(each.path, {})[each.method] = _described(each, fields)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Grid36",
            "version": version,
            "description": "Times are milliseconds UTC, places WGS-84. 202 means safely stored, not decided.",
        },
        "security": [{"key": []}],
        "paths": paths,
        "webhooks": webhooks(),
        "components": {
            "schemas": known | views | errors | {"SubscriptionView": SUBSCRIPTION_VIEW},
            "securitySchemes": {"key": {"type": "http", "scheme": "bearer", "description": "`GRID36_HOME/key`."}},
        },
    }


def _view(schema: Json, more: Json) -> Json:
    """What is empty or unknown is left out of an answer."""
    return {"type": "object", "properties": schema["properties"] | more}


def _described(operation: Operation, fields: Mapping[type[BaseModel], Json]) -> Json:
    answer: Json = {"description": operation.summary, "content": {operation.content: {"schema": operation.answer}}}
    error = {"description": "What is wrong, and where.", "content": {"application/json": {"schema": _ref("Error")}}}
    if operation.status is HTTPStatus.ACCEPTED:
        answer["headers"] = {"Location": {"description": "Where to ask what became of it.", "schema": _TEXT}}
    described: Json = {
        "summary": operation.summary,
        "parameters": [*_in_path(operation.path), *_in_query(fields[operation.query])],
        "responses": {str(int(operation.status)): answer, "default": error},
    }
    access = access_to(operation.method.upper(), operation.path)
    if access is not None and access.reach is Reach.EVERYBODY:
        described["security"] = []
    if operation.json:
        described["requestBody"] = {"required": True, "content": {"application/json": {"schema": operation.json}}}
    if operation.body:
        described["requestBody"] = {"required": True, "content": _contents(operation, fields[operation.body])}
    return described


def _in_path(path: str) -> Iterator[Json]:
    for name, schema in _IN_PATHS.items():
        if f"{{{name}}}" in path:
            yield {"name": name, "in": "path", "required": True, "schema": schema}


def _in_query(query: Json) -> Iterator[Json]:
    """Lists are written with commas; an empty value counts as absent."""
    for name, schema in (query["properties"] | {"lang": _LANGUAGE}).items():
        yield {"name": name, "in": "query", "style": "form", "explode": False, "schema": _written(schema)}


def _contents(operation: Operation, schema: Json) -> Json:
    """A body is JSON, where null counts as absent and photos are named by digest, or a form that brings photos."""
    fields = {name: each for name, each in schema["properties"].items() if name != operation.in_path}
    required = [name for name in schema.get("required", ()) if name in fields]
    words = {name: each for name, each in fields.items() if name not in PHOTO_FIELDS}
    kept = {name: _list(_DIGEST) for name in fields.keys() & PHOTO_FIELDS.keys()}
    files = {name: _list({"type": "string", "format": "binary"}) for name in kept}
    typed = {name: _written(each) for name, each in words.items()}
    nullable = {name: each if name in required else {"anyOf": [each, {"type": "null"}]} for name, each in words.items()}
    closed = {"type": "object", "required": required, "additionalProperties": False}
    return {
        "application/json": {"schema": closed | {"properties": nullable | kept}},
        "multipart/form-data": {"schema": closed | {"properties": typed | files}},
        "application/x-www-form-urlencoded": {"schema": closed | {"properties": typed}},
    }


def _written(schema: Json) -> Json:
    """A value as text in a form or an address: empty counts as absent, there is no null, a time is not a number."""
    if schema.get("type") in ("string", "array"):
        return schema
    choices = [each for each in schema.get("anyOf", [schema]) if each.get("type") != "null"]
    choices = [choice for each in choices for choice in each.get("anyOf", [each])]
    times = [each for each in choices if each.get("format") == "date-time"]
    return {"anyOf": [*(times or choices), {"const": ""}]}

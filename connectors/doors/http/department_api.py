"""The HTTP API for departments' programs: their open orders, acts on them, and what belongs to them."""

import json
import logging
from http import HTTPStatus
from typing import Any
from urllib.parse import quote

from aiohttp import web

from connectors.doors.http.access import Caller, Credential
from connectors.doors.http.context import ACCEPT, CALLER, GATEWAY
from connectors.doors.http.files import picture_answer, recording_answer
from connectors.doors.http.json_views import json_answer
from connectors.doors.http.queries import DepartmentQuery, OrderQuery, read_query
from connectors.intake.bodies.body import typed_body
from connectors.intake.bodies.request_body import read_body
from connectors.intake.refusal import bad, refused
from connectors.intake.submission import ActionSubmission, PhotoUpload
from connectors.ledger.queries.case_lists import place_of
from connectors.ledger.queries.cases import Ledger
from connectors.orders.department_acts import department_act
from connectors.orders.open_acts import OpenActsUnwritableError
from connectors.orders.open_orders import open_orders
from schemas.action import BY
from schemas.codec import encode
from schemas.order import Written, ordered_from
from schemas.people import OrganisationKind
from schemas.topics import department_topic

log = logging.getLogger(__name__)


def add_department_routes(app: web.Application) -> None:
    """The routes of this part of the API."""
    app.add_routes(
        [
            web.get("/api/orders", get_orders),
            web.post("/api/orders/{number}/actions", post_action),
            web.get("/api/orders/{number}/photos/{digest}.jpg", get_photo),
            web.get(r"/api/orders/{number}/recordings/{digest}.{ending:[a-z0-9]+}", get_recording),
            web.post("/api/photos", post_photos),
        ]
    )


async def get_orders(request: web.Request) -> web.Response:
    """`{"department", "orders", "next", "topic"}`: as they stand; pass `next` as `before` to get the next page.

    Whoever goes on with the topic begins, in each partition, with the first record not older than its `since_ms` in
    the first page, and leaves out what has no higher `seq` than the order has here.
    """
    gateway, query = request.app[GATEWAY], read_query(request, OrderQuery)
    department = department_of(request, query.department)
    page = await open_orders(gateway, department, query.before, query.limit)
    place = place_of(page.last, "newest") if page.last else None
    since_ms = {str(partition): t_ms for partition, t_ms in page.since_ms.items()}
    answer: dict[str, Any] = {
        "department": department,
        "orders": [json.loads(encode(order)) for order in page.orders],
        "next": f"{place[0]},{place[1]}" if place else None,
        "topic": {"name": department_topic(department), "since_ms": since_ms},
    }
    return json_answer(answer, HTTPStatus.OK)


async def post_action(request: web.Request) -> web.Response:
    """202 `{"act": id}` once it is stored; `GET /api/acts/{id}` for the outcome, also in the topic of answers."""
    gateway = request.app[GATEWAY]
    gateway.check_live()
    department = department_of(request, read_query(request, DepartmentQuery).department)
    body = await read_body(request, request.app[GATEWAY].photos)
    action = typed_body(gateway, ActionSubmission, body, case=request.match_info["number"])
    accepted = await request.app[ACCEPT](department_act(gateway, department, action))
    id = accepted.id.partition(BY)[2]
    try:
        await gateway.note_act(department, id, action.case, gateway.clock())
    except OpenActsUnwritableError as fault:  # the act is safe: it is sent again, and acts once
        log.error("%s", fault)  # noqa: TRY400 - the message is for the operator
        raise refused(HTTPStatus.SERVICE_UNAVAILABLE, "outbox_unwritable") from fault
    named = id if request[CALLER].credential is Credential.DEPARTMENT else accepted.id
    location = f"/api/acts/{quote(named, safe='')}"
    return json_answer({"act": id}, HTTPStatus.ACCEPTED, {"Location": location})


async def get_photo(request: web.Request) -> web.StreamResponse:
    """The JPEG of a digest that the order names."""
    digest = request.match_info["digest"]
    if not any(digest == photo.digest for text in await _written(request) for photo in text.photos):
        raise refused(HTTPStatus.NOT_FOUND, "unknown_photo", "digest", given=digest[:80])
    return await picture_answer(request, request.app[GATEWAY].photos.find)


async def get_recording(request: web.Request) -> web.StreamResponse:
    """The voice message of a digest that the order names."""
    digest = request.match_info["digest"]
    if not any(digest == each.digest for text in await _written(request) for each in text.recordings):
        raise refused(HTTPStatus.NOT_FOUND, "no_such_recording", "digest", given=digest[:80])
    return await recording_answer(request)


async def post_photos(request: web.Request) -> web.Response:
    """201 `{"photos": [digest]}`: stored, to be named by acts that are sent as JSON or by topic."""
    upload = typed_body(request.app[GATEWAY], PhotoUpload, await read_body(request, request.app[GATEWAY].photos))
    if not upload.photos:
        raise bad("missing", "photos")
    return json_answer({"photos": [photo.digest for photo in upload.photos]}, HTTPStatus.CREATED)


def department_of(request: web.Request, named: str) -> str:
    """The department whose program asks: by its key, else the one that is named. Raises `Refused`."""
    caller: Caller = request.get(CALLER, Caller())
    if caller.credential is Credential.DEPARTMENT:
        if named not in ("", caller.id):
            raise refused(HTTPStatus.FORBIDDEN, "not_for_department", "department")
        return caller.id
    bodies = request.app[GATEWAY].region.organisations
    known = [body.code for body in bodies if body.kind is OrganisationKind.DEPARTMENT]
    if named not in known:
        raise bad("which_department", "department", known=", ".join(known))
    return named


async def _written(request: web.Request) -> list[Written]:
    """The texts of an order of the asking department. Raises `Refused` (404) if it has none for this case."""
    number = request.match_info["number"]
    department = department_of(request, read_query(request, DepartmentQuery).department)

    def look(ledger: Ledger) -> list[Written] | None:
        case = ledger.case(number)
        return ledger.texts(number) if department in ordered_from(case) else None

    found = await request.app[GATEWAY].ask(look)
    if found is None:
        raise refused(HTTPStatus.NOT_FOUND, "unknown_order", "number", given=number[:80], department=department)
    return found

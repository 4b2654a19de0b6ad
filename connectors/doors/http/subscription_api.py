"""The HTTP API by which a department's program subscribes to its own orders; it never sees another department's."""

import sqlite3
from http import HTTPStatus
from typing import Any, Final

from aiohttp import web

from connectors.doors.http.access import Caller, Credential
from connectors.doors.http.context import CALLER, GATEWAY, language_of
from connectors.doors.http.department_api import department_of
from connectors.doors.http.json_views import json_answer
from connectors.doors.http.queries import DepartmentQuery, read_query
from connectors.intake.bodies.body import typed_body
from connectors.intake.bodies.request_body import read_body
from connectors.intake.context import Gateway
from connectors.intake.numbers import looks_like_case_number
from connectors.intake.refusal import FieldFault, Refused, refused
from connectors.intake.submission import SubscriptionSubmission
from connectors.subscriptions.rows import SubscriptionRows
from connectors.subscriptions.selection_check import selection_faults
from connectors.subscriptions.standing import standing
from connectors.subscriptions.store import SubscriptionStore
from connectors.subscriptions.subscription import Receiver, Selection, Subscription
from connectors.subscriptions.urls import url_fault

MOST: Final = 20
"""Subscriptions of one department."""


def add_subscription_routes(app: web.Application) -> None:
    """The routes of this part of the API."""
    app.add_routes(
        [
            web.get("/api/subscriptions", get_subscriptions),
            web.post("/api/subscriptions", post_subscription),
            web.delete("/api/subscriptions/{id}", delete_subscription),
            web.post("/api/subscriptions/{id}/resume", post_resume),
        ]
    )


async def get_subscriptions(request: web.Request) -> web.Response:
    """`{"department", "subscriptions"}`: each with how it stands, none with its secret."""
    department, language = _department(request), language_of(request)

    def look(db: sqlite3.Connection) -> list[dict[str, Any]]:
        return [
            standing(db, each, language) for each in SubscriptionRows(db).all(department) if _is_theirs(request, each)
        ]

    found = await _store(request).look(look)
    return json_answer({"department": department, "subscriptions": found}, HTTPStatus.OK)


async def post_subscription(request: web.Request) -> web.Response:
    """201 `{"subscription", "secret"}`; the secret is not shown again. It is active about a second later."""
    gateway, department, store = request.app[GATEWAY], _department(request), _store(request)
    wanted = typed_body(gateway, SubscriptionSubmission, await read_body(request, gateway.photos))
    selection = Selection(department, wanted.category, wanted.area, wanted.case)
    _check(gateway, wanted, selection)

    def add(db: sqlite3.Connection) -> tuple[dict[str, Any], str] | None:
        rows = SubscriptionRows(db)
        if len(rows.all(department)) >= MOST:
            return None
        made = rows.add(selection, Receiver(wanted.url, wanted.batch), gateway.clock(), _key(request))
        return standing(db, made, language_of(request)), made.secret

    made = await store.do_safely(add)
    if made is None:
        raise refused(HTTPStatus.CONFLICT, "too_many_subscriptions", limit=MOST)
    return json_answer({"subscription": made[0], "secret": made[1]}, HTTPStatus.CREATED)


async def delete_subscription(request: web.Request) -> web.Response:
    """`{"ended": id}`: nothing is sent any more, and what waited is gone."""
    found = await _found(request)
    await _store(request).do_safely(lambda db: SubscriptionRows(db).remove(found.n))
    return json_answer({"ended": found.id}, HTTPStatus.OK)


async def post_resume(request: web.Request) -> web.Response:
    """`{"subscription"}`: one that stopped goes on where it stopped, by the key that asks for it."""
    found = await _found(request)

    def resume(db: sqlite3.Connection) -> dict[str, Any] | None:
        rows = SubscriptionRows(db)
        if not rows.resume(found.n, _key(request) or None):
            return None
        return standing(db, rows.one(found.id) or found, language_of(request))

    resumed = await _store(request).do_safely(resume)
    if resumed is None:
        raise refused(HTTPStatus.CONFLICT, "needs_own_key")
    return json_answer({"subscription": resumed}, HTTPStatus.OK)


def _check(gateway: Gateway, wanted: SubscriptionSubmission, selection: Selection) -> None:
    """Raises `Refused` (400) with every mistake."""
    faults = [
        FieldFault("not_there", each.where, {"given": each.given, "known": each.known})
        for each in selection_faults(selection, gateway.region, gateway.rulebook)
    ]
    if selection.case and not looks_like_case_number(selection.case):
        example = f"{gateway.region.code}-G01-2611-00001"
        faults.append(FieldFault("bad_case_number", "case", {"given": selection.case, "example": example}))
    if (fault := url_fault(wanted.url, plain=False, inside=False, hosts=gateway.subscriber_hosts)) is not None:
        faults.append(FieldFault(fault, "url"))
    if faults:
        raise Refused(HTTPStatus.BAD_REQUEST, faults)


async def _found(request: web.Request) -> Subscription:
    """The one in the path. Raises `Refused` (404) for one of somebody else, as for one that never was."""
    id, department = request.match_info["id"], _department(request)
    found = await _store(request).look(lambda db: SubscriptionRows(db).one(id))
    if found is None or found.selection.department != department or not _is_theirs(request, found):
        raise refused(HTTPStatus.NOT_FOUND, "unknown_id", "id", given=id[:100])
    return found


def _is_theirs(request: web.Request, each: Subscription) -> bool:
    """A department has what was made by a key of its own; what the operator made is the operator's."""
    return bool(each.key) or request[CALLER].credential is not Credential.DEPARTMENT


def _department(request: web.Request) -> str:
    return department_of(request, read_query(request, DepartmentQuery).department)


def _key(request: web.Request) -> str:
    caller: Caller = request.get(CALLER, Caller())
    return caller.key


def _store(request: web.Request) -> SubscriptionStore:
    """Raises `Refused` (503) where there is none."""
    store = request.app[GATEWAY].subscriptions
    if store is None:
        raise refused(HTTPStatus.SERVICE_UNAVAILABLE, "subscriptions_away")
    return store

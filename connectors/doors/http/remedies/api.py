"""The HTTP API of standing remedies: proposing one, and which there are with the cases that they collect."""

from http import HTTPStatus
from typing import Any, Final
from urllib.parse import quote

from aiohttp import web

from connectors.doors.http.context import ACCEPT, GATEWAY
from connectors.doors.http.forms import check_sender
from connectors.doors.http.json_views import json_answer
from connectors.doors.http.queries import RemedyQuery, read_query
from connectors.intake.accept import Accepted
from connectors.intake.bodies.body import Body, typed_body
from connectors.intake.bodies.request_body import read_body
from connectors.intake.remedies.proposal import propose_remedy
from connectors.intake.submission import RemedySubmission
from connectors.ledger.queries.cases import Ledger
from connectors.ledger.queries.recurrence.remedies import MOST, collected_by, numbers_of, remedies
from schemas.case import Case

SHOWN: Final = 200


def add_remedy_routes(app: web.Application) -> None:
    """The routes of this part of the API."""
    app.add_routes([web.get("/api/remedies", get_remedies), web.post("/api/remedies", post_remedy)])


async def post_remedy(request: web.Request) -> web.Response:
    """202 `{"report": id}` once the proposal is stored."""
    gateway = request.app[GATEWAY]
    body = await read_body(request, gateway.photos)
    accepted = await accept_remedy(request, body)
    headers = {"Location": f"/api/reports/{quote(accepted.id, safe='')}"}
    return json_answer({"report": accepted.id}, HTTPStatus.ACCEPTED, headers)


async def accept_remedy(request: web.Request, body: Body) -> Accepted:
    """Accept a body that was read. Raises `Refused` with every mistake."""
    check_sender(request, body.fields)
    gateway = request.app[GATEWAY]
    return await propose_remedy(gateway, request.app[ACCEPT], typed_body(gateway, RemedySubmission, body))


async def get_remedies(request: web.Request) -> web.Response:
    """`{"remedies"}`: newest first; `?segment=`, `?category=`, and `?open=1` for those that are worked on."""
    gateway = request.app[GATEWAY]
    query = read_query(request, RemedyQuery)

    def look(ledger: Ledger) -> list[dict[str, Any]]:
        found = remedies(
            ledger, segment=query.segment or None, category=query.category or None, open_only=query.open, limit=SHOWN
        )
        return [_remedy_json(ledger, case) for case in found]

    return json_answer({"remedies": await gateway.ask(look)}, HTTPStatus.OK)


def _remedy_json(ledger: Ledger, case: Case) -> dict[str, Any]:
    """One remedy: `cases` are those that it collects now, at most `MOST`; `count` were known when it was proposed."""
    remedy = case.remedy
    if remedy is None:
        return {}
    return {
        "case": case.number,
        "state": case.state,
        "segment": remedy.segment,
        "category": remedy.category,
        "kind": remedy.kind,
        "from_ms": remedy.from_ms,
        "until_ms": remedy.until_ms,
        "by": case.reporter,
        "assignee": case.assignee,
        "submitted_ms": case.submitted_ms,
        "due_ms": case.due_ms,
        "resolved_ms": case.resolved_ms,
        "count": remedy.count,
        "cases": numbers_of(ledger, collected_by(case, remedy), MOST),
    }

"""The HTTP API for joint work: report-in figures of called departments, and proposed list changes."""

from http import HTTPStatus
from typing import Any, Final
from zoneinfo import ZoneInfo

from aiohttp import web
from pydantic import ValidationError

from connectors.doors.http.context import GATEWAY, language_of
from connectors.doors.http.json_views import event_json, json_answer
from connectors.doors.http.queries import ProposalQuery, ReportInQuery, read_query
from connectors.intake.context import Gateway
from connectors.intake.list_changes import before_of, differing
from connectors.ledger.queries.cases import Ledger
from connectors.ledger.queries.response_figures import report_ins
from schemas.case import Case
from schemas.event import Event
from schemas.items import Item
from schemas.names import Language

MOST: Final = 200


def add_joint_routes(app: web.Application) -> None:
    """The routes of this part of the API."""
    app.add_routes([web.get("/api/report-ins", get_report_ins), web.get("/api/proposals", get_proposals)])


async def get_report_ins(request: web.Request) -> web.Response:
    """Figures by department; `?from=`, `?to=` (when called), `?called_by=` whistle (default), list or any."""
    gateway = request.app[GATEWAY]
    query = read_query(request, ReportInQuery)
    names = gateway.department_names
    language, zone = language_of(request), gateway.region.zone
    figures = await gateway.ask(
        lambda ledger: report_ins(
            ledger, query.from_ms, query.to, zone, cause=query.called_by, names=names, language=language
        )
    )
    return json_answer(dict(figures), HTTPStatus.OK)


async def get_proposals(request: web.Request) -> web.Response:
    """`{"proposals"}`: newest first, each with its changes and history; `?open=1` for undecided ones only."""
    gateway, language = request.app[GATEWAY], language_of(request)
    query = read_query(request, ProposalQuery)

    def look(ledger: Ledger) -> list[dict[str, Any]]:
        cases = ledger.cases(proposals=True, open_only=query.open, limit=MOST)
        return [_proposal_json(gateway, case, ledger.timeline(case.number), language) for case in cases]

    return json_answer({"proposals": await gateway.ask(look)}, HTTPStatus.OK)


def _proposal_json(gateway: Gateway, case: Case, events: list[Event], language: Language) -> dict[str, Any]:
    """One proposal. `changes` compares it with the list of the day on which it was proposed."""
    proposal: dict[str, Any] = {
        "case": case.number,
        "state": case.state,
        "approved": case.change_approved,
        "from": None if case.change_from is None else case.change_from.isoformat(),
        "by": case.reporter,
        "submitted_ms": case.submitted_ms,
        "about": case.links,
        "item": (case.change or {}).get("id"),
        "proposed": case.change,
        "changes": {},
        "history": [event_json(event, language) for event in events],
    }
    try:
        item = Item.model_validate(case.change)
    except ValidationError:
        return proposal
    before = before_of(case, item, gateway.items, ZoneInfo(gateway.region.zone))
    proposal["name"] = item.name.to(language)
    proposal["changes"] = {name: {"from": old, "to": new} for name, (old, new) in differing(before, item).items()}
    return proposal

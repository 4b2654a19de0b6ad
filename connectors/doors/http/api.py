"""The HTTP API: accepts reports, supplements, acts and covers; serves reports, cases, changes and files."""

from functools import cache
from http import HTTPStatus
from importlib.metadata import version
from typing import Any, Final
from urllib.parse import quote

from aiohttp import web

from connectors.doors.http.access import Caller, Credential
from connectors.doors.http.context import CALLER, GATEWAY, language_of
from connectors.doors.http.department_api import add_department_routes
from connectors.doors.http.files import picture_answer, recording_answer
from connectors.doors.http.forms import accept_form
from connectors.doors.http.joint_api import add_joint_routes
from connectors.doors.http.json_views import case_json, event_json, json_answer, words_json
from connectors.doors.http.live_stream import Broadcaster
from connectors.doors.http.openapi import openapi
from connectors.doors.http.platforms.rows_and_outcomes import add_platform_routes
from connectors.doors.http.probes import add_probe_routes
from connectors.doors.http.proofs.api import add_proof_routes
from connectors.doors.http.queries import CaseQuery, read_query
from connectors.doors.http.remedies.api import add_remedy_routes
from connectors.doors.http.several_api import add_several_routes
from connectors.doors.http.subscription_api import add_subscription_routes
from connectors.intake.accept import Accepted
from connectors.intake.answers import Answer, answer_of, answer_to, caused_by
from connectors.intake.context import SCOPE
from connectors.intake.numbers import looks_like_case_number
from connectors.intake.refusal import bad, refused
from connectors.intake.submission import (
    ActSubmission,
    CoverSubmission,
    ReportSubmission,
    SupplementSubmission,
    department_act_id,
)
from connectors.ledger.position import position
from connectors.ledger.queries.case_lists import place_of
from connectors.ledger.queries.cases import Ledger
from connectors.ledger.queries.duplicates import duplicate_json, possible_duplicates
from connectors.ledger.queries.reused_photos import reuse_json, reused
from connectors.outbox.store import OutboxUnwritableError
from schemas.case import Case
from schemas.event import Event
from schemas.names import Language
from schemas.uncertain import categories_asked

BROADCASTER: Final = web.AppKey("broadcaster", Broadcaster)


def add_routes(app: web.Application) -> None:
    """The routes of the API."""
    add_joint_routes(app)
    add_remedy_routes(app)
    add_several_routes(app)
    add_department_routes(app)
    add_subscription_routes(app)
    add_probe_routes(app)
    add_proof_routes(app)
    add_platform_routes(app)
    app.add_routes(
        [
            web.post("/api/reports", post_report),
            web.post("/api/reports/{id}/supplement", post_supplement),
            web.post("/api/cases/{number}/acts", post_act),
            web.post("/api/covers", post_cover),
            web.get("/api/reports/{id}", get_report),
            web.get("/api/cases", get_cases),
            web.get("/api/cases/{number:(?!acts$)[^{}/]+}", get_case),  # `acts` are on several cases
            web.get("/api/cases/{number}/acts/{id}", get_act),
            web.get("/api/acts/{id}", get_answer),
            web.get("/api/changes", get_changes),
            web.get("/api/openapi.json", get_description),
            web.get("/photos/{digest}.jpg", get_photo),
            web.get("/photos/small/{digest}.jpg", get_thumbnail),
            web.get(r"/recordings/{digest}.{ending:[a-z0-9]+}", get_recording),
            web.get("/health", get_health),
        ]
    )


async def post_report(request: web.Request) -> web.Response:
    """202 `{"report": id}` once the report is stored."""
    return _accepted("report", await accept_form(request, ReportSubmission))


async def post_supplement(request: web.Request) -> web.Response:
    """202 `{"supplement": id}`: text, photos or a place missing from a report."""
    report = request.match_info["id"]
    return _accepted("supplement", await accept_form(request, SupplementSubmission, report=report))


async def post_act(request: web.Request) -> web.Response:
    """202 `{"act": id}`; `GET` the same address with `/{id}` for the outcome."""
    return _accepted("act", await accept_form(request, ActSubmission, case=request.match_info["number"]))


async def post_cover(request: web.Request) -> web.Response:
    """202 `{"cover": id}`; `GET /api/acts/{id}` for the outcome, as for supplements."""
    return _accepted("cover", await accept_form(request, CoverSubmission))


async def get_report(request: web.Request) -> web.Response:
    """`{"report", "case", "state"}`; `accepted` without a case until the ledger has it. 404 for an unknown id.

    State `parked`, with the reason in `why`: the report is stored but could not be processed; a person has to check it.
    """
    gateway, report = request.app[GATEWAY], request.match_info["id"]
    case = await gateway.ask(lambda ledger: ledger.case_of_report(report))
    if case is not None:
        now = case_json(case)
        return _json({"report": report, "case": case.number, "state": case.state, "now": now})
    if (reason := gateway.set_aside.reason(report)) is not None:
        return _json({"report": report, "case": None, "state": "parked", "why": reason})
    if not await gateway.outbox.knows(SCOPE, report):
        raise refused(HTTPStatus.NOT_FOUND, "unknown_report", "id", given=report[:100])
    return _json({"report": report, "case": None, "state": "accepted"})


async def get_case(request: web.Request) -> web.Response:
    """`{"position", "case", "may_be", "timeline", "words", "possible_duplicates", "reused_photos"}`: oldest first.

    Lists the first three earlier uses of its after-photos; `reused_photos_more` counts the rest.
    """
    language, gateway = language_of(request), request.app[GATEWAY]
    here, case, events, words = await _whole_case(request)
    near = await gateway.ask(lambda ledger: possible_duplicates(ledger, case, gateway.rulebook))
    again = await gateway.ask(lambda ledger: reused(ledger, [case.number]).get(case.number))
    return _json(
        {
            "position": here,
            "case": case_json(case),
            **({"may_be": list(other)} if (other := categories_asked(case, events)) else {}),
            "timeline": [event_json(event, language) for event in events],
            "words": [words_json(written) for written in words],
            "possible_duplicates": [duplicate_json(each) for each in near],
            "reused_photos": [reuse_json(each) for each in again.shown] if again else [],
            "reused_photos_more": again.more if again else 0,
        }
    )


async def get_act(request: web.Request) -> web.Response:
    """`{"act", "state", "timeline"}`; state `accepted` (not decided yet), `done` or `refused`."""
    act, number, gateway = request.match_info["id"], request.match_info["number"], request.app[GATEWAY]
    if looks_like_case_number(number) and await gateway.ask(lambda ledger: ledger.case(number)) is None:
        return await get_answer(request)  # refused: there is no such case
    _, _, events, _ = await _whole_case(request)
    caused = [event for event in events if caused_by(act, event)]
    if not caused and not await gateway.outbox.knows(SCOPE, act):
        raise refused(HTTPStatus.NOT_FOUND, "unknown_id", "id", given=act[:100])
    return _answered(request, act, answer_of(caused))


async def get_answer(request: web.Request) -> web.Response:
    """The same by id alone: for an act, an absence or a supplement. 404 for an id that was never accepted."""
    act = request.match_info["id"]
    answer = await answer_to(request.app[GATEWAY], _asked_for(request, act))
    if answer is None:
        raise refused(HTTPStatus.NOT_FOUND, "unknown_id", "id", given=act[:100])
    return _answered(request, act, answer)


def _asked_for(request: web.Request, act: str) -> str:
    """The id in the log; a department asks for its own acts only, by the ids that it gave them."""
    caller = request.get(CALLER, Caller())
    return department_act_id(caller.id, act) if caller.credential is Credential.DEPARTMENT else act


def _answered(request: web.Request, act: str, answer: Answer) -> web.Response:
    events = [event_json(event, language_of(request)) for event in answer.events]
    return _json({"act": act, "state": answer.state, "timeline": events})


async def get_cases(request: web.Request) -> web.Response:
    """`{"position", "cases", "next"}`: filters as in `Ledger.cases`; pass `next` as `before` to get the next page."""
    gateway = request.app[GATEWAY]
    query = read_query(request, CaseQuery)
    limit, order = query.limit, query.order

    def look(ledger: Ledger) -> tuple[str, list[Case]]:
        here = position(ledger.epoch(), ledger.last_seq())  # read before the rows, so that no change is missed
        return here, ledger.cases(**query.filters, limit=limit + 1, order=order)

    here, found = await gateway.ask(look)
    last = place_of(found[limit - 1], order) if len(found) > limit else None
    answer: dict[str, Any] = {"position": here, "cases": [case_json(case) for case in found[:limit]]}
    return _json(answer | {"next": f"{last[0]},{last[1]}" if last else None})


async def get_changes(request: web.Request) -> web.StreamResponse:
    """Server-sent events; resumes after `Last-Event-ID` or `?after=`, which take the `position` of any answer."""
    return await request.app[BROADCASTER].serve(request)


async def get_description(_: web.Request) -> web.Response:
    """This API as an OpenAPI document."""
    return _json(_description())


@cache
def _description() -> dict[str, Any]:
    """Anybody may ask for it, and it takes half a second to make."""
    return openapi(version("grid36"))


async def get_photo(request: web.Request) -> web.StreamResponse:
    """The JPEG of a digest."""
    return await picture_answer(request, request.app[GATEWAY].photos.find)


async def get_thumbnail(request: web.Request) -> web.StreamResponse:
    """A small JPEG of the same, for lists."""
    return await picture_answer(request, request.app[GATEWAY].photos.find_thumbnail)


async def get_recording(request: web.Request) -> web.StreamResponse:
    """The voice message of a digest."""
    return await recording_answer(request)


async def get_health(request: web.Request) -> web.Response:
    """Health: what works and what waits; 503 only if nothing can be accepted."""
    gateway = request.app[GATEWAY]
    relay = gateway.relay
    health: dict[str, Any] = {"status": "ok", "mode": gateway.system.mode, "kafka": relay.state if relay else "off"}
    try:
        waits = await gateway.outbox.waiting()
    except OutboxUnwritableError as fault:
        return _json(health | {"status": "failed", "outbox": str(fault)}, HTTPStatus.SERVICE_UNAVAILABLE)
    health["outbox"] = {"reports": waits.reports, "rows": waits.rows, "oldest_ms": waits.oldest_ms}
    try:
        health["ledger"] = await gateway.ask(lambda ledger: position(ledger.epoch(), ledger.last_seq()))
    except web.HTTPException:
        raise
    except Exception:  # noqa: BLE001 - doors stay open whatever is wrong with the ledger
        health["ledger"] = None
    if gateway.closed_doors:
        closed = gateway.closed_doors.items()
        health["closed_doors"] = {name: {each: fault.message(each) for each in Language} for name, fault in closed}
    if health["ledger"] is None or health["kafka"] == "waiting" or gateway.closed_doors:
        health["status"] = "degraded"
    return _json(health)


async def _whole_case(request: web.Request) -> tuple[str, Case, list[Event], list[Any]]:
    number = request.match_info["number"]
    gateway = request.app[GATEWAY]
    if not looks_like_case_number(number):
        raise bad("bad_case_number", "number", given=number[:80], example=f"{gateway.region.code}-G01-2611-00042")

    def look(ledger: Ledger) -> tuple[str, Case | None, list[Event], list[Any]]:
        here = position(ledger.epoch(), ledger.last_seq())
        return here, ledger.case(number), ledger.timeline(number), ledger.texts(number)

    here, case, events, words = await gateway.ask(look)
    if case is None:
        raise refused(HTTPStatus.NOT_FOUND, "unknown_case", "number", given=number[:80])
    return here, case, events, words


def _accepted(what: str, accepted: Accepted) -> web.Response:
    """202; `Location` is where to ask for the outcome."""
    answer = _json({what: accepted.id}, HTTPStatus.ACCEPTED)
    answer.headers["Location"] = f"/api/{'reports' if what == 'report' else 'acts'}/{quote(accepted.id, safe='')}"
    return answer


def _json(answer: dict[str, Any], status: HTTPStatus = HTTPStatus.OK) -> web.Response:
    return json_answer(answer, status)

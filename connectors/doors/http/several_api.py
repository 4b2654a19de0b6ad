"""The HTTP API for one act on several cases: stored together, decided and answered case by case."""

from http import HTTPStatus

from aiohttp import web

from connectors.doors.http.context import GATEWAY, language_of
from connectors.doors.http.forms import accept_form
from connectors.doors.http.json_views import event_json, json_answer
from connectors.intake.answers import answers_to
from connectors.intake.refusal import refused
from connectors.intake.submission import SeveralActsSubmission, several_id


def add_several_routes(app: web.Application) -> None:
    """The routes of this part of the API."""
    app.add_routes([web.post("/api/cases/acts", post_several), web.get("/api/cases/acts/{id}", get_several)])


async def post_several(request: web.Request) -> web.Response:
    """202 `{"acts": id}` once all of it is stored; `GET` the same address with `/{id}` for the outcomes."""
    accepted = await accept_form(request, SeveralActsSubmission)
    return json_answer({"acts": accepted.id}, HTTPStatus.ACCEPTED, {"Location": f"/api/cases/acts/{accepted.id}"})


async def get_several(request: web.Request) -> web.Response:
    """`{"acts", "state", "cases"}`: each case with its own outcome; state `accepted` while any is not decided."""
    id, language = request.match_info["id"], language_of(request)
    answers = await answers_to(request.app[GATEWAY], id)
    if not answers:
        raise refused(HTTPStatus.NOT_FOUND, "unknown_id", "id", given=id[:100])
    cases = [
        {
            "case": number,
            "act": several_id(id, number),
            "state": answer.state,
            "timeline": [event_json(event, language) for event in answer.events],
        }
        for number, answer in answers.items()
    ]
    waits = any(answer.state == "accepted" for answer in answers.values())
    return json_answer({"acts": id, "state": "accepted" if waits else "done", "cases": cases}, HTTPStatus.OK)

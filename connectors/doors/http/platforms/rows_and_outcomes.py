"""The HTTP API for neighbouring platforms: their rows in, outcomes back, and the comparison of a day."""

from collections import Counter
from dataclasses import asdict
from http import HTTPStatus
from typing import Any, Final

from aiohttp import web
from pydantic_core import from_json

from connectors.doors.http.access import Caller, Credential
from connectors.doors.http.context import CALLER, GATEWAY, language_of
from connectors.doors.http.json_views import json_answer
from connectors.doors.http.queries import OutcomeQuery, checked_day, read_query
from connectors.intake.bodies.request_body import read_plain
from connectors.intake.refusal import Refused, bad, refused
from connectors.platforms.cells import own_id
from connectors.platforms.desk import PlatformDesk
from connectors.platforms.importing import Taken
from schemas.names import Language
from schemas.platform import NeighbourPlatform

DESK: Final = web.AppKey("platforms", PlatformDesk)
MOST_ROWS: Final = 1000
MOST_IDS: Final = 200_000
MOST_BYTES: Final = 8_000_000


def add_platform_routes(app: web.Application) -> None:
    """The routes of this part of the API."""
    app[DESK] = PlatformDesk(app[GATEWAY])
    app.on_cleanup.append(_close)
    app.add_routes(
        [
            web.post("/api/platforms/{code}/rows", post_rows),
            web.get("/api/platforms/{code}/outcomes", get_outcomes),
            web.post("/api/platforms/{code}/comparison", post_comparison),
        ]
    )


async def _close(app: web.Application) -> None:
    await app[DESK].close()


async def post_rows(request: web.Request) -> web.Response:
    """`{"counts", "rows"}`: each row in order, by what it became; what is not `refused` is safely stored.

    Rows that were sent before are `known`, so that whoever got no answer sends them again.
    """
    platform = _platform(request)
    body = await _body(request, bad("platform_body", limit=MOST_ROWS))
    rows = body.get("rows")
    if not isinstance(rows, list) or not 0 < len(rows) <= MOST_ROWS or not all(isinstance(each, dict) for each in rows):
        raise bad("platform_body", "rows", limit=MOST_ROWS)
    taken = await request.app[DESK].take(platform, rows)
    shown = [_taken_json(each, language_of(request)) for each in taken]
    return json_answer({"counts": Counter(each["became"] for each in shown), "rows": shown}, HTTPStatus.OK)


async def get_outcomes(request: web.Request) -> web.Response:
    """`{"outcomes", "next", "more"}`: the platform's cases as they stand, each by its id there and its `seq`.

    Pass `next` as `after` to go on. An outcome can come again; one with no higher `seq` says nothing new.
    """
    platform, query = _platform(request), read_query(request, OutcomeQuery)
    page = await request.app[DESK].outcomes(platform, query.after, language_of(request))
    return json_answer(page._asdict(), HTTPStatus.OK)


async def post_comparison(request: web.Request) -> web.Response:
    """Compares `ids`, which the platform has of `day`, with ours: counts, and by which ids they differ.

    They are read as those of rows are: one that is rounded or empty is refused, and nothing is compared.
    """
    platform = _platform(request)
    body = await _body(request, bad("platform_comparison", limit=MOST_IDS))
    ids, day = body.get("ids"), checked_day(body.get("day"))
    if not isinstance(ids, list) or len(ids) > MOST_IDS or not all(isinstance(each, str) for each in ids):
        raise bad("platform_ids", "ids", limit=MOST_IDS)
    theirs = [own_id(platform, {platform.columns.id: each}) for each in ids]
    found, ours = await request.app[DESK].compare(platform, day, theirs)
    answer = {"day": day.isoformat(), "equal": found.equal, **asdict(found), "cases": [asdict(each) for each in ours]}
    return json_answer(answer, HTTPStatus.OK)


def _platform(request: web.Request) -> NeighbourPlatform:
    """The platform in the address, if the caller may speak for it. Raises `Refused`."""
    caller: Caller = request.get(CALLER, Caller())
    code = request.match_info["code"]
    if caller.credential is Credential.PLATFORM and caller.id != code:
        raise refused(HTTPStatus.FORBIDDEN, "not_for_platform", "code")
    return request.app[DESK].platform(code)


async def _body(request: web.Request, otherwise: Refused) -> dict[str, Any]:
    """A JSON object. Raises `otherwise` for anything else."""
    body = await read_plain(request, MOST_BYTES, "too_much_at_once")
    try:
        found = from_json(body, allow_inf_nan=False)
    except ValueError:
        found = None
    if not isinstance(found, dict):
        raise otherwise
    return found


def _taken_json(taken: Taken, language: Language) -> dict[str, Any]:
    if isinstance(taken, Refused):
        return {"became": "refused", **taken.answer(language)}
    fields: dict[str, Any] = {"id": taken.theirs, "became": taken.became, "report": taken.report}
    return fields | ({"unused_position": True} if taken.unused_position else {})

"""The HTTP API by which a partner compares its days with ours: see `docs/connect/proof.md`."""

import asyncio
from collections.abc import Callable
from datetime import timedelta
from http import HTTPStatus
from typing import Final, TypeVar
from zoneinfo import ZoneInfo

from aiohttp import web

from connectors.doors.http.access import Caller, Credential
from connectors.doors.http.context import CALLER, GATEWAY, PROOFS
from connectors.doors.http.json_views import json_answer
from connectors.doors.http.proofs.fields import (
    MOST_BYTES,
    ProofListQuery,
    ProofQuery,
    StatementSubmission,
)
from connectors.doors.http.queries import checked_day, read_query
from connectors.intake.bodies.body import typed_body
from connectors.intake.bodies.request_body import read_body
from connectors.intake.refusal import bad, refused
from connectors.ledger.connection import LedgerAway
from connectors.proofs.accounts import Proofs, WayProof
from connectors.proofs.book import ProofsUnwritableError
from connectors.proofs.json_views import day_json, way_json
from connectors.proofs.recorded import PLATFORM, counted_ways
from schemas.days import day_of
from schemas.proof import DayAccount, ProofWay, account_of, read_lines

T = TypeVar("T")
DAYS: Final = 7
_OWN: Final = {
    Credential.DEPARTMENT: ("", "not_for_department"),
    Credential.PLATFORM: (PLATFORM, "not_for_platform"),
}
"""What goes before the code of a key's owner, and the refusal for another partner."""


def add_proof_routes(app: web.Application) -> None:
    """The routes of this part of the API."""
    app.add_routes(
        [
            web.get("/api/proofs", get_proofs),
            web.get("/api/proofs/{day}/records", get_records),
            web.post("/api/proofs/{day}", post_statement),
        ]
    )


def add_proofs(app: web.Application, proofs: Proofs) -> None:
    """Gives the application what pages and API answer from."""
    app[PROOFS] = proofs


async def asked_of(request: web.Request, question: Callable[[Proofs], T]) -> T:
    """Ask in a thread, with all that the ledger has. Raises `Refused` (503)."""
    proofs = request.app.get(PROOFS)

    def look(proofs: Proofs) -> T:
        proofs.follow()
        return question(proofs)

    try:
        if proofs is not None:
            return await asyncio.to_thread(look, proofs)
    except LedgerAway:
        raise refused(HTTPStatus.SERVICE_UNAVAILABLE, "ledger_away") from None
    except ProofsUnwritableError:
        pass
    raise refused(HTTPStatus.SERVICE_UNAVAILABLE, "proofs_away")


async def get_proofs(request: web.Request) -> web.Response:
    """`{"partner", "zone", "days"}`: the day that is asked for, else the last seven, newest first."""
    query, zone = read_query(request, ProofQuery), _zone(request)
    partner = await partner_of(request, query.partner)
    today = day_of(request.app[GATEWAY].clock(), zone)
    days = [query.day] if query.day else [today - timedelta(days=n) for n in range(DAYS)]
    found = await asked_of(request, lambda proofs: [proofs.day(partner, day) for day in days])
    return json_answer(
        {"partner": partner, "zone": zone.key, "days": [day_json(each) for each in found]}, HTTPStatus.OK
    )


async def get_records(request: web.Request) -> web.Response:
    """`{"partner", "day", "way", "closed", "records"}`: what counts, each `{"id", "case", "t_ms", "overtaken"}`."""
    query, day = read_query(request, ProofListQuery), checked_day(request.match_info["day"])
    partner = await partner_of(request, query.partner)
    way = query.way or counted_ways(partner)[0]
    check_way(partner, way)
    closed, records = await asked_of(
        request, lambda proofs: (proofs.book.is_closed(day), proofs.records(partner, way, day))
    )
    answer = {
        "partner": partner, "day": day.isoformat(), "way": way.value, "closed": closed,
        "records": [record._asdict() for record in records],
    }  # fmt: skip
    return json_answer(answer, HTTPStatus.OK)


async def post_statement(request: web.Request) -> web.Response:
    """201 with both accounts, the verdict and, for a list, what differs, once the statement is stored.

    409 for a day that is not closed yet, 400 for a list that has another digest than the statement.
    """
    gateway = request.app[GATEWAY]
    body = await read_body(request, gateway.photos, most=MOST_BYTES, large="list_too_large")
    said = typed_body(gateway, StatementSubmission, body, day=request.match_info["day"])
    partner = await partner_of(request, said.partner)
    check_way(partner, said.way)
    account = DayAccount(count=said.count, digest=said.digest)
    if said.records:
        try:
            listed = read_lines(said.records)
        except ValueError as fault:
            raise bad("bad_record", "records", line=str(fault)) from None
        if account_of(listed) != account:
            raise bad("other_digest", "digest")
    if not await asked_of(request, lambda proofs: proofs.book.is_closed(said.day)):
        raise refused(HTTPStatus.CONFLICT, "day_open", "day", given=said.day.isoformat())

    def state(proofs: Proofs) -> WayProof:
        proofs.book.state(partner, said.day, said.way, account, said.records or None, gateway.clock())
        return proofs.day(partner, said.day).ways[said.way]

    proof = await asked_of(request, state)
    answer = {"partner": partner, "day": said.day.isoformat(), "way": said.way.value} | way_json(proof)
    return json_answer(answer, HTTPStatus.CREATED)


async def partner_of(request: web.Request, named: str) -> str:
    """The partner that asks: by its key, else the one that is named. Raises `Refused`."""
    caller: Caller = request.get(CALLER, Caller())
    if caller.credential in _OWN:
        before, refusal = _OWN[caller.credential]
        if named not in ("", own := before + caller.id):
            raise refused(HTTPStatus.FORBIDDEN, refusal, "partner")
        return own
    known = await asked_of(request, Proofs.codes)
    if named not in known:
        raise bad("which_partner", "partner", known=", ".join(known))
    return named


def check_way(partner: str, way: ProofWay) -> None:
    """Raises `Refused` (400) for a way that is not counted."""
    if way not in (known := counted_ways(partner)):
        raise bad("way_not_counted", "way", given=way.value, known=", ".join(known))


def _zone(request: web.Request) -> ZoneInfo:
    return ZoneInfo(request.app[GATEWAY].region.zone)

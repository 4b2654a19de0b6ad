"""`/proofs`: what went between Grid36 and each partner, day by day, by both sides; and one day with what differs."""

from collections.abc import Collection, Sequence
from datetime import date, timedelta
from typing import Final
from urllib.parse import quote

import htpy as h
from aiohttp import web

from connectors.doors.http.proofs.api import asked_of
from connectors.doors.http.queries import checked_day
from connectors.intake.refusal import Refused
from connectors.pages.html.inputs import way as way_to
from connectors.pages.html.layout import nothing, notice, page
from connectors.pages.html.viewer import Viewer
from connectors.proofs.accounts import DayProof, Proofs, WayProof
from connectors.proofs.recorded import PLATFORM
from schemas.days import day_of
from schemas.proof import DayAccount, Differences, Entry, ProofVerdict, ProofWay
from texts.catalogue import say

PERIODS: Final = ("7", "30")
SHOWN: Final = 200
"""The most records of one kind on a page."""
DIGITS: Final = 8
"""Of a digest in the table."""
_CHIPS: Final = {ProofVerdict.EQUAL: "closed", ProofVerdict.OVERTAKEN: "suspended", ProofVerdict.DIFFERS: "alert"}
"""Verdicts by the colours of other chips."""
_STYLES: Final = ("list.css", "figures.css", "proofs.css")
_NAME: Final = "supervisor"


async def show(request: web.Request) -> web.Response:
    """`/proofs`; `?days=` is how far back: 7 or 30."""
    viewer = Viewer.of(request)
    period = request.query.get("days", "")
    period = period if period in PERIODS else PERIODS[0]
    try:
        found = await asked_of(request, lambda proofs: _days(viewer, proofs, int(period)))
    except Refused as away:
        return _page(viewer, notice("bad", away.answer(viewer.language)["message"]))
    other = next(each for each in PERIODS if each != period)
    tables = [_table(viewer, code, days) for code, days in found.items()]
    return _page(
        viewer,
        h.p(".quiet")[_say(viewer, "lead")],
        tables or h.p(".quiet")[_say(viewer, "none")],
        h.p[way_to(_say(viewer, "period", n=int(other)), "calendar", f"/proofs?days={other}")] if tables else None,
    )


async def show_day(request: web.Request) -> web.Response:
    """`/proofs/DAY/PARTNER`: both accounts and, where they sent their list, every difference by case."""
    viewer, code = Viewer.of(request), request.match_info["partner"]
    if not _may_see(viewer, code):
        raise web.HTTPNotFound
    try:
        day = checked_day(request.match_info["day"])
    except Refused as fault:
        return nothing(viewer, _say(viewer, "title"), fault.answer(viewer.language)["message"], fault.status)
    try:
        found = await asked_of(request, lambda proofs: _day(proofs, code, day))
    except Refused as away:
        return _page(viewer, notice("bad", away.answer(viewer.language)["message"]))
    if found is None:
        raise web.HTTPNotFound
    proof, cases = found
    title = f"{_partner(viewer, code)} · {day:%Y-%m-%d}"
    return _page(
        viewer,
        h.p[_chip(viewer, proof.verdict), " ", _say(viewer, f"means.{proof.verdict}")],
        [_way(viewer, way, each, cases) for way, each in proof.ways.items()],
        h.p[way_to(_say(viewer, "back"), "watch", "/proofs")],
        title=title,
    )


def _day(proofs: Proofs, code: str, day: date) -> tuple[DayProof, frozenset[str]] | None:
    """A day of a known partner, and which of the cases that it names exist here: a list of theirs may have any."""
    if code not in proofs.codes():
        return None
    proof = proofs.day(code, day)
    found = [each.found.kinds().values() for each in proof.ways.values() if each.found]
    named = {entry.case for kinds in found for entries in kinds for entry in entries[:SHOWN]}
    return proof, frozenset(proofs.known_cases(named - {""}))


def _days(viewer: Viewer, proofs: Proofs, days: int) -> dict[str, list[DayProof]]:
    """Of each partner that the reader may see, its days from the first one on, newest first."""
    today, first = day_of(viewer.now_ms, viewer.zone), dict(proofs.book.partners())
    back = [today - timedelta(days=n) for n in range(days)]
    codes = [code for code in proofs.codes() if _may_see(viewer, code)]
    return {code: [proofs.day(code, day) for day in back if first.get(code, day) <= day] for code in codes}


def _may_see(viewer: Viewer, code: str) -> bool:
    """Whoever answers for the whole region sees all partners; officers their own department."""
    return viewer.remit.everything or code in viewer.remit.departments


def _partner(viewer: Viewer, code: str) -> str:
    """How people call it; programs and servers have their code only."""
    called = {f"{PLATFORM}{each.code}": each.name for each in viewer.gateway.region.platforms}
    return called[code].to(viewer.language) if code in called else viewer.body(code)


def _table(viewer: Viewer, code: str, days: Sequence[DayProof]) -> h.Element:
    heads = ("day", "state", "sent", "they_took", "they_sent", "taken")
    head = h.tr[[h.th(scope="col")[_say(viewer, f"head.{name}")] for name in heads]]
    rows = [
        h.tr[
            h.th(scope="row")[h.a(href=f"/proofs/{each.day}/{quote(code, safe='')}")[f"{each.day:%m-%d}"]],
            h.td[_chip(viewer, each.verdict)],
            [h.td[_account(account)] for account in each.accounts],
        ]
        for each in days
    ]
    return h.section[
        h.div(".wide", tabindex="0", role="region", aria_label=_partner(viewer, code))[
            h.table(".figures.proofs")[h.caption[_partner(viewer, code)], h.thead[head], h.tbody[rows]]
        ]
    ]


def _account(account: DayAccount | None) -> h.Node:
    if account is None:
        return "–"
    return [str(account.count), " ", h.code[account.digest[:DIGITS]] if account.count else None]


def _way(viewer: Viewer, way: ProofWay, proof: WayProof, cases: Collection[str]) -> h.Element:
    mine, theirs = ("sent", "they_took") if way is ProofWay.TO_PARTNER else ("taken", "they_sent")
    rows = [
        (_say(viewer, f"head.{name}"), _full(account)) for name, account in ((mine, proof.ours), (theirs, proof.theirs))
    ]
    unlisted = proof.verdict is ProofVerdict.DIFFERS and proof.found is None
    return h.section(".card")[
        h.h2[_say(viewer, f"way.{way}"), " ", _chip(viewer, proof.verdict)],
        h.dl(".facts")[[(h.dt[name], h.dd[value]) for name, value in rows]],
        notice("plain", _say(viewer, "unlisted")) if unlisted else None,
        _differences(viewer, proof.found, cases) if proof.found else None,
    ]


def _full(account: DayAccount | None) -> h.Node:
    return "–" if account is None else [str(account.count), h.br, h.code[account.digest]]


def _differences(viewer: Viewer, found: Differences, cases: Collection[str]) -> list[h.Element]:
    return [_entries(viewer, kind, entries, cases) for kind, entries in found.kinds().items() if entries]


def _entries(viewer: Viewer, kind: str, entries: Sequence[Entry], cases: Collection[str]) -> h.Element:
    left = len(entries) - SHOWN
    return h.div[
        h.h3[_say(viewer, f"kind.{kind}", n=len(entries))],
        h.ul(".quiet")[[h.li[_case(entry, cases), " ", h.code[entry.id]] for entry in entries[:SHOWN]]],
        h.p(".quiet")[_say(viewer, "more", n=left)] if left > 0 else None,
    ]


def _case(entry: Entry, cases: Collection[str]) -> h.Node:
    """A link, where there is such a case."""
    if entry.case not in cases:
        return entry.case or "–"
    return h.a(href=f"/case/{quote(entry.case, safe='')}?role={_NAME}")[entry.case]


def _chip(viewer: Viewer, verdict: ProofVerdict) -> h.Element:
    return h.span(class_=f"chip {_CHIPS.get(verdict, '')}".strip())[_say(viewer, f"verdict.{verdict}")]


def _say(viewer: Viewer, key: str, **facts: object) -> str:
    return say(viewer.language, f"account.{key}", **facts)


def _page(viewer: Viewer, *main: h.Node, title: str = "") -> web.Response:
    title = title or _say(viewer, "title")
    return page(viewer, title, *main, name="proofs", role=_NAME, script=False, styles=_STYLES)

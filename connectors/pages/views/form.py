"""`/form`: the report form for phones. It works without script; with it, reports wait on the phone for a network."""

import secrets
from collections.abc import Iterable, Mapping
from http import HTTPStatus
from typing import Final
from urllib.parse import urlencode

import htpy as h
from aiohttp import web

from connectors.cases.history import Story
from connectors.doors.browser.account import COOKIE
from connectors.doors.http.forms import accept_body
from connectors.doors.http.request_pace import RequestPace
from connectors.doors.http.sender import address_of
from connectors.intake.bodies.body import Body
from connectors.intake.bodies.request_body import read_body
from connectors.intake.context import SCOPE
from connectors.intake.door_limit import told_of_danger
from connectors.intake.refusal import FieldFault, Refused, bad, refused
from connectors.intake.submission import ReportSubmission
from connectors.ledger.queries.cases import Ledger
from connectors.pages.form.fields import FIELDS, ReportForm, words_of
from connectors.pages.form.options import FORM, FormOptions
from connectors.pages.form.version import version
from connectors.pages.form.visitor import Visitor, visitor_of
from connectors.pages.fragments.reporter_cards import card, receipt
from connectors.pages.html.icons import icon
from connectors.pages.html.layout import notice
from connectors.pages.html.phone_layout import phone_page
from connectors.pages.html.rendering import rendered
from connectors.pages.html.viewer import Viewer
from connectors.pages.html.whole_page import language_switch
from connectors.pages.public_list.shared import ADDRESS as PUBLIC
from schemas.system import Mode
from texts.catalogue import say

SHOWN: Final = 5
"""The latest reports on the page."""
MOST_SENT: Final = 5
SCRIPTS: Final = (
    "phone-tools.js", "phone-photo.js", "phone-map.js", "phone-queue.js",
    "form-fields.js", "form-sending.js", "form.js",
)  # fmt: skip
STYLES: Final = ("form.css",)
PACE: Final[web.AppKey[RequestPace | None]] = web.AppKey("form_pace")
"""How many reports of strangers come from one address; None: as many as come."""
HOUR_S: Final = 3_600


def pace_of(options: FormOptions) -> RequestPace | None:
    """As the operator set it."""
    most = options.form_reports
    return RequestPace(most, most / HOUR_S) if most else None


async def show(request: web.Request) -> web.Response:
    """`/form`; `?code=` is the place of a sign, `?sent=` a report just sent, `?shell=1` the page for everybody."""
    return await _page(Viewer.of(request), {"code": request.query.get("code", "")[:100]})


async def show_mine(request: web.Request) -> web.Response:
    """A piece of a page: the visitor's latest reports."""
    viewer = Viewer.of(request)
    cards = await _mine(viewer, await visitor_of(request))
    return web.Response(
        text="".join(map(rendered, cards)), content_type="text/html", headers={"Cache-Control": "no-store"}
    )


async def post(request: web.Request) -> web.StreamResponse:
    """A report: 202 with its id for a script, else the page, with the mistakes or with the receipt."""
    viewer, body = Viewer.of(request), Body()
    scripted = "application/json" in request.headers.get("Accept", "")
    visitor = await visitor_of(request)
    try:
        viewer.gateway.check_live()
        body = await read_body(request, viewer.gateway.photos)
        await _check_pace(viewer, visitor, body)
        accepted = await accept_body(request, ReportSubmission, _fields(body), **_whom(viewer, visitor))
    except Refused as refusal:
        if scripted:
            raise
        written = {name: value for name, value in body.fields.items() if isinstance(value, str)}
        answer: web.StreamResponse = await _page(
            viewer, written, refusal.faults, refusal.status, lost=bool(body.photos)
        )
        if (seconds := refusal.faults[0].facts.get("seconds")) is not None:
            answer.headers["Retry-After"] = str(seconds)
        return answer
    if scripted:
        answer = web.json_response({"report": accepted.id}, status=HTTPStatus.ACCEPTED)
    else:
        answer = web.HTTPSeeOther(f"/form?{urlencode({'sent': accepted.id})}")
    _know(viewer, visitor)
    viewer.remember(answer)
    if isinstance(answer, web.HTTPSeeOther):
        raise answer
    return answer


async def _check_pace(viewer: Viewer, visitor: Visitor, body: Body) -> None:
    """Raises `Refused` (429) for the address of strangers from where too many reports come.

    Never for what was accepted before, and for danger to people.
    """
    pace, gateway = viewer.request.app[PACE], viewer.gateway
    if pace is None or visitor.person is not None:
        return
    text, id = str(body.fields.get("text", "")), str(body.fields.get("id", ""))
    if told_of_danger(gateway, text, urgent="urgent" in body.fields) or (id and await gateway.outbox.knows(SCOPE, id)):
        return
    if (wait_s := pace.wait_s(address_of(viewer.request), viewer.now_ms)) > 0:
        raise refused(HTTPStatus.TOO_MANY_REQUESTS, "too_many_here", seconds=wait_s)


def _fields(body: Body) -> Body:
    """What the form has, and nothing else: whose report it is, is not for a form to say."""
    strange = next((name for name in body.fields if name not in FIELDS), None)
    if strange is not None:
        raise bad("unknown_field", strange[:80], known=", ".join(sorted(FIELDS)))
    fields = {name: value for name, value in body.fields.items() if name != "listed"}
    if listed := body.fields.get("listed"):
        fields.setdefault("code", listed)
    return Body(fields, body.photos)


def _whom(viewer: Viewer, visitor: Visitor) -> dict[str, str]:
    known = {"reporter": visitor.id, "reporter_lang": viewer.language.value}
    if visitor.team is not None:
        known["team"] = visitor.team.code
    return known | ({"reporter_kind": visitor.kind.value} if visitor.kind is not None else {})


def _know(viewer: Viewer, visitor: Visitor) -> None:
    """Let a new browser be recognised from now on."""
    if visitor.new_token:
        viewer.cookies[COOKIE] = visitor.new_token


async def _page(
    viewer: Viewer,
    values: Mapping[str, str],
    faults: Iterable[FieldFault] = (),
    status: HTTPStatus = HTTPStatus.OK,
    *,
    lost: bool = False,
) -> web.Response:
    shell = "shell" in viewer.request.query
    visitor = Visitor("") if shell else await visitor_of(viewer.request)
    title = words_of(viewer, "title")
    if viewer.gateway.system.mode is Mode.HISTORY:
        asked: h.Node = notice("plain", viewer.words("history"))
    else:
        asked = ReportForm(viewer, values, tuple(faults), lost=lost).draw(f"f-{secrets.token_hex(12)}")
    mine = [] if shell else await _mine(viewer, visitor)
    if not shell:
        _know(viewer, visitor)
    options = viewer.request.app[FORM]
    facts = {
        "version": version(viewer.gateway),
        "lang": viewer.language.value,
        "shell": shell,
        "photos": {"side": options.photo_side, "quality": options.photo_quality, "most": options.photos},
    }
    head = [
        h.link(rel="manifest", href=f"/form.webmanifest?lang={viewer.language.value}"),
        h.link(rel="apple-touch-icon", href="/form/icon-180.png"),
        h.meta(name="theme-color", content="#0b5d56"),
    ]
    bar = h.header[
        h.div(".topic")[h.h1[title], h.small[viewer.gateway.region.name.to(viewer.language)]],
        h.span("#state", role="status"),
        language_switch(viewer),
    ]
    main = h.main("#main")[
        _who(viewer, visitor, shell=shell),
        h.p("#plain.notice.bad", hidden=True)[words_of(viewer, "plain")],
        h.p("#note.notice.bad", role="alert", hidden=True),
        asked,
        h.section("#waiting", hidden=True, aria_live="polite")[h.h2[words_of(viewer, "waiting")], h.ul("#queue")],
        h.section[h.h2[viewer.words("mine.title")], h.div("#mine.cards")[mine]],
        _foot(viewer),
    ]
    return phone_page(
        viewer, title, h.a(".skip", href="#report")[words_of(viewer, "skip")], bar, main,
        name="form", styles=STYLES, scripts=SCRIPTS, facts=facts, words="form", head=head, status=status,
    )  # fmt: skip


def _who(viewer: Viewer, visitor: Visitor, *, shell: bool) -> h.Node:
    """Under whose name it is reported, or that the link is over."""
    if shell:
        return None
    if visitor.person is not None:
        name = visitor.person.name.to(viewer.language)
        jobs = h.a(".button", href="/handler")[icon("handle"), h.span[words_of(viewer, "jobs")]]
        out = h.button(".button", type="submit")[words_of(viewer, "leave")]
        leave = h.form(method="post", action="/form/leave")[out]
        return h.div("#who")[h.p[icon("person"), h.span[words_of(viewer, "as", name=name)]], h.div(".row")[jobs, leave]]
    if visitor.over:
        return notice("bad", words_of(viewer, "over"))
    team = visitor.team.name.to(viewer.language) if visitor.team is not None else ""
    text = words_of(viewer, "team", team=team) if team else words_of(viewer, "nobody")
    return h.div("#who")[h.p[icon("person"), h.span[text]]]


async def _mine(viewer: Viewer, visitor: Visitor) -> list[h.Element]:
    """Receipts of what was just sent, then the latest cases."""
    sent = list(dict.fromkeys(viewer.request.query.getall("sent", [])))[-MOST_SENT:]

    def look(ledger: Ledger) -> list[tuple[Story, Story | None]]:
        stories = []
        for case in ledger.cases(reporter=visitor.id, limit=SHOWN):
            master = ledger.case(case.master) if case.master else None
            stories.append((Story.read(ledger, case), Story.read(ledger, master) if master else None))
        return stories

    try:
        stories = await viewer.gateway.ask(look)
    except Refused:
        return [notice("bad", viewer.words("ledger_away"))]
    known = {story.case.report for story, _ in stories}
    waiting = [id for id in sent if id not in known and await viewer.gateway.outbox.knows(SCOPE, id)]
    cards = [receipt(viewer, id) for id in reversed(waiting)]
    cards += [card(viewer, story, master, visitor.id) for story, master in stories]
    return cards or [h.p("#none.quiet")[viewer.words("mine.none")]]


def _foot(viewer: Viewer) -> h.Element:
    """Ways to other pages, and the page as an app."""
    ways = []
    if "chat" in viewer.request.app.router.named_resources():
        ways.append(h.a(".button", href="/chat")[icon("sent"), h.span[words_of(viewer, "chat")]])
    ways.append(h.a(".button", href=PUBLIC)[icon("ask"), h.span[say(viewer.language, "lists.public.title")]])
    install = h.button("#install.button", type="button", hidden=True)[icon("down"), h.span[words_of(viewer, "install")]]
    return h.footer("#foot")[
        h.div(".row")[ways, install], h.p("#offline.quiet", hidden=True)[words_of(viewer, "offline")]
    ]

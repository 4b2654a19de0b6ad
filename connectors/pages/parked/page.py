"""`/parked`: what could not be processed, for whoever answers for the whole region; each is tried again or dropped."""

import hashlib
from http import HTTPStatus
from typing import Final

import htpy as h
from aiohttp import web

from connectors.intake.parked_records import ParkedItem, content_text, reason_in, settling_row
from connectors.outbox.store import Message, OtherContentError
from connectors.pages.html.inputs import button, hidden, line_input, more
from connectors.pages.html.layout import facts, notice, page
from connectors.pages.html.posted import posted_fields
from connectors.pages.html.viewer import Viewer
from schemas.errors import WrongInput
from schemas.names import Language
from schemas.parked import ParkedOutcome, SettleOutcome
from schemas.settling import Settle
from texts.catalogue import say

PARKED: Final = "/parked"
DOOR: Final = "parked"
"""Under this name the outbox knows what this page sends."""
OPERATOR: Final = "operator"
"""Who acts with the key of this system."""


async def show(request: web.Request) -> web.Response:
    """The list, the newest first; what is settled below."""
    return _page(Viewer.of(request))


async def settle(request: web.Request) -> web.StreamResponse:
    """A person's word on one record. It is stored like a report, and acts once. Raises `Refused` (409) in a history."""
    viewer, fields = Viewer.of(request), await posted_fields(request)
    viewer.gateway.check_live()
    item = viewer.gateway.set_aside.records.get(request.match_info["record"])
    wanted = fields.get("settle", "")
    if item is None or wanted not in set(Settle):
        raise web.HTTPNotFound
    try:
        row = settling_row(item, Settle(wanted), viewer.acts_as or OPERATOR, fields.get("why", "").strip())
    except WrongInput as fault:
        return _page(viewer, notice("bad", fault.say(viewer.language)), status=HTTPStatus.CONFLICT)
    digest = hashlib.sha256(row.value).hexdigest()
    message = Message(DOOR, f"{item.id}/{item.failed}", digest, viewer.now_ms, (row,))
    try:
        await viewer.gateway.outbox.put(message)
    except OtherContentError:
        return _page(viewer, notice("bad", _say(viewer, "underway")), status=HTTPStatus.CONFLICT)
    raise web.HTTPSeeOther(f"{PARKED}?sent={item.id}")


def _page(viewer: Viewer, *first: h.Node, status: HTTPStatus = HTTPStatus.OK) -> web.Response:
    items = list(viewer.gateway.set_aside.records.all())[::-1]
    waiting, settled = [each for each in items if each.settled is None], [each for each in items if each.settled]
    sent = viewer.request.query.get("sent", "")
    answer = page(
        viewer,
        _say(viewer, "title"),
        first,
        notice("plain", _say(viewer, "sent", record=sent)) if any(each.id == sent for each in waiting) else None,
        h.p(".quiet")[_say(viewer, "lead")],
        h.ul(".cards")[[_card(viewer, each) for each in waiting]] if waiting else h.p[_say(viewer, "none")],
        [h.h2[_say(viewer, "settled")], h.ul(".cards")[[_card(viewer, each) for each in settled]]] if settled else None,
        name="accounts",
        role="supervisor",
        script=False,
        status=status,
        styles=("list.css", "accounts.css"),
    )
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _card(viewer: Viewer, item: ParkedItem) -> h.Element:
    """One record: why, where from, what came, what became of it, and what can be done."""
    record = item.record
    place = f"{record.topic}/{record.partition}" + ("" if record.offset is None else f"@{record.offset}")
    case = h.a(href=f"/case/{record.case}")[record.case] if record.case else None
    content = more(_say(viewer, "content"), h.pre[content_text(record.value)]) if record.size else None
    return h.li(".card", id=f"r-{item.id}")[
        h.div(".head")[h.h2[reason_in(record.error, record.reason, viewer.language)], h.span(".number")[item.id]],
        facts(
            (_say(viewer, "as_written"), record.reason if viewer.language is not Language.EN else None),
            (_say(viewer, "when"), viewer.time(record.t_ms)),
            (_say(viewer, "where"), place),
            (_say(viewer, "error"), h.code[record.error]),
            (_say(viewer, "id"), record.id),
            (_say(viewer, "case"), case),
        ),
        [h.p[_outcome(viewer, each)] for each in item.outcomes],
        content,
        _forms(viewer, item) if item.settled is None else None,
    ]


def _outcome(viewer: Viewer, outcome: ParkedOutcome) -> h.Node:
    """Who had what done, when, why, and how it ended."""
    who = viewer.person(outcome.by)
    by = outcome.by if who is None else who.name.to(viewer.language)
    chip = h.span(class_=f"chip {'alert' if outcome.outcome is SettleOutcome.FAILED else 'closed'}")[
        _say(viewer, f"outcome.{outcome.outcome}")
    ]
    why = outcome.why or reason_in(outcome.error, outcome.reason, viewer.language)
    return [chip, " ", by, " · ", viewer.time(outcome.t_ms), " ", why]


def _forms(viewer: Viewer, item: ParkedItem) -> list[h.Element | None]:
    """Try again, or drop with a reason."""
    why = line_input(viewer, _say(viewer, "why"), "why", required=True)
    drop = button(_say(viewer, "drop"), "minus", "bad")
    return [
        _form(item, Settle.RETRY, button(_say(viewer, "retry"), "sent")) if item.record.is_whole else None,
        more(_say(viewer, "drop"), _form(item, Settle.DROP, why, drop)),
    ]


def _form(item: ParkedItem, wanted: Settle, *children: h.Node) -> h.Element:
    return h.form(method="post", action=f"{PARKED}/{item.id}")[hidden(settle=wanted.value), children]


def _say(viewer: Viewer, key: str, **given: object) -> str:
    """A text of the catalogue `parked` in the reader's language."""
    return say(viewer.language, f"parked.{key}", **given)

"""The reporter's page: send a report, follow it, and say whether it is fixed."""

import secrets
from typing import Final

import htpy as h
from aiohttp import web

from connectors.cases.history import Story
from connectors.intake.context import SCOPE
from connectors.intake.refusal import Refused
from connectors.ledger.queries.cases import Ledger
from connectors.pages.form.fields import words_of
from connectors.pages.fragments.links import to_proposals
from connectors.pages.fragments.outcomes import outcome
from connectors.pages.fragments.reporter_cards import card, receipt
from connectors.pages.html.icons import icon
from connectors.pages.html.inputs import (
    button,
    form,
    here_button,
    hidden,
    line_input,
    photo_input,
    select,
    way,
    words_input,
)
from connectors.pages.html.layout import notice, page
from connectors.pages.html.people import REPORTERS, chosen, picker
from connectors.pages.html.region_map import MAPS
from connectors.pages.html.select_options import categories
from connectors.pages.html.viewer import Viewer, here
from schemas.report import ReportKind
from schemas.rights import may_propose
from schemas.system import Mode

SHOWN: Final = 12
"""The most reports on the page; older ones are found by number."""
NAME: Final = "reporter"


async def show(request: web.Request) -> web.Response:
    """`/reporter`; `?report=` are reports just sent, `?as=` is who reports."""
    viewer = Viewer.of(request)
    person = chosen(viewer, NAME)
    by = person.id if person else _pseudonym(viewer)
    sent = list(dict.fromkeys(request.query.getall("report", [])))[-5:]
    after, cards = await _cards(viewer, by, sent)
    words = viewer.words
    listed = h.div("#mine.cards", data_list=True, data_me=by)[cards]
    mine = h.section[h.h2[words("mine.title")], listed]
    name = person.name.to(viewer.language) if person else words("nobody")
    who = h.p(".who")[icon("person"), words("reporting_as", name=name)]
    if viewer.acts_as is None:
        choose = picker(viewer, NAME, REPORTERS, person, words("nobody"))
        who = h.details(".who")[h.summary[icon("person"), words("reporting_as", name=name)], choose]
    top = notice("plain", words("history")) if viewer.gateway.system.mode is Mode.HISTORY else _form(viewer, by)
    sent_now = await outcome(viewer)
    drafts = may_propose(by, None, viewer.gateway.directory)
    phone = way(words_of(viewer, "on_phone"), "here", "/form")
    foot = h.div(".row")[phone, to_proposals(viewer, NAME) if drafts else None]
    main = (sent_now, top, who, mine, foot)
    return page(viewer, words("reporter.title"), *main, name=NAME, role=NAME, after=after, styles=("list.css",))


async def _cards(viewer: Viewer, by: str, sent: list[str]) -> tuple[str, list[h.Element]]:
    """The cards of this reporter, newest first: receipts, then cases."""

    def look(ledger: Ledger) -> tuple[str, list[tuple[Story, Story | None]]]:
        at = here(ledger)
        cases = ledger.cases(reporter=by, limit=SHOWN)
        known = {case.report for case in cases}
        named = [ledger.case_of_report(report) for report in sent if report not in known]
        stories = []
        for case in [*(case for case in named if case), *cases]:
            master = ledger.case(case.master) if case.master else None
            stories.append((Story.read(ledger, case), Story.read(ledger, master) if master else None))
        return at, stories

    try:
        after, stories = await viewer.gateway.ask(look)
    except Refused:
        return "", [notice("bad", viewer.words("ledger_away"))]
    known = {story.case.report for story, _ in stories}
    waiting = [r for r in sent if r not in known and await viewer.gateway.outbox.knows(SCOPE, r)]
    cards = [receipt(viewer, report) for report in reversed(waiting)]
    cards += [card(viewer, story, master, by) for story, master in stories]
    return after, cards or [h.p("#none.quiet")[viewer.words("mine.none")]]


def _form(viewer: Viewer, by: str) -> h.Element:
    """Photo first, then what and where."""
    words = viewer.words
    kinds = [(kind.value, words("kind." + kind)) for kind in ReportKind]
    urgent = h.input(type="checkbox", name="urgent", value="1")
    box = h.input(type="checkbox", name="fixed", value="1")
    hint = h.p(".quiet")[words("report.fixed_hint")]
    return form(
        "/reporter/reports",
        hidden(reporter=by),
        photo_input(viewer, words("photo.take")),
        words_input(viewer, words("report.text"), name="text", rows=3),
        _where(viewer),
        h.div(".two")[select(words("kind"), "kind", kinds), _categories(viewer)],
        h.label(".check")[urgent, h.span[words("report.urgent")]],
        h.label(".check")[box, h.span[words("report.fixed")]],
        h.div(".after_photo")[hint, photo_input(viewer, words("photo.after"), "after_photos")],
        button(words("report.send"), "sent", "main big"),
        class_="act report",
    )


def _categories(viewer: Viewer) -> h.Element:
    known = [("", viewer.words("category.guess")), *categories(viewer)]
    return select(viewer.words("category"), "category", known)


def _where(viewer: Viewer) -> h.Element:
    """The place: an address, the phone's position, or a pin on the map."""
    words, region = viewer.words, viewer.gateway.region
    title = words("map.title", region=region.name.to(viewer.language))
    drawn = viewer.request.app[MAPS].pin_map(region, viewer.language, title)
    keys = [
        h.button(".zoom", type="button", data_zoom=name, aria_label=words("map." + name))[icon(sign)]
        for name, sign in (("in", "plus"), ("out", "minus"))
    ]
    pin = h.details(".pinning", data_scripted=True)[
        h.summary[icon("pin"), words("place.pin")],
        h.p(".quiet")[words("map.hint")],
        h.div(".mapbox")[drawn, h.div(".keys")[keys]],
    ]
    address = line_input(
        viewer, words("place.address"), "address", placeholder=viewer.address_example(), autocomplete="off"
    )
    return h.fieldset(".where")[h.legend[words("place.legend")], address, here_button(viewer), pin]


def _pseudonym(viewer: Viewer) -> str:
    """The random pseudonym of this browser; it reveals nothing about its user."""
    known = viewer.request.cookies.get("browser", "")
    name = (
        known if known.startswith("web-") and known[4:].isalnum() and len(known) < 40 else f"web-{secrets.token_hex(8)}"
    )
    viewer.cookies["browser"] = name
    return name

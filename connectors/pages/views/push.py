"""A department's officer pushes a task down 下派 and sees the answer of the admission gate 准入."""

from datetime import datetime
from typing import Final

import htpy as h
from aiohttp import web

from connectors.cases.history import Story
from connectors.intake.context import SCOPE
from connectors.intake.refusal import Refused
from connectors.ledger.queries.cases import Ledger
from connectors.pages.fragments.admission import answered
from connectors.pages.fragments.links import pushes
from connectors.pages.fragments.reporter_cards import card, receipt
from connectors.pages.html.icons import icon
from connectors.pages.html.inputs import (
    Option,
    button,
    form,
    here_button,
    hidden,
    line_input,
    photo_input,
    select,
    words_input,
)
from connectors.pages.html.layout import notice, page
from connectors.pages.html.people import chosen
from connectors.pages.html.select_options import MOST_ITEMS
from connectors.pages.html.viewer import Viewer, here
from schemas.items import Verdict
from schemas.people import Person
from schemas.system import Mode

NAME: Final = "handler"
SHOWN: Final = 10
MOST_OFFICERS: Final = 10


async def show(request: web.Request) -> web.Response:
    """`/push` for the officer chosen on the handler's page, or `?as=`; `?report=` was just sent."""
    viewer = Viewer.of(request)
    words, me = viewer.words, chosen(viewer, NAME)
    if me is None or not pushes(me):
        ask = [h.p[words("push.officers")], h.p[h.a(href="/handler?choose=1")[words("choose")]]]
        return page(viewer, words("push.title"), ask, name="push", role=NAME, script=False)
    who = h.p(".who")[icon("person"), h.b[me.name.to(viewer.language)]]
    after, rows = await _pushed(viewer, me)
    listed = h.div("#mine.cards", data_list=True, data_me=me.id)[rows]
    pushed = h.section[h.h2[words("push.listed")], listed]
    past = viewer.gateway.system.mode is Mode.HISTORY
    top = notice("plain", words("history")) if past else _form(viewer, me)
    main = (who, top, pushed)
    return page(viewer, words("push.title"), *main, name="push", role=NAME, after=after, styles=("list.css",))


def _form(viewer: Viewer, me: Person) -> h.Element:
    words = viewer.words
    address = line_input(
        viewer, words("place.address"), "address", placeholder=viewer.address_example(), autocomplete="off"
    )
    return form(
        f"/reporter/reports?role={NAME}",
        h.p(".quiet")[words("push.lead")],
        hidden(reporter=me.id, pushed_by=me.department),
        words_input(viewer, words("push.what"), name="text", required=True, rows=3),
        _items(viewer, me),
        h.fieldset(".where")[h.legend[words("place.legend")], address, here_button(viewer)],
        photo_input(viewer, words("photo.add")),
        button(words("push.send"), "sent", "main big"),
        class_="act push",
    )


def _items(viewer: Viewer, me: Person) -> h.Element:
    """Items in force today on the list of this level, the department's first, grouped by verdict."""
    words, rulebook = viewer.words, viewer.gateway.rulebook
    today = datetime.fromtimestamp(viewer.now_ms / 1000, viewer.zone).date()
    known = {each.id: each for each in rulebook.items if each.is_for(rulebook.level) and each.holds_on(today)}
    ranked = sorted(known.values(), key=lambda each: (each.lead != me.department, each.id))
    named = [(each.verdict, (each.id, f"{each.id} {each.name.to(viewer.language)}")) for each in ranked]
    if len(named) > MOST_ITEMS:
        options = [h.option(value=id)[name] for _, (id, name) in named[:MOST_ITEMS]]
        number = line_input(viewer, words("push.number"), "item", list="items", maxlength=200, autocomplete="off")
        return h.div[number, h.datalist("#items")[options]]
    groups: list[Option | tuple[str, list[Option]]] = [("", words("push.no_item"))]
    for verdict in Verdict:
        if options_of := [option for each, option in named if each is verdict]:
            groups.append((words(f"verdict.{verdict}"), options_of))
    return select(words("push.item"), "item", groups)


async def _pushed(viewer: Viewer, me: Person) -> tuple[str, list[h.Element]]:
    """Where the live stream resumes, and what the desk pushed down: receipts, then cases, newest first."""
    sent = list(dict.fromkeys(viewer.request.query.getall("report", [])))[-5:]
    desk = [each.id for each in viewer.gateway.region.persons if pushes(each) and each.department == me.department]

    def look(ledger: Ledger) -> tuple[str, list[Story], list[str]]:
        at = here(ledger)
        found = [case for officer in desk[:MOST_OFFICERS] for case in ledger.cases(reporter=officer)]
        newest = sorted((case for case in found if case.pushed_by), key=lambda each: -each.submitted_ms)
        stories = [Story.read(ledger, case) for case in newest[:SHOWN]]
        return at, stories, [report for report in sent if ledger.case_of_report(report) is None]

    try:
        after, stories, unknown = await viewer.gateway.ask(look)
    except Refused:
        return "", [notice("bad", viewer.words("ledger_away"))]
    waiting = [report for report in unknown if await viewer.gateway.outbox.knows(SCOPE, report)]
    cards = [receipt(viewer, report) for report in reversed(waiting)]
    cards += [card(viewer, story, None, me.id, answered(viewer, story.case)) for story in stories]
    return after, cards or [h.p("#none.quiet")[viewer.words("push.none")]]

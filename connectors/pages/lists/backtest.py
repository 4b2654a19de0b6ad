"""`/lists/drafts/ID/backtest`: which cases of the last days a draft would have sent elsewhere."""

from typing import Final
from urllib.parse import quote

import htpy as h
from aiohttp import web

from connectors.lists.backtested import MovedCases, OutcomeThen
from connectors.pages.html.inputs import button, more, select
from connectors.pages.html.inputs import way as way_to
from connectors.pages.html.viewer import Viewer
from connectors.pages.lists.parts import draft_address, faults_as_page, lists_of, lists_page, me, nothing_here, said

DAYS: Final = ("7", "30", "90")
DAY_MS: Final = 86_400_000


def backtest_form(viewer: Viewer, draft: str, chosen: str = DAYS[0]) -> h.Element:
    """The choice of the period."""
    inner = h.form(method="get", action=draft_address(draft, "backtest"))[
        select(said(viewer, "period"), "days", [(n, said(viewer, "last_days", n=int(n))) for n in DAYS], chosen),
        button(said(viewer, "try"), "redo", "main"),
    ]
    return more(said(viewer, "backtest"), inner, pictogram="redo")


@faults_as_page
async def show(request: web.Request) -> web.StreamResponse:
    """The answer, with the cases that move."""
    viewer, lists, id = Viewer.of(request), lists_of(request), request.match_info["id"]
    person = me(viewer)
    draft = await lists.drafts.rulebook(person.id, id) if person else None
    if draft is None:
        raise nothing_here()
    days = request.query.get("days", "")
    days = days if days in DAYS else DAYS[0]
    found = await lists.desk.backtest(draft, viewer.now_ms - int(days) * DAY_MS, viewer.now_ms)
    late = said(viewer, "late", open=found.open, late_now=found.late_now, would_be_late=found.would_be_late)
    return lists_page(
        viewer,
        h.p[h.b[said(viewer, "again", cases=found.cases, different=found.different)]],
        h.p[late] if found.open else None,
        h.p(".quiet")[said(viewer, "backtest_how")],
        h.ul(".findings")[[_group(viewer, each) for each in found.groups]] if found.groups else None,
        backtest_form(viewer, id, days),
        h.p[way_to(said(viewer, "to_draft"), "back", draft_address(id))],
        title=said(viewer, "backtest"),
    )


def _group(viewer: Viewer, one: MovedCases) -> h.Element:
    links: list[h.Node] = [[h.a(href=f"/case/{quote(each, safe='')}?role=supervisor")[each], " "] for each in one.cases]
    left = one.count - len(one.cases)
    return h.li[
        h.b[one.category.to(viewer.language), " · ", said(viewer, "cases", n=one.count)],
        h.p[_outcome(viewer, one.was), " → ", h.ins[_outcome(viewer, one.would)]],
        h.p(".quiet")[links, said(viewer, "more_places", n=left) if left else None],
    ]


def _outcome(viewer: Viewer, one: OutcomeThen) -> str:
    who = one.owner.to(viewer.language) if one.owner else one.item
    body = f" ({one.department.to(viewer.language)})" if one.department else ""
    return who + body if one.verdict == "routed" else said(viewer, f"verdict.{one.verdict}", who=who)

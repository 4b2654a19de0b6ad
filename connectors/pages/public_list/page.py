"""`/public-list`: for everybody, without signing in: who does what, what they need, where to go and by when."""

from typing import Final

import htpy as h
from aiohttp import web

from connectors.lists.public.entry import PublicEntry, PublicHandler
from connectors.lists.public.search import MOST_ASKED, found_in
from connectors.pages.html.icons import icon
from connectors.pages.html.inputs import button, way
from connectors.pages.html.phone_layout import phone_page
from connectors.pages.html.viewer import Viewer
from connectors.pages.html.whole_page import language_switch
from connectors.pages.public_list.shared import ADDRESS, cached, list_now, said
from schemas.items import Verdict
from schemas.names import Name

MOST: Final = 100
"""Entries on one page."""
_WORDS: Final = 12
"""Of what people say for it."""


async def show(request: web.Request) -> web.StreamResponse:
    """The page; `?q=` are the words to look for."""
    viewer = Viewer.of(request)
    asked = request.query.get("q", "")[:MOST_ASKED].strip()
    found = found_in(list_now(viewer).entries, asked)
    title = said(viewer, "title")
    bar = h.header[
        h.div(".topic")[h.h1[title], h.small[viewer.gateway.region.name.to(viewer.language)]],
        language_switch(viewer),
    ]
    main = h.main("#main")[
        h.p(".lead")[said(viewer, "how")],
        h.form("#ask", method="get", action=ADDRESS, role="search")[
            h.label[
                h.span(".label")[said(viewer, "ask")],
                h.input(type="search", name="q", value=asked, maxlength=MOST_ASKED, placeholder=said(viewer, "eg")),
            ],
            button(said(viewer, "find"), "ask", "main"),
        ],
        _found(viewer, asked, found),
        _general(viewer) if not asked else None,
        h.ul(".cards")[[h.li(".card", id=f"c-{each.id}")[_entry(viewer, each)] for each in found[:MOST]]],
        h.p(".quiet")[said(viewer, "more", n=len(found) - MOST)] if len(found) > MOST else None,
        h.footer("#foot")[
            h.div(".row")[
                way(said(viewer, "report"), "report", "/form"),
                way(said(viewer, "csv"), "down", f"{ADDRESS}.csv"),
                way(said(viewer, "json"), "down", f"{ADDRESS}.json"),
            ],
            h.p(".quiet")[said(viewer, "danger")],
        ],
    ]
    answer = phone_page(
        viewer, title, h.a(".skip", href="#main")[viewer.words("skip")], bar, main,
        name="form public", styles=("form.css", "public-list.css"), scripts=(), facts={}, words="form",
    )  # fmt: skip
    return cached(viewer, answer)


def _found(viewer: Viewer, asked: str, found: list[PublicEntry]) -> h.Element | None:
    if not asked:
        return None
    if found:
        return h.p(role="status")[said(viewer, "found", n=len(found))]
    return h.p(".notice.plain", role="status")[icon("ask"), h.span[said(viewer, "none")]]


def _general(viewer: Viewer) -> h.Element | None:
    """Who is responsible in a situation, whatever it is about."""
    rows = list_now(viewer).general
    title = h.h2[said(viewer, "general")]
    return h.section(".card")[title, h.ul[[h.li[_handler(viewer, each)] for each in rows]]] if rows else None


def _entry(viewer: Viewer, one: PublicEntry) -> list[h.Node]:
    def text(name: Name | None) -> str:
        return name.to(viewer.language) if name is not None else ""

    between = said(viewer, "between")
    parts = between.join(text(each) for each in one.parts)
    words = between.join(one.words[:_WORDS])
    limits = [
        said(viewer, f"limit.{name}", limit=text(limit))
        for name, limit in (
            ("accept", one.limits.accept), ("respond", one.limits.respond), ("resolve", one.limits.resolve),
        )
        if limit is not None
    ]  # fmt: skip
    handled = any(each.verdict is not Verdict.REFUSE for each in one.handlers)
    needs = [said(viewer, "needs.place" if one.needs_place else "needs.no_place"), said(viewer, "needs.photo")]
    return [
        h.h2[text(one.name)],
        h.p(".quiet")[parts] if parts else None,
        h.dl(".facts")[
            h.dt[said(viewer, "who")],
            [h.dd[_handler(viewer, each)] for each in one.handlers],
            [h.dt[said(viewer, "needs")], h.dd[h.ul[[h.li[each] for each in needs]]]] if handled else None,
            _by_when(viewer, one, limits) if handled else None,
            [h.dt[said(viewer, "done_well")], h.dd[text(one.standard)]] if handled and one.standard else None,
            [h.dt[said(viewer, "where")], h.dd[h.a(href="/form")[said(viewer, "here")]]] if handled else None,
        ],
        h.p(".quiet")[said(viewer, "words", words=words)] if words else None,
    ]


def _by_when(viewer: Viewer, one: PublicEntry, limits: list[str]) -> list[h.Node]:
    return [
        h.dt[said(viewer, "by_when")],
        h.dd[
            h.ul[
                [h.li[each] for each in limits or [said(viewer, "no_limit")]],
                h.li[said(viewer, "varies")] if one.limits.varies else None,
            ]
        ],
    ]


def _handler(viewer: Viewer, one: PublicHandler) -> list[h.Node]:
    def text(name: Name | None) -> str:
        return name.to(viewer.language) if name is not None else ""

    when: h.Node = [h.b[text(one.when)], said(viewer, "colon")] if one.when is not None else None
    if one.verdict is Verdict.REFUSE:
        where = said(viewer, "not_here", who=text(one.elsewhere or one.department) or said(viewer, "somebody_else"))
        more = [text(one.address), one.basis]
    else:
        job, department = text(one.job), text(one.department)
        where = said(viewer, "by", job=job, department=department) if department else job
        more = [said(viewer, "assists") if one.verdict is Verdict.ASSIST else "", one.basis]
    return [when, where, [h.small[" · ", each] for each in more if each]]

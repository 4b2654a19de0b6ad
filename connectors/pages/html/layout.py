"""The layout of every page: head, header with roles and language switch, main part, and data for scripts."""

from collections.abc import Mapping, Sequence
from http import HTTPStatus
from types import MappingProxyType
from typing import Final

import htpy as h
from aiohttp import web

from connectors.pages.html.icons import icon
from connectors.pages.html.viewer import Viewer
from connectors.pages.html.who import sample, signed_in
from connectors.pages.html.whole_page import answered, language_switch, script_data

ROLES: Final = {"reporter": "report", "handler": "handle", "supervisor": "watch"}
"""Icons by role, in the order in which a case reaches the roles."""
SMALL_PHOTOS: Final = ("phone-tools.js", "phone-photo.js", "phone-files.js")
"""The only scripts of these pages at the public address."""
AGAIN_S: Final = 60
"""How often a list of jobs is loaded anew there."""


def page(
    viewer: Viewer,
    title: str,
    *main: h.Node,
    name: str,
    role: str = "",
    after: str = "",
    script: bool = True,
    status: HTTPStatus = HTTPStatus.OK,
    outside: bool = False,
    styles: Sequence[str] = (),
    scripts: Sequence[str] = (),
    module: str = "page.js",
    script_words: Mapping[str, str] = MappingProxyType({}),
) -> web.Response:
    """A whole page. `name` is a class for styles, `role` the current role, `after` where the live stream resumes.

    `outside`: its script asks only for what a personal link opens, too.
    `styles`, `scripts` and `module` are names of assets, `script_words` what its script says beside the usual.
    """
    words = viewer.words
    bare = not viewer.signed_in and not outside  # a personal link opens no more than this page
    head: list[h.Node] = [
        h.meta(charset="utf-8"),
        h.meta(name="viewport", content="width=device-width, initial-scale=1"),
        h.meta(name="color-scheme", content="light dark"),
        h.meta(name="format-detection", content="telephone=no"),
        h.title[f"{title} · Grid36"],
        h.link(rel="icon", href="/assets/icon.svg"),
        h.link(rel="stylesheet", href="/assets/pages.css"),
        [h.link(rel="stylesheet", href=f"/assets/{style}") for style in styles],
        h.meta(http_equiv="refresh", content=str(AGAIN_S)) if bare and name == "handler" else None,
        [h.script(defer=True, src=f"/assets/{each}") for each in (SMALL_PHOTOS if script and bare else scripts)],
        h.script(type="module", src=f"/assets/{module}") if script and not bare else None,
    ]
    body = [
        h.a(".skip", href="#main")[words("skip")],
        _header(viewer, role),
        sample(viewer),
        h.main("#main")[h.h1[title], main],
        h.footer[signed_in(viewer), viewer.gateway.region.name.to(viewer.language), " · Grid36"],
        h.div("#messages", role="status", aria_live="polite"),
        _setup(viewer, after, script_words) if script else None,
    ]
    whole = h.html(lang=viewer.language.value)[h.head[head], h.body(class_=name)[body]]
    return answered(viewer, whole, status)


def nothing(viewer: Viewer, title: str, text: str, status: HTTPStatus) -> web.Response:
    """A page with only a message about what is missing."""
    home = h.p[h.a(".button", href=viewer.home)[viewer.words("case.home")]]
    return page(viewer, title, notice("bad", text), home, name="case", script=False, status=status)


def _header(viewer: Viewer, role: str) -> h.Element:
    words = viewer.words
    links = [
        h.a(href=address, aria_current="page" if name == role else None)[
            icon(ROLES[name]), h.span[words("role." + name)]
        ]
        for name, address in ways(viewer).items()
    ]
    brand = h.a(".brand", href=viewer.home, aria_label=words("start.title"))[h.b["Grid"], "36"]
    return h.header[brand, h.nav(aria_label=words("roles"))[links], language_switch(viewer)]


def ways(viewer: Viewer) -> dict[str, str]:
    """The pages of the roles that the reader may open."""
    if viewer.acts_as is None:
        return {name: f"/{name}" for name in ROLES}
    person = viewer.person(viewer.acts_as)
    ways = {"reporter": "/reporter" if viewer.signed_in and person else "/form"}
    if person:
        ways["handler"] = "/handler"
    if viewer.remit:
        ways["supervisor"] = "/supervisor" if viewer.signed_in else "/board"
    return ways


def _setup(viewer: Viewer, after: str, more: Mapping[str, str]) -> h.Element:
    """Time, position and words for scripts."""
    words = {**viewer.words.for_scripts(), **more}
    return script_data({"now": viewer.now_ms, "after": after, "words": words})


def notice(kind: str, *children: h.Node) -> h.Element:
    """A message box; `kind` is good, bad or plain."""
    signs = {"good": "check", "bad": "late", "plain": "ask"}
    return h.div(class_=f"notice {kind}")[icon(signs[kind]), h.div[children]]


def facts(*rows: tuple[str, h.Node]) -> h.Element:
    """A list of names and values; rows without a value are left out."""
    return h.dl(".facts")[[(h.dt[name], h.dd[value]) for name, value in rows if value]]

"""`/accounts`: the administrator sees who may sign in and who is signed in, ends sessions, and makes links."""

from typing import Final
from urllib.parse import urlencode

import htpy as h
from aiohttp import web
from markupsafe import Markup

from connectors.accounts.session import Session
from connectors.contacts import qr_code
from connectors.pages.accounts.people import SHOWN, PeopleFilter, WaysIn, Which, everybody
from connectors.pages.form.visitor import CHAT, session_of
from connectors.pages.html.icons import icon
from connectors.pages.html.inputs import button, hidden, select
from connectors.pages.html.layout import notice, page
from connectors.pages.html.posted import posted_fields
from connectors.pages.html.viewer import Viewer
from connectors.pages.html.who import name_of
from texts.catalogue import say

ACCOUNTS: Final = "/accounts"
DAY_MS: Final = 86_400_000


async def show(request: web.Request) -> web.Response:
    """The list, as its filter asks."""
    viewer, query = Viewer.of(request), PeopleFilter.of(request.query)
    known = await everybody(viewer)
    found = [each for each in known if query.finds(each)]
    here = found[query.skip : query.skip + SHOWN]
    own = await session_of(request)
    first = None if any(each.may for each in known[1:]) else _first_steps(viewer)
    cards = [_card(viewer, query, each, "" if own is None else own.id) for each in here]
    return _page(
        viewer,
        first,
        _filter(viewer, query),
        h.p(".quiet")[_words(viewer, "found", n=len(found), open=sum(len(each.sessions) for each in found))],
        h.ul(".cards")[cards] if cards else None,
        _paging(viewer, query, len(found)),
    )


async def make_link(request: web.Request) -> web.Response:
    """A link that signs somebody in once; it is shown in this answer and never again."""
    viewer, fields = Viewer.of(request), await posted_fields(request)
    person, now = _person(viewer, fields), viewer.now_ms
    token = await viewer.gateway.accounts.ask(lambda rows: rows.new_link(person, now, now + DAY_MS))
    origin = viewer.gateway.public_url or f"{'https' if viewer.https else 'http'}://{request.host}"
    address = f"{origin}/sign-in/{token}"
    box = h.section("#link.card")[
        h.h2[_words(viewer, "link_for", name=name_of(viewer, person))],
        h.p[_words(viewer, "link_how")],
        h.div(".qr", role="img", aria_label=_words(viewer, "link_code"))[Markup(qr_code.as_svg(address))],  # noqa: S704
        h.p[h.code[address]],
    ]
    return _page(viewer, box, h.p[h.a(".button", href=_address(PeopleFilter.of(fields)))[_words(viewer, "back")]])


async def end(request: web.Request) -> web.StreamResponse:
    """End one session, or all ways in of a person but their password and their chats in messengers."""
    viewer, fields = Viewer.of(request), await posted_fields(request)
    if id := fields.get("session", ""):
        await viewer.gateway.accounts.ask(lambda rows: rows.end(id))
    else:
        person = _person(viewer, fields)
        await viewer.gateway.accounts.ask(lambda rows: rows.end_all(person))
        if person:
            await viewer.gateway.contacts.ask(lambda file: (file.withdraw(person), file.unbind(CHAT, person)))
    raise web.HTTPSeeOther(_address(PeopleFilter.of(fields)))


async def drop_codes(request: web.Request) -> web.StreamResponse:
    """Let somebody sign in by the password alone, as their phone is lost."""
    viewer, fields = Viewer.of(request), await posted_fields(request)
    person = _person(viewer, fields)
    await viewer.gateway.accounts.ask(lambda rows: rows.local.drop_codes(person))
    raise web.HTTPSeeOther(_address(PeopleFilter.of(fields)))


def _card(viewer: Viewer, query: PeopleFilter, known: WaysIn, own: str) -> h.Element:
    """One person: who they are, their ways in, their sessions, and what can be done."""
    person = known.person
    roles = " · ".join(viewer.words(f"person.{role}") for role in person.roles) if person is not None else ""
    ways = [_words(viewer, "chat", door=door) for door in known.chats]
    if known.links:
        ways.insert(0, _words(viewer, "links", n=known.links))
    if known.account is not None:
        said = "account_with_code" if known.account.secret else "account"
        ways.insert(0, _words(viewer, said, login=known.account.login))
        if known.account.offered:
            ways.insert(1, _words(viewer, "code_offered"))
    link = _button(viewer, query, "links", _words(viewer, "make_link"), known, "sent", person=known.id)
    over = _button(viewer, query, "end", _words(viewer, "end_all"), known, "cross", "bad", person=known.id)
    codes = _button(viewer, query, "codes", _words(viewer, "drop_codes"), known, "minus", person=known.id)
    return h.li(".card")[
        h.div(".head")[h.h2[icon("person"), " ", known.name], h.span(".number")[known.id]],
        h.p(".quiet")[roles] if roles else None,
        h.div(".chips")[[h.span(".chip")[way] for way in ways]] if ways else None,
        None if known.may else h.p[_words(viewer, "no_way")],
        h.ul(".sessions")[[_session(viewer, query, known, each, own) for each in known.sessions]]
        if known.sessions
        else None,
        h.div(".row")[
            link,
            over if known.sessions or known.links or CHAT in known.chats else None,
            codes if known.account is not None and (known.account.secret or known.account.offered) else None,
        ],
    ]


def _session(viewer: Viewer, query: PeopleFilter, known: WaysIn, session: Session, own: str) -> h.Element:
    """Since when and how, when it was last used, and a button that ends it."""
    since, seen = viewer.when(session.made_ms), viewer.when(session.seen_ms)
    said = _words(viewer, f"way.{session.way}", since=since, seen=seen)
    mine = h.b[_words(viewer, "this_browser")] if session.id == own else None
    return h.li[
        h.span[icon("check"), " ", said, " ", mine],
        _button(viewer, query, "end", _words(viewer, "end"), known, session=session.id),
    ]  # fmt: skip


def _button(
    viewer: Viewer,
    query: PeopleFilter,
    to: str,
    label: str,
    known: WaysIn,
    pictogram: str = "",
    kind: str = "",
    **fields: str,
) -> h.Element:
    """A form of one button, which comes back to the same part of the list; its name says for whom it is."""
    kept = {"q": query.text, "which": query.which.value, "skip": str(query.skip)}
    told = _words(viewer, "for_whom", label=label, name=known.name)
    return h.form(method="post", action=f"{ACCOUNTS}/{to}")[
        hidden(**kept, **fields), button(label, pictogram, kind, aria_label=told)
    ]


def _filter(viewer: Viewer, query: PeopleFilter) -> h.Element:
    """A search by name, and whom to show."""
    which = [(each.value, _words(viewer, f"which.{each}")) for each in Which]
    return h.form(".filters", method="get", action=ACCOUNTS, role="search")[
        h.label[h.span(".label")[_words(viewer, "search")], h.input(type="search", name="q", value=query.text)],
        select(_words(viewer, "which"), "which", which, query.which.value),
        button(_words(viewer, "show"), "check"),
    ]


def _paging(viewer: Viewer, query: PeopleFilter, found: int) -> h.Element | None:
    """Links to the part before and the part behind."""
    before, behind = max(0, query.skip - SHOWN), query.skip + SHOWN
    links = [
        h.a(".button", rel="prev", href=_address(query, before))[_words(viewer, "before")] if query.skip else None,
        h.a(".button", rel="next", href=_address(query, behind))[_words(viewer, "behind")] if behind < found else None,
    ]
    return h.nav(".row", aria_label=_words(viewer, "paging"))[links] if any(links) else None


def _first_steps(viewer: Viewer) -> h.Element:
    """What to do in a system into which nobody was let yet."""
    steps = [h.li[_words(viewer, f"first.{n}")] for n in ("link", "password", "invite", "own")]
    return notice("plain", h.h2[_words(viewer, "first.title")], h.ol[steps])


def _page(viewer: Viewer, *main: h.Node) -> web.Response:
    answer = page(
        viewer, _words(viewer, "title"), *main, name="accounts", script=False, styles=("list.css", "accounts.css")
    )
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _person(viewer: Viewer, fields: dict[str, str]) -> str:
    """Of whom a form speaks: somebody of the region, or the administrator. Raises `web.HTTPNotFound`."""
    person = fields.get("person")
    if person is None or (person and viewer.person(person) is None):
        raise web.HTTPNotFound
    return person


def _address(query: PeopleFilter, skip: int | None = None) -> str:
    """The list with this filter."""
    kept = {"q": query.text, "which": query.which.value, "skip": query.skip if skip is None else skip}
    left = {name: value for name, value in kept.items() if value not in ("", 0, Which.ALL.value)}
    return f"{ACCOUNTS}?{urlencode(left)}" if left else ACCOUNTS


def _words(viewer: Viewer, key: str, **facts: object) -> str:
    """A text of the catalogue `accounts` in the reader's language."""
    return say(viewer.language, f"accounts.{key}", **facts)

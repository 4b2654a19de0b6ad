"""What all pages of lists share: their texts, who looks at them, and how they look."""

from collections.abc import Awaitable, Callable, Sequence
from http import HTTPStatus
from typing import Final
from urllib.parse import quote

import htpy as h
from aiohttp import web

from connectors.doors.http.context import LISTS
from connectors.intake.refusal import Refused, refused
from connectors.lists.lists import Lists
from connectors.lists.steps import SYSTEM, ListStepTaken
from connectors.pages.html.inputs import Option, button, select
from connectors.pages.html.inputs import way as way_to
from connectors.pages.html.layout import notice, page
from connectors.pages.html.people import chosen
from connectors.pages.html.viewer import Viewer
from schemas.errors import Retry, Stop, WrongInput
from schemas.people import Person, Power
from texts.catalogue import say

ADDRESS: Final = "/lists"
_ROLE: Final = "lists"
_STYLES: Final = ("list.css", "change.css", "lists.css")

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


def said(viewer: Viewer, key: str, **facts: object) -> str:
    """A text of the catalogue `lists` in the reader's language."""
    return say(viewer.language, f"lists.{key}", **facts)


def lists_page(
    viewer: Viewer, *main: h.Node, title: str = "", status: HTTPStatus = HTTPStatus.OK, home: bool = False
) -> web.Response:
    """A page with a way back to the first one, unless it is that."""
    back = None if home else h.p[way_to(said(viewer, "back"), "back", ADDRESS)]
    title = title or said(viewer, "title")
    return page(
        viewer, title, *main, back, name="lists", role="supervisor", script=False, status=status, styles=_STYLES
    )


def lists_of(request: web.Request) -> Lists:
    """What the pages work with."""
    return request.app[LISTS]


def me(viewer: Viewer) -> Person | None:
    """Who decides about the list here: whoever is signed in; in the demo the chosen one of those who may."""
    person = chosen(viewer, _ROLE)
    return person if person is not None and person.id in deciders(viewer) else None


def deciders(viewer: Viewer) -> tuple[str, ...]:
    """Everybody who decides about the list."""
    return viewer.gateway.directory.holders(Power.LIST_APPROVAL)


def picker(viewer: Viewer, present: Person | None) -> h.Element | None:
    """In the demo: as whom to look; None for whoever is signed in."""
    if viewer.acts_as is not None:
        return None
    options: list[Option | tuple[str, list[Option]]] = [(each, viewer.name(each)) for each in deciders(viewer)]
    return h.form(".picker", method="get", action=ADDRESS)[
        select(viewer.words("who_am_i"), "as", options, present.id if present else ""),
        button(viewer.words("choose"), "check", "main"),
    ]


def sender(viewer: Viewer, by: str) -> str:
    """Who sends a form. Raises `Refused` (403) for another name, and for one who does not decide about the list."""
    if viewer.acts_as not in {None, by}:
        raise refused(HTTPStatus.FORBIDDEN, "not_in_this_name", "by")
    if by not in deciders(viewer):
        raise refused(HTTPStatus.FORBIDDEN, "not_for_you", "by")
    return by


def nothing_here() -> Refused:
    """There is no such thing, or it is somebody else's."""
    return refused(HTTPStatus.NOT_FOUND, "unknown_page")


def draft_address(id: str, *rest: str) -> str:
    """The page of a draft, or something of it."""
    return "/".join((ADDRESS, "drafts", quote(id, safe=""), *rest))


def activation_address(id: str, *rest: str) -> str:
    """The page of an activation, or something of it."""
    return "/".join((ADDRESS, "activations", quote(id, safe=""), *rest))


def named(viewer: Viewer, by: str) -> str:
    """The name of a person; an operator, or whoever wrote the first list, has none."""
    return viewer.words("by.system") if by == SYSTEM else viewer.name(by) if viewer.person(by) else by


def steps_list(viewer: Viewer, steps: Sequence[ListStepTaken]) -> h.Element:
    """Who did what when and why, the newest first."""
    rows = [
        h.li[
            viewer.when(each.at_ms),
            " ",
            h.b[named(viewer, each.by)],
            " ",
            said(viewer, f"step.{each.step}"),
            [": ", each.why] if each.why else None,
        ]
        for each in steps
    ]
    return h.ul(".quiet")[rows]


def faults_as_page(handler: Handler) -> Handler:
    """What was refused, and what the system cannot do now, as a page that says why and leads back."""

    async def answer(request: web.Request) -> web.StreamResponse:
        viewer = Viewer.of(request)
        try:
            return await handler(request)
        except Refused as fault:
            lines, status = [each.to_json(viewer.language)["message"] for each in fault.faults], fault.status
        except Retry as fault:
            lines, status = [fault.say(viewer.language)], HTTPStatus.SERVICE_UNAVAILABLE
        except WrongInput as fault:
            lines, status = [fault.say(viewer.language)], HTTPStatus.BAD_REQUEST
        except Stop as fault:
            lines, status = [fault.say(viewer.language)], HTTPStatus.CONFLICT
        title = viewer.words("refused.title")
        return lists_page(viewer, notice("bad", [h.p[line] for line in lines]), title=title, status=status)

    return answer

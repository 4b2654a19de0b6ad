"""Forms that propose a list for activation: an uploaded draft from a moment on, or the version before."""

import htpy as h
from aiohttp import web

from connectors.lists.checked import ListCheck
from connectors.lists.drafts import ListDraft
from connectors.pages.html.inputs import button, form, hidden, line_input, more, words_input
from connectors.pages.html.viewer import Viewer
from connectors.pages.lists.activation import leave_choice
from connectors.pages.lists.moments import moment_of
from connectors.pages.lists.parts import (
    ADDRESS,
    activation_address,
    deciders,
    draft_address,
    faults_as_page,
    lists_of,
    said,
    sender,
)
from connectors.pages.lists.uploading import read_form


def propose_form(viewer: Viewer, draft: ListDraft, check: ListCheck) -> h.Element | None:
    """Propose a draft; None while it must not come into force."""
    if not check.can_be_activated or not check.rows_in_all:
        return None
    if len(deciders(viewer)) < 2:
        return h.section(".card")[h.p[said(viewer, "nobody_else")]]
    return h.section(".card")[
        h.h2[said(viewer, "propose")],
        h.p[said(viewer, "propose_how")],
        form(
            draft_address(draft.id, "propose"),
            hidden(by=draft.by),
            line_input(viewer, said(viewer, "from"), "from", type="datetime-local"),
            h.p(".quiet")[said(viewer, "from_how")],
            words_input(viewer, said(viewer, "why"), required=True),
            leave_choice(viewer, check.unanswered),
            h.label(".tick")[h.input(type="checkbox", name="in_flight", value="1"), h.span[said(viewer, "take_along")]],
            button(said(viewer, "propose"), "sent", "main big"),
        ),
    ]


def back_form(viewer: Viewer, by: str) -> h.Element:
    """Propose the version before."""
    inner = form(
        f"{ADDRESS}/back",
        hidden(by=by),
        h.p[said(viewer, "back_how")],
        words_input(viewer, said(viewer, "why"), required=True),
        button(said(viewer, "propose_back"), "redo"),
    )
    return more(said(viewer, "propose_back"), inner, pictogram="redo")


@faults_as_page
async def propose(request: web.Request) -> web.StreamResponse:
    """Make a draft wait for a second person."""
    viewer, lists, sent = Viewer.of(request), lists_of(request), (await read_form(request)).fields
    by, id = sender(viewer, sent.get("by", "")), request.match_info["id"]
    draft = await lists.drafts.checked(by, id)
    if draft is None:
        if await lists.activations.one(id) is None:
            raise web.HTTPNotFound
    else:
        await lists.activations.propose(
            draft,
            from_ms=moment_of(viewer, sent.get("from", "")),
            in_flight="in_flight" in sent,
            leave="leave" in sent,
            note=sent.get("note", ""),
        )
    raise web.HTTPSeeOther(activation_address(id))


@faults_as_page
async def propose_back(request: web.Request) -> web.StreamResponse:
    """Make the version before wait for a second person."""
    viewer, sent = Viewer.of(request), (await read_form(request)).fields
    by = sender(viewer, sent.get("by", ""))
    id = await lists_of(request).activations.propose_back(by, sent.get("note", ""), leave="leave" in sent)
    raise web.HTTPSeeOther(activation_address(id))

"""`/lists/activations/ID`: a list that waits for a second person, or what became of it."""

from typing import Final

import htpy as h
from aiohttp import web

from connectors.lists.activation import ActivationKind, ActivationState, ListActivation
from connectors.lists.lists import Lists
from connectors.lists.steps import last_steps
from connectors.pages.html.inputs import button, form, hidden, more, words_input
from connectors.pages.html.inputs import way as way_to
from connectors.pages.html.layout import notice
from connectors.pages.html.viewer import Viewer
from connectors.pages.lists.attached import attached
from connectors.pages.lists.found import changes, problems, verdict
from connectors.pages.lists.parts import (
    activation_address,
    faults_as_page,
    lists_of,
    lists_page,
    me,
    named,
    said,
    sender,
    steps_list,
)
from connectors.pages.lists.uploading import read_form
from schemas.people import Person

KINDS: Final = {ActivationState.DONE: "good", ActivationState.FAILED: "bad", ActivationState.DECLINED: "bad"}


@faults_as_page
async def show(request: web.Request) -> web.StreamResponse:
    """The page; while it waits, checked against the list that is in force now."""
    viewer, lists = Viewer.of(request), lists_of(request)
    one = await lists.activations.checked(request.match_info["id"])
    if one is None:
        raise web.HTTPNotFound
    steps = await lists.file.do(lambda db: last_steps(db, one.id))
    waits = one.state is ActivationState.PROPOSED
    return lists_page(
        viewer,
        told(viewer, one),
        h.p(".quiet")[said(viewer, "proposed_by", who=named(viewer, one.by), when=viewer.when(one.made_ms))],
        h.blockquote[one.note],
        h.p[said(viewer, "leaves")] if one.leave else None,
        h.p[said(viewer, "along_then")] if one.in_flight else None,
        _decide(viewer, one, me(viewer), lists) if waits else None,
        [verdict(viewer, one.check), problems(viewer, one.check), changes(viewer, one.check)]
        if waits and one.check
        else None,
        h.p[way_to(said(viewer, "download_remarked"), "down", activation_address(one.id, "workbook.xlsx"))]
        if waits and one.kind is ActivationKind.LIST
        else None,
        more(said(viewer, "steps"), steps_list(viewer, steps)),
        title=title_of(viewer, one),
    )


def title_of(viewer: Viewer, one: ListActivation) -> str:
    """What is to come into force."""
    return said(viewer, f"activation.{one.kind}", name=one.title)


def told(viewer: Viewer, one: ListActivation) -> h.Element:
    """Where it stands, in one sentence."""
    facts: dict[str, object] = {"who": named(viewer, one.decided_by)}
    if one.state is ActivationState.PROPOSED:
        facts["when"] = _moment(viewer, one)
    if one.state is ActivationState.DONE:
        facts["when"] = viewer.when(one.effective_ms)
        past = one.effective_ms <= viewer.now_ms
        line = said(viewer, "is.done" if past else "is.planned", **facts)
    else:
        line = said(viewer, f"is.{one.state}", **facts)
    why = one.fault.to(viewer.language) if one.fault else one.reason
    return notice(KINDS.get(one.state, "plain"), h.p[h.b[line]], h.p[why] if why else None)


def _moment(viewer: Viewer, one: ListActivation) -> str:
    if one.from_ms is None:
        return said(viewer, "at_once")
    return said(viewer, "moment_over" if one.from_ms < viewer.now_ms else "from_then", when=viewer.when(one.from_ms))


def _decide(viewer: Viewer, one: ListActivation, person: Person | None, lists: Lists) -> h.Node:
    """What the reader can do: the second person decides, the first one can take it back."""
    if person is None or one.check is None:
        return None
    if person.id == one.by:
        back = form(_to(one, "decline"), hidden(by=person.id), button(said(viewer, "take_back"), "back"))
        return h.section(".card")[h.p[said(viewer, "needs_another")], back]
    able = one.check.can_be_activated if one.kind is ActivationKind.LIST else bool(one.check.rulebook)
    yes = form(
        _to(one, "approve"),
        hidden(by=person.id, seen=lists.activations.standing(one.check)),
        leave_choice(viewer, one.check.unanswered) if not one.leave else None,
        words_input(viewer, said(viewer, "reason"), name="reason"),
        button(said(viewer, "approve"), "check", "main big"),
    )
    no = form(
        _to(one, "decline"),
        hidden(by=person.id),
        words_input(viewer, said(viewer, "reason"), name="reason", required=True),
        button(said(viewer, "decline"), "cross", "bad"),
    )
    return h.section(".card")[
        yes if able else h.p[said(viewer, "has_errors_now")],
        more(said(viewer, "decline"), no, pictogram="cross"),
    ]


def leave_choice(viewer: Viewer, unanswered: int) -> h.Element | None:
    """Names of open cases that would be gone: go on without an answer? None where there are none."""
    if not unanswered:
        return None
    tick = h.input(type="checkbox", name="leave", value="1", required=True)
    return h.label(".tick")[tick, h.span[said(viewer, "leave", n=unanswered)]]


def _to(one: ListActivation, what: str) -> str:
    return activation_address(one.id, what)


@faults_as_page
async def approve(request: web.Request) -> web.StreamResponse:
    """The second person's yes: durable first, then switched to, which goes on without them if it takes long."""
    viewer, lists, sent = Viewer.of(request), lists_of(request), (await read_form(request)).fields
    by, id = sender(viewer, sent.get("by", "")), request.match_info["id"]
    leave, reason = "leave" in sent, sent.get("reason", "")
    await lists.activations.approve(id, by, seen=sent.get("seen", ""), leave=leave, reason=reason)
    await lists.keeper.soon()
    raise web.HTTPSeeOther(activation_address(id))


@faults_as_page
async def decline(request: web.Request) -> web.StreamResponse:
    """The second person's no, or the first one takes it back."""
    viewer, sent = Viewer.of(request), (await read_form(request)).fields
    by, id = sender(viewer, sent.get("by", "")), request.match_info["id"]
    await lists_of(request).activations.decline(id, by, sent.get("reason", ""))
    raise web.HTTPSeeOther(activation_address(id))


@faults_as_page
async def download(request: web.Request) -> web.StreamResponse:
    """The uploaded workbook, as long as it waits."""
    lists, id = lists_of(request), request.match_info["id"]
    one, content = await lists.activations.one(id), await lists.activations.workbook(id)
    if one is None or content is None:
        raise web.HTTPNotFound
    return attached(content, f"checked-{one.title}")

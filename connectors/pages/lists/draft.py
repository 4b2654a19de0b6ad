"""`/lists/drafts/ID`: one uploaded workbook, what its check found, and what it changes."""

import htpy as h
from aiohttp import web

from connectors.lists.drafts import ListDraft
from connectors.lists.workbook_file import is_dmn
from connectors.pages.html.inputs import button, form, hidden
from connectors.pages.html.inputs import way as way_to
from connectors.pages.html.viewer import Viewer
from connectors.pages.lists.attached import attached
from connectors.pages.lists.backtest import backtest_form
from connectors.pages.lists.explain import explain_form
from connectors.pages.lists.found import changes, problems, verdict
from connectors.pages.lists.parts import (
    draft_address,
    faults_as_page,
    lists_of,
    lists_page,
    me,
    nothing_here,
    said,
    sender,
)
from connectors.pages.lists.propose_forms import propose_form
from connectors.pages.lists.rows import choice_of_rows
from connectors.pages.lists.uploading import read_form, read_upload
from schemas.people import Person


@faults_as_page
async def upload(request: web.Request) -> web.StreamResponse:
    """Keep a workbook, and show it; decision tables become a workbook first."""
    viewer, lists, sent = Viewer.of(request), lists_of(request), await read_upload(request)
    by = sender(viewer, sent.fields.get("by", ""))
    if is_dmn(sent.file):
        made = await lists.desk.from_dmn(sent.content, viewer.language)
        id = await lists.drafts.add(by, f"{sent.file}.xlsx", made.workbook, viewer.language, made.yaml)
    else:
        id = await lists.drafts.add(by, sent.file, sent.content, viewer.language)
    raise web.HTTPSeeOther(draft_address(id))


@faults_as_page
async def show(request: web.Request) -> web.StreamResponse:
    """The page; it is checked first, where that was not done against the list in force."""
    viewer = Viewer.of(request)
    person = me(viewer)
    draft = await _draft(request, person)
    lists, check = lists_of(request), draft.check
    assert person is not None, "whose draft it is"
    assert check is not None, "it is checked now"
    rulebook = await lists.drafts.rulebook(draft.by, draft.id)
    return lists_page(
        viewer,
        h.p(".quiet")[viewer.when(draft.made_ms), " · ", said(viewer, "checked_on", day=check.on.isoformat())],
        verdict(viewer, check),
        h.p[way_to(said(viewer, "download_remarked"), "down", draft_address(draft.id, "workbook.xlsx"))]
        if check.findings
        else None,
        propose_form(viewer, draft, check),
        choice_of_rows(viewer, draft.id, await lists.desk.sheets(rulebook)) if rulebook else None,
        explain_form(viewer, draft.id) if check.rulebook else None,
        backtest_form(viewer, draft.id) if check.rulebook else None,
        problems(viewer, check),
        changes(viewer, check),
        form(draft_address(draft.id, "erase"), hidden(by=person.id), button(said(viewer, "erase"), "cross", "bad")),
        title=draft.name,
    )


@faults_as_page
async def download(request: web.Request) -> web.StreamResponse:
    """The workbook with each problem at its cell."""
    draft = await _draft(request, me(Viewer.of(request)))
    content = await lists_of(request).drafts.remarked(draft.by, draft.id)
    if content is None:
        raise nothing_here()
    return attached(content, f"checked-{draft.name}")


@faults_as_page
async def erase(request: web.Request) -> web.StreamResponse:
    """Leave nothing of it."""
    viewer, sent = Viewer.of(request), await read_form(request)
    await lists_of(request).drafts.erase(sender(viewer, sent.fields.get("by", "")), request.match_info["id"])
    raise web.HTTPSeeOther("/lists")


async def _draft(request: web.Request, person: Person | None) -> ListDraft:
    """Only their own. Raises `Refused` (404)."""
    draft = await lists_of(request).drafts.checked(person.id, request.match_info["id"]) if person else None
    if draft is None:
        raise nothing_here()
    return draft

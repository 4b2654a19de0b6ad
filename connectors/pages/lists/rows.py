"""`/lists/drafts/ID/row`: one row of a draft in a form; what is saved is checked like an uploaded workbook."""

from collections.abc import Sequence
from typing import Final

import htpy as h
from aiohttp import web

from connectors.lists.editing import EditableCell, EditableRow, ListSheet
from connectors.lists.errors import RowElsewhere, RowUnreadable
from connectors.pages.html.inputs import button, form, hidden, more
from connectors.pages.html.inputs import way as way_to
from connectors.pages.html.layout import notice
from connectors.pages.html.viewer import Viewer
from connectors.pages.lists.parts import (
    ADDRESS,
    draft_address,
    faults_as_page,
    lists_of,
    lists_page,
    me,
    nothing_here,
    said,
    sender,
)
from connectors.pages.lists.uploading import read_form

_LONG: Final = 40
"""Characters from which on a cell gets several lines."""


def begin_form(viewer: Viewer, by: str) -> h.Element:
    """A draft that begins as the list in force, to be edited on the page."""
    return form(f"{ADDRESS}/drafts/in-force", hidden(by=by), button(said(viewer, "edit_here"), "edit"))


def choice_of_rows(viewer: Viewer, draft: str, sheets: Sequence[ListSheet]) -> h.Element:
    """Choose a row to edit."""
    groups = [
        h.optgroup(label=sheet.name.to(viewer.language))[
            [
                h.option(value=f"{sheet.key}.{row.number}")[
                    row.id, " ", row.label.to(viewer.language) if row.label is not None else ""
                ]
                for row in sheet.rows
            ]
        ]
        for sheet in sheets
    ]
    inner = h.form(method="get", action=draft_address(draft, "row"))[
        h.label[h.span(".label")[said(viewer, "row")], h.select(name="row")[groups]],
        button(said(viewer, "edit_row"), "edit", "main"),
    ]
    return more(said(viewer, "edit_row"), inner, pictogram="edit")


@faults_as_page
async def begin(request: web.Request) -> web.StreamResponse:
    """Make a draft of the list in force."""
    viewer, lists, sent = Viewer.of(request), lists_of(request), (await read_form(request)).fields
    by = sender(viewer, sent.get("by", ""))
    workbook = await lists.desk.workbook(viewer.language)
    id = await lists.drafts.add(by, f"{said(viewer, 'in_force')}.xlsx", workbook, viewer.language)
    raise web.HTTPSeeOther(draft_address(id))


@faults_as_page
async def show(request: web.Request) -> web.StreamResponse:
    """The form; `?row=` is the sheet and the number of the row."""
    viewer, lists, id = Viewer.of(request), lists_of(request), request.match_info["id"]
    person = me(viewer)
    sheet, number = _named(request.query.get("row", ""))
    draft = await lists.drafts.rulebook(person.id, id) if person else None
    if draft is None or person is None:
        raise nothing_here()
    row = await lists.desk.row(draft, sheet, number, viewer.language)
    return _page(viewer, id, person.id, f"{sheet}.{number}", row)


@faults_as_page
async def save(request: web.Request) -> web.StreamResponse:
    """Keep it, and show the draft, checked; or the form again, with what cannot be read."""
    viewer, lists, sent = Viewer.of(request), lists_of(request), (await read_form(request)).fields
    by, id = sender(viewer, sent.get("by", "")), request.match_info["id"]
    sheet, number = _named(sent.get("row", ""))
    draft = await lists.drafts.rulebook(by, id)
    if draft is None:
        raise nothing_here()
    row = await lists.desk.row(draft, sheet, number, viewer.language)
    cells = [sent.get(f"cell-{n}", "").replace("\r\n", "\n") for n in range(len(row.cells))]
    try:
        made = await lists.desk.with_row(draft, sheet, number, sent.get("id", ""), cells, viewer.language)
    except RowUnreadable as fault:
        typed = [each._replace(text=text) for each, text in zip(row.cells, cells, strict=True)]
        return _page(viewer, id, by, f"{sheet}.{number}", row._replace(cells=tuple(typed)), fault.say(viewer.language))
    if not await lists.drafts.change(by, id, draft, made, f"{row.sheet.to(viewer.language)} {row.id}"):
        raise RowElsewhere
    raise web.HTTPSeeOther(draft_address(id))


def _page(viewer: Viewer, draft: str, by: str, where: str, row: EditableRow, fault: str = "") -> web.Response:
    lines = [h.p[line] for line in fault.split("\n")]
    return lists_page(
        viewer,
        notice("bad", lines) if fault else None,
        form(
            draft_address(draft, "row"),
            hidden(by=by, row=where, id=row.id),
            [_cell(number, each) for number, each in enumerate(row.cells)],
            button(said(viewer, "save_row"), "check", "main big"),
            class_="act edit",
        ),
        h.p[way_to(said(viewer, "to_draft"), "back", draft_address(draft))],
        title=f"{row.sheet.to(viewer.language)} {row.id}",
    )


def _cell(number: int, one: EditableCell) -> h.Element:
    name = f"cell-{number}"
    field: h.Node
    if one.choices:
        words = ("", *one.choices)
        field = h.select(name=name)[[h.option(value=each, selected=each == one.text)[each] for each in words]]
        if one.text and one.text not in words:
            field = h.input(name=name, value=one.text)
    elif len(one.text) > _LONG or "\n" in one.text:
        field = h.textarea(name=name, rows=3)[one.text]
    else:
        field = h.input(type="text", name=name, value=one.text)
    return h.label[h.span(".label")[one.title, h.small[one.about]], field]


def _named(row: str) -> tuple[str, int]:
    """Sheet and number. Raises `Refused` (404)."""
    sheet, _, number = row.partition(".")
    if not number.isascii() or not number.isdigit() or len(number) > 6:
        raise nothing_here()
    return sheet, int(number)

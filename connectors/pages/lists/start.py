"""`/lists`: the list in force, drafts, and all versions with who, when and why."""

from collections.abc import Sequence
from typing import Final
from urllib.parse import quote

import htpy as h
from aiohttp import web

from connectors.lists.activation import ListActivation
from connectors.lists.approved_changes import StuckChange
from connectors.lists.desk import ListVersion
from connectors.lists.drafts import ListDraft
from connectors.lists.steps import last_steps
from connectors.pages.html.inputs import button, form, hidden, more
from connectors.pages.html.inputs import way as way_to
from connectors.pages.html.layout import notice
from connectors.pages.html.viewer import Viewer
from connectors.pages.lists.activation import title_of, told
from connectors.pages.lists.explain import explain_form
from connectors.pages.lists.parts import (
    ADDRESS,
    activation_address,
    draft_address,
    faults_as_page,
    lists_of,
    lists_page,
    me,
    named,
    picker,
    said,
    steps_list,
)
from connectors.pages.lists.propose_forms import back_form
from connectors.pages.lists.rows import begin_form
from connectors.pages.lists.uploading import WORKBOOK
from connectors.pages.public_list.shared import ADDRESS as PUBLIC
from schemas.people import Person

RECENT: Final = 10
"""Activations that are shown."""
SHOWN: Final = 20
"""Versions that are shown at once."""
_DIGITS: Final = 8
"""Of a version."""
_CHIPS: Final = {"in_force": "closed", "planned": "suspended"}


@faults_as_page
async def show(request: web.Request) -> web.StreamResponse:
    """The page."""
    viewer, lists = Viewer.of(request), lists_of(request)
    person = me(viewer)
    versions = lists.desk.versions(viewer.now_ms)
    drafts = await lists.drafts.of(person.id) if person else []
    steps, stuck = await lists.file.do(last_steps), await lists.changes.stuck()
    found = await lists.activations.all(RECENT)
    return lists_page(
        viewer,
        picker(viewer, person),
        _stuck(viewer, stuck),
        _in_force(viewer, versions),
        _waiting(viewer, found),
        _upload(viewer, person, drafts) if person else None,
        explain_form(viewer),
        _versions(viewer, versions),
        back_form(viewer, person.id) if person and len(versions) > 1 else None,
        more(said(viewer, "steps"), steps_list(viewer, steps)) if steps else None,
        home=True,
    )


def _in_force(viewer: Viewer, versions: Sequence[ListVersion]) -> h.Element:
    now = next((each for each in versions if each.state == "in_force"), None)
    name = viewer.gateway.rulebook.name or said(viewer, "no_name")
    return h.section(".card")[
        h.h2[said(viewer, "in_force")],
        h.p[h.b[name]],
        _made(viewer, now) if now else h.p(".quiet")[said(viewer, "versions_away")],
        h.p[way_to(said(viewer, "download"), "down", f"{ADDRESS}/in-force.xlsx")],
        more(
            said(viewer, "dmn"),
            h.p[
                way_to("DMN 1.5", "down", f"{ADDRESS}/in-force.dmn"),
                " ",
                way_to(said(viewer, "dmn_old"), "down", f"{ADDRESS}/in-force.dmn?version=1.3"),
            ],
        ),
        h.p[h.a(href=PUBLIC)[said(viewer, "public.link")]],
    ]


def _made(viewer: Viewer, one: ListVersion) -> h.Element:
    """Since or from when, by whom."""
    when = viewer.when(one.from_ms) if one.from_ms else said(viewer, "beginning")
    by = said(viewer, "by", who=named(viewer, one.by)) if one.by else ""
    if one.proposed_by:
        by = said(viewer, "by_both", who=named(viewer, one.by), proposed_by=named(viewer, one.proposed_by))
    return h.p(".quiet")[when, by, " · ", h.code[one.rulebook[:_DIGITS]]]


def _upload(viewer: Viewer, person: Person, drafts: Sequence[ListDraft]) -> h.Element:
    accept = ".xlsx,.dmn,application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    return h.section(".card")[
        h.h2[said(viewer, "drafts")],
        h.p[said(viewer, "drafts_how")],
        form(
            f"{ADDRESS}/drafts",
            hidden(by=person.id),
            h.label[
                h.span(".label")[said(viewer, "workbook")],
                h.input(type="file", name=WORKBOOK, accept=accept, required=True),
            ],
            button(said(viewer, "check"), "check", "main"),
        ),
        begin_form(viewer, person.id),
        h.ul(".cards")[[_draft(viewer, each) for each in drafts]] if drafts else None,
    ]


def _draft(viewer: Viewer, one: ListDraft) -> h.Element:
    if one.check is None:
        chip = h.span(".chip")[said(viewer, "not_checked")]
    elif one.check.can_be_activated:
        chip = h.span(".chip.closed")[said(viewer, "without_errors")]
    else:
        chip = h.span(".chip.late")[said(viewer, "with_errors", n=one.check.errors)]
    return h.li[chip, " ", h.a(href=draft_address(one.id))[one.name], " ", h.span(".quiet")[viewer.when(one.made_ms)]]


def _versions(viewer: Viewer, versions: Sequence[ListVersion]) -> h.Element:
    rows = [_version(viewer, each) for each in reversed(versions)]
    return h.section[
        h.h2[said(viewer, "versions")],
        h.ul(".cards")[rows[:SHOWN]] if rows else h.p(".quiet")[said(viewer, "versions_away")],
        more(said(viewer, "more_versions", n=len(rows) - SHOWN), h.ul(".cards")[rows[SHOWN:]])
        if rows[SHOWN:]
        else None,
    ]


def _version(viewer: Viewer, one: ListVersion) -> h.Element:
    chip = h.span(class_=f"chip {_CHIPS.get(one.state, '')}".strip())[said(viewer, f"state.{one.state}")]
    along = h.p(".quiet")[said(viewer, "along")] if one.in_flight else None
    return h.li(".card")[chip, " ", h.b[one.name], _made(viewer, one), h.p[one.note] if one.note else None, along]


def _waiting(viewer: Viewer, found: Sequence[ListActivation]) -> h.Element | None:
    """What waits for a second person, and what was decided lately."""
    if not found:
        return None
    rows = [
        h.li(".card")[h.a(href=activation_address(each.id))[h.b[title_of(viewer, each)]], told(viewer, each)]
        for each in found
    ]
    return h.section[h.h2[said(viewer, "activations")], h.ul(".cards")[rows]]


def _stuck(viewer: Viewer, found: Sequence[StuckChange]) -> h.Element | None:
    """Approved changes of cases that cannot come into force as things are."""
    if not found:
        return None
    rows = [
        h.p[
            h.a(href=f"/case/{quote(each.case, safe='')}?role=supervisor")[each.case],
            " ",
            each.fault.to(viewer.language),
        ]
        for each in found
    ]
    return notice("bad", h.p[h.b[said(viewer, "stuck")]], rows)

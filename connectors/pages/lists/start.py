"""`/lists`: the list in force, drafts, and all versions with who, when and why."""

from collections.abc import Sequence
from typing import Final

import htpy as h
from aiohttp import web

from connectors.lists.desk import ListVersion
from connectors.lists.drafts import ListDraft
from connectors.lists.steps import ListStepTaken, last_steps
from connectors.pages.html.inputs import button, form, hidden, more
from connectors.pages.html.inputs import way as way_to
from connectors.pages.html.viewer import Viewer
from connectors.pages.lists.parts import ADDRESS, draft_address, lists_of, lists_page, me, picker, said
from connectors.pages.lists.uploading import WORKBOOK
from schemas.people import Person

SHOWN: Final = 20
"""Versions that are shown at once."""
_DIGITS: Final = 8
"""Of a version."""
_CHIPS: Final = {"in_force": "closed", "planned": "suspended"}


async def show(request: web.Request) -> web.Response:
    """The page."""
    viewer, lists = Viewer.of(request), lists_of(request)
    person = me(viewer)
    versions = lists.desk.versions(viewer.now_ms)
    drafts = await lists.drafts.of(person.id) if person else []
    steps = await lists.file.do(last_steps)
    return lists_page(
        viewer,
        picker(viewer, person),
        _in_force(viewer, versions),
        _upload(viewer, person, drafts) if person else None,
        _versions(viewer, versions),
        _steps(viewer, steps),
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
    ]


def _made(viewer: Viewer, one: ListVersion) -> h.Element:
    """Since or from when, by whom."""
    when = viewer.when(one.from_ms) if one.from_ms else said(viewer, "beginning")
    by = said(viewer, "by", who=_who(viewer, one.by)) if one.by else ""
    return h.p(".quiet")[when, by, " · ", h.code[one.rulebook[:_DIGITS]]]


def _who(viewer: Viewer, by: str) -> str:
    """The name of a person; an operator, or whoever wrote the first list, has none."""
    return viewer.name(by) if viewer.person(by) else by


def _upload(viewer: Viewer, person: Person, drafts: Sequence[ListDraft]) -> h.Element:
    accept = ".xlsx,application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
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


def _steps(viewer: Viewer, steps: Sequence[ListStepTaken]) -> h.Element | None:
    if not steps:
        return None
    rows = [
        h.li[
            viewer.when(each.at_ms), " ", h.b[_who(viewer, each.by)], " ", said(viewer, f"step.{each.step}"), _why(each)
        ]
        for each in steps
    ]
    return more(said(viewer, "steps"), h.ul(".quiet")[rows])


def _why(step: ListStepTaken) -> h.Node:
    return [": ", step.why] if step.why else None

"""Choosing several cases of a list, and the one form that acts on all of them."""

import secrets
from collections.abc import Sequence
from typing import Final

import htpy as h

from connectors.doors.http.forms import CASE
from connectors.intake.submission import FOR_SEVERAL
from connectors.pages.html.icons import icon
from connectors.pages.html.inputs import Option, button, form, hidden, radios, select, words_input
from connectors.pages.html.people import HANDLERS, with_roles
from connectors.pages.html.select_options import categories
from connectors.pages.html.viewer import Viewer
from schemas.case import Case
from schemas.command import Act
from schemas.eligible import can_answer
from schemas.people import Person
from schemas.rights import RIGHTS, CaseRole

ADDRESS: Final = "/cases/acts"
FORM: Final = "several"
ALL_CHOSEN: Final = "all"
"""Name in the query that chooses all cases of the page, for readers without script."""


def offered(viewer: Viewer, boss: str) -> list[Act]:
    """The acts on several cases that somebody may have; which of them a case allows, the rules say for each."""
    directory, covered = viewer.gateway.directory, viewer.absences.covered_by(boss, viewer.now_ms)
    parts = {CaseRole.SUPERIOR} if any(map(directory.is_over_somebody, (boss, *covered))) else set[CaseRole]()
    if directory.remit(boss).departments:
        parts.add(CaseRole.ASSIGNEE)
    return [act for act in FOR_SEVERAL if not parts.isdisjoint(RIGHTS[act].who)]


def chooser(viewer: Viewer, case: Case) -> h.Element:
    """Chooses one case; its value says how much of the case was seen."""
    label = viewer.words("several.choose", number=case.number)
    box = h.input(
        type="checkbox", name=f"{CASE}{case.number}", value=case.seq, form=FORM, id=f"choose-{case.number}",
        aria_label=label, checked=ALL_CHOSEN in viewer.request.query,
    )  # fmt: skip
    return h.label(".choose")[box]


def choose_all(viewer: Viewer) -> list[h.Element]:
    """Chooses all cases shown; without script by another address of the page."""
    words, everything = viewer.words, viewer.request.rel_url.update_query({ALL_CHOSEN: "1"})
    face = (icon("check"), h.span[words("several.all")])
    return [
        h.button("#all.button", type="button", data_scripted=True)[face],
        h.a(".button", href=str(everything), data_plain=True)[face],
    ]


def bar(viewer: Viewer, cases: Sequence[Case], boss: str, acts: Sequence[Act], cover: str | None) -> h.Element:
    """The form for all chosen cases; `cover` is proposed as the one who gets them."""
    words = viewer.words
    whom: list[Option | tuple[str, list[Option]]] = [("", words("choose_one")), *_people(viewer, cases, boss)]
    kinds = [("", words("choose_one")), *categories(viewer)]
    inner = form(
        ADDRESS,
        hidden(id=f"m-{secrets.token_hex(10)}", by=boss),
        radios(words("several.act"), "act", [(act.value, words(f"several.{act}")) for act in acts]),
        h.div(".for-assign")[select(words("person"), "to", whom, cover or "")] if Act.ASSIGN in acts else None,
        h.div(".for-correct")[select(words("category"), "category", kinds)],
        words_input(viewer, words("several.note")),
        button(words("several.send"), "sent", "main"),
        class_="",
        id=FORM,
    )
    chosen = h.span("#chosen", role="status", data_scripted=True)  # a click on an output would not open it
    return h.details(".several.card")[h.summary[icon("check"), h.span[words("several.title")], chosen], inner]


def _people(viewer: Viewer, cases: Sequence[Case], boss: str) -> list[tuple[str, list[Option]]]:
    """Those who can be made accountable for at least one of the cases; all if none is shown yet."""
    directory = viewer.gateway.directory

    def fits(person: Person) -> bool:
        able = (each for each in cases if can_answer(person, each, directory))
        return not cases or any(not directory.is_above(person.id, boss, each) for each in able)

    return with_roles(viewer, HANDLERS, fits=fits)

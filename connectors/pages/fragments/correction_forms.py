"""Corrections of a case: category or place, merge or split, erasing texts and photos."""

import htpy as h

from connectors.pages.fragments.act_forms import Acts
from connectors.pages.html.inputs import button, here_button, line_input, more, select, words_input
from connectors.pages.html.select_options import categories
from schemas.case import State
from schemas.command import Act
from schemas.joining import brings_along
from schemas.rights import CaseRole


def correct(acts: Acts) -> h.Element | None:
    """Correct the category or the place."""
    if not acts.may(Act.CORRECT):
        return None
    viewer, words, case = acts.viewer, acts.words, acts.case
    others = [(id, name) for id, name in categories(viewer) if id != case.category]
    inner = acts.form(
        Act.CORRECT,
        h.p(".quiet")[words("hint.correct")],
        select(words("category"), "category", [("", words("category.keep", now=viewer.category(case))), *others]),
        line_input(viewer, words("place.right"), "address", placeholder=viewer.address_example()),
        here_button(viewer),
        button(words("act.correct"), "sent"),
    )
    return more(words("act.correct"), inner, pictogram="edit")


def merge(acts: Acts) -> h.Element | None:
    """Merge it into another case: nearby ones are offered, any number can be typed."""
    if not acts.may(Act.MERGE) or not brings_along(acts.case, acts.case.number):
        return None
    viewer, words = acts.viewer, acts.words
    known = [h.option(value=each.number)[f"{viewer.category(each)} · {viewer.place(each)}"] for each in acts.near]
    name = f"near-{acts.case.number}"
    inner = acts.form(
        Act.MERGE,
        h.p(".quiet")[words("hint.merge")],
        line_input(viewer, words("merge.into"), "to", required=True, list=name if known else None, autocomplete="off"),
        h.datalist(id=name)[known] if known else None,
        words_input(viewer, words("note")),
        button(words("act.merge"), "join"),
    )
    return more(words("act.merge"), inner, pictogram="join")


def split(acts: Acts) -> h.Element | None:
    """Split it from the case it follows; also after both have ended, while that can be disputed."""
    case = acts.case
    able = case.master is not None and acts.may(Act.SPLIT)
    if case.state is not State.MERGED:
        able = able and acts.is_disputable()
    return acts.simple(Act.SPLIT, "split") if able else None


def erase(acts: Acts) -> h.Element | None:
    """Erase texts and photos permanently: one's own, or any for a superior."""
    every = CaseRole.SUPERIOR in acts.parts
    mine = [ref for ref in acts.case.texts if every or ref.by == acts.by]
    if not mine or not acts.may(Act.ERASE):
        return None
    viewer, words = acts.viewer, acts.words
    named = [
        (ref.id, " · ".join((words.one_of("wrote", ref.role), viewer.name(ref.by), viewer.when(ref.at_ms))))
        for ref in mine
    ]
    everything = ("", words("erase.all" if every else "erase.mine"))
    inner = acts.form(
        Act.ERASE,
        h.p(".quiet")[words("hint.erase")],
        select(words("erase.which"), "to", [everything, *named]) if len(mine) > 1 else None,
        button(words("act.erase"), "cross", "bad"),
    )
    return more(words("act.erase"), inner, pictogram="cross")

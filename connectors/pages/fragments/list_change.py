"""A proposed list change: the current and the proposed item side by side, and the outcome."""

from collections.abc import Iterable
from typing import Any, Final

import htpy as h
from pydantic import ValidationError

from connectors.intake.list_changes import SET_BY_ACTIVATION, before_of, differing, in_force
from connectors.pages.fragments.act_forms import Acts
from connectors.pages.html.icons import icon
from connectors.pages.html.inputs import button, line_input, more, words_input
from connectors.pages.html.viewer import Viewer
from schemas.case import WITH_ORDER, Case
from schemas.change_steps import CaseChangeStep, step_due
from schemas.command import Act
from schemas.days import day_of
from schemas.items import Item, Limits, Redirect
from schemas.limit_words import limit_name
from schemas.names import Language, Name

FIELDS: Final = tuple(name for name in Item.model_fields if name not in {"id", *SET_BY_ACTIVATION})


def shown(viewer: Viewer, case: Case) -> h.Element | None:
    """Both versions with the differences marked; None for a case that proposes nothing."""
    if case.change is None:
        return None
    try:
        item = Item.model_validate(case.change)
    except ValidationError:
        return None
    before = before_of(case, item, viewer.gateway.items, viewer.zone)
    words, changed = viewer.words, differing(before, item)
    head = h.tr[h.th[item.id], h.th(scope="col")[words("change.before")], h.th(scope="col")[words("change.after")]]
    rows = [
        h.tr[
            h.th(scope="row")[words(f"field.{name}")],
            h.td[_said(viewer, name, getattr(before, name) if before else None)],
            h.td[h.ins[new] if name in changed else new],
        ]
        for name in FIELDS
        if name in changed or (name != "life" and before is not None and getattr(before, name))
        for new in [_said(viewer, name, getattr(item, name))]
    ]
    title = h.h3[words("change.title")]
    fresh = h.p(".quiet")[words("change.new")] if before is None else None
    status = status_of(viewer, case)
    return h.section[
        title, fresh, h.table(".change")[head, rows], _steps(viewer, case), h.p[status] if status else None
    ]


def _steps(viewer: Viewer, case: Case) -> h.Element | None:
    """The steps before the approval, each with who said yes when; then who approves."""
    if not case.change_steps:
        return None
    due = step_due(case.change_steps)

    def line(step: CaseChangeStep) -> h.Element:
        name = h.b[step.name.to(viewer.language)]
        if step.by is not None and step.at_ms is not None:
            return h.li[icon("check"), " ", name, " ", viewer.name(step.by), " · ", viewer.when(step.at_ms)]
        waits = viewer.words("change.step_due") if step is due and case.change_approved is None else ""
        return h.li[icon("clock"), " ", name, " ", h.span(".quiet")[waits]]

    return h.div[h.h4[viewer.words("change.steps")], h.ol(".steps")[[line(each) for each in case.change_steps]]]


def status_of(viewer: Viewer, case: Case) -> str:
    """The outcome of a proposal, or who decides next; empty if there is nothing to say."""
    match case.change_approved:
        case None:
            return viewer.words("change.next", who=viewer.name(case.assignee)) if case.state in WITH_ORDER else ""
        case False:
            return viewer.words("change.denied")
    item = Item.model_validate(case.change)
    now = in_force(viewer.gateway.items, item.id, viewer.now_ms, viewer.zone)
    if not differing(now, item):
        return viewer.words("change.in_force")
    if case.change_from is None:
        return viewer.words("change.approved")
    return viewer.words("change.approved_from", day=case.change_from.isoformat())


def _said(viewer: Viewer, name: str, value: Any) -> str:
    """A value as text: in the page's language, departments by name."""
    if value is None or value in ("", ()):
        return "–"
    if name in {"lead", "assists"}:
        return _joined(viewer, [viewer.body(code) for code in ([value] if isinstance(value, str) else value)])
    if name == "life":
        return viewer.words(f"field.life_{value}")
    if name in {"verdict", "dual", "level", "after_photo"}:
        return viewer.words(f"{name}.{str(value).lower()}")
    return _plain(viewer, value)


def _plain(viewer: Viewer, value: Any) -> str:
    match value:
        case Name():
            return value.to(viewer.language)
        case Redirect():
            return " · ".join(filter(None, (value.name.to(viewer.language), value.phone)))
        case Limits():
            named = [(name, limit_name(limit).to(viewer.language)) for name, limit in value if limit]
            return _joined(viewer, [viewer.words(f"limit.{name}", limit=limit) for name, limit in named])
        case tuple():
            return _joined(
                viewer,
                [f"{each.name.to(viewer.language)} {limit_name(each.limit).to(viewer.language)}" for each in value],
            )
    return str(value)


def _joined(viewer: Viewer, each: Iterable[str]) -> str:
    return ("、" if viewer.language is Language.ZH else ", ").join(each)


def decide(acts: Acts) -> h.Element | None:
    """Approve, or deny with a reason; not by the person who proposed it."""
    if acts.case.change is None or acts.case.reporter == acts.by or not acts.may(Act.DENY_CHANGE):
        return None
    step = step_due(acts.case.change_steps)
    no = acts.form(
        Act.DENY_CHANGE,
        words_input(acts.viewer, acts.words("hint.deny_change"), required=step is not None),
        button(acts.words("act.deny-change"), "cross", "bad"),
    )
    deny = more(acts.words("act.deny-change"), no, pictogram="cross")
    if not acts.may(Act.APPROVE_CHANGE):
        return h.div(".verdict")[deny]
    if step is not None:
        yes = acts.form(
            Act.APPROVE_CHANGE,
            words_input(acts.viewer, acts.words("hint.agree_step"), required=True),
            button(acts.words("act.agree_step", step=step.name.to(acts.viewer.language)), "check", "main big"),
        )
        return h.div(".verdict")[yes, deny]
    today = day_of(acts.viewer.now_ms, acts.viewer.zone).isoformat()
    yes = acts.form(
        Act.APPROVE_CHANGE,
        line_input(acts.viewer, acts.words("hint.change_from"), "day", type="date", min=today),
        button(acts.words("act.approve-change"), "check", "main big"),
    )
    return h.div(".verdict")[yes, deny]

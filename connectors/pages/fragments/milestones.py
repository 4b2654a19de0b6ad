"""The milestones of a case: what is due when, what was reached, and the form to report one."""

import htpy as h

from connectors.pages.fragments.act_forms import Acts
from connectors.pages.html.inputs import button, photo_input, select, words_input
from connectors.pages.html.times import running
from connectors.pages.html.viewer import Viewer
from schemas.case import WORKING, Case, State
from schemas.clock import CaseMilestone
from schemas.command import Act


def shown(viewer: Viewer, case: Case) -> h.Element | None:
    """One line for each milestone, in the order of the list."""
    if not case.milestones:
        return None
    lines = [h.li[h.b[step.name.to(viewer.language)], " ", _stands(viewer, case, step)] for step in case.milestones]
    return h.ol(".milestones")[lines]


def _stands(viewer: Viewer, case: Case, step: CaseMilestone) -> h.Element:
    words = viewer.words
    if step.done_ms is not None:
        return h.span(".quiet")[words("milestone.done"), " ", viewer.time(step.done_ms)]
    due = h.span(".quiet")[words("milestone.by"), " ", viewer.time(step.due_ms)]
    runs_on = step.platform is not None and case.state is State.SUSPENDED
    if (case.state not in WORKING and not runs_on) or step.left_ms is not None:
        return due
    return h.span[due, " ", running(step.due_ms, viewer.now_ms, words)]


def form(acts: Acts) -> h.Element | None:
    """Report a milestone as reached, with optional text and photos; None if none is left."""
    left = [step for step in acts.case.milestones if step.done_ms is None and step.platform is None]
    if not left or not acts.may(Act.MILESTONE):
        return None
    words = acts.words
    inner = acts.form(
        Act.MILESTONE,
        select(words("milestone.which"), "to", [(step.id, step.name.to(acts.viewer.language)) for step in left]),
        photo_input(acts.viewer, words("photo.after")),
        words_input(acts.viewer, words("note")),
        button(words("act.milestone"), "check", "main"),
    )
    return h.section(".milestone")[h.h3[words("milestone.title")], inner]

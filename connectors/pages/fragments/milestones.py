"""The milestones of a case on its page: what has to be reached by when, what was, and the form that says so."""

from connectors.pages.fragments.act_forms import Acts
from connectors.pages.html.inputs import button, photo_input, select, words_input
from connectors.pages.html.markup import Html, tag
from connectors.pages.html.times import running
from connectors.pages.html.viewer import Viewer
from schemas.case import WORKING, Case
from schemas.clock import CaseMilestone
from schemas.command import Act


def shown(viewer: Viewer, case: Case) -> Html | None:
    """One line for each, in the order of the list."""
    if not case.milestones:
        return None
    lines = [
        tag("li", tag("b", step.name.to(viewer.language)), " ", _stands(viewer, case, step)) for step in case.milestones
    ]
    return tag("ol", lines, class_="milestones")


def _stands(viewer: Viewer, case: Case, step: CaseMilestone) -> Html:
    words = viewer.words
    if step.done_ms is not None:
        return tag("span", words("milestone.done"), " ", viewer.time(step.done_ms), class_="quiet")
    due = tag("span", words("milestone.by"), " ", viewer.time(step.due_ms), class_="quiet")
    if case.state not in WORKING or step.left_ms is not None:
        return due
    return tag("span", due, " ", running(step.due_ms, viewer.now_ms, words))


def form(acts: Acts) -> Html | None:
    """Which one is reached, with words and photos of it if there are any; None where none is left."""
    left = [step for step in acts.case.milestones if step.done_ms is None]
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
    return tag("section", tag("h3", words("milestone.title")), inner, class_="milestone")

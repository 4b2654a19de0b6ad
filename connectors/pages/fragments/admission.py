"""Cases that wait before dispatch: a pushed task at the admission gate, and an offer."""

import htpy as h

from connectors.intake.list_changes import in_force
from connectors.pages.fragments.act_forms import Acts
from connectors.pages.html.inputs import button, more, words_input
from connectors.pages.html.layout import notice
from connectors.pages.html.times import running
from connectors.pages.html.viewer import Viewer
from schemas.case import Case, Deadline, State
from schemas.command import Act


def pushed(viewer: Viewer, case: Case) -> h.Element | None:
    """Which department pushed a task down, and the item it cites; None for other cases."""
    if case.pushed_by is None:
        return None
    item = viewer.item(case.item)
    cited = f"{case.item} {item.name.to(viewer.language)}" if item else case.item or "–"
    text = viewer.words("gate.pushed", department=viewer.body(case.pushed_by), item=cited)
    held = Deadline.ADMISSION in case.deadlines
    return notice("bad" if held else "plain", h.p[text], h.p[viewer.words("gate.held")] if held else None)


def answered(viewer: Viewer, case: Case) -> h.Element | None:
    """The gate's answer to the department: admitted, refused, or who decides; with the row of the list."""
    words, until = viewer.words, case.deadlines.get(Deadline.ADMISSION)
    row = h.p[words("gate.row", row=_row(viewer, case))]
    if until is not None:
        who = viewer.name(viewer.gateway.rulebook.policy.approver)
        clock = running(until, viewer.now_ms, words)
        return notice("plain", h.b[words("gate.waits", who=who)], row, h.p[clock])
    if case.state is State.REFUSED:
        return notice("bad", h.b[words("gate.refused")], row)
    if case.dispatched_ms is None and case.offer is None:
        return None
    return notice("good", h.b[words("gate.admitted" if case.admitted else "gate.taken")], row)


def _row(viewer: Viewer, case: Case) -> str:
    """The row of the list that the department cited: item, verdict and basis."""
    item = in_force(viewer.gateway.items, case.item, case.submitted_ms, viewer.zone) if case.item else None
    if item is None:
        return viewer.words("gate.no_row", item=case.item or "–")
    verdict = viewer.words(f"verdict.{item.verdict}")
    return " · ".join(filter(None, (f"{item.id} {item.name.to(viewer.language)}", verdict, item.basis)))


def decide(acts: Acts) -> h.Element | None:
    """Admit it, or refuse it with a reason; None unless it is held."""
    until = acts.case.deadlines.get(Deadline.ADMISSION)
    if until is None or not acts.may(Act.ADMIT):
        return None
    clock = running(until, acts.viewer.now_ms, acts.words)
    no = acts.form(
        Act.TURN_AWAY,
        words_input(acts.viewer, acts.words("hint.turn_away")),
        button(acts.words("act.turn-away"), "cross", "bad"),
    )
    turn = more(acts.words("act.turn-away"), no, pictogram="cross")
    return h.div(".verdict")[h.p[clock], acts.simple(Act.ADMIT, "check", "main big"), turn]


def offer(acts: Acts, kind: str = "main big") -> h.Element | None:
    """An offer that this person may accept, and until when; None for other cases."""
    if acts.case.offer is None or not acts.may(Act.ACCEPT):
        return None
    clock = running(acts.case.offer.until_ms, acts.viewer.now_ms, acts.words)
    return h.div[h.p[acts.words("offer.first"), " ", clock], acts.simple(Act.ACCEPT, "check", kind)]

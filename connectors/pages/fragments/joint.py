"""Departments called in addition to the owner: their deadlines, what they did, and the forms for both sides."""

from collections.abc import Iterable
from typing import Final
from urllib.parse import urlencode

import htpy as h

from connectors.pages.fragments.act_forms import Acts
from connectors.pages.html.inputs import button, more, select, words_input
from connectors.pages.html.layout import notice
from connectors.pages.html.times import running
from connectors.pages.html.viewer import Viewer
from schemas.case import Case, State
from schemas.case_roles import officer_of
from schemas.command import Act, Outcome
from schemas.joint import Assist, ReportInStep, Scores
from schemas.rights import may_whistle
from schemas.rulebook import Rulebook
from schemas.whistles import Whistle, WhistleClass

SCORES: Final = tuple(Scores.model_fields)
MOST_WHISTLES: Final = 100
"""The most items and departments offered, to limit the page size."""
_ACTS: Final = {ReportInStep.SIGN: Act.SIGN, ReportInStep.CONTACT: Act.CONTACT, ReportInStep.ATTEND: Act.ATTEND}
_SIGNS: Final = {ReportInStep.SIGN: "check", ReportInStep.CONTACT: "ask", ReportInStep.ATTEND: "here"}


def own_part(viewer: Viewer, case: Case, person: str) -> Assist | None:
    """The assist of this officer's department in a case, if it was called."""
    known = viewer.person(person)
    code = known.department if known else None
    return next((each for each in case.assists if each.department.code == code), None)


def shown(viewer: Viewer, case: Case) -> h.Element | None:
    """Each called department with its steps, clocks and rating; None if none was called."""
    if not case.assists:
        return None
    lines = [
        h.li[
            h.div[h.b[viewer.body(each.department.code)], h.span(".quiet")[cause(viewer, each)]],
            h.ol(".steps")[[step_of(viewer, case, each, step) for step in ReportInStep]],
            _rating(viewer, each),
        ]
        for each in case.assists
    ]
    return h.section(".joint")[h.h3[viewer.words("joint.title")], h.ul(".called")[lines]]


def cause(viewer: Viewer, assist: Assist) -> str:
    """Why a department was called, as text."""
    if assist.cause == "list":
        return viewer.words("joint.by_list")
    return viewer.words("joint.by_whistle", item=whistle_name(viewer, assist.item))


def whistle_name(viewer: Viewer, item: str | None) -> str:
    """The name of an item of the whistle list."""
    known = next((each for each in viewer.gateway.rulebook.whistles if each.id == item), None)
    return known.name.to(viewer.language) if known else item or "–"


def step_of(viewer: Viewer, case: Case, assist: Assist, step: ReportInStep) -> h.Element:
    """One step of a called department: done when, due when, or missed."""
    words, done = viewer.words, assist.done.get(step)
    name = h.span[words(f"step.{step}")]
    missed = step in assist.missed or (assist.late(step, viewer.now_ms) and not released(case))
    late = h.span(".chip.alert")[words("joint.missed")] if missed else None
    if done is not None:
        return h.li[name, h.span(".quiet")[words("joint.done"), " ", viewer.time(done)], late]
    due = assist.due.get(step)
    if late is not None or due is None or step not in assist.open_steps() or not case.deadlines:
        by = h.span(".quiet")[words("joint.by"), " ", viewer.time(due)] if due is not None else None
        return h.li[name, late, by]
    return h.li[name, running(due, viewer.now_ms, words)]


def _rating(viewer: Viewer, assist: Assist) -> h.Element | None:
    words, scores = viewer.words, assist.scores
    if scores == Scores():
        return h.p(".quiet")[words("joint.as_expected")]
    if scores is not None:
        ratings = [f"{words(f'score.{name}')} {getattr(scores, name)}" for name in SCORES]
        return h.p(".quiet")[" · ".join(ratings)]
    over = assist.rate_until_ms is not None and assist.rate_until_ms < viewer.now_ms
    return h.p(".quiet")[words("joint.not_rated")] if over else None


def steps(acts: Acts, kind: str = "main") -> h.Element | None:
    """The next steps for the called department to report, one tap each; None if none are left."""
    part = own_part(acts.viewer, acts.case, acts.by)
    if part is None or not acts.may(Act.SIGN):
        return None
    if released(acts.case):
        return notice("plain", h.p[acts.words("joint.called_off")])
    left = [step for step in ReportInStep if step not in part.done and acts.may(_ACTS[step])]
    taps = [
        acts.simple(_ACTS[step], _SIGNS[step], kind if step is left[0] else "", title=acts.words(f"report_in.{step}"))
        for step in left
    ]
    hint = _still_counts(acts.viewer, acts.case, part)
    return h.div[hint, h.div(".row.report-in")[taps]] if taps else None


def _still_counts(viewer: Viewer, case: Case, part: Assist) -> h.Element | None:
    """A note for a department that has not come, once the case is finished."""
    due = part.due.get(ReportInStep.ATTEND)
    if case.state not in {State.RESOLVED, State.CLOSED} or ReportInStep.ATTEND in part.done or due is None:
        return None
    words = viewer.words
    if due < viewer.now_ms:
        return notice("bad", h.p[words("joint.over"), " ", viewer.time(due)])
    return notice("plain", h.p[words("joint.still_counts"), " ", viewer.time(due)])


def released(case: Case) -> bool:
    """True if nothing is left for a called department to come for."""
    return case.outcome is Outcome.WITHDRAWN or case.master is not None or case.state is State.REFUSED


def rates(acts: Acts) -> h.Element | None:
    """Report-ins that the street can rate now: one tap for "as expected", otherwise the scores."""
    now_ms, words = acts.viewer.now_ms, acts.words
    if not acts.may(Act.RATE_REPORT_IN):
        return None
    asked = [
        each
        for each in acts.case.assists
        if each.scores is None
        and each.rate_until_ms is not None
        and now_ms <= each.rate_until_ms
        and not officer_of(each.department.code, acts.by, acts.viewer.gateway.directory)
    ]
    boxes = []
    for each in asked:
        code = each.department.code
        fields = [select(words(f"score.{name}"), name, _marks(acts.viewer), "3") for name in SCORES]
        scored = acts.form(
            Act.RATE_REPORT_IN,
            h.div(".three")[fields],
            words_input(acts.viewer, words("note")),
            button(words("act.rate-report-in"), "sent"),
            to=code,
        )
        title = h.p[h.b[words("joint.rate", department=acts.viewer.body(code))]]
        expected = acts.simple(Act.RATE_REPORT_IN, "check", "main", title=words("joint.expected"), to=code)
        boxes.append(h.div(".rate")[title, expected, more(words("joint.deviates"), scored)])
    return h.div[boxes] if boxes else None


def _marks(viewer: Viewer) -> list[tuple[str, str]]:
    return [(str(mark), f"{mark} {viewer.words(f'score.{mark}')}") for mark in range(1, 6)]


def whistle(acts: Acts) -> h.Element | None:
    """The whistle list by class; for the chosen item (`?whistle=`), its departments are preselected."""
    rulebook, chosen = acts.viewer.gateway.rulebook, acts.viewer.request.query.get("whistle")
    if not rulebook.whistles or not acts.may(Act.WHISTLE):
        return None
    item = next((each for each in rulebook.whistles if each.id == chosen), None)
    if item is not None and may_whistle(item.whistle_class, acts.parts):
        return _blow(acts, item)
    groups = [
        h.div[h.h4[acts.words(f"whistle.{kind}")], h.ul[[_way(acts, each) for each in items]]]
        for kind, items in _by_class(rulebook)
        if items and may_whistle(kind, acts.parts)
    ]
    return more(acts.words("act.whistle"), h.div(".whistles")[groups], pictogram="whistle")


def _way(acts: Acts, item: Whistle) -> h.Element:
    query = urlencode({"role": acts.role, "whistle": item.id})
    return h.li[h.a(href=f"?{query}#blow")[f"{item.id} {item.name.to(acts.viewer.language)}"]]


def _by_class(rulebook: Rulebook) -> Iterable[tuple[WhistleClass, list[Whistle]]]:
    known = rulebook.whistles[:MOST_WHISTLES]
    return [(kind, [each for each in known if each.whistle_class is kind]) for kind in WhistleClass]


def _blow(acts: Acts, item: Whistle) -> h.Element:
    """Its departments are preselected; those already called are left out."""
    viewer, there = acts.viewer, {each.department.code for each in acts.case.assists}
    own = [_box(viewer, code) for code in item.departments if code not in there]
    inner = h.p(".quiet")[viewer.words("whistle.already")]
    if own:
        inner = acts.form(
            Act.WHISTLE,
            own,
            words_input(viewer, viewer.words("note")),
            button(viewer.words("act.whistle"), "whistle", "main big"),
            cite=item.id,
            call=1,
        )
    title = h.h3[f"{item.id} {item.name.to(viewer.language)}"]
    back = h.a(".button", href=f"?role={acts.role}#acts")[viewer.words("whistle.back")]
    return h.section("#blow.done")[title, inner, h.p[back]]


def _box(viewer: Viewer, code: str) -> h.Element:
    field = h.input(type="checkbox", name=f"call.{code}", checked=True)
    return h.label(".check")[field, h.span[viewer.body(code)]]

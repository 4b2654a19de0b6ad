"""Departments called beside the owner: by when they report in, what they did, and the forms for both sides."""

from collections.abc import Iterable
from typing import Final
from urllib.parse import urlencode

from connectors.pages.fragments.act_forms import Acts
from connectors.pages.html.inputs import button, more, select, words_input
from connectors.pages.html.layout import notice
from connectors.pages.html.markup import Html, tag
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
"""Items and departments that are offered; a page must stay light."""
_ACTS: Final = {ReportInStep.SIGN: Act.SIGN, ReportInStep.CONTACT: Act.CONTACT, ReportInStep.ATTEND: Act.ATTEND}
_SIGNS: Final = {ReportInStep.SIGN: "check", ReportInStep.CONTACT: "ask", ReportInStep.ATTEND: "here"}


def own_part(viewer: Viewer, case: Case, person: str) -> Assist | None:
    """The part of this officer's department in a case, if it was called."""
    known = viewer.person(person)
    code = known.department if known else None
    return next((each for each in case.assists if each.department.code == code), None)


def shown(viewer: Viewer, case: Case) -> Html | None:
    """Each called department with its steps, clocks and rating; None where nobody was called."""
    if not case.assists:
        return None
    lines = [
        tag(
            "li",
            tag("div", tag("b", viewer.body(each.department.code)), tag("span", cause(viewer, each), class_="quiet")),
            tag("ol", [_step(viewer, case, each, step) for step in ReportInStep], class_="steps"),
            _rating(viewer, each),
        )
        for each in case.assists
    ]
    return tag("section", tag("h3", viewer.words("joint.title")), tag("ul", lines, class_="called"), class_="joint")


def cause(viewer: Viewer, assist: Assist) -> str:
    """Why a department was called, in words."""
    if assist.cause == "list":
        return viewer.words("joint.by_list")
    return viewer.words("joint.by_whistle", item=whistle_name(viewer, assist.item))


def whistle_name(viewer: Viewer, item: str | None) -> str:
    """How an item of the whistle list is called."""
    known = next((each for each in viewer.gateway.rulebook.whistles if each.id == item), None)
    return known.name.to(viewer.language) if known else item or "–"


def _step(viewer: Viewer, case: Case, assist: Assist, step: ReportInStep) -> Html:
    words, done = viewer.words, assist.done.get(step)
    name = tag("span", words(f"step.{step}"))
    missed = step in assist.missed or (assist.late(step, viewer.now_ms) and not released(case))
    late = tag("span", words("joint.missed"), class_="chip alert") if missed else None
    if done is not None:
        return tag("li", name, tag("span", words("joint.done"), " ", viewer.time(done), class_="quiet"), late)
    due = assist.due.get(step)
    if late is not None or due is None or step not in assist.open_steps() or not case.deadlines:
        by = tag("span", words("joint.by"), " ", viewer.time(due), class_="quiet") if due is not None else None
        return tag("li", name, late, by)
    return tag("li", name, running(due, viewer.now_ms, words))


def _rating(viewer: Viewer, assist: Assist) -> Html | None:
    words, scores = viewer.words, assist.scores
    if scores == Scores():
        return tag("p", words("joint.as_expected"), class_="quiet")
    if scores is not None:
        told = [f"{words(f'score.{name}')} {getattr(scores, name)}" for name in SCORES]
        return tag("p", " · ".join(told), class_="quiet")
    over = assist.rate_until_ms is not None and assist.rate_until_ms < viewer.now_ms
    return tag("p", words("joint.not_rated"), class_="quiet") if over else None


def steps(acts: Acts, kind: str = "main") -> Html | None:
    """What the called department reports next: one tap each; None when there is nothing left to report."""
    part = own_part(acts.viewer, acts.case, acts.by)
    if part is None or not acts.may(Act.SIGN):
        return None
    if released(acts.case):
        return notice("plain", tag("p", acts.words("joint.called_off")))
    left = [step for step in ReportInStep if step not in part.done and acts.may(_ACTS[step])]
    taps = [
        acts.simple(_ACTS[step], _SIGNS[step], kind if step is left[0] else "", title=acts.words(f"report_in.{step}"))
        for step in left
    ]
    told = _still_counts(acts.viewer, acts.case, part)
    return tag("div", told, tag("div", taps, class_="row report-in")) if taps else None


def _still_counts(viewer: Viewer, case: Case, part: Assist) -> Html | None:
    """What a department that has not come has to know once somebody else finished the case."""
    due = part.due.get(ReportInStep.ATTEND)
    if case.state not in {State.RESOLVED, State.CLOSED} or ReportInStep.ATTEND in part.done or due is None:
        return None
    words = viewer.words
    if due < viewer.now_ms:
        return notice("bad", tag("p", words("joint.over"), " ", viewer.time(due)))
    return notice("plain", tag("p", words("joint.still_counts"), " ", viewer.time(due)))


def released(case: Case) -> bool:
    """Whether nothing is left for which a called department could come."""
    return case.outcome is Outcome.WITHDRAWN or case.master is not None or case.state is State.REFUSED


def rates(acts: Acts) -> Html | None:
    """Each report-in that the street can rate now: one tap as expected, more only where it was not."""
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
            Act.RATE_REPORT_IN, tag("div", fields, class_="three"),
            words_input(acts.viewer, words("note")), button(words("act.rate-report-in"), "sent"), to=code,
        )  # fmt: skip
        title = tag("p", tag("b", words("joint.rate", department=acts.viewer.body(code))))
        expected = acts.simple(Act.RATE_REPORT_IN, "check", "main", title=words("joint.expected"), to=code)
        boxes.append(tag("div", title, expected, more(words("joint.deviates"), scored), class_="rate"))
    return tag("div", boxes) if boxes else None


def _marks(viewer: Viewer) -> list[tuple[str, str]]:
    return [(str(mark), f"{mark} {viewer.words(f'score.{mark}')}") for mark in range(1, 6)]


def whistle(acts: Acts) -> Html | None:
    """The whistle list by classes; the item that was tapped (`?whistle=`) has its departments chosen, to be called."""
    rulebook, chosen = acts.viewer.gateway.rulebook, acts.viewer.request.query.get("whistle")
    if not rulebook.whistles or not acts.may(Act.WHISTLE):
        return None
    item = next((each for each in rulebook.whistles if each.id == chosen), None)
    if item is not None and may_whistle(item.whistle_class, acts.parts):
        return _blow(acts, item)
    groups = [
        tag("div", tag("h4", acts.words(f"whistle.{kind}")), tag("ul", [_way(acts, each) for each in items]))
        for kind, items in _by_class(rulebook)
        if items and may_whistle(kind, acts.parts)
    ]
    return more(acts.words("act.whistle"), tag("div", groups, class_="whistles"), pictogram="whistle")


def _way(acts: Acts, item: Whistle) -> Html:
    query = urlencode({"role": acts.role, "whistle": item.id})
    return tag("li", tag("a", f"{item.id} {item.name.to(acts.viewer.language)}", href=f"?{query}#blow"))


def _by_class(rulebook: Rulebook) -> Iterable[tuple[WhistleClass, list[Whistle]]]:
    known = rulebook.whistles[:MOST_WHISTLES]
    return [(kind, [each for each in known if each.whistle_class is kind]) for kind in WhistleClass]


def _blow(acts: Acts, item: Whistle) -> Html:
    """Its departments are chosen; who was called already is left out."""
    viewer, there = acts.viewer, {each.department.code for each in acts.case.assists}
    own = [_box(viewer, code) for code in item.departments if code not in there]
    inner = tag("p", viewer.words("whistle.already"), class_="quiet")
    if own:
        inner = acts.form(
            Act.WHISTLE,
            own,
            words_input(viewer, viewer.words("note")),
            button(viewer.words("act.whistle"), "whistle", "main big"),
            cite=item.id,
            call=1,
        )
    title = tag("h3", f"{item.id} {item.name.to(viewer.language)}")
    back = tag("a", viewer.words("whistle.back"), href=f"?role={acts.role}#acts", class_="button")
    return tag("section", title, inner, tag("p", back), id="blow", class_="done")


def _box(viewer: Viewer, code: str) -> Html:
    field = tag("input", type="checkbox", name=f"call.{code}", checked=True)
    return tag("label", field, tag("span", viewer.body(code)), class_="check")

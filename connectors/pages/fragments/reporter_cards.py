"""A report as its reporter sees it: its state, who has it, by when and why, and what the reporter has to do."""

from typing import Final
from urllib.parse import quote

import htpy as h

from connectors.cases.history import Story
from connectors.pages.fragments.act_forms import Acts
from connectors.pages.fragments.correction_forms import correct, erase, split
from connectors.pages.fragments.timeline import photos, words_of
from connectors.pages.html.icons import icon
from connectors.pages.html.inputs import (
    button,
    form,
    here_button,
    hidden,
    line_input,
    menu,
    more,
    photo_input,
    words_input,
)
from connectors.pages.html.layout import facts, notice
from connectors.pages.html.viewer import Viewer
from schemas.case import WITH_ORDER, Case, State
from schemas.command import Act, Outcome
from schemas.datum import Datum
from schemas.place import Candidate
from schemas.place_names import label_in
from schemas.rights import CaseRole

S = State
ROLE: Final = "reporter"


def receipt(viewer: Viewer, report: str) -> h.Element:
    """A report that is stored but has no case number yet."""
    words, parked = viewer.words, viewer.gateway.set_aside.reason(report) is not None
    kind, text = ("bad", "receipt.parked") if parked else ("good", "receipt.text")
    stored = notice(kind, h.b[words("receipt.title")], h.p[words(text)])
    return h.article(".card.pending", id=f"r-{report}")[stored, facts((words("receipt.number"), h.code[report]))]


def card(viewer: Viewer, story: Story, master: Story | None, by: str, outcome: h.Element | None = None) -> h.Element:
    """The card of one report in a list; `master` is the case it was merged into, `outcome` is shown first.

    Rare acts are only linked, to limit the page size.
    """
    case = story.case
    inner = [
        _head(viewer, case),
        outcome,
        words_of(viewer, case, story.reported(), viewer.words("photo.of_report")),
        _facts(viewer, story, master),
        _which_category(viewer, story, by),
        _wanted(viewer, story, master, by),
        _also(viewer, case, by, whole=False),
    ]
    return h.article(".card", id=f"r-{case.report}", data_case=case.number, data_master=case.master)[inner]


def own_part(viewer: Viewer, story: Story, master: Story | None, by: str) -> h.Element:
    """The reporter's acts on the page of the case, which shows the rest of the card already."""
    inner = [
        _facts(viewer, story, master) if master is not None else None,
        _which_category(viewer, story, by),
        _wanted(viewer, story, master, by),
        _also(viewer, story.case, by, whole=True),
    ]
    shown = [part for part in inner if part is not None]
    return h.div[shown or h.p(".quiet")[viewer.words("acts.none")]]


def _head(viewer: Viewer, case: Case) -> h.Element:
    title = h.h3[viewer.category(case), h.small[viewer.place(case)]]
    number = h.a(".number", href=f"/case/{quote(case.number, safe='')}?role=reporter")[case.number]
    urgent = h.span(".chip.alert")[viewer.words("mark.urgent")] if case.urgent_by else None
    return h.div[h.div(".head")[viewer.state(case), urgent, number], title]


def _facts(viewer: Viewer, story: Story, master: Story | None) -> h.Element:
    """Who has it, by when and why."""
    words, decision = viewer.words, story.decision()
    case = master.case if master is not None else story.case
    due: h.Node = None
    if case.due_ms is not None and case.state in WITH_ORDER:
        due = [viewer.time(case.due_ms), " ", viewer.clock(case)]
    ended = case.outcome if case.state is S.CLOSED else None
    return facts(
        (words("fact.sent"), viewer.time(story.case.submitted_ms)),
        (words("fact.joined"), f"{case.number} · {words('state.' + case.state)}" if master is not None else None),
        (words("fact.who"), _who(viewer, case)),
        (words("executor"), viewer.name(case.executor) if case.executor else None),
        (words("fact.department"), viewer.department(case)),
        (words("fact.due"), due),
        (words("fact.outcome"), words("outcome." + ended) if ended else None),
        (words("fact.took"), viewer.took(case)),
        (words("fact.why"), viewer.why(decision.because) if decision else None),
    )


def _who(viewer: Viewer, case: Case) -> str | None:
    """The accountable person, or a note that the job is still on offer."""
    if case.assignee is not None:
        return viewer.name(case.assignee)
    return viewer.words("offered.to", to=viewer.words.one_of("offered", case.offer.to)) if case.offer else None


def _wanted(viewer: Viewer, story: Story, master: Story | None, by: str) -> h.Element | None:
    """What the reporter has to do now, if anything."""
    case, words = story.case, viewer.words
    acts = Acts(viewer, case, by, ROLE)
    sought = case.place is None and case.urgent_by and case.trouble is not None and case.state in WITH_ORDER
    if (case.state is S.NEEDS_INFORMATION or sought) and CaseRole.REPORTER in acts.parts:
        return _more_information(viewer, case, by)
    if case.state is S.MERGED:
        merged = notice("plain", h.p[words("merged.text", master=case.master)], split(acts))
        result = master and master.case.state is S.RESOLVED and _result(viewer, master, by)
        return h.div[merged, result or None]
    if case.state is S.RESOLVED:
        return _result(viewer, story, by)
    question = story.open_question()
    if question is not None and case.state in WITH_ORDER and acts.may(Act.ANSWER):
        asked = h.div[h.b[words("asked.title")], h.blockquote[question.text]]
        return notice("plain", asked, acts.said(Act.ANSWER, "hint.reply"))
    if case.state in {S.CLOSED, S.REFUSED} and case.outcome is not Outcome.WITHDRAWN:
        shown = [part for part in (_after(viewer, master or story), split(acts), acts.rate()) if part is not None]
        return h.div[shown] if shown else None
    return None


def _which_category(viewer: Viewer, story: Story, by: str) -> h.Element | None:
    """The text fits several categories equally: one tap chooses another one. The case continues meanwhile."""
    acts, filed = Acts(viewer, story.case, by, ROLE), viewer.gateway.rulebook.category
    known = [(id, found.name) for id in story.other_categories() if (found := filed(id)) is not None]
    if not known or not acts.may(Act.CORRECT) or CaseRole.REPORTER not in acts.parts:
        return None
    asked = h.p[h.b[viewer.words("which.category", category=viewer.category(story.case))]]
    language = viewer.language
    taps = [acts.simple(Act.CORRECT, "edit", "choice", title=name.to(language), category=id) for id, name in known]
    return notice("plain", asked, taps)


def _result(viewer: Viewer, story: Story, by: str) -> h.Element:
    """The after-photo and the two large buttons."""
    verdict = Acts(viewer, story.case, by, ROLE).verdict()
    question = h.p[h.b[viewer.words("result.question")]] if verdict else None
    if verdict is None and CaseRole.DID_IT in viewer.parts_of(story.case, by):
        question = h.p[viewer.words("result.own_work")]
    return notice("good", h.b[viewer.words("result.title")], _after(viewer, story), question, verdict)


def _after(viewer: Viewer, story: Story) -> h.Element | None:
    done = story.last("after", "answer")
    if done is None:
        return None
    said = h.blockquote[done.text] if done.text else None
    return h.div(".said.after")[said, photos(viewer, story.case, done, viewer.words("photo.of_after"))]


def _more_information(viewer: Viewer, case: Case, by: str) -> h.Element:
    """A choice between places, or a request to add what is missing."""
    words, trouble = viewer.words, case.trouble
    address, who = f"/reporter/reports/{quote(case.report, safe='')}/supplement", hidden(reporter=by)
    choices = None
    if trouble is not None and trouble.candidates:
        title = words("which.title" if len(trouble.candidates) > 1 else "which.one")
        choices = (
            h.p[h.b[title]],
            *(form(address, who, _choice(viewer, c), class_="act supplement choices") for c in trouble.candidates),
            h.p[words("which.more", more=trouble.more)] if trouble.more else None,
        )
    asked = words.one_of("trouble", trouble.reason) if trouble is not None else words("trouble.no_words")
    add = form(
        address,
        who,
        line_input(viewer, words("place.address"), "address", placeholder=viewer.address_example()),
        here_button(viewer),
        words_input(viewer, words("report.text"), name="text"),
        photo_input(viewer, words("photo.add")),
        button(words("supplement.send"), "sent", "main"),
        class_="act supplement",
    )
    none = "which.other" if trouble is not None and len(trouble.candidates) > 1 else "which.elsewhere"
    other = more(words(none), add) if choices else add
    return notice("bad", h.p[asked] if not choices else None, choices, other)


def _choice(viewer: Viewer, candidate: Candidate) -> h.Node:
    """One of the places to choose, sent with its house number or exact position."""
    spot = {"lat": str(candidate.lat), "lon": str(candidate.lon), "datum": Datum.WGS84}
    exactly = {"address": candidate.label} if candidate.lon is None else spot
    label = label_in(viewer.gateway.region, candidate.label, candidate.code, viewer.language)
    return (*hidden(**exactly), button(label, "pin", "choice", name="code", value=candidate.code))


def _also(viewer: Viewer, case: Case, by: str, *, whole: bool) -> h.Element | None:
    """Add text or dispute; rarely needed acts in a collapsed section: hurry, correct, withdraw, erase."""
    acts = Acts(viewer, case, by, ROLE)
    rare = _rare(viewer, acts) if whole else _open(viewer, case)
    parts = [acts.add() if case.state in WITH_ORDER else None, acts.reopen(), rare]
    shown = [part for part in parts if part is not None]
    return h.div(".folded")[shown] if shown else None


def _rare(viewer: Viewer, acts: Acts) -> h.Element | None:
    waits = acts.case.state is S.NEEDS_INFORMATION  # the place is already being asked for
    return menu(viewer, acts.urge(), None if waits else correct(acts), acts.withdraw(), erase(acts))


def _open(viewer: Viewer, case: Case) -> h.Element:
    words = h.span[viewer.words("case.open")]
    return h.a(".whole", href=f"/case/{quote(case.number, safe='')}?role={ROLE}")[icon("dots"), words]

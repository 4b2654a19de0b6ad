"""The handler's page: jobs with their clocks, the nearest deadline first; a tap opens a job."""

from typing import Final
from urllib.parse import quote

import htpy as h
from aiohttp import web

from connectors.cases.history import Story
from connectors.cases.jobs import most_urgent
from connectors.intake.refusal import Refused
from connectors.ledger.queries.cases import Ledger
from connectors.pages.form.visitor import known
from connectors.pages.fragments.absence_notes import own
from connectors.pages.fragments.act_forms import Acts
from connectors.pages.fragments.handler_lists import called, lists, offered
from connectors.pages.fragments.links import to_absences, to_proposals, to_push
from connectors.pages.html.icons import icon
from connectors.pages.html.layout import notice, page
from connectors.pages.html.people import HANDLERS, chosen, picker
from connectors.pages.html.players import recordings
from connectors.pages.html.times import running
from connectors.pages.html.viewer import Viewer, here
from schemas.case import Case, Deadline, State
from schemas.command import Act
from schemas.people import Person, Role

NAME: Final = "handler"
SHOWN: Final = 30
EXCERPT: Final = 120


async def show(request: web.Request) -> web.Response:
    """`/handler`; `?as=` is whose jobs."""
    viewer = Viewer.of(request)
    words = viewer.words
    person = chosen(viewer, NAME) or await known(request)
    alone = viewer.acts_as is not None
    if person is None and alone:
        raise web.HTTPNotFound
    if person is None or ("choose" in request.query and not alone):
        ask = [h.p(".lead")[words("handler.choose")], picker(viewer, NAME, HANDLERS, person)]
        return page(viewer, words("handler.title"), ask, name=NAME, role=NAME, script=False)
    name = person.name.to(viewer.language)
    change = None if alone else h.a(href="/handler?choose=1")[words("change")]
    who = h.p(".who")[icon("person"), h.b[name], change]
    after, jobs, absence, others = await _jobs(viewer, person)
    covered = viewer.absences.covered_by(person.id, viewer.now_ms)
    desk = person.department if Role.DEPARTMENT_OFFICER in person.roles else None
    away = h.div("#absence", data_live=True, data_for=" ".join(covered), data_desk=desk)[
        absence, to_absences(viewer, NAME)
    ]
    title = words("handler.title")
    listed = h.ul("#jobs.cards", data_list=True, data_me=person.id, aria_label=title)[jobs]
    foot = h.div(".row")[to_push(viewer, person), to_proposals(viewer, NAME)]
    main = (who, away, others, listed, foot)
    return page(viewer, words("handler.title"), *main, name=NAME, role=NAME, after=after, styles=("list.css",))


async def _jobs(viewer: Viewer, me: Person) -> tuple[str, list[h.Element], list[h.Element], list[h.Element]]:
    """Where the live stream resumes, the jobs, notes about absences, and other lists."""

    def look(ledger: Ledger) -> tuple[str, list[Story], int, list[h.Element], list[h.Element]]:
        at, covers = here(ledger), viewer.absences_in(ledger)
        mine = most_urgent(viewer, ledger, me, SHOWN)
        stories = [Story(case, (), ledger.texts(case.number)) for case in mine.first]
        others = lists(viewer, me, called(ledger, me, viewer.now_ms, mine.numbers), offered(viewer, ledger, me))
        return at, stories, len(mine.numbers) - SHOWN, own(viewer, covers, me.id), others

    try:
        after, stories, left, absence, others = await viewer.gateway.ask(look)
    except Refused:
        return "", [h.li("#away")[notice("bad", viewer.words("ledger_away"))]], [], []
    jobs = [_job(viewer, story, me.id) for story in stories]
    if left > 0:
        jobs.append(h.li("#more.quiet")[viewer.words("handler.more", n=left)])
    return after, jobs or [h.li("#none")[notice("good", viewer.words("handler.none"))]], absence, others


def _job(viewer: Viewer, story: Story, me: str) -> h.Element:
    case, words = story.case, viewer.words
    address = f"/case/{quote(case.number, safe='')}?role={NAME}"
    head = h.div(".head")[viewer.state(case), _marks(viewer, case, me), viewer.clock(case)]
    what = (h.h2[viewer.category(case)], h.p[icon("pin"), viewer.place(case)])
    title = h.a(".title", href=address)[what]
    written = next((text for text in story.reported() if text.text), None)
    shot = next((photo for text in story.reported() for photo in text.photos), None)
    alt = words("photo.alt", what=words("photo.of_report"), category=viewer.category(case), place=viewer.place(case))
    picture = (
        h.img(src=f"/photos/small/{shot.digest}.jpg", alt=alt, loading="lazy", width=80, height=60) if shot else None
    )
    said = h.blockquote(lang=viewer.quoted(case))[_short(written.text)] if written else None
    acts = Acts(viewer, case, me, NAME)
    sign = acts.simple(Act.ACKNOWLEDGE, "check", "main") if acts.may(Act.ACKNOWLEDGE) else None
    enter = h.a(".button", href=address)[icon("handle"), h.span[words("job.open")]]
    spoken = recordings(viewer, (each for text in story.reported() for each in text.recordings))
    body = h.div(".gist")[picture, said] if picture or said else None
    return h.li(class_=f"card job {case.state}", id=f"c-{case.number}", data_case=case.number)[
        head, title, body, spoken, _accept(viewer, case), h.div(".row")[sign, enter]
    ]


def _marks(viewer: Viewer, case: Case, me: str) -> list[h.Element]:
    """Chips for what is special about this job."""
    words, marks = viewer.words, []
    if case.urgent_by:
        marks.append(h.span(".chip.alert")[words("mark.urgent")])
    if case.urged:
        marks.append(h.span(".chip.urged")[words("mark.urged", n=case.urged)])
    if case.reworks > (case.state is State.REWORK):  # the state says so already
        marks.append(h.span(".chip.rework")[words("mark.rework", n=case.reworks)])
    if case.request is not None:
        marks.append(h.span(".chip.suspended")[words("mark.request")])
    if case.assignee not in {me, None} and case.executor != me:
        marks.append(h.span(".chip.merged")[words("mark.for", who=viewer.name(case.assignee))])
    if case.followers:
        marks.append(h.span(".chip.merged")[words("mark.followers", n=len(case.followers))])
    return marks


def _accept(viewer: Viewer, case: Case) -> h.Element | None:
    """The clock for signing, while it runs."""
    due = case.deadlines.get(Deadline.ACCEPT)
    if due is None or case.state is not State.DISPATCHED:
        return None
    return h.p(".quiet")[viewer.words("job.sign_by"), " ", running(due, viewer.now_ms, viewer.words)]


def _short(text: str) -> str:
    return text if len(text) <= EXCERPT else text[: EXCERPT - 1] + "…"

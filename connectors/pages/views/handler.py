"""The handler's page: my jobs, the nearest deadline first, each with its clock; a tap opens the job."""

from typing import Final
from urllib.parse import quote

from aiohttp import web

from connectors.intake.refusal import Refused
from connectors.ledger.queries.absences import COVERS, Absences
from connectors.ledger.queries.cases import Ledger
from connectors.pages.fragments.act_forms import Acts
from connectors.pages.fragments.handler_lists import called, lists, offered
from connectors.pages.fragments.roles import parts_of
from connectors.pages.fragments.timeline import Story
from connectors.pages.html.icons import icon
from connectors.pages.html.layout import notice, page
from connectors.pages.html.markup import Html, tag
from connectors.pages.html.people import HANDLERS, chosen, picker
from connectors.pages.html.times import nearest, running
from connectors.pages.html.viewer import Viewer, here
from connectors.pages.views import proposals, push
from connectors.pages.views.absences import follow, link, own
from schemas.case import WORKING, Case, Deadline, State
from schemas.command import Act
from schemas.people import Person, Role
from schemas.rights import CaseRole

NAME: Final = "handler"
SHOWN: Final = 30
MOST: Final = 500
EXCERPT: Final = 120


async def show(request: web.Request) -> web.Response:
    """`/handler`; `?as=` says whose jobs."""
    viewer = Viewer.of(request)
    person, words = chosen(viewer, NAME), viewer.words
    if person is None or "choose" in request.query:
        ask = [tag("p", words("handler.choose"), class_="lead"), picker(viewer, NAME, HANDLERS, person)]
        return page(viewer, words("handler.title"), ask, name=NAME, role=NAME, script=False)
    name = person.name.to(viewer.language)
    who = tag("p", icon("person"), tag("b", name), tag("a", words("change"), href="/handler?choose=1"), class_="who")
    after, jobs, told, others = await _jobs(viewer, person)
    covered = request.app[COVERS].covered_by(person.id, viewer.now_ms)
    desk = person.department if Role.DEPARTMENT_OFFICER in person.roles else None
    away = tag(
        "div", told, link(viewer, NAME), id="absence", data_live=True, data_for=" ".join(covered), data_desk=desk
    )
    title = words("handler.title")
    listed = tag("ul", jobs, id="jobs", data_list=True, data_me=person.id, class_="cards", aria_label=title)
    pushing = push.link(viewer) if push.pushes(person) else None
    foot = tag("div", pushing, proposals.link(viewer, NAME), class_="row")
    return page(viewer, words("handler.title"), who, away, others, listed, foot, name=NAME, role=NAME, after=after)


async def _jobs(viewer: Viewer, me: Person) -> tuple[str, list[Html], list[Html], list[Html]]:
    """Where the stream goes on, the jobs, what is to be said about absences, and what else waits for them."""

    def look(ledger: Ledger) -> tuple[str, list[Story], int, list[Html], list[Html]]:
        at, covers = here(ledger), follow(viewer, ledger)
        cases = sorted(_theirs(viewer, ledger, covers, me), key=_order)
        stories = [Story(case, (), ledger.texts(case.number)) for case in cases[:SHOWN]]
        mine = {case.number for case in cases}
        calls = [case for case in called(ledger, me) if case.number not in mine]
        others = lists(viewer, me, calls, offered(viewer, ledger, me))
        return at, stories, len(cases) - SHOWN, own(viewer, covers, me.id), others

    try:
        after, stories, left, told, others = await viewer.gateway.ask(look)
    except Refused:
        return "", [tag("li", notice("bad", viewer.words("ledger_away")), id="away")], [], []
    jobs = [_job(viewer, story, me.id) for story in stories]
    if left > 0:
        jobs.append(tag("li", viewer.words("handler.more", n=left), class_="quiet", id="more"))
    return after, jobs or [tag("li", notice("good", viewer.words("handler.none")), id="none")], told, others


def _theirs(viewer: Viewer, ledger: Ledger, covers: Absences, me: Person) -> list[Case]:
    """Jobs of their own, of those for whom they stand in, that they were handed, and of their department's desk."""
    asked: dict[str, Case] = {}
    for person in (me.id, *covers.covered_by(me.id, viewer.now_ms)):
        found = ledger.cases(assignee=person, open_only=True, order="due", limit=MOST)
        asked |= {case.number: case for case in found}
    asked |= {case.number: case for case in ledger.cases(executor=me.id, open_only=True, order="due", limit=MOST)}
    if Role.DEPARTMENT_OFFICER in me.roles and me.department:
        desk = ledger.cases(department=me.department, open_only=True, order="due", limit=MOST)
        asked |= {case.number: case for case in desk if CaseRole.ASSIGNEE in parts_of(viewer, case, me.id)}
    return list(asked.values())


def _order(case: Case) -> tuple[int, int, str]:
    """What can be worked on first, by its nearest deadline; then what waits for others."""
    return (case.state not in WORKING, nearest(case), case.number)


def _job(viewer: Viewer, story: Story, me: str) -> Html:
    case, words = story.case, viewer.words
    address = f"/case/{quote(case.number, safe='')}?role={NAME}"
    head = tag("div", viewer.state(case), _marks(viewer, case, me), viewer.clock(case), class_="head")
    what = (tag("h2", viewer.category(case)), tag("p", icon("pin"), viewer.place(case)))
    title = tag("a", what, href=address, class_="title")
    told = next((text for text in story.reported() if text.text), None)
    shot = next((photo for text in story.reported() for photo in text.photos), None)
    alt = words("photo.alt", what=words("photo.of_report"), category=viewer.category(case), place=viewer.place(case))
    picture = (
        tag("img", src=f"/photos/{shot.digest}.jpg", alt=alt, loading="lazy", width=80, height=60) if shot else None
    )
    said = tag("blockquote", _short(told.text), lang=viewer.quoted(case)) if told else None
    acts = Acts(viewer, case, me, NAME)
    sign = acts.simple(Act.ACKNOWLEDGE, "check", "main") if acts.may(Act.ACKNOWLEDGE) else None
    enter = tag("a", icon("handle"), tag("span", words("job.open")), href=address, class_="button")
    body = tag("div", picture, said, class_="gist") if picture or said else None
    return tag(
        "li", head, title, body, _accept(viewer, case), tag("div", sign, enter, class_="row"),
        class_=f"card job {case.state}", id=f"c-{case.number}", data_case=case.number,
    )  # fmt: skip


def _marks(viewer: Viewer, case: Case, me: str) -> list[Html]:
    """What makes this job special."""
    words, marks = viewer.words, []
    if case.urgent_by:
        marks.append(tag("span", words("mark.urgent"), class_="chip alert"))
    if case.urged:
        marks.append(tag("span", words("mark.urged", n=case.urged), class_="chip urged"))
    if case.reworks > (case.state is State.REWORK):  # the state says it once
        marks.append(tag("span", words("mark.rework", n=case.reworks), class_="chip rework"))
    if case.request is not None:
        marks.append(tag("span", words("mark.request"), class_="chip suspended"))
    if case.assignee not in {me, None} and case.executor != me:
        marks.append(tag("span", words("mark.for", who=viewer.name(case.assignee)), class_="chip merged"))
    if case.followers:
        marks.append(tag("span", words("mark.followers", n=len(case.followers)), class_="chip merged"))
    return marks


def _accept(viewer: Viewer, case: Case) -> Html | None:
    """The clock for signing, while it runs."""
    due = case.deadlines.get(Deadline.ACCEPT)
    if due is None or case.state is not State.DISPATCHED:
        return None
    return tag("p", viewer.words("job.sign_by"), " ", running(due, viewer.now_ms, viewer.words), class_="quiet")


def _short(text: str) -> str:
    return text if len(text) <= EXCERPT else text[: EXCERPT - 1] + "…"

"""What each role's page offers: exactly what the rules would allow that person in that state, and nothing else."""

import re
from pathlib import Path

from aiohttp import ClientSession, CookieJar

from connectors.pages.fragments.roles import ON_PAGE
from connectors.pages.html.people import HANDLERS
from grid36.files.region.commands import load_region
from grid36.files.rulebook import load_rulebook
from rules.acts.check_right import what_of
from rules.decide import decide
from schemas.case import Case, State
from schemas.command import Act, Cover, Do, Rating, ReturnReason
from schemas.eligible import can_work
from schemas.event import EventType
from schemas.people import Role
from schemas.report import ReportKind
from schemas.rights import RIGHTS, CaseRole, may, may_propose, right_of
from schemas.topics import EVERYWHERE
from tests.browser.reading_pages import offered, send, text_of, weight
from tests.worlds.small_town import EXAMPLE, Town, small_town
from tests.worlds.street import PHOTO
from tests.worlds.town_life import BOSS, OWNER, WALKER, Life, live_through, work_together

HOUR = 3_600_000
ROLES = ("reporter", "handler", "supervisor")


PEOPLE = (
    WALKER, OWNER, BOSS, "resident-en", "rider-02", "cleaner-01", "officer-street-lighting", "officer-water-supply",
    "inspector-1", "lane-chief-1", "steward-01", "list-steward", "street-chief", "officer-housing",
    "city-coordinator",
)  # fmt: skip


async def test_pages_offer_what_the_rules_allow_that_person_and_nothing_else(
    town: Town, browser: ClientSession
) -> None:
    """Every case of the town, every role's page, many people: what is refused is not offered, what is not, is."""
    life = live_through(town)
    life.act("fresh", Act.HAND_ON, to="cleaner-01")
    life.act("hole", Act.REQUEST_PAUSE, hours=48, note="等材料")
    life.act("hole", Act.APPROVE, BOSS)
    life.report("burst", "水管爆裂，水往外喷", "晨光街12号")  # its milestones have to be reached
    _for_every_role(life)
    people = {person.id: person for person in town.gateway.region.persons}
    work_together(life)
    seen: set[tuple[Act, CaseRole]] = set()
    for person in PEOPLE:
        assert person in people, person
        theirs: dict[str, set[Act]] = {name: set() for name in life.numbers}
        for role in ROLES:
            await text_of(browser, f"/{role}?as={person}")
            for name, number in life.numbers.items():
                case = town.street.cases[number]
                here = what_of(person, case, town.street, town.clock(), frozenset(CaseRole)) & ON_PAGE[role]
                allowed = {act for act in Act if may(act, case, here)}
                page = await text_of(browser, f"/case/{number}?role={role}")
                acts = offered(page) | ({Act.WHISTLE} if "#blow" in page else set())  # its item is tapped first
                assert acts <= allowed | _of_the_master(town, number), (person, role, name)
                for act in acts & allowed:
                    seen.update((act, part) for part in here & right_of(act, case).who)
                    assert _refusal(town, case, act, person) in {None, *INPUT}, (person, role, name, act)
                theirs[name] |= acts
        for name, number in life.numbers.items():
            case = town.street.cases[number]
            done = {act for act in Act if _refusal(town, case, act, person) is None}
            assert done - theirs[name] <= _otherwise(case), (person, name)
    every = {(act, part) for act, right in RIGHTS.items() for part in right.who}
    assert seen >= every, "each act, for each role that may do it, is on some page"


def _for_every_role(life: Life) -> None:
    """Cases in which the roles have acts that they seldom have."""
    life.act("burst", Act.HAND_ON, to="cleaner-01")
    life.report("paused", "垃圾桶满溢", "湖滨南路30号")
    life.act("paused", Act.REQUEST_PAUSE, hours=48, note="等材料")
    life.act("paused", Act.APPROVE, BOSS)
    life.report("twin", "垃圾桶满溢", "晨光街30号")
    life.report("follows", "垃圾桶满溢", "晨光街30号", by="rider-02")
    life.act("twin", Act.RESOLVE, photos=(life.proof(9),))
    life.act("twin", Act.VERIFY, WALKER)


def _otherwise(case: Case) -> set[Act]:
    """What a page offers under another name, or no more because it was done."""
    said = {Act.ANSWER: case.state is State.NEEDS_INFORMATION}
    said |= {Act.CONTACT: case.contacted_ms is not None, Act.RESOLVE: case.kind is ReportKind.QUESTION}
    return {act for act, so in said.items() if so}


INPUT = {
    "unknown_category", "nothing_to_change", "whistle_needed", "rate_whom", "none_whistled", "nothing_to_erase",
    "not_a_master", "needs_place", "emergency_only", "has_it_already",
}  # fmt: skip
"""Refusals of what was filled in here, not of the act."""


def _refusal(town: Town, case: Case, act: Act, by: str) -> str | None:
    """Why an act that is offered would be refused now, when it is filled in as far as anybody could."""
    milestone = next((step.id for step in case.milestones if step.done_ms is None), "")
    directory = town.gateway.directory
    to = {
        Act.ASSIGN: "list-steward" if case.change else "supervisor-05",
        Act.HAND_ON: next((each.id for each in directory.region.persons if can_work(each, case, directory)), ""),
        Act.MILESTONE: milestone,
        Act.ERASE: None,
    }
    rated = next((each.department.code for each in case.assists if each.rate_until_ms and not each.scores), None)
    to |= {Act.RATE_REPORT_IN: rated, Act.MERGE: case.home + "-2611-09999"}
    rating = Rating.SATISFIED if case.rating is Rating.DISSATISFIED else Rating.DISSATISFIED
    cite = "H01" if act is Act.WHISTLE else town.gateway.rulebook.items[0].id
    person = next((each for each in town.gateway.region.persons if each.id == by), None)
    desk = person is not None and Role.DEPARTMENT_OFFICER in person.roles
    do = Do(
        id="try", home=case.home, case=case.number, act=act, by=by, note="说明", photos=(PHOTO,), hours=5,
        rating=rating, cite=cite if desk or act is Act.WHISTLE else None, to=to.get(act),
        reason=None if desk else ReturnReason.WRONG_PLACE,
    )  # fmt: skip
    if act is Act.CORRECT:
        do = do.model_copy(update={"category": "pothole" if case.category != "pothole" else "lamp"})
    refused = [d for d in decide(case, do, town.street).drafts if d.type is EventType.ACTION_REFUSED]
    return str(refused[0].facts["code"]) if refused else None


def _of_the_master(town: Town, number: str) -> set[Act]:
    """The card of a follower also asks whether the master's work is good."""
    case = town.street.cases[number]
    master = town.street.cases.get(case.master or "")
    return {Act.VERIFY, Act.REJECT} if master is not None and master.state is State.RESOLVED else set()


async def test_what_needs_no_case_is_offered_to_those_who_may(town: Town, browser: ClientSession) -> None:
    """Fixed on the spot: everybody. A list change: whoever may draft it there. An absence: one's own, and below one."""
    life = live_through(town)
    number, directory = life.numbers["fresh"], town.gateway.directory
    place = town.street.cases[number].place
    assert place is not None
    workers = {person.id for person in directory.region.persons if not set(HANDLERS).isdisjoint(person.roles)}
    for person in PEOPLE:
        assert 'name="fixed"' in await text_of(browser, f"/reporter?as={person}")
        parts = what_of(person, town.street.cases[number], town.street, town.clock(), frozenset(CaseRole))
        drafts = False
        for role in ROLES:
            await text_of(browser, f"/{role}?as={person}")
            drafts |= 'name="change.id"' in await text_of(browser, f"/case/{number}?role={role}")
        may_draft = may_propose(person, place.grid, directory)
        assert may_draft >= drafts >= (may_draft and bool(parts)), person
        page = (await text_of(browser, f"/covers?role=supervisor&as={person}")).partition('<form method="post"')[2]
        own = f'name="person" value="{person}"'
        chosen = re.findall(r'name="person" required>(.*?)</select>', page, flags=re.S)
        if not directory.is_over_somebody(person):
            assert (own in page, chosen) == (True, []), person
            continue
        below = {each for each in workers if directory.may_place(person, each)}
        assert set(re.findall(r'<option value="([^"]+)"', chosen[0])) == below, person


async def test_somebody_who_has_no_part_in_a_case_is_offered_nothing(town: Town, browser: ClientSession) -> None:
    life = live_through(town)
    await text_of(browser, "/handler?as=supervisor-03")
    assert offered(await text_of(browser, f"/case/{life.numbers['fresh']}?role=handler")) == set()
    await text_of(browser, "/reporter?as=resident-03")
    assert offered(await text_of(browser, f"/case/{life.numbers['greasy']}?role=reporter")) == set()
    await text_of(browser, "/supervisor?as=inspector-1")
    assert offered(await text_of(browser, f"/case/{life.numbers['fresh']}?role=supervisor")) == {Act.MERGE}
    page = await text_of(browser, "/supervisor")
    assert Act.APPROVE not in offered(page)
    assert 'class="button urge"' not in page


async def test_nobody_decides_their_own_request(town: Town, browser: ClientSession) -> None:
    life = live_through(town)
    life.act("question", Act.REQUEST_EXTENSION, BOSS, hours=2, note="需要核实")
    page = await text_of(browser, f"/case/{life.numbers['question']}?role=supervisor&as={BOSS}")
    assert "自己的申请须由他人审批" in page
    assert Act.APPROVE not in offered(page)


async def test_category_and_place_are_corrected_from_a_form(town: Town, browser: ClientSession) -> None:
    life = live_through(town)
    number = life.numbers["fresh"]
    await text_of(browser, f"/handler?as={OWNER}")
    assert "道路不洁（不变）" in await text_of(browser, f"/case/{number}?role=handler")
    await send(browser, f"/case/{number}/acts?role=handler", act="correct", by=OWNER, category="pothole")
    town.step()
    assert town.street.cases[number].category == "pothole"
    await text_of(browser, f"/supervisor?as={BOSS}")
    await send(
        browser, f"/case/{number}/acts?role=supervisor", act="correct", by=BOSS, address="晨光街8号", lat="", lon=""
    )
    town.step()
    place = town.street.cases[number].place
    assert place is not None
    assert place.label == "晨光街8号"


async def test_a_neighbour_is_offered_for_merging(town: Town, browser: ClientSession) -> None:
    """Open cases of the same segment stand in the field's list; the chosen one takes it."""
    life = live_through(town)
    number, other = life.numbers["fresh"], life.numbers["asked"]
    await text_of(browser, f"/handler?as={OWNER}")
    page = await text_of(browser, f"/case/{number}?role=handler")
    near = re.findall(r'<option value="([^"]+-2611-[^"]+)"', page)
    assert other in near
    assert number not in near
    assert life.numbers["closed"] not in near
    await send(browser, f"/case/{number}/acts?role=handler", act="merge", by=OWNER, to=other)
    town.step()
    assert town.street.cases[number].master == other


async def test_own_words_are_erased_and_others_stay(town: Town, browser: ClientSession) -> None:
    """The reporter's words go, the handler's stay; nothing is offered for erasing afterwards."""
    life = live_through(town)
    number = life.numbers["greasy"]
    await text_of(browser, f"/reporter?as={WALKER}")
    page = await text_of(browser, f"/case/{number}?role=reporter")
    assert "很滑" in page
    assert Act.ERASE in offered(page)
    await send(browser, f"/case/{number}/acts?role=reporter", act="erase", by=WALKER)
    town.step()
    assert [ref.by for ref in town.street.cases[number].texts] == [OWNER]
    page = await text_of(browser, f"/case/{number}?role=reporter")
    assert Act.ERASE not in offered(page)
    await text_of(browser, f"/supervisor?as={BOSS}")
    assert Act.ERASE in offered(await text_of(browser, f"/case/{number}?role=supervisor"))


async def test_an_absence_is_registered_and_the_cover_sees_and_does_the_jobs(
    town: Town, browser: ClientSession
) -> None:
    """From the page of the one who is away, without script; and back again before the time."""
    life = live_through(town)
    await text_of(browser, f"/handler?as={OWNER}")
    page = await text_of(browser, "/covers?role=handler")
    begin, end = re.findall(r'type="datetime-local"[^>]* value="([^"]+)"', page)
    assert (begin[:10], end) == ("2026-11-19", "2026-11-20T08:00")
    assert f'<option value="{OWNER}"' not in page, "nobody stands in for themselves"
    assert '<option value="supervisor-02"' in page
    sent = {"person": OWNER, "by": OWNER, "cover": "supervisor-02"}
    await send(browser, "/covers?role=handler", **sent, **{"from": begin, "until": end})
    town.clock.wait(1)
    town.step()
    assert "您正为" not in await text_of(browser, "/handler")
    page = await text_of(browser, "/handler")
    assert "路段负责人01不在岗，11-20 08:00 返岗。代班：路段负责人02。" in page
    page = await text_of(browser, "/handler?as=supervisor-02")
    assert "您正为路段负责人01代班" in page
    assert f'data-case="{life.numbers["fresh"]}"' in page
    assert "代路段负责人01" in page
    assert Act.RESOLVE in offered(await text_of(browser, f"/case/{life.numbers['fresh']}?role=handler"))

    page = await text_of(browser, f"/handler?as={OWNER}")
    back = dict(re.findall(r'name="(person|cover|by|from|until)" value="([^"]+)"', page))
    await send(browser, "/covers?role=handler", **back)
    town.clock.wait(1)
    town.step()
    assert "不在岗，" not in await text_of(browser, "/handler")
    assert Act.RESOLVE not in offered(
        await text_of(browser, f"/case/{life.numbers['fresh']}?role=handler&as=supervisor-02")
    )


async def test_somebody_above_registers_and_calls_off_an_absence(town: Town, browser: ClientSession) -> None:
    now = town.clock()
    cover = Cover(id="c-1", home=EVERYWHERE, person=OWNER, by=BOSS, from_ms=now + HOUR, until_ms=now + 9 * HOUR)
    town.take(cover)
    page = await text_of(browser, f"/covers?role=supervisor&as={BOSS}")
    page = await text_of(browser, "/covers?role=supervisor", "en")
    assert "Segment supervisor 01 will be away from 08:21 until 16:21. Standing in: nobody." in page
    assert 'name="person" required><option value="" selected>Please choose</option><optgroup' in page
    off = dict(re.findall(r'name="(person|cover|by|from|until)" value="([^"]+)"', page.partition("Call it off")[0]))
    await send(browser, "/covers?role=supervisor", **off)
    town.step()
    assert "Nobody is away." in await text_of(browser, "/covers?role=supervisor", "en")
    await text_of(browser, "/supervisor?as=inspector-1")
    assert 'name="person" required' not in await text_of(browser, "/covers?role=supervisor")


async def test_roads_that_nobody_answers_for_are_shown_to_those_who_can_change_it(
    town: Town, browser: ClientSession
) -> None:
    """On the supervisor's page from the moment on when somebody is away without a cover; gone with the cover."""
    await text_of(browser, f"/supervisor?as={BOSS}")
    assert "无人负责" not in await text_of(browser, "/supervisor")
    now = town.clock()
    town.take(Cover(id="c-1", home=EVERYWHERE, person=OWNER, by=BOSS, from_ms=now, until_ms=now + HOUR))
    own = [segment for segment in load_region(EXAMPLE).segments if segment.owner == OWNER]
    assert f"{len(own)}条路段此刻无人负责" in await text_of(browser, "/supervisor")
    page = await text_of(browser, "/covers?role=supervisor", "en")
    assert f"Nobody answers for {len(own)} road segments" in page
    assert all(segment.id in page for segment in own)
    town.take(Cover(id="c-2", home=EVERYWHERE, person=OWNER, cover=WALKER, by=BOSS, from_ms=now, until_ms=now + HOUR))
    assert "Every road segment has somebody" in await text_of(browser, "/covers?role=supervisor", "en")


async def test_absences_are_known_again_after_a_rebuild(town: Town, browser: ClientSession) -> None:
    now = town.clock()
    town.take(Cover(id="c-1", home=EVERYWHERE, person=OWNER, cover=WALKER, by=OWNER, from_ms=now, until_ms=now + HOUR))
    assert "代班：网格员01" in await text_of(browser, f"/handler?as={OWNER}")
    town.rebuild("e2")
    assert "代班：网格员01" in await text_of(browser, "/handler")
    town.clock.wait(61)
    assert "代班：" not in await text_of(browser, "/handler")


async def test_every_officer_of_a_desk_sees_its_jobs(tmp_path: Path) -> None:
    """The case is assigned to the first of them; the desk is accountable, not the name."""
    region = load_region(EXAMPLE)
    first = next(person for person in region.persons if person.id == "officer-street-lighting")
    second = first.model_copy(update={"id": "officer-street-lighting-2"})
    region = region.model_copy(update={"persons": (*region.persons, second)})
    async with small_town(tmp_path, region=region) as town, ClientSession(town.url) as browser:
        number = Life(town).report("lamp", "路灯不亮", "晨光街8号")
        assert town.street.cases[number].assignee == first.id
        for officer in (first.id, second.id):
            page = await text_of(browser, f"/handler?as={officer}")
            assert f'data-case="{number}"' in page
            assert Act.ACKNOWLEDGE in offered(page)


async def test_the_reporter_says_whether_they_are_content(town: Town, browser: ClientSession) -> None:
    life = live_through(town)
    number = life.numbers["closed"]
    await text_of(browser, f"/reporter?as={WALKER}")
    assert "您对办理结果满意吗？" in await text_of(browser, f"/case/{number}?role=reporter")
    await send(browser, f"/case/{number}/acts?role=reporter", act="rate", by=WALKER, rating="dissatisfied")
    town.step()
    page = await text_of(browser, f"/case/{number}?role=reporter")
    assert "您的评价：不满意。仍可更改。" in page
    assert re.findall(r'name="rating" value="(\w+)"', page) == ["satisfied"]
    town.clock.wait(60 * 24 * 40)
    town.step()
    assert Act.RATE not in offered(await text_of(browser, f"/case/{number}?role=reporter"))


async def test_pages_stay_light_where_many_people_work(tmp_path: Path) -> None:
    """A city's thousand handlers do not all fit into a phone's page: absences, and a case with every form."""
    region = load_region(EXAMPLE)
    model = next(person for person in region.persons if person.id == OWNER)
    many = tuple(model.model_copy(update={"id": f"extra-supervisor-{n:04}"}) for n in range(1000))
    region = region.model_copy(update={"persons": (*region.persons, *many)})
    async with small_town(tmp_path, region=region) as town, ClientSession(town.url) as browser:
        number = Life(town).report("a", "路面油污", "湖滨南路12-8号")
        for address in (
            f"/covers?role=supervisor&as={BOSS}",
            f"/covers?role=handler&as={OWNER}",
            f"/case/{number}?role=supervisor&as={BOSS}",
            f"/case/{number}?role=handler&as={OWNER}",
        ):
            page = await text_of(browser, address)
            assert weight(page) <= 100_000, address


async def test_an_inspector_finds_what_was_fixed_on_the_spot_and_says_that_it_is_good(tmp_path: Path) -> None:
    """By the list of samples; somebody who reported and did it is not asked, and nobody is asked twice."""
    book = load_rulebook(EXAMPLE)
    every = book.model_copy(update={"policy": book.policy.model_copy(update={"self_handled_sample": 100})})
    jar = CookieJar(unsafe=True)
    async with small_town(tmp_path, rulebook=every) as town, ClientSession(town.url, cookie_jar=jar) as browser:
        number = live_through(town).numbers["done"]
        assert Act.VERIFY not in offered(await text_of(browser, f"/case/{number}?role=reporter&as={WALKER}"))
        page = await text_of(browser, "/supervisor?as=inspector-1")
        assert "/supervisor?state=sampled" in page
        page = await text_of(browser, "/supervisor?state=sampled")
        assert re.findall(r'data-case="([^"]+)"', page) == [number]
        assert "待抽查" in page
        assert offered(await text_of(browser, f"/case/{number}?role=supervisor")) >= {Act.VERIFY, Act.REOPEN}
        await send(browser, f"/case/{number}/acts?role=supervisor", act="verify", by="inspector-1")
        town.step()
        assert "data-case" not in await text_of(browser, "/supervisor?state=sampled")
        assert Act.VERIFY not in offered(await text_of(browser, f"/case/{number}?role=supervisor"))

"""Who may send which request: every role at every route, in their area and outside it, with every credential."""

import sqlite3
from collections.abc import AsyncIterator, Mapping
from contextlib import closing
from hashlib import sha256
from pathlib import Path

import pytest
from aiohttp import ClientSession, web

from connectors.accounts.reads import ReadFilter
from connectors.accounts.session import ADMINISTRATOR
from connectors.doors.browser.account import COOKIE, new_token
from connectors.doors.http.access import ACCESS, Reach
from connectors.pages.app import add_chat, add_pages
from schemas.command import Cover
from schemas.topics import EVERYWHERE
from tests.worlds.outside import personal_link, sign_in_link, signed_in
from tests.worlds.small_town import Town, small_town
from tests.worlds.town_life import BOSS, OWNER, WALKER, Life

KEY = "the-key-of-this-system"
OUT = frozenset({"sign_in", "not_for_you", "not_for_department", "not_for_platform", "cross_site", "wrong_key"})
"""What the table says when it lets nobody in; a page of an unknown case or a missing field is said behind it."""
FILLED: Mapping[str, str] = {
    "{number}": "350203006-G001-2611-00001", "{id}": "r-1", "{digest}": "a" * 64, "{token}": "none",
    "{day}": "2026-11-19", "{code}": "hotline", "{partner}": "drainage",
    "{name}": "none.js", "{rest}": "/none", "{ending}": "ogg", "{size}": "64", "{record}": "events-0-1",
}  # fmt: skip
OVERSEERS = frozenset({BOSS, "street-chief", "inspector-1"})
STEWARD, ELSEWHERE = "steward-01", "steward-02"
"""Each of a grid of their own."""
WATCHERS = OVERSEERS | {STEWARD, ELSEWHERE, "head-01", "lane-chief-1", "officer-drainage", "list-steward"}
PEOPLE = WATCHERS | {OWNER, WALKER, "cleaner-05", "rider-02"}
MAY: Mapping[Reach, frozenset[str]] = {
    Reach.EVERYBODY: PEOPLE | {ADMINISTRATOR},
    Reach.KNOWN: PEOPLE | {ADMINISTRATOR},
    Reach.PEOPLE: PEOPLE,
    Reach.WATCHERS: WATCHERS,
    Reach.OVERSEERS: OVERSEERS,
    Reach.DECIDERS: frozenset({"list-steward", BOSS}),
    Reach.ADMINISTRATOR: frozenset({ADMINISTRATOR}),
    Reach.DEPARTMENTS: frozenset(),
    Reach.PLATFORMS: frozenset(),
    Reach.PARTNERS: frozenset(),
    Reach.PROGRAMS: frozenset(),
}
"""Who may by a session, person by person."""
ROUTES = sorted(each for each in ACCESS if each.partition(" ")[2] not in {"/chat", "/chat/map", "/demo"})
"""The small town has no chat."""


@pytest.fixture
async def town(tmp_path: Path) -> AsyncIterator[Town]:
    """One where people sign in."""
    async with small_town(tmp_path, demo=False) as running:
        running.gateway.key = KEY
        yield running


@pytest.fixture
async def browser(town: Town) -> AsyncIterator[ClientSession]:
    async with ClientSession(town.url) as opened:
        yield opened


def asked(route: str) -> tuple[str, str]:
    """Method and address of a request to a route."""
    method, _, path = route.partition(" ")
    for name, value in FILLED.items():
        path = path.replace(name, value)
    return ("GET" if method == "*" else method), path


async def refusal(browser: ClientSession, route: str, cookies: Mapping[str, str] = {}, **headers: str) -> str:
    """Why a request is let in to nobody; "" when it is let in."""
    method, path = asked(route)
    sent = {"Origin": str(browser._base_url).rstrip("/")} | headers
    sent |= {"Cookie": "; ".join(f"{name}={value}" for name, value in cookies.items())} if cookies else {}
    async with browser.request(method, path, headers=sent, allow_redirects=False) as answer:
        if answer.content_type != "application/json":
            return ""
        error: str = (await answer.json()).get("error", "")
        return error if error in OUT else ""


def test_every_route_has_a_row_and_every_row_a_route(town: Town) -> None:
    """A route without a row would answer nobody."""
    app = town.app
    more = web.Application()
    for add in (add_pages, add_chat):
        add(more)
    known = {
        f"{route.method} {route.resource.canonical}"
        for router in (app.router, more.router)
        for route in router.routes()
        if route.resource is not None and route.method != "HEAD"
    }
    assert known == set(ACCESS)


@pytest.mark.parametrize("person", sorted(PEOPLE | {ADMINISTRATOR}))
async def test_a_session_reaches_what_its_role_may(town: Town, browser: ClientSession, person: str) -> None:
    """Each role at each route."""
    cookies = {"session": await signed_in(town, person)}
    for route in ROUTES:
        expected = "" if person in MAY[ACCESS[route].reach] else "not_for_you"
        assert (route, await refusal(browser, route, cookies)) == (route, expected)


@pytest.mark.parametrize("person", [BOSS, STEWARD, OWNER])
async def test_a_personal_link_reaches_less(town: Town, browser: ClientSession, person: str) -> None:
    cookies = {"link": await personal_link(town, person)}
    for route in ROUTES:
        access = ACCESS[route]
        open_ = access.reach is Reach.EVERYBODY or (access.by_link and person in MAY[access.reach])
        assert (route, await refusal(browser, route, cookies)) == (route, "" if open_ else "sign_in")


async def test_a_stranger_reaches_what_is_for_everybody(town: Town, browser: ClientSession) -> None:
    """Without anything, with what was forged, revoked, used up or ended, and whoever they say they are."""
    revoked, ended = await signed_in(town, BOSS), await signed_in(town, BOSS)
    await town.gateway.accounts.ask(lambda rows: rows.end_all(BOSS))
    town.clock.wait(60 * 24 * 8)
    link = await sign_in_link(town, BOSS)
    for cookies in ({}, {"session": "forged"}, {"session": revoked}, {"session": ended}, {"session": link}):
        for route in ROUTES:
            expected = "" if ACCESS[route].reach is Reach.EVERYBODY else "sign_in"
            assert (route, await refusal(browser, route, cookies)) == (route, expected)


async def test_a_browser_nobody_knows_reaches_its_own_reports(town: Town, browser: ClientSession) -> None:
    for route in ROUTES:
        access = ACCESS[route]
        open_ = access.reach is Reach.EVERYBODY or (access.by_link and access.reach is Reach.KNOWN)
        expected = "" if open_ else "sign_in"
        assert (route, await refusal(browser, route, {COOKIE: new_token()})) == (route, expected)


async def test_a_program_with_the_key_reaches_all_and_with_another_none(town: Town, browser: ClientSession) -> None:
    for route in ROUTES:
        town.clock.wait(10)  # else it would have to wait for so many wrong keys
        assert await refusal(browser, route, Authorization=f"Bearer {KEY}") == ""
        for wrong in ("Bearer other", KEY, "Bearer ", f"Basic {KEY}"):
            assert await refusal(browser, route, Authorization=wrong) == "wrong_key"


async def test_a_platform_with_its_key_reaches_what_is_for_platforms(town: Town, browser: ClientSession) -> None:
    _, key = await town.gateway.accounts.ask(lambda rows: rows.platform_keys.new("hotline", 0))
    _, other = await town.gateway.accounts.ask(lambda rows: rows.platform_keys.new("district", 0))
    for route in ROUTES:
        reach = ACCESS[route].reach
        own = "" if reach in (Reach.EVERYBODY, Reach.PLATFORMS, Reach.PARTNERS) else "not_for_platform"
        assert (route, await refusal(browser, route, Authorization=f"Bearer {key}")) == (route, own)
        others = "" if reach in (Reach.EVERYBODY, Reach.PARTNERS) else "not_for_platform"
        assert (route, await refusal(browser, route, Authorization=f"Bearer {other}")) == (route, others)


async def test_a_department_with_its_key_reaches_what_is_for_departments(town: Town, browser: ClientSession) -> None:
    """Not one route more; and none at all once the key is revoked, or with the key's name or digest."""
    accounts = town.gateway.accounts
    made, key = await accounts.ask(lambda rows: rows.department_keys.new("drainage", 0))
    second, gone = await accounts.ask(lambda rows: rows.department_keys.new("drainage", 0))
    _, unknown = await accounts.ask(lambda rows: rows.department_keys.new("no-such-department", 0))
    await accounts.ask(lambda rows: rows.department_keys.revoke("drainage", second.id))
    for route in ROUTES:
        town.clock.wait(10)
        own = {Reach.EVERYBODY, Reach.DEPARTMENTS, Reach.PARTNERS}
        expected = "" if ACCESS[route].reach in own else "not_for_department"
        assert (route, await refusal(browser, route, Authorization=f"Bearer {key}")) == (route, expected)
        for wrong in (gone, unknown, made.id, key.swapcase(), sha256(key.encode()).hexdigest()):
            assert await refusal(browser, route, Authorization=f"Bearer {wrong}") == "wrong_key"


async def test_without_a_key_no_program_is_let_in(town: Town, browser: ClientSession) -> None:
    town.gateway.key = ""
    assert await refusal(browser, "GET /api/cases", Authorization="Bearer ") == "wrong_key"


@pytest.mark.parametrize("cookie", ["session", "link"])
async def test_no_other_site_acts_for_its_reader(town: Town, browser: ClientSession, cookie: str) -> None:
    """Neither another origin, nor a browser that names none."""
    token = await (signed_in if cookie == "session" else personal_link)(town, BOSS)
    posts = [route for route in ROUTES if route.startswith("POST") and ACCESS[route].reach is not Reach.EVERYBODY]
    assert posts
    for route in posts:
        for origin in ("https://evil.example", "null"):
            assert await refusal(browser, route, {cookie: token}, Origin=origin) == "cross_site"
        assert await refusal(browser, route, {cookie: token}, Origin="") == "cross_site"
        method, path = asked(route)
        async with browser.request(method, path, headers={"Cookie": f"{cookie}={token}"}) as answer:
            assert (answer.status, (await answer.json())["error"]) == (403, "cross_site")


async def test_a_page_leads_a_stranger_to_signing_in_and_back(town: Town, browser: ClientSession) -> None:
    headers = {"Accept": "text/html"}
    async with browser.get("/board?grid=G001", headers=headers, allow_redirects=False) as answer:
        assert (answer.status, answer.headers["Location"]) == (303, "/sign-in?to=/board?grid%3DG001")
    headers["Cookie"] = f"session={await signed_in(town, OWNER)}"
    async with browser.get("/figures", headers=headers | {"Accept-Language": "en"}) as answer:
        assert (answer.status, answer.content_type) == (403, "text/html")
        assert "not for your role" in await answer.text()


async def test_nobody_sends_in_another_name(town: Town, browser: ClientSession) -> None:
    life = Life(town)
    number = life.report("first", "路面油污", "云帆路5号")
    cookies, origin = {"session": await signed_in(town, "street-chief")}, {"Origin": town.url}
    posts = [
        (f"/api/cases/{number}/acts", {"act": "urge"}, "by"),
        ("/api/reports", {"text": "路面油污", "address": "云帆路5号"}, "reporter"),
        (
            "/api/covers",
            {"person": OWNER, "from": "2026-11-19T08:00:00+08:00", "until": "2026-11-20T08:00:00+08:00"},
            "by",
        ),
    ]
    async with ClientSession(town.url, cookies=cookies, headers=origin) as person:
        for path, fields, name in posts:
            for who, status in ((BOSS, 403), (None, 403), ("street-chief", 202)):
                sent = fields | ({name: who} if who else {})
                async with person.post(path, json=sent) as answer:
                    assert (path, who, answer.status) == (path, who, status)


async def test_people_see_the_cases_of_their_area_and_their_own(town: Town, browser: ClientSession) -> None:
    """Role by area: a case page of another grid is as if it were not there."""
    life = Life(town)
    cases = {"G001": life.report("a", "路面油污", "云帆路5号"), "G002": life.report("b", "路灯不亮", "晨光街8号")}
    assigned = {grid: town.street.cases[number].assignee for grid, number in cases.items()}
    seen: dict[str, set[str]] = {person: set(cases) for person in OVERSEERS} | {
        STEWARD: {"G001"}, ELSEWHERE: {"G002"}, "head-01": {"G001"}, "lane-chief-1": set(cases), "lane-chief-2": set(),
        WALKER: set(cases), "list-steward": set(), "rider-02": set(), "officer-street-lighting": {"G002"},
    }  # fmt: skip
    for grid, person in assigned.items():
        assert person is not None
        seen.setdefault(person, set()).add(grid)
    for person, grids in seen.items():
        session = await signed_in(town, person)
        for grid, number in cases.items():
            async with browser.get(f"/case/{number}", headers={"Cookie": f"session={session}"}) as answer:
                assert (person, grid, answer.status) == (person, grid, 200 if grid in grids else 404)


LISTS = ("/supervisor", "/board", "/board/cases")
"""What shows the cases of a part of the region."""
FILTERS = (
    "", "?state=all", "?state=closed", "?state=all&department=parks", "?grid=G001", "?state=all&grid=G002", "?late=1",
    f"?assignee={OWNER}", "?state=all&raised=0", "?department=street-lighting", "?state=sampled", "?wall=1",
    "?before=9999999999999,z", f"?as={BOSS}&state=all", "?category=street-light", "?state=dispatched",
)  # fmt: skip
REMITS: Mapping[str, frozenset[str]] = {
    BOSS: frozenset({"oil", "lamp", "hole", "change"}),
    "lane-chief-1": frozenset({"oil", "lamp", "change"}),
    STEWARD: frozenset({"oil"}),
    "head-02": frozenset({"lamp", "change"}),
    "officer-street-lighting": frozenset({"lamp"}),
    "list-steward": frozenset({"change"}),
    "lane-chief-3": frozenset(),
}
"""Which of four cases are in the part of the region that somebody answers for."""


def four_cases(town: Town) -> Life:
    """In grids G001 and G002, in one of another lane, and a proposed change of the list in G002."""
    life = Life(town)
    life.report("oil", "路面油污", "云帆路5号")
    life.report("lamp", "路灯不亮", "晨光街8号")
    life.report("hole", "路面有个坑洞", "潮声路41号")
    change = {"id": "P03", "name": {"zh": "林地", "en": "Forest land"}, "verdict": "assist", "lead": "parks"}
    life.report("change", "每月都有人来问", "晨光街2号", by="head-02", change=change)
    return life


@pytest.mark.parametrize("person", REMITS)
async def test_no_filter_shows_more_than_ones_part_of_the_region(
    town: Town, browser: ClientSession, person: str
) -> None:
    """Role by list by area: whatever the address asks for, cases of other parts are not there."""
    life = four_cases(town)
    headers = {"Cookie": f"session={await signed_in(town, person)}"}
    for path in LISTS:
        for query in FILTERS:
            async with browser.get(path + query, headers=headers) as answer:
                assert (path, query, answer.status) == (path, query, 200)
                text = await answer.text()
            shown = frozenset(name for name, number in life.numbers.items() if number in text)
            assert (path, query, shown - REMITS[person]) == (path, query, frozenset())
            if query in {"", "?state=all"}:
                assert (path, query, shown) == (path, query, REMITS[person])


async def test_who_covers_for_somebody_answers_for_their_part_meanwhile(town: Town, browser: ClientSession) -> None:
    """And no longer than that."""
    life, now = four_cases(town), town.clock()
    away = Cover(
        id="c", home=EVERYWHERE, person="lane-chief-1", cover="lane-chief-3", by=BOSS, from_ms=now,
        until_ms=now + 3_600_000,
    )  # fmt: skip
    town.take(away)
    await town.gateway.ask(town.gateway.absences.follow)
    headers = {"Cookie": f"session={await signed_in(town, 'lane-chief-3')}"}
    for expected in (True, False):
        async with browser.get("/supervisor", headers=headers) as answer:
            assert (life.numbers["oil"] in await answer.text()) is expected
        town.clock.wait(61)


async def test_several_acts_are_decided_and_told_case_by_case(town: Town, browser: ClientSession) -> None:
    """A case elsewhere is refused, and the answer says nothing else of it; nor does it to whom it is none of theirs."""
    life = four_cases(town)
    cookies = {"session": await signed_in(town, "lane-chief-1")}
    fields = {f"case.{life.numbers[name]}": "1" for name in ("oil", "hole")}
    fields |= {"id": "m-1", "by": "lane-chief-1", "act": "assign", "to": "supervisor-03"}
    async with ClientSession(town.url, cookies=cookies, headers={"Origin": town.url, "Accept-Language": "en"}) as own:
        async with own.post("/cases/acts", data=fields) as answer:
            assert answer.status == 200
        town.step()
        async with own.get("/cases/acts/m-1") as answer:
            page = await answer.text()
    assert "Of 2 chosen: 1 done, 1 not done" in page
    assert page.count("This case is not in your part of the region.") == 1
    assert f'href="/case/{life.numbers["oil"]}' in page
    assert f'href="/case/{life.numbers["hole"]}' not in page
    assert town.street.cases[life.numbers["oil"]].assignee == "supervisor-03"
    assert town.street.cases[life.numbers["hole"]].assignee != "supervisor-03"
    headers = {"Cookie": f"session={await signed_in(town, 'steward-03')}", "Accept-Language": "en"}
    async with browser.get("/cases/acts/m-1", headers=headers) as answer:
        told = await answer.text()
    assert 'href="/case/' not in told


async def test_each_look_at_a_case_is_written_down(town: Town, browser: ClientSession) -> None:
    """By a session, a personal link and a program; not a look that was refused, nor of a reporter nobody knows."""
    number, accounts = Life(town).report("first", "路面油污", "云帆路5号"), town.gateway.accounts
    by = {
        "session": {"Cookie": f"session={await signed_in(town, BOSS)}"},
        "personal_link": {"Cookie": f"link={await personal_link(town, STEWARD)}"},
        "refused": {"Cookie": f"session={await signed_in(town, ELSEWHERE)}"},
        "browser": {"Cookie": f"{COOKIE}={new_token()}"},
    }
    for headers in by.values():
        async with browser.get(f"/case/{number}", headers=headers):
            pass
    async with browser.get(f"/api/cases/{number}", headers={"Authorization": f"Bearer {KEY}"}):
        pass
    found = await accounts.reads.find(ReadFilter(about=number), 10)
    assert [(read.reader, read.credential, read.what) for read in reversed(found)] == [
        (BOSS, "session", "GET /case/{number}"),
        (STEWARD, "personal_link", "GET /case/{number}"),
        ("", "key", "GET /api/cases/{number}"),
    ]
    assert await accounts.reads.find(ReadFilter(), 10) == found


async def test_a_view_is_written_down_once_with_its_filter_and_not_case_by_case(
    town: Town, browser: ClientSession
) -> None:
    """However often its page asks again within the hour, and whatever else is in its address."""
    four_cases(town)
    headers = {"Cookie": f"session={await signed_in(town, 'lane-chief-1')}"}
    views = (
        "/supervisor", "/supervisor?late=1&grid=G001", "/supervisor?grid=G001&late=1&lang=en&other=1", "/board",
        "/board/cases?grid=G002", "/board?wall=1",
    )  # fmt: skip
    for minutes in (0, 30, 31):
        town.clock.wait(minutes)
        for path in views * 2:
            async with browser.get(path, headers=headers) as answer:
                assert answer.status == 200
    rows = await town.gateway.accounts.reads.find(ReadFilter(), 100)
    assert {(read.reader, read.credential) for read in rows} == {("lane-chief-1", "session")}
    once = [
        ("GET /supervisor", ""), ("GET /supervisor", "grid=G001&late=1"), ("GET /board", ""),
        ("GET /board/cases", "grid=G002"),
    ]  # fmt: skip
    assert [(read.what, read.about) for read in reversed(rows)] == once * 2


async def test_what_cannot_be_written_down_is_not_shown(town: Town, browser: ClientSession) -> None:
    number = Life(town).report("first", "路面油污", "云帆路5号")
    headers = {"Cookie": f"session={await signed_in(town, BOSS)}"}
    with closing(sqlite3.connect(town.folder / "reads.sqlite")) as file:
        file.execute("DROP TABLE reads")
    async with browser.get(f"/case/{number}", headers=headers) as answer:
        assert (answer.status, (await answer.json())["error"]) == (503, "accounts_away")


async def test_nobody_asks_without_end(town: Town, browser: ClientSession) -> None:
    """Somebody who is signed in is told when to go on; others go on meanwhile."""
    own, other = [{"Cookie": f"session={await signed_in(town, who)}"} for who in (BOSS, OWNER)]
    answers = []
    for _ in range(310):
        async with browser.get("/push", headers=own) as answer:
            answers.append((answer.status, answer.headers.get("Retry-After")))
    assert answers == [(200, None)] * 300 + [(429, "1")] * 10
    async with browser.get("/push", headers=own | {"Accept": "text/html"}) as answer:
        assert (answer.status, answer.content_type, answer.headers["Retry-After"]) == (429, "text/html", "1")
    async with browser.get("/assets/pages.css", headers=own) as answer:  # what pages bring is not counted
        assert answer.status == 200
    async with browser.get("/push", headers=other) as answer:
        assert answer.status == 200
    town.clock.wait(1)
    async with browser.get("/push", headers=own) as answer:
        assert answer.status == 200

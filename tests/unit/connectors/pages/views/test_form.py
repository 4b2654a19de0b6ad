"""The form without a browser: whose name it is in, and what a personal link shows at the public address."""

import io
import json
import re
from pathlib import Path
from urllib.parse import quote

import pytest
from aiohttp import ClientSession, FormData
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from connectors.doors.browser.account import COOKIE, new_token, sender_of
from connectors.pages.form.fields import FIELDS
from connectors.pages.form.options import FormOptions
from connectors.pages.html.layout import SMALL_PHOTOS
from schemas.people import Role
from schemas.report import Report
from tests.worlds.doors import picture
from tests.worlds.outside import HOST, OUTSIDE
from tests.worlds.small_town import Town, small_town
from tests.worlds.town_life import OWNER, WALKER, live_through

SCRIPT = {"Accept": "application/json"}
DAY = 86_400_000


async def link(town: Town, person: str = OWNER) -> str:
    now = town.clock()
    return await town.gateway.contacts.ask(lambda file: file.new_link(person, now, now + DAY))


async def get(browser: ClientSession, path: str, cookies: dict[str, str] | None = None) -> tuple[int, str]:
    headers = OUTSIDE | {"Accept": "text/html", "Cookie": "; ".join(f"{k}={v}" for k, v in (cookies or {}).items())}
    async with browser.get(path, headers=headers, allow_redirects=False) as answer:
        return answer.status, await answer.text()


async def send(
    browser: ClientSession, path: str, cookies: dict[str, str] | None = None, **fields: str
) -> tuple[int, dict[str, str]]:
    """A form from outside, posted by a script."""
    headers = OUTSIDE | SCRIPT | {"Cookie": "; ".join(f"{k}={v}" for k, v in (cookies or {}).items())}
    form = FormData(fields)
    form.add_field("photos", b"", filename="")  # multipart, as the page sends it
    async with browser.post(path, data=form, headers=headers, allow_redirects=False) as answer:
        if answer.status == 303:
            return 303, {"to": answer.headers["Location"]}
        return answer.status, await answer.json() if answer.content_type == "application/json" else {}


def reported(town: Town) -> Report:
    """The last report that the town took."""
    town.step()
    return town.reports[-1]


@pytest.fixture
def outside(town: Town) -> Town:
    town.gateway.public_host = HOST
    return town


async def test_a_personal_link_is_remembered_and_leaves_the_address(outside: Town, browser: ClientSession) -> None:
    token = await link(outside)
    async with browser.get(f"/in/{token}", headers=OUTSIDE, allow_redirects=False) as answer:
        given = answer.cookies["link"]
        assert (answer.status, answer.headers["Location"]) == (303, "/form")
        assert (given.value, given["httponly"], given["secure"], given["samesite"]) == (token, True, True, "Lax")
    status, page = await get(browser, "/form", {"link": token})
    assert (status, "You report as Segment supervisor 01" in page, token in page) == (200, True, False)


async def test_what_is_reported_by_link_is_that_persons(outside: Town, browser: ClientSession) -> None:
    status, _ = await send(browser, "/form", {"link": await link(outside, WALKER)}, text="路面油污", code="HBN-3")
    assert status == 202
    report = reported(outside)
    assert (report.reporter.id, report.reporter.kind, report.place.code) == (WALKER, Role.PATROLLER, "HBN-3")


@pytest.mark.parametrize(
    "field", ["reporter", "reporter_kind", "team", "door", "pushed_by", "item", "links", "change.id"]
)
async def test_nobody_says_for_whom_they_report(outside: Town, browser: ClientSession, field: str) -> None:
    status, answer = await send(browser, "/form", {}, **{"text": "x", field: WALKER})
    assert (status, answer["error"], answer["where"]) == (400, "unknown_field", field)


async def test_the_same_report_again_is_answered_the_same(outside: Town, browser: ClientSession) -> None:
    """Also when the browser has lost its cookie meanwhile: the id is known, and that counts as received."""
    cookies = {COOKIE: new_token()}
    answers = [await send(browser, "/form", cookies, id="f-1", text="x") for _ in range(2)]
    assert answers == [(202, {"report": "f-1"})] * 2
    status, answer = await send(browser, "/form", {}, id="f-1", text="x")
    assert (status, answer["error"]) == (409, "other_content")
    outside.step()
    assert [case.report for case in outside.street.cases.values()] == ["f-1"]


async def test_a_browser_is_the_same_reporter_next_time(outside: Town, browser: ClientSession) -> None:
    token = new_token()
    await send(browser, "/form", {COOKIE: token}, text="路面油污", code="HBN-3")
    outside.step()
    _, page = await get(browser, "/form/mine", {COOKIE: token})
    assert 'data-case="' in page
    assert reported(outside).reporter.id not in token
    assert 'data-case="' not in (await get(browser, "/form/mine", {COOKIE: new_token()}))[1]


async def test_a_bound_chat_counts_as_a_link(outside: Town, browser: ClientSession) -> None:
    token, contacts, now = new_token(), outside.gateway.contacts, outside.clock()
    await contacts.heard("browser", sender_of(token), t_ms=now)
    await contacts.bind("browser", sender_of(token), (await contacts.invite(person=WALKER, now_ms=now)).token, now)
    await send(browser, "/form", {COOKIE: token}, text="路面油污", code="HBN-3")
    assert reported(outside).reporter.id == WALKER
    assert (await get(browser, "/handler", {COOKIE: token}))[0] == 200


async def test_the_link_of_a_team(outside: Town, browser: ClientSession) -> None:
    team = outside.gateway.region.teams[0]
    invitation = await outside.gateway.contacts.invite(team=team.code, now_ms=0)
    async with browser.get(f"/in/team/{invitation.token}", headers=OUTSIDE, allow_redirects=False) as answer:
        cookie = answer.cookies["team"].value
    assert f"You report for {team.name.en}" in (await get(browser, "/form", {"team": cookie}))[1]
    await send(browser, "/form", {"team": cookie}, text="路面油污", code="HBN-3")
    who = reported(outside).reporter
    assert (who.team, who.kind) == (team.code, Role.VOLUNTEER)


async def test_a_link_shows_its_own_jobs_and_nothing_else(outside: Town, browser: ClientSession) -> None:
    """The handler's page and the cases somebody has a part in; not the lists, not the API, not other people's."""
    life = live_through(outside)
    cookies = {"link": await link(outside)}
    status, page = await get(browser, "/handler?as=supervisor-05&choose=1", cookies)
    assert (status, "Segment supervisor 01" in page, "Segment supervisor 05" in page) == (200, True, False)
    assert 'href="/supervisor"' not in page
    assert 'href="/handler?choose=1"' not in page
    assert "/api/" not in page
    assert '<meta http-equiv="refresh" content="60">' in page
    assert re.findall(r'src="/assets/([^"]+)"', page) == [*SMALL_PHOTOS]
    cases = outside.street.cases
    own = next(n for n, case in cases.items() if case.assignee == OWNER)
    stranger = {COOKIE: new_token()}
    assert (await get(browser, f"/case/{quote(own)}?role=handler", cookies))[0] == 200
    assert (await get(browser, f"/case/{quote(own)}?role=supervisor", stranger))[0] == 404
    assert life.numbers
    for path in ("/supervisor", "/figures", "/covers", "/api/cases", f"/api/cases/{own}", "/reporter", "/"):
        assert (await get(browser, path, cookies))[0] in {303, 401}  # sign in first
    assert (await get(browser, "/handler"))[0] in {303, 401}


async def test_nobody_acts_in_another_name(outside: Town, browser: ClientSession) -> None:
    live_through(outside)
    cookies, cases = {"link": await link(outside)}, outside.street.cases
    own = next(n for n, case in cases.items() if case.assignee == OWNER and case.state == "dispatched")
    to = f"/case/{quote(own)}/acts?role=handler"
    status, answer = await send(browser, to, cookies, act="acknowledge", by="supervisor-05")
    assert (status, answer.get("error")) == (403, None)
    assert (await send(browser, to, cookies, act="acknowledge"))[0] == 403
    assert (await send(browser, to, cookies, act="acknowledge", by=OWNER))[0] == 303
    outside.step()
    assert cases[own].state == "acknowledged"


async def test_a_link_that_is_over_says_so(outside: Town, browser: ClientSession) -> None:
    """Revoked, it is over on every phone at once; one can still report, under no name."""
    token = await link(outside)
    await outside.gateway.contacts.ask(lambda file: file.withdraw(OWNER))
    assert (await get(browser, "/handler", {"link": token}))[0] in {303, 401}
    assert (await get(browser, f"/in/{token}"))[0] == 404
    assert "no longer works" in (await get(browser, "/form", {"link": token}))[1]
    await send(browser, "/form", {"link": token}, text="路面油污", code="HBN-3")
    assert reported(outside).reporter.id.startswith("web-")


async def test_signing_out_forgets_the_link_here(outside: Town, browser: ClientSession) -> None:
    async with browser.post("/form/leave", headers=OUTSIDE, allow_redirects=False) as answer:
        assert (answer.status, answer.cookies["link"].value, answer.cookies["link"]["max-age"]) == (303, "", "0")


@pytest.mark.parametrize(("language", "name"), [("en", "Report a problem"), ("zh-CN", "网格上报")])
async def test_it_can_be_installed(town: Town, browser: ClientSession, language: str, name: str) -> None:
    async with browser.get(f"/form.webmanifest?lang={language}") as answer:
        manifest = await answer.json(content_type="application/manifest+json")
    assert (manifest["short_name"], manifest["start_url"], manifest["display"]) == (name, "/form", "standalone")
    for each in manifest["icons"]:
        async with browser.get(each["src"]) as answer:
            body = await answer.read()
            assert answer.content_type == each["type"]
        if each["type"] == "image/png":
            with Image.open(io.BytesIO(body)) as icon:
                assert f"{icon.width}x{icon.height}" == each["sizes"]
    async with browser.get("/form/icon-64.png") as answer:
        assert answer.status == 404
    async with browser.get("/form-worker.js") as answer:
        assert (answer.status, answer.content_type) == (200, "text/javascript")


async def test_the_stored_page_names_nobody(town: Town, browser: ClientSession) -> None:
    """A phone that is handed on shows no name and no reports without a network."""
    headers = {"Cookie": f"link={await link(town)}", "Accept-Language": "en"}
    async with browser.get("/form?shell=1", headers=headers) as answer:
        page = await answer.text()
    assert ("supervisor 01" in page, 'id="who"' in page, 'id="report"' in page) == (False, False, True)


async def test_a_mistake_keeps_what_was_written(town: Town, browser: ClientSession) -> None:
    form = FormData({"text": 'x"<b>', "fixed": "1", "category": "nonsense", "code": "HBN-3"})
    form.add_field("photos", picture(), filename="a.jpg", content_type="image/jpeg")
    async with browser.post("/form?lang=en", data=form) as answer:
        page = await answer.text()
    assert answer.status == 400
    assert "x&#34;&lt;b&gt;</textarea>" in page
    assert 'value="HBN-3"' in page
    for field in ("category", "after_photos"):
        assert f'href="#{field}"' in page
        assert re.search(f'id="{field}" aria-describedby="{field}-wrong" aria-invalid="true"', page)
        assert re.search(f'id="{field}-wrong">[^<]', page)


async def test_one_address_sends_so_many_reports_of_strangers(tmp_path: Path) -> None:
    """Beyond, the page says when to go on and keeps what was written; known people, danger and repeats pass."""
    async with small_town(tmp_path, options=FormOptions(form_reports=2)) as town, ClientSession(town.url) as browser:
        town.gateway.public_host = HOST
        fields, own = {"text": "路面油污", "code": "HBN-3"}, {COOKIE: new_token()}

        async def status(id: str, cookies: dict[str, str] = own, **more: str) -> int:
            return (await send(browser, "/form", cookies, id=id, text="路面油污", code="HBN-3", **more))[0]

        assert [await status(f"r-{n}") for n in range(2)] == [202, 202]
        _, said = await send(browser, "/form?lang=en", own, id="r-2", text="路面油污", code="HBN-3")
        assert (said["error"], "from your network" in said["message"]) == ("too_many_here", True)
        async with browser.post("/form?lang=en", data=fields, headers=OUTSIDE) as answer:
            page = await answer.text()
        assert (answer.status, answer.headers["Retry-After"]) == (429, "1800")
        assert ("from your network" in page, "路面油污</textarea>" in page) == (True, True)
        assert await status("r-0") == 202
        assert await status("r-3", urgent="1") == 202
        assert await status("r-4", {"link": await link(town)}) == 202
        elsewhere = OUTSIDE | SCRIPT | {"X-Forwarded-For": "203.0.113.8"}
        async with browser.post("/form", data=fields | {"id": "r-5"}, headers=elsewhere) as answer:
            assert answer.status == 202
        town.clock.wait(30)
        assert [await status("r-6"), await status("r-7")] == [202, 429]


ODD = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)


async def test_no_form_at_all_breaks_the_page(town: Town, browser: ClientSession) -> None:
    """Whatever is in the fields, the page comes with what is wrong, or it was a report."""
    names = sorted(FIELDS)

    @settings(max_examples=40, deadline=None)
    @given(st.lists(st.dictionaries(st.sampled_from(names) | st.text(max_size=9), ODD, max_size=5), max_size=4))
    def drawn(bodies: list[dict[str, object]]) -> None:
        tried.extend(bodies)

    tried: list[dict[str, object]] = []
    drawn()
    for body in tried:
        async with browser.post("/form", data=json.dumps(body), headers={"Content-Type": "application/json"}) as answer:
            assert answer.status in {200, 400}, body
            assert 'id="report"' in await answer.text()

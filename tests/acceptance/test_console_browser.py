"""The console of people who signed in, on a whole system: each sees and does what is theirs, also after a kill."""

import asyncio
import re
import signal
from collections.abc import Mapping
from pathlib import Path

import aiohttp
import pytest
from playwright.async_api import Browser, expect

from connectors.doors.http.access import ACCESS, Reach
from tests.browser.browsing import DESKTOP, Visitor, visitor
from tests.browser.page_story import HANDLER, LIVE_MS, REPORTER, SUPERVISOR, play
from tests.processes.system import System

pytestmark = [
    pytest.mark.browser, pytest.mark.kafka, pytest.mark.slow, pytest.mark.asyncio(loop_scope="session"),
]  # fmt: skip
CHIEF, ELSEWHERE = "steward-01", "steward-02"
"""On the ladder of the grid of the story, and on that of another one."""


SENT = {"text": "路面油污", "by": SUPERVISOR, "act": "urge"}


def links(system: System, *people: str) -> Mapping[str, str]:
    """A link for each that signs them in once."""
    return {person: str(system.ask("person", "link", person)["link"]) for person in people}


async def back(person: Visitor) -> None:
    """The page says that it is cut off, and then that it is live again."""
    await expect(person.page.locator("#live")).to_have_class("quiet off", timeout=LIVE_MS)
    await expect(person.page.locator("#live")).to_have_class("quiet on", timeout=90_000)
    person.faults.found.clear()  # a browser complains about a server that is away


async def test_two_supervisors_see_live_what_is_theirs_and_go_on_after_a_kill(
    tmp_path: Path, kafka: str, browser: Browser
) -> None:
    """The 36 minutes by people who signed in: one supervisor sees them, one elsewhere does not, also after a kill."""
    with System(tmp_path / "home", kafka=kafka, demo=False) as system:
        ways = links(system, REPORTER, HANDLER, SUPERVISOR, CHIEF, ELSEWHERE)
        async with (
            visitor(browser, system.address, size=DESKTOP, locale="en-GB") as near,
            visitor(browser, system.address, size=DESKTOP, locale="zh-CN") as far,
        ):
            for person, who in ((near, CHIEF), (far, ELSEWHERE)):
                await person.page.goto(f"{ways[who]}?to=/board")
                await person.page.locator("button.main").click()
                await expect(person.page.locator("#live")).to_have_class("quiet on", timeout=LIVE_MS)

            first = await play(browser, system.address, sign_in=ways)
            assert system.signal("gateway", signal.SIGKILL)
            await asyncio.gather(back(near), back(far))
            again = links(system, REPORTER, HANDLER, SUPERVISOR)
            played = await play(browser, system.address, words="路面油污，又出现了", sign_in=again)
            await expect(near.page.locator("#events > li").first).to_contain_text("Closed", timeout=LIVE_MS)
            steps = await near.page.locator("#events > li").all_inner_texts()
            assert len(steps) == len(set(steps)) == 8  # both stories: nothing is missing, nothing is there twice
            assert all(sum(each.number in step for step in steps) == 4 for each in (first, played))
            assert await far.page.locator("#events > li").count() == 0
            answer = await far.page.request.get(f"/case/{played.number}?role=supervisor")
            assert (answer.status, (await near.page.request.get(f"/case/{played.number}")).status) == (404, 200)
            read = system.ask("reads", "--case", played.number)["reads"]
            assert {each["reader"] for each in read} == {HANDLER, SUPERVISOR, CHIEF}


async def test_nobody_comes_in_without_signing_in(tmp_path: Path, kafka: str) -> None:
    """A stranger, a forged session, a revoked one and a wrong key: none of all tried gets in, and nothing is stored."""
    with System(tmp_path / "home", kafka=kafka, demo=False) as system:
        (link,) = links(system, SUPERVISOR).values()
        async with aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True)) as person:
            async with person.post(link, headers={"Origin": system.address}, allow_redirects=False) as answer:
                revoked = answer.cookies["session"].value
            async with person.get(f"{system.address}/supervisor") as answer:
                assert answer.status == 200
        assert system.ask("person", "revoke", SUPERVISOR)["sessions"] == 1
        tries = [{}, {"Cookie": "session=forged"}, {"Cookie": f"session={revoked}"}, {"Authorization": "Bearer guess"}]
        let_in = list[tuple[str, int]]()
        async with aiohttp.ClientSession() as stranger:
            for route in (each for each, access in ACCESS.items() if access.reach is not Reach.EVERYBODY):
                method, path = re.sub(r"{\w+}", "x", route).split(" ")
                for headers in tries:
                    sent = headers | {"Origin": system.address}
                    async with stranger.request(
                        method,
                        system.address + path,
                        headers=sent,
                        data={"text": "路面油污", "by": SUPERVISOR, "act": "urge"},
                    ) as answer:
                        if answer.status not in {401, 403, 429}:  # after many wrong keys it says when to go on
                            let_in.append((route, answer.status))
        assert let_in == []
        assert system.ask("balance")["accepted"] == 0

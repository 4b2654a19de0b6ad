"""The form page in a real browser: no connection, no script, plain http, a narrow phone, both languages."""

import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Browser, FilePayload, Page, Route, async_playwright, expect

from tests.browser.browsing import FLAGS, barriers, chromium_path, visitor
from tests.browser.counting import counting
from tests.contract.plain_engine import PlainEngine
from tests.worlds.chat_room import ChatRoom, chat_room
from tests.worlds.drawn_photos import camera_photo, street_photo
from tests.worlds.small_town import small_town
from tests.worlds.town_life import OWNER, live_through

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]
LIVE_MS = 20_000
MOST_BYTES = 100_000
SMALL = (360, 640)
LOCALES = {"zh-CN": "zh-CN", "en": "en-GB"}
PHOTO: FilePayload = {"name": "a.jpg", "mimeType": "image/jpeg", "buffer": street_photo(clean=False)}
PUBLIC = [*FLAGS, "--host-resolver-rules=MAP city.example 127.0.0.1"]
"""The browser takes the server for another machine, over plain http."""
LARGE = camera_photo()
OFFLINE = ("ERR_INTERNET_DISCONNECTED", "ERR_FAILED", "ERR_CONNECTION")


@pytest_asyncio.fixture(loop_scope="session")
async def room(tmp_path: Path) -> AsyncIterator[ChatRoom]:
    async with chat_room(tmp_path, engine=PlainEngine()) as opened:
        yield opened


async def opened(page: Page, path: str = "/form") -> None:
    await page.goto(path)
    await expect(page.locator("html")).to_have_class("scripted")


async def received(page: Page, count: int = 1) -> None:
    await expect(page.locator("#queue .received")).to_have_count(count, timeout=LIVE_MS)


async def test_a_report_with_photo_and_road(room: ChatRoom, browser: Browser) -> None:
    """The form is empty afterwards, and the page says that it was received."""
    async with visitor(browser, room.url, size=SMALL) as person:
        page = person.page
        await opened(page)
        await page.set_input_files("#photos", PHOTO)
        await expect(page.locator("#photos-shots img")).to_have_count(1)
        await page.fill("#text", "油污")
        await page.select_option("#listed", "HBN-3")
        await page.click("#send")
        await received(page)
        await expect(page.locator("#text")).to_have_value("")
        await expect(page.locator("#photos-shots img")).to_have_count(0)
    (report,) = room.reports()
    assert (report.text, report.place.code, len(report.photos)) == ("油污", "HBN-3", 1)
    assert re.fullmatch(r"web-[0-9a-f]{16}", report.reporter.id)


async def test_without_a_network_it_waits_and_counts_once(room: ChatRoom, browser: Browser) -> None:
    """Written offline, the page opened again offline, then the network comes back: each report once, in order."""
    async with visitor(browser, room.url, size=SMALL) as person:
        page = person.page
        await opened(page)
        await expect(page.locator("#offline")).to_be_visible(timeout=LIVE_MS)  # the worker has the page
        await person.context.set_offline(True)
        await page.set_input_files("#photos", PHOTO)
        await page.fill("#text", "one")
        await page.click("#send")
        await expect(page.locator("#queue .status")).to_contain_text("等待网络", timeout=LIVE_MS)
        await page.reload()
        await expect(page.locator("#queue li")).to_have_count(1)
        await page.fill("#text", "two")
        await page.click("#send")
        await expect(page.locator("#queue li")).to_have_count(2)
        await expect(page.locator("#state")).to_have_text("无网络")
        await person.context.set_offline(False)
        await received(page, 2)
        await page.reload()
        await expect(page.locator("#queue li")).to_have_count(0)
        person.faults.found[:] = [each for each in person.faults.found if not any(one in each for one in OFFLINE)]
    assert [(report.text, len(report.photos)) for report in room.reports()] == [("one", 1), ("two", 0)]


async def test_an_answer_that_is_lost_does_not_make_two(room: ChatRoom, browser: Browser) -> None:
    """The gateway has it, the phone did not hear so, and sends it again."""
    async with visitor(browser, room.url, size=SMALL) as person:
        page, lost = person.page, 0

        async def lose(route: Route) -> None:
            nonlocal lost
            lost += 1
            await route.fetch()
            await route.abort("connectionreset")

        await opened(page)
        await page.route("**/form?lang=*", lose, times=1)
        await page.fill("#text", "once")
        await page.click("#send")
        await received(page)
        assert lost == 1
        person.faults.found[:] = [each for each in person.faults.found if "ERR_CONNECTION_RESET" not in each]
    assert [report.text for report in room.reports()] == ["once"]


async def test_a_tap_too_many_sends_one_report(room: ChatRoom, browser: Browser) -> None:
    """Two taps in the same moment."""
    async with visitor(browser, room.url, size=SMALL) as person:
        await opened(person.page)
        await person.page.fill("#text", "tapped")
        await person.page.dblclick("#send")
        await received(person.page)
    assert [report.text for report in room.reports()] == ["tapped"]


async def test_without_script(room: ChatRoom, browser: Browser) -> None:
    """A mistake stands beside its field with what was written; then it is sent, and sent again by going back, once."""
    async with visitor(browser, room.url, size=SMALL, java_script_enabled=False) as person:
        page = person.page
        await page.goto("/form?code=HBN-2")
        await expect(page.locator("#plate")).to_contain_text("湖滨南路")
        await page.fill("#code", "")
        await page.click("#send")
        await expect(page.locator("#wrong")).to_be_visible()
        await expect(page.locator("#text")).to_have_attribute("aria-invalid", "true")
        await expect(page.locator("#text-wrong")).not_to_be_empty()
        person.faults.found.clear()  # it was refused
        await page.fill("#text", "一个坑")
        await page.fill("#code", "HBN-2")
        await page.set_input_files("#photos", PHOTO)
        fields = await page.locator("#report [name=id]").get_attribute("value")
        await page.click("#send")
        await expect(page.locator("#mine")).to_be_visible()
        assert f"sent={fields}" in page.url
    (report,) = room.reports()
    assert (report.text, report.place.code, len(report.photos)) == ("一个坑", "HBN-2", 1)


@pytest.mark.parametrize("language", LOCALES)
async def test_over_plain_http_it_says_what_is_missing(room: ChatRoom, language: str) -> None:
    """No position and no installing; everything else works."""
    room.gateway.public_host = "city.example"
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=chromium_path(), headless=True, args=PUBLIC)
        async with visitor(browser, public(room.url), size=SMALL, locale=LOCALES[language]) as person:
            page = person.page
            await opened(page)
            assert not await page.evaluate("isSecureContext")
            await expect(page.locator("#plain")).to_contain_text("https")
            await expect(page.locator("#here")).to_be_hidden()
            await expect(page.locator("#no-here")).to_be_visible()
            await page.locator("#pin summary").click()
            await page.locator("#map svg").click(position={"x": 120, "y": 90})
            await page.fill("#text", "lamp")
            await page.click("#send")
            await received(page)
        await browser.close()
    (report,) = room.reports()
    assert report.place.coordinates is not None


OLD_PHONE = """
  Object.defineProperty(window, "indexedDB", { get() { throw new Error("not here"); } });
  Object.defineProperty(window.CSS, "supports", { value: () => false });
  delete Navigator.prototype.serviceWorker;
  delete Navigator.prototype.geolocation;
"""
"""What a browser inside a messenger may be without."""


async def test_a_browser_that_has_next_to_nothing(room: ChatRoom, browser: Browser) -> None:
    """No storage, no position, no worker: it says that the page must stay open."""
    async with visitor(browser, room.url, size=SMALL, locale="en-GB") as person:
        page = person.page
        await page.add_init_script(OLD_PHONE)
        await opened(page)
        await expect(page.locator("#no-here")).to_be_visible()
        await page.set_input_files("#photos", PHOTO)
        await page.fill("#address", "12 Hubin South Road")
        await page.click("#send")
        await received(page)
        await expect(page.locator("#note")).to_contain_text("do not close")
    (report,) = room.reports()
    assert (report.place.address, len(report.photos)) == ("12 Hubin South Road", 1)


async def test_the_phones_position(room: ChatRoom, browser: Browser) -> None:
    """One tap, in the datum that browsers use."""
    at = {"latitude": 24.4628, "longitude": 118.0832, "accuracy": 12}
    async with visitor(browser, room.url, size=SMALL, geolocation=at, permissions=["geolocation"]) as person:
        page = person.page
        await opened(page)
        await page.click("#here")
        await expect(page.locator("#where")).to_contain_text("12")
        await page.fill("#text", "lamp")
        await page.click("#send")
        await received(page)
    (report,) = room.reports()
    spot = report.place.coordinates
    assert spot is not None
    assert (spot.lon, spot.lat, spot.datum) == (118.0832, 24.4628, "wgs84")


@pytest.mark.parametrize("language", LOCALES)
async def test_the_first_visit_fits_a_slow_network(room: ChatRoom, browser: Browser, language: str) -> None:
    """Everything that comes over the network, counted: page, styles, scripts, icons, and what its worker stores."""
    async with (
        counting(room.url) as counted,
        visitor(browser, counted.url, size=SMALL, locale=LOCALES[language]) as one,
    ):
        await opened(one.page)
        await expect(one.page.locator("#offline")).to_be_visible(timeout=LIVE_MS)
        await one.page.wait_for_load_state("networkidle")
    assert counted.received <= MOST_BYTES


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("language", LOCALES)
async def test_nothing_is_in_the_way(room: ChatRoom, browser: Browser, language: str, scheme: str) -> None:
    """No serious barrier of axe-core's, nothing wider than the phone, nothing to tap that is below 44 pixels."""
    async with visitor(browser, room.url, size=SMALL, locale=LOCALES[language], color_scheme=scheme) as person:
        page = person.page
        await opened(page)
        await page.set_input_files("#photos", PHOTO)
        await expect(page.locator("#photos-shots img")).to_have_count(1)
        await page.locator("#photos-shots button").click()
        await page.click("#send")
        await expect(page.locator("#text")).to_be_focused()
        await expect(page.locator("#text-wrong")).not_to_be_empty()
        await page.evaluate("document.querySelectorAll('details').forEach((one) => (one.open = true))")
        await expect(page.locator("#map svg")).to_be_visible()
        assert await barriers(page) == []
        assert await page.evaluate("document.documentElement.scrollWidth") <= SMALL[0]
        assert await page.evaluate(SMALL_TARGETS) == []
        person.faults.found[:] = [each for each in person.faults.found if "Canvas2D" not in each]  # axe reads pixels


SMALL_TARGETS = """() => [...document.querySelectorAll("a, button, summary, select, textarea, input")]
    .filter((one) => !one.matches(".skip, [type=file], [type=checkbox]") && one.offsetParent)
    .map((one) => [one.outerHTML.slice(0, 80), one.getBoundingClientRect().height])
    .filter(([, height]) => height < 44)"""
"""Checkboxes and file fields are tapped by their labels."""


async def test_a_handler_by_link_sends_a_small_after_photo(tmp_path: Path) -> None:
    """At the public address: the job of a link, and its photo made small; the browser sends the form itself."""
    async with small_town(tmp_path) as town:
        live_through(town)
        town.gateway.public_host = "city.example"
        number = next(
            n for n, case in town.street.cases.items() if case.assignee == OWNER and case.state == "dispatched"
        )
        now = town.clock()
        token = await town.gateway.contacts.ask(lambda file: file.new_link(OWNER, now, now + 86_400_000))
        async with async_playwright() as playwright:
            browser = await playwright.chromium.launch(executable_path=chromium_path(), headless=True, args=PUBLIC)
            async with visitor(browser, public(town.url), size=SMALL, locale="en-GB") as person:
                page = person.page
                await page.goto(f"/in/{token}?to=handler")
                await page.locator(f"[id='c-{number}'] .title").click()
                field = page.locator("form input[name=photos][required]")
                await field.set_input_files({"name": "a.jpg", "mimeType": "image/jpeg", "buffer": LARGE})
                await page.wait_for_function(
                    "size => document.querySelector('form input[required]').files[0].size < size", arg=len(LARGE) // 2
                )
                await field.locator("xpath=ancestor::form").locator("button.main").click()
                await page.wait_for_url("**/case/**act=*")
            await browser.close()
        town.step()
        assert town.street.cases[number].state == "resolved"


def public(url: str) -> str:
    """The same server by a name that is not this machine's."""
    return f"http://city.example:{url.rpartition(':')[2]}"

"""The chat page in a real browser: no connection, reloads, two tabs, no mouse; the conversation is a plain one."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Browser, FilePayload, Locator, Page, expect

from tests.browser.browsing import barriers, chromium, visitor
from tests.contract.plain_engine import PlainEngine
from tests.worlds.chat_room import ChatRoom, chat_room
from tests.worlds.drawn_photos import camera_photo, street_photo

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]
LIVE_MS = 20_000
PHOTO: FilePayload = {"name": "a.jpg", "mimeType": "image/jpeg", "buffer": street_photo(clean=False)}


@pytest_asyncio.fixture(loop_scope="session")
async def room(tmp_path: Path) -> AsyncIterator[ChatRoom]:
    async with chat_room(tmp_path, engine=PlainEngine()) as opened:
        yield opened


def bubbles(page: Page, who: str = "mine") -> Locator:
    return page.locator(f"#log .said.{who}")


async def connected(page: Page) -> None:
    await expect(page.locator("#state")).to_have_class("on", timeout=LIVE_MS)


async def say(page: Page, words: str) -> None:
    await page.fill("#text", words)
    await page.click("#send")


async def delivered(page: Page, count: int) -> None:
    """So many messages of the person, each with its mark."""
    await expect(bubbles(page)).to_have_count(count, timeout=LIVE_MS)
    await expect(page.locator("#lines .said.mine .status", has_text="已送达")).to_have_count(count, timeout=LIVE_MS)


async def test_what_was_said_is_there_after_a_reload(room: ChatRoom, browser: Browser) -> None:
    """In the middle of a report, with its photo; what follows goes on."""
    async with visitor(browser, room.url) as person:
        page = person.page
        await page.goto("/chat")
        await connected(page)
        await page.locator("#photo").set_input_files(PHOTO)
        await delivered(page, 1)
        await page.reload()
        await delivered(page, 1)
        await expect(bubbles(page).locator("img")).to_have_js_property("complete", True)
        assert await bubbles(page).locator("img").evaluate("image => image.naturalWidth") > 0
        await say(page, "hole #1")
        await expect(bubbles(page, "bot")).to_have_count(1, timeout=LIVE_MS)
        await page.reload()
        await delivered(page, 2)
        await expect(bubbles(page, "bot")).to_have_count(1)
    (report,) = room.reports()
    assert (report.text, len(report.photos)) == ("hole", 1)


async def test_what_is_written_without_a_connection_goes_out_later(room: ChatRoom, browser: Browser) -> None:
    """It is shown as waiting, a photo too; in order, and once."""
    async with visitor(browser, room.url) as person:
        page = person.page
        await page.goto("/chat")
        await connected(page)
        await person.context.set_offline(True)
        await expect(page.locator("#state")).to_have_class("off", timeout=LIVE_MS)
        await expect(page.locator("#note")).to_contain_text("保存在手机上")
        await page.locator("#photo").set_input_files(PHOTO)
        await say(page, "hole #1")
        await say(page, "lamp #2")
        await expect(page.locator("#pending .said.mine.waiting .status", has_text="等待发送")).to_have_count(3)
        await person.context.set_offline(False)
        await delivered(page, 3)
        await expect(bubbles(page, "bot")).to_have_count(2, timeout=LIVE_MS)
        await expect(page.locator("#note")).to_be_hidden()
        person.faults.found[:] = [each for each in person.faults.found if "ERR_INTERNET_DISCONNECTED" not in each]
    assert [(report.text, len(report.photos)) for report in room.reports()] == [("hole", 1), ("lamp", 0)]


async def test_a_page_that_was_closed_sends_what_waited_when_it_is_opened_again(
    tmp_path: Path, browser: Browser
) -> None:
    """The gateway was away, and came back only after the phone had put the page away."""
    async with chat_room(tmp_path, engine=PlainEngine()) as first:
        url, port = first.url, int(first.url.rpartition(":")[2])
        person_of = visitor(browser, url)
        person = await person_of.__aenter__()
        await person.page.goto("/chat")
        await connected(person.page)
    await say(person.page, "hole #1")
    await expect(person.page.locator("#pending .waiting")).to_have_count(1)
    await person.page.close()
    async with chat_room(tmp_path, engine=PlainEngine(), port=port) as room:
        page = await person.context.new_page()
        await page.goto("/chat")
        await delivered(page, 1)
        await expect(bubbles(page, "bot")).to_have_count(1, timeout=LIVE_MS)
        person.faults.found.clear()  # the gateway was away
        await person_of.__aexit__(None, None, None)
        assert [report.text for report in room.reports()] == ["hole"]


async def test_two_tabs_show_the_same(room: ChatRoom, browser: Browser) -> None:
    """What is written in one is there in the other, once, and both are answered."""
    async with visitor(browser, room.url) as person:
        left, right = person.page, await person.context.new_page()
        for page in (left, right):
            await page.goto("/chat")
            await connected(page)
        await say(left, "hole #1")
        await say(right, "lamp #2")
        for page in (left, right):
            await delivered(page, 2)
            await expect(bubbles(page, "bot")).to_have_count(2, timeout=LIVE_MS)
        texts = [await page.locator("#lines .bubble p").all_inner_texts() for page in (left, right)]
        assert texts[0] == texts[1]
    assert sorted(report.text for report in room.reports()) == ["hole", "lamp"]


async def test_a_message_of_ones_own_can_be_changed(room: ChatRoom, browser: Browser) -> None:
    """The page shows the new words, after a reload too, and says that they were changed."""
    async with visitor(browser, room.url) as person:
        page = person.page
        await page.goto("/chat")
        await connected(page)
        await say(page, "hole")
        await delivered(page, 1)
        await bubbles(page).get_by_role("button", name="修改").click()
        await expect(page.locator("#text")).to_have_value("hole")
        await expect(page.locator("#quote")).to_contain_text("修改：hole")
        await say(page, "two holes")
        await expect(page.locator("#quote")).to_be_hidden()
        for _ in range(2):
            await expect(bubbles(page).locator(".bubble p")).to_have_text("two holes")
            await expect(bubbles(page).locator(".edited")).to_have_text("已修改")
            await page.reload()
            await connected(page)
        await bubbles(page).get_by_role("button", name="修改").click()
        await page.locator("#quote button").click()
        await expect(page.locator("#text")).to_have_value("")


async def test_a_voice_message_is_recorded_and_played(room: ChatRoom, browser: Browser) -> None:
    """It can be thrown away before it is sent; what was sent is played, after a reload too."""
    async with visitor(browser, room.url, permissions=["microphone"]) as person:
        page = person.page
        await page.goto("/chat")
        await connected(page)
        await page.click("#voice")
        await expect(page.locator("#recorded")).to_contain_text("录音 0:0")
        await page.click("#record-drop")
        await expect(page.locator("#recording")).to_be_hidden()
        await page.click("#voice")
        await expect(page.locator("#recorded")).to_contain_text("0:01", timeout=LIVE_MS)
        await page.click("#record-stop")
        await delivered(page, 1)
        await page.reload()
        await delivered(page, 1)
        player = bubbles(page).locator("audio")
        await player.evaluate("player => player.play()")
        await expect(player).to_have_js_property("error", None)
        assert await player.evaluate("player => player.readyState") >= 2


async def test_without_a_microphone_the_page_says_so(room: ChatRoom) -> None:
    """Whoever has none that may be used can write."""
    async with chromium(microphone=False) as browser, visitor(browser, room.url) as person:
        page = person.page
        await page.goto("/chat")
        await connected(page)
        await page.click("#voice")
        await expect(page.locator("#note")).to_contain_text("无法使用麦克风")
        await expect(page.locator("#recording")).to_be_hidden()


async def test_a_place_by_a_tap_on_the_map_or_by_the_phone(room: ChatRoom, browser: Browser) -> None:
    """The map is loaded when it is wanted; a position of the phone needs one tap more than none."""
    at = {"latitude": 24.4628, "longitude": 118.0832}
    async with visitor(browser, room.url, geolocation=at, permissions=["geolocation"]) as person:
        page = person.page
        await page.goto("/chat")
        await page.click("#place")
        await page.locator("#map svg").click(position={"x": 120, "y": 90})
        await expect(page.locator("#where")).to_contain_text("已选")
        await page.click("#point")
        await delivered(page, 1)
        await say(page, "hole #1")
        await page.click("#place")
        await page.click("#here")
        await delivered(page, 3)
        await say(page, "lamp #2")
        await expect(bubbles(page, "bot")).to_have_count(2, timeout=LIVE_MS)
    tapped, located = (report.place.coordinates for report in room.reports())
    assert tapped is not None
    assert located is not None
    assert (round(located.lon, 4), round(located.lat, 4)) == (118.0832, 24.4628)


async def test_everything_by_keyboard(room: ChatRoom, browser: Browser) -> None:
    """Place and words, without a pointer; the focus is never lost."""
    async with visitor(browser, room.url, locale="en-GB") as person:
        page = person.page
        await page.goto("/chat")
        await connected(page)
        await page.locator("#place").focus()
        await page.keyboard.press("Enter")
        await page.locator("#map svg").focus()
        await page.keyboard.press("ArrowRight")
        await page.locator("#point").focus()
        await page.keyboard.press("Enter")
        assert await page.evaluate("document.activeElement.id") == "place"
        await page.locator("#text").focus()
        await page.keyboard.type("hole #1")
        await page.keyboard.press("Shift+Enter")
        await page.keyboard.type("deep")
        await page.keyboard.press("Enter")
        await expect(bubbles(page, "bot")).to_have_count(1, timeout=LIVE_MS)
        await page.locator("#place").press("Enter")
        await page.keyboard.press("Escape")
        await expect(page.locator("#sheet")).to_be_hidden()
    (report,) = room.reports()
    assert report.place.coordinates is not None


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_nothing_stands_in_the_way_of_a_screen_reader(room: ChatRoom, browser: Browser, scheme: str) -> None:
    """Of axe-core's serious and critical rules none is broken, in the chat and where a place is given."""
    async with visitor(browser, room.url, color_scheme=scheme) as person:
        page = person.page
        await page.goto("/chat")
        await connected(page)
        await page.locator("#photo").set_input_files(PHOTO)
        await say(page, "hole #1")
        await expect(bubbles(page, "bot")).to_have_count(1, timeout=LIVE_MS)
        assert await page.locator("#log").get_attribute("role") == "log"
        await expect(page.locator("#log")).to_have_attribute("aria-live", "polite")
        assert await barriers(page) == []
        await page.click("#place")
        await expect(page.locator("#map svg")).to_be_visible()
        assert await barriers(page) == []
        person.faults.found[:] = [each for each in person.faults.found if "Canvas2D" not in each]  # axe reads pixels


async def test_an_invitation_in_the_link_leaves_the_address(room: ChatRoom, browser: Browser) -> None:
    """So that it is not shared with the page; the account is the person's from then on."""
    invitation = await room.gateway.contacts.invite(person="rider-03", now_ms=room.gateway.clock())
    async with visitor(browser, room.url) as person:
        page = person.page
        await page.goto(f"/chat?invite={invitation.token}")
        await connected(page)
        await say(page, "hole #1")
        await expect(bubbles(page, "bot")).to_have_count(1, timeout=LIVE_MS)
        assert "invite" not in page.url
    assert [report.reporter.id for report in room.reports()] == ["rider-03"]


async def test_a_large_photo_is_sent_small_and_keeps_its_time_and_place(room: ChatRoom, browser: Browser) -> None:
    """The longer side is 1600; what the camera wrote comes along, and nobody turns it twice."""
    async with visitor(browser, room.url) as person:
        page = person.page
        await page.goto("/chat")
        await connected(page)
        await page.locator("#photo").set_input_files(
            {"name": "big.jpg", "mimeType": "image/jpeg", "buffer": camera_photo()}
        )
        await delivered(page, 1)
        size = await bubbles(page).locator("img").evaluate("image => [image.naturalWidth, image.naturalHeight]")
        await say(page, "hole #1")
        await expect(bubbles(page, "bot")).to_have_count(1, timeout=LIVE_MS)
    assert size == [1200, 1600]
    ((photo,),) = (report.photos for report in room.reports())
    assert photo.taken_ms is not None
    assert (round(photo.lon or 0, 3), round(photo.lat or 0, 3)) == (118.083, 24.463)


OLD_PHONE = """
  delete window.EventSource;
  Object.defineProperty(window, "indexedDB", { get() { throw new Error("not here"); } });
  Object.defineProperty(window, "isSecureContext", { value: false });
  Object.defineProperty(window.CSS, "supports", { value: () => false });
  delete Navigator.prototype.serviceWorker;
  delete Navigator.prototype.geolocation;
"""
"""What an old browser inside a messenger, over plain http, may be without."""


async def test_a_browser_that_has_next_to_nothing(room: ChatRoom, browser: Browser) -> None:
    """No stream, no storage, no position, no secure connection: all but waiting with a closed page works."""
    async with visitor(browser, room.url) as person:
        page = person.page
        await page.add_init_script(OLD_PHONE)
        await page.goto("/chat")
        await connected(page)
        await page.click("#place")
        await expect(page.locator("#here")).to_be_hidden()
        await expect(page.locator("#no-here")).to_contain_text("https")
        await page.locator("#address input").fill("湖滨南路12号")
        await page.locator("#address button").click()
        await page.locator("#photo").set_input_files(PHOTO)
        await say(page, "hole #1")
        await delivered(page, 3)
        await expect(bubbles(page, "bot")).to_have_count(2, timeout=LIVE_MS)
        await expect(page.locator("#note")).to_contain_text("不要关闭页面")
    assert [report.text for report in room.reports()] == ["湖滨南路12号", "hole"]


async def test_a_message_is_answered_withdrawn_and_its_button_pressed(room: ChatRoom, browser: Browser) -> None:
    """What is quoted is shown; what was withdrawn is gone, after a reload, too."""
    async with visitor(browser, room.url) as person:
        page = person.page
        await page.goto("/chat")
        await connected(page)
        await say(page, "hole #1")
        answer = bubbles(page, "bot")
        await expect(answer).to_have_count(1, timeout=LIVE_MS)
        await answer.locator(".meta button").click()
        await expect(page.locator("#quote")).to_contain_text("回复")
        await say(page, "lamp #2")
        await expect(bubbles(page).last.locator(".quoted")).to_contain_text("report")
        await delivered(page, 2)
        await bubbles(page).last.get_by_role("button", name="撤回").click()
        for _ in range(2):
            await expect(bubbles(page).last).to_contain_text("您撤回了这条消息")
            await expect(bubbles(page)).to_have_count(2)
            await page.reload()
            await connected(page)

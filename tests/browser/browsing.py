"""Headless chromium for tests: the system's own, with nothing downloaded, and watched for every fault of a page."""

import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from zipfile import ZipFile

from playwright.async_api import Browser, BrowserContext, ConsoleMessage, Page, Request, Response, async_playwright

FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip
MICROPHONE = ["--use-fake-device-for-media-stream", "--auto-accept-camera-and-microphone-capture"]
"""One that beeps; the headless shell asks nobody whether a page may hear it, and refuses without these."""
NAMES = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
"""The first opens a page with a seventh of the work that the browser process of the others has."""
CHECKOUT = Path(__file__).parents[2]
PHONE = (360, 740)
DESKTOP = (1280, 900)


def chromium_path() -> str:
    """The system's chromium."""
    found = next(filter(None, map(shutil.which, NAMES)), None)
    assert found, "chromium is missing; run make setup"
    return found


@asynccontextmanager
async def chromium(*, microphone: bool = True) -> AsyncIterator[Browser]:
    """A browser with a new profile."""
    flags = FLAGS + MICROPHONE if microphone else FLAGS
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=chromium_path(), headless=True, args=flags)
        try:
            yield browser
        finally:
            await browser.close()


@dataclass
class Faults:
    """What went wrong on the pages of one person: console errors, failed requests, requests to other hosts."""

    host: str
    found: list[str] = field(default_factory=list)

    def watch(self, page: Page) -> None:
        """Listen to one page."""
        page.on("console", self._console)
        page.on("pageerror", lambda error: self.found.append(f"page error: {error}"))
        page.on("request", self._request)
        page.on("requestfailed", self._failed)
        page.on("response", self._response)

    def _console(self, message: ConsoleMessage) -> None:
        ours = "willReadFrequently" not in message.text  # that is axe-core, which looks for letters drawn as icons
        if ours and message.type in {"error", "warning"}:
            self.found.append(f"console: {message.text}")

    def _request(self, request: Request) -> None:
        address = urlsplit(request.url)
        if address.scheme not in {"blob", "data"} and address.netloc != self.host:
            self.found.append(f"other host: {request.url}")

    def _failed(self, request: Request) -> None:
        # leaving a page ends its live stream and whatever it was loading
        if "/api/changes" not in request.url and request.failure != "net::ERR_ABORTED":
            self.found.append(f"failed: {request.url} {request.failure}")

    def _response(self, response: Response) -> None:
        if response.status >= 400:
            self.found.append(f"{response.status}: {response.url}")


@dataclass
class Visitor:
    """One person with one browser profile of their own."""

    context: BrowserContext
    page: Page
    faults: Faults


@asynccontextmanager
async def visitor(
    browser: Browser, base_url: str, *, size: tuple[int, int] = PHONE, locale: str = "zh-CN", **more: Any
) -> AsyncIterator[Visitor]:
    """A person at a phone (or a larger screen); at the end nothing may have gone wrong."""
    wide, high = size
    context = await browser.new_context(
        base_url=base_url, viewport={"width": wide, "height": high}, locale=locale, timezone_id="Asia/Shanghai",
        reduced_motion="reduce", has_touch=wide < 600, **more,
    )  # fmt: skip
    context.set_default_timeout(15_000)
    faults = Faults(urlsplit(base_url).netloc)
    context.on("page", faults.watch)
    page = await context.new_page()
    try:
        yield Visitor(context, page, faults)
        assert not faults.found, faults.found
    finally:
        await context.close()


@cache
def axe() -> str:
    """The accessibility checker that `make setup` fetched."""
    jar = next((CHECKOUT / ".web").glob("axe-core-*.jar"), None)
    assert jar, "axe-core is missing; run make setup"
    with ZipFile(jar) as content:
        name = next(name for name in content.namelist() if name.endswith("/axe.min.js"))
        return content.read(name).decode()


async def barriers(page: Page) -> list[str]:
    """What axe-core calls serious or critical on the page as it stands: rule, and the elements that break it."""
    await page.evaluate(axe())  # not as a script of the page: its own policy allows none
    found = await page.evaluate("async () => (await axe.run({resultTypes: ['violations']})).violations")
    return [
        f"{one['id']}: {one['help']}: {[node['html'][:160] for node in one['nodes'][:3]]}"
        for one in found
        if one["impact"] in {"serious", "critical"}
    ]

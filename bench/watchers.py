"""Supervisors who watch: 500 live streams at 50 events a second, and the live board with 20,000 open cases.

`python -m bench.watchers [WATCHERS] [EVENTS_A_SECOND] [SECONDS]` (500, 50, 30). The gateway is a process of its own on
a filled ledger file; this process writes the file as the ledger does, a second one holds the streams. An event's lag is
from before its writing to its reading by a watcher. One more watcher stops reading, is cut off, and comes back later.
The board is opened, dragged, zoomed and filtered in the system's Chromium, which counts its own frames.
"""

import asyncio
import os
import re
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from multiprocessing import get_context
from multiprocessing.connection import Connection
from pathlib import Path
from statistics import median, quantiles
from typing import Any, Final

import psutil
from aiohttp import ClientSession
from playwright.async_api import Page

from bench.filled_ledger import Filling
from bench.lab import kafka, machine
from bench.pages import gateway
from bench.table import Row, markdown
from connectors.ledger.queries.cases import Ledger
from connectors.ledger.write import files
from connectors.ledger.write.store import Store
from schemas.event import EventType
from streams.kafka.event_log import Position
from tests.browser.browsing import DESKTOP, chromium, visitor
from tests.worlds.deaf_browser import DeafBrowser

OPEN_CASES: Final = 20_000
BATCHES_PER_S: Final = 10
ARRIVE_S: Final = 10.0
"""How long the last events may take, at most."""
LAG_MS, CORES, MEMORY_MB, PAINT_MS, FRAME_MS = 1000.0, 1.0, 300.0, 2000.0, 100.0
SEEN: Final = re.compile(rb'"t_ms":(\d{13})')
FRAMES: Final = """(() => {
  let longest = 0, last = null;
  const frame = (now) => {
    if (last !== null) longest = Math.max(longest, now - last);
    last = now;
    requestAnimationFrame(frame);
  };
  requestAnimationFrame(frame);
  window.longestFrame = () => { const found = longest; longest = 0; return found; };
})()"""
"""Counts frames from the beginning of a page: the longest one since it was asked last."""


@dataclass
class Watcher(asyncio.Protocol):
    """The stream of one browser."""

    lags: list[int]
    lost: bool = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Ask for the stream."""
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport
        transport.write(b"GET /api/changes HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")

    def data_received(self, data: bytes) -> None:
        """Count the events in it; each has one such time."""
        now_ms = time.time_ns() // 1_000_000
        self.lags += [now_ms - int(sent) for sent in SEEN.findall(data)]

    def connection_lost(self, exc: Exception | None) -> None:
        """It was not we who closed it."""
        self.lost = True


def hold(port: int, watchers: int, answer: Connection) -> None:
    """Hold so many streams in this process; answers with the lags and how many connections were lost.

    It is told how many events have to arrive once all are written, and waits for them, but not for ever.
    """

    async def run() -> tuple[list[int], int]:
        loop, lags = asyncio.get_running_loop(), list[int]()
        held: list[Watcher] = []
        for _ in range(watchers):
            _, watcher = await loop.create_connection(lambda: Watcher(lags), "127.0.0.1", port)
            held.append(watcher)
        answer.send("ready")
        due, end = await asyncio.to_thread(answer.recv), time.monotonic() + ARRIVE_S
        while len(lags) < due and time.monotonic() < end:  # noqa: ASYNC110  # the lags have no event to wait for
            await asyncio.sleep(0.1)
        lost = sum(watcher.lost for watcher in held)
        for watcher in held:
            watcher.transport.close()
        return lags, lost

    answer.send(asyncio.run(run()))


@dataclass
class Writer:
    """Writes events of open cases into the ledger file, as the ledger does."""

    store: Store
    filling: Filling
    numbers: list[str]
    written: int = 0

    async def write(self, per_s: int, seconds: float) -> None:
        """So many events a second."""
        began = time.monotonic()
        for n in range(round(seconds * BATCHES_PER_S)):
            await asyncio.sleep(max(0.0, began + n / BATCHES_PER_S - time.monotonic()))
            await asyncio.to_thread(self._batch, per_s // BATCHES_PER_S)

    def _batch(self, count: int) -> None:
        now_ms = time.time_ns() // 1_000_000
        events = []
        for _ in range(count):
            number = self.numbers[self.written % len(self.numbers)]
            self.written += 1
            home, now = number.rsplit("-", 2)[0], {"acted_ms": now_ms}
            events.append(self.filling.event(EventType.URGED, number, home, now_ms, f"w{self.written}", now))
        self.store.take_events(events, {p: Position(n, n, "") for p, n in self.filling.next_n.items()})


@asynccontextmanager
async def watched_ledger(folder: Path) -> AsyncIterator[tuple[Path, Writer]]:
    """A ledger file with `OPEN_CASES` open cases, and its writer."""
    path, now_ms = folder / "ledger.sqlite", time.time_ns() // 1_000_000
    filling, store = Filling(OPEN_CASES, now_ms, newest=1.0, share_open=1.0), files.new(path)
    events = list(filling.events())
    store.take_events(events, {p: Position(n, n, "") for p, n in filling.next_n.items()})
    store.finish()
    files.publish(path, store.file)
    numbers = [each.fields["case"] for each in events if each.fields["type"] == EventType.OPENED][-1000:]
    yield path, Writer(Store(store.file), filling, numbers)


async def live(
    port: int, process: psutil.Process, writer: Writer, watchers: int, per_s: int, seconds: float
) -> list[Row]:
    """The streams while events flow."""
    here, there = get_context("spawn").Pipe()
    holder = get_context("spawn").Process(target=hold, args=(port, watchers, there), daemon=True)
    holder.start()
    await asyncio.to_thread(here.recv)
    deaf = DeafBrowser("127.0.0.1", port)
    await deaf.ask()
    before, began = process.cpu_times(), time.perf_counter()
    await writer.write(per_s, seconds)
    took_s, after = time.perf_counter() - began, process.cpu_times()
    here.send(watchers * writer.written)
    lags, lost = await asyncio.to_thread(here.recv)
    cut, missing, twice = await come_back(port, deaf, writer)
    cores = (after.user + after.system - before.user - before.system) / took_s
    due = watchers * writer.written
    return [
        Row.at_most(
            f"lag to {watchers} watchers at {per_s} events/s, p99", quantiles(lags, n=100)[98], LAG_MS, "ms", 0
        ),
        Row.plain("the same, p50", median(lags), "ms", 0),
        Row("events that arrived", f"{len(lags):,} of {due:,}", "all", len(lags) == due),
        Row("connections lost", str(lost), "0", lost == 0),
        Row("a watcher that stops reading is cut off", "yes" if cut else "no", "yes", cut),
        Row("when it comes back it misses, and gets twice", f"{missing} and {twice}", "0 and 0", missing == twice == 0),
        Row.at_most("gateway", cores, CORES, "cores", 2),
        Row.at_most("gateway's memory", process.memory_info().rss / 1e6, MEMORY_MB, "MB", 0),
    ]


async def come_back(port: int, deaf: DeafBrowser, writer: Writer) -> tuple[bool, int, int]:
    """Whether a watcher was cut off before the last event; what it misses, and gets twice, once it is back."""
    got = await deaf.rest()
    (epoch, first), ledger = got[0].split(":"), Ledger(writer.store.file)
    wanted = [f"{epoch}:{seq}" for seq in range(int(first) + 1, ledger.last_seq() + 1)]
    ledger.close()
    cut = len(got) - 1 < len(wanted)
    async with ClientSession() as session:
        answer = await session.get(f"http://127.0.0.1:{port}/api/changes", headers={"Last-Event-ID": got[-1]})
        async with asyncio.timeout(30):
            while got[-1] != wanted[-1]:
                line = (await answer.content.readline()).decode().strip()
                if line.startswith("id: "):
                    got.append(line.removeprefix("id: "))
        answer.close()
    return cut, len(set(wanted) - set(got)), len(got) - len(set(got))


async def board(port: int) -> list[Row]:
    """The board in Chromium: first paint, marks on the map, dragging, zooming, and a filter."""
    async with chromium() as browser, visitor(browser, f"http://127.0.0.1:{port}", size=DESKTOP) as person:
        page = person.page
        await page.add_init_script(FRAMES)
        await page.goto("/board", wait_until="commit")
        await page.locator("#map[data-marks]").wait_for(timeout=60_000)
        await _marks(page)
        drawn_ms = await page.evaluate("performance.now()")
        paint_ms = await page.evaluate("performance.getEntriesByName('first-contentful-paint')[0].startTime")
        await page.wait_for_timeout(500)
        load_ms = await page.evaluate("window.longestFrame()")
        box: Any = await page.locator("#map").bounding_box()
        x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
        await page.mouse.move(x, y)
        await page.mouse.down()
        for n in range(30):
            await page.mouse.move(x + 4 * n, y + 2 * n)
        await page.mouse.up()
        await page.wait_for_timeout(500)
        drag_ms = await page.evaluate("window.longestFrame()")
        for _ in range(4):
            await page.mouse.wheel(0, -300)
            await page.wait_for_timeout(400)
        zoom_ms = await page.evaluate("window.longestFrame()")
        await page.locator("select[name=category]").select_option(index=1)
        await page.locator("form.filters button").click()
        await page.wait_for_url("**/board?*category=*")
        await page.locator("#map[data-marks]").wait_for(timeout=60_000)
        await _marks(page)
        filtered_ms = await page.evaluate("performance.now()")
        await page.wait_for_timeout(500)
        filter_ms = await page.evaluate("window.longestFrame()")
        return [
            Row.at_most(f"board with {OPEN_CASES:,} open cases: first paint", paint_ms, PAINT_MS, "ms", 0),
            Row.at_most("the same: map and lists drawn", drawn_ms, PAINT_MS, "ms", 0),
            Row.at_most("longest frame while it is loaded and drawn", load_ms, FRAME_MS, "ms", 0),
            Row.at_most("longest frame while the map is dragged", drag_ms, FRAME_MS, "ms", 0),
            Row.at_most("longest frame while it is zoomed, four steps", zoom_ms, FRAME_MS, "ms", 0),
            Row.at_most("one category chosen: map and lists drawn", filtered_ms, PAINT_MS, "ms", 0),
            Row.at_most("longest frame while they are drawn", filter_ms, FRAME_MS, "ms", 0),
        ]


async def _marks(page: Page) -> None:
    while await page.evaluate("Number(document.getElementById('map').dataset.marks)") == 0:
        await page.wait_for_timeout(20)


async def main(watchers: int = 500, per_s: int = 50, seconds: int = 30) -> None:
    """Print the table."""
    load = os.getloadavg()[0]
    async with (
        kafka() as (servers, folder),
        watched_ledger(folder) as (path, writer),
        gateway(folder / "gateway", servers, path) as (pid, port),
    ):
        rows = await live(port, psutil.Process(pid), writer, watchers, per_s, seconds)
        rows += await board(port)
    print(f"Machine: {machine()}. Load {load:.1f} at the start, {os.getloadavg()[0]:.1f} at the end.\n")
    print(markdown(rows))


if __name__ == "__main__":
    asyncio.run(main(*map(int, sys.argv[1:])))

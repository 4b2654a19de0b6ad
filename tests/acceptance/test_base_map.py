"""A base map of the operator's choice below the live board, in a real browser, with tiles of another server."""

import random
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from io import BytesIO
from pathlib import Path

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from PIL import Image
from playwright.async_api import Browser, expect

from connectors.pages.form.options import FormOptions
from schemas.datum import Datum, gcj02_to_bd09, wgs84_to_gcj02
from tests.browser.browsing import DESKTOP, visitor
from tests.browser.page_story import LIVE_MS
from tests.worlds.small_town import small_town
from tests.worlds.town_life import Life

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]
SOURCE = "示例地图 <b>审图号：GS(2026)0000</b>"
EXACT = 1e-9
"""Degrees: a tenth of a millimetre."""
PORT = "async (points) => { const to = await import('/assets/datum.js'); return points.map(([x, y]) => [to.gcj02(x, y), to.bd09(x, y)]); }"  # noqa: E501


@asynccontextmanager
async def tiles() -> AsyncIterator[tuple[str, list[str]]]:
    """A server of grey tiles: its address, and what was asked for."""
    asked: list[str] = []
    picture = BytesIO()
    Image.new("RGB", (256, 256), (221, 226, 230)).save(picture, "PNG")

    async def tile(request: web.Request) -> web.Response:
        asked.append(request.path)
        return web.Response(body=picture.getvalue(), content_type="image/png")

    app = web.Application()
    app.add_routes([web.get(r"/{z:\d+}/{x:\d+}/{y:\d+}.png", tile)])
    server = TestServer(app, host="127.0.0.1")
    await server.start_server()
    try:
        yield str(server.make_url("")).rstrip("/"), asked
    finally:
        await server.close()


async def test_tiles_are_below_the_shapes_and_say_where_they_come_from(tmp_path: Path, browser: Browser) -> None:
    """Their origin is asked for pictures and nothing else is; the words of their source are words, not markup."""
    async with tiles() as (origin, asked):
        options = FormOptions(map_tiles=origin + "/{z}/{x}/{y}.png", map_datum=Datum.GCJ02, map_attribution=SOURCE)
        async with small_town(tmp_path, options=options) as town:
            Life(town).report("a", "路面油污", "云帆路5号")
            async with visitor(browser, town.url, size=DESKTOP, locale="zh-CN") as person:
                await person.page.goto("/board")
                await expect(person.page.locator(".leaflet-tile-loaded").first).to_be_visible(timeout=LIVE_MS)
                await expect(person.page.locator("#map")).to_have_attribute("data-marks", "1", timeout=LIVE_MS)
                await expect(person.page.locator(".leaflet-control-attribution")).to_have_text(SOURCE)
                others = [fault for fault in person.faults.found if not fault.startswith(f"other host: {origin}/")]
                person.faults.found[:] = others
    assert asked


async def test_the_browser_draws_each_datum_as_the_server_knows_it(tmp_path: Path, browser: Browser) -> None:
    """At random places in and around China, the port of the conversion agrees with `schemas/datum.py`."""
    chance = random.Random(36)
    points = [(chance.uniform(70, 140), chance.uniform(0, 57)) for _ in range(2000)]
    async with small_town(tmp_path) as town, visitor(browser, town.url, size=DESKTOP) as person:
        await person.page.goto("/board")
        found = await person.page.evaluate(PORT, points)
    for point, (gcj, bd) in zip(points, found, strict=True):
        expected = wgs84_to_gcj02(*point)
        assert gcj == pytest.approx(expected, abs=EXACT)
        assert bd == pytest.approx(gcj02_to_bd09(*expected), abs=EXACT)

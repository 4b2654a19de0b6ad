"""`grid36 door check` of the doors between two cities: who answers there, and what is wrong."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from connectors.doors.contract import PlatformSetup
from connectors.doors.neighbour import open_platform
from connectors.doors.neighbour.errors import NeighbourAwayError, NeighbourRefusesError
from connectors.doors.neighbour.imports import Import, Imports
from connectors.doors.open311 import open_platform as open_server
from connectors.doors.open311.errors import Open311AwayError, Open311ElsewhereError
from grid36.cli import run
from tests.worlds.open311_town import APP_KEY, CITY_KEY, KEYS, Open311Town, open311_town
from tests.worlds.town_life import Life


@pytest.fixture
async def city(tmp_path: Path) -> AsyncIterator[Open311Town]:
    """A neighbour with one request."""
    async with open311_town(tmp_path / "city", keys=KEYS, trusted="city") as town:
        town.town.clock.runs = True
        Life(town.town).report("greasy", "路面油污", "湖滨南路12-8号")
        yield town


def given(city: Open311Town, **options: str) -> dict[str, str]:
    days = {"since_days": "90", "services": "greasy-pavement=litter,odd=litter"}
    return {"url": city.address, "key": CITY_KEY} | days | options


async def test_how_a_neighbour_stands(city: Open311Town, tmp_path: Path) -> None:
    """What it lets us read, which of our services it does not know, and what became of its requests here."""
    imports = Imports(tmp_path / "door")
    await imports.put(Import("H-1", "neighbour-H-1", "accepted", "", "open", 7))
    await imports.posted("u-1", "H-1", "400: no")
    await imports.close()
    told = dict(await open_platform(PlatformSetup("neighbour", tmp_path / "door", given(city))).check())
    assert (told["unknown_services"], told["requests"], told["with_words"], told["updates"]) == ("odd", "1", "1", "yes")
    assert (told["accepted"], told["posted_in_vain"]) == ("1", "1")
    assert abs(float(told["clock"].removesuffix(" s"))) < 60
    told = dict(await open_platform(PlatformSetup("neighbour", tmp_path, given(city, key=APP_KEY))).check())
    assert (told["with_words"], "accepted" in told) == ("0", False)


async def test_what_is_wrong_with_a_neighbour(city: Open311Town, tmp_path: Path) -> None:
    for options, error in (
        ({"key": "a-wrong-key-of-twenty-letters"}, NeighbourRefusesError),
        ({"url": f"{city.town.url}/nothing"}, NeighbourRefusesError),
        ({"url": "http://127.0.0.1:1"}, NeighbourAwayError),
    ):
        with pytest.raises(error):
            await open_platform(PlatformSetup("neighbour", tmp_path, given(city, **options))).check()


async def test_how_our_own_server_stands(city: Open311Town, tmp_path: Path) -> None:
    """By the address that programs know; a wrong one, or one where nobody is, is told."""
    options = {"keys": KEYS, "trusted": "city"}
    told = await open_server(PlatformSetup("open311", tmp_path, options, address=city.town.url)).check()
    assert (told["address"], told["keys"], told["trusted"], told["list"]) == (city.address, "app, city", "city", "keys")
    assert CITY_KEY not in str(told)
    for address, error in (
        ("http://127.0.0.1:1", Open311AwayError),
        (f"{city.town.url}/nothing", Open311ElsewhereError),
        (city.town.url.replace("127.0.0.1", "localhost"), Open311ElsewhereError),
        ("", Open311AwayError),
    ):
        if "localhost" in address:
            city.town.gateway.public_url = "https://elsewhere.example.org"
        with pytest.raises(error):
            await open_server(PlatformSetup("open311", tmp_path, options, address=address)).check()


async def test_the_command_knows_both(
    city: Open311Town, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("GRID36_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("GRID36_PUBLIC_URL", city.town.url)
    for name, value in {"NEIGHBOUR_URL": city.address, "NEIGHBOUR_KEY": CITY_KEY, "OPEN311_KEYS": KEYS}.items():
        monkeypatch.setenv(f"GRID36_DOOR_{name}", value)
    for language, words in (("en", "takes updates"), ("zh-CN", "对方接收进展")):
        assert await asyncio.to_thread(run, ["--lang", language, "door", "check", "neighbour"]) == 0
        assert words in capsys.readouterr().out
    assert await asyncio.to_thread(run, ["--lang", "zh-CN", "door", "check", "open311"]) == 0
    assert "有密钥的程序" in capsys.readouterr().out

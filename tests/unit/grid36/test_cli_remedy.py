"""`grid36 remedy`: what is wrong is named and leaves nothing behind, and an empty list says that it is empty."""

import asyncio
import json
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from yarl import URL

from grid36.cli import run
from grid36.machine.home import Home
from tests.worlds.small_town import Town, small_town
from tests.worlds.town_life import BOSS, litter

BINS = {
    "--segment": "HBN-1", "--category": "rubbish", "--from": "2026-11-01", "--to": "2026-11-30",
    "--text": "每天清运两次", "--by": BOSS,
}  # fmt: skip


@pytest.fixture
async def town(home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Town]:
    """A gateway that the command reaches by its port; nothing was reported there yet."""
    (tmp_path / "town").mkdir()
    async with small_town(tmp_path / "town") as running:
        monkeypatch.setenv("GRID36_HTTP_PORT", str(URL(running.url).port))
        yield running


async def remedy(*words: str) -> int:
    """The exit code, of a command in a thread of its own."""
    return await asyncio.to_thread(run, ["remedy", *words])


def propose(**other: str) -> list[str]:
    """The words of the command that proposes emptying bins more often, or something `other`."""
    given = BINS | {f"--{name}": value for name, value in other.items()}
    return ["propose", *(word for pair in given.items() for word in pair)]


async def test_an_empty_list_says_so(town: Town, capsys: pytest.CaptureFixture[str]) -> None:
    for only in ([], ["--open"]):
        assert await remedy("list", *only) == 0
        assert capsys.readouterr().out == "No standing remedies.\n"
        assert await remedy("list", *only, "--json") == 0
        assert json.loads(capsys.readouterr().out) == {"remedies": []}


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"segment": "nowhere"}, "[segment]"),
        ({"category": "colour"}, "[category]"),
        ({"kind": "proposal"}, "[kind]"),
        ({"text": ""}, "[text]"),
        ({"from": "soon"}, "soon"),
        ({"from": "2026-12-01", "to": "2026-11-01"}, "2026-12-01"),
        ({"by": "patroller-01"}, "above this grid"),
        ({"by": "nobody"}, "[by]"),
        ({"from": "2026-01-01", "to": "2026-01-02"}, "Nothing of this category"),
    ],
)
async def test_what_is_wrong_is_named_and_nothing_is_proposed(
    town: Town, home: Home, capsys: pytest.CaptureFixture[str], wrong: dict[str, str], said: str
) -> None:
    """On stderr, with or without --json; neither the gateway nor the home has anything of it."""
    litter(town)
    before = len(town.reports)
    for form in ([], ["--json"]):
        assert await remedy(*propose(**wrong), *form) == 2
        told = capsys.readouterr()
        assert told.out == ""
        assert told.err.startswith("grid36: ")
        assert said in told.err
    town.step()
    assert len(town.reports) == before
    assert not home.folder.exists()
    assert await remedy("list") == 0
    assert capsys.readouterr().out == "No standing remedies.\n"


async def test_each_mistake_has_a_line(town: Town, capsys: pytest.CaptureFixture[str]) -> None:
    assert await remedy(*propose(segment="nowhere", text="", kind="proposal")) == 2
    told = capsys.readouterr().err.splitlines()
    assert sorted(line[line.rindex("[") :] for line in told) == ["[kind]", "[segment]", "[text]"]


def test_without_what_it_needs_it_asks_for_it(home: Home, capsys: pytest.CaptureFixture[str]) -> None:
    words = propose()
    del words[words.index("--text") : words.index("--text") + 2]
    assert run(["remedy", *words]) == 2
    assert "--text" in capsys.readouterr().err
    for command in (propose(), ["list"]):
        assert run(["remedy", *command]) == 3
        told = capsys.readouterr()
        assert told.out == ""
        assert "Start it: grid36 up" in told.err
    assert not home.folder.exists()

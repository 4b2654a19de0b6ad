"""`grid36 door check`: who we are on a chat platform, or exactly what is wrong."""

import asyncio
import json
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from connectors.chat.options import read_options
from connectors.doors.webhook.deliveries import Deliveries
from connectors.doors.webhook.options import WebhookOptions
from grid36.cli import run
from grid36.machine.home import Home
from tests.worlds.telegram.server import TOKEN, FakeTelegram
from tests.worlds.webhook_partner import SECRET

DOOR = ["door", "check", "telegram"]


@pytest.fixture
async def telegram(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[FakeTelegram]:
    """A Telegram of our own, which the settings name."""
    async with FakeTelegram().running() as fake:
        monkeypatch.setenv("GRID36_LANG", "en")
        monkeypatch.setenv("GRID36_DOOR_TELEGRAM_TOKEN", TOKEN)
        monkeypatch.setenv("GRID36_DOOR_TELEGRAM_URL", fake.url)
        yield fake


async def test_who_we_are(telegram: FakeTelegram, capsys: pytest.CaptureFixture[str]) -> None:
    assert await asyncio.to_thread(run, DOOR) == 0
    told = capsys.readouterr().out
    assert "@Grid36Bot" in told
    assert "https://t.me/Grid36Bot" in told


async def test_in_chinese(telegram: FakeTelegram, capsys: pytest.CaptureFixture[str]) -> None:
    assert await asyncio.to_thread(run, ["--lang", "zh-CN", *DOOR]) == 0
    told = capsys.readouterr().out
    assert "入口 telegram 可以开启" in told
    assert "用户名" in told


async def test_for_programs(telegram: FakeTelegram, capsys: pytest.CaptureFixture[str]) -> None:
    assert await asyncio.to_thread(run, [*DOOR, "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["username"] == "@Grid36Bot"


@pytest.mark.parametrize(
    ("name", "value", "code", "says"),
    [
        ("TOKEN", "", 2, "GRID36_DOOR_TELEGRAM_TOKEN"),
        ("TOKEN", "1:other", 2, "Telegram does not know this token"),
        ("TOKEN", "1 2", 2, "without blanks"),
        ("URL", "http://127.0.0.1:1", 3, "Telegram does not answer"),
        ("WEBHOKO", "https://grid.example", 2, "GRID36_DOOR_TELEGRAM_WEBHOKO"),
    ],
)
async def test_exactly_what_is_wrong(
    telegram: FakeTelegram,
    name: str,
    value: str,
    code: int,
    says: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """With an exit code that says whether to correct something or to try later, and never a secret."""
    monkeypatch.setenv(f"GRID36_DOOR_TELEGRAM_{name}", value)
    assert await asyncio.to_thread(run, DOOR) == code
    told = capsys.readouterr()
    assert says in told.err
    assert told.out == ""
    assert "invented" not in told.err


async def test_how_a_webhook_stands(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Nobody is asked; a receiver that is switched off is something to correct."""
    settings = {"secret": SECRET, "url": "http://127.0.0.1:1/hook?token=abc"}
    for name, value in settings.items():
        monkeypatch.setenv(f"GRID36_DOOR_WEBHOOK_{name.upper()}", value)
    monkeypatch.setenv("GRID36_HOME", str(tmp_path))
    command = ["--lang", "en", "door", "check", "webhook"]
    assert await asyncio.to_thread(run, command) == 0
    assert "127.0.0.1" in capsys.readouterr().out
    store = Deliveries(Home(tmp_path).doors / "webhook")
    await store.switch_off(read_options(WebhookOptions, "webhook", settings).receiver, 1_796_000_000_000)
    await store.close()
    assert await asyncio.to_thread(run, command) == 2
    told = capsys.readouterr().err
    assert "GRID36_DOOR_WEBHOOK_AGAIN" in told
    assert "token" not in told

"""The registry of doors, and the platform of a chat door alone."""

from pathlib import Path

import pytest

from connectors.doors.contract import PlatformSetup
from grid36.cli import run
from grid36.gateway.doors import NothingToCheckError, UnknownDoorError, open_platform
from grid36.settings import Settings
from tests.unit.grid36.gateway.some_chat import SomePlatform

HERE = "tests.unit.grid36.gateway.some_chat"


def test_a_platform_is_opened_with_its_own_settings_and_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GRID36_DOOR_SOME_CHAT_TOKEN", "t")
    platform = open_platform(Settings(home=tmp_path), "some-chat", {"some-chat": HERE})
    assert isinstance(platform, SomePlatform)
    assert platform.setup == PlatformSetup("some-chat", tmp_path / "doors" / "some-chat", {"token": "t"})


def test_only_a_chat_has_a_platform(tmp_path: Path) -> None:
    with pytest.raises(NothingToCheckError, match="http"):
        open_platform(Settings(home=tmp_path), "http")
    with pytest.raises(UnknownDoorError, match="fax"):
        open_platform(Settings(home=tmp_path), "fax")


@pytest.mark.parametrize(
    ("door", "language", "says"), [("http", "en", "nothing to check"), ("fax", "zh-CN", "GRID36_DOORS")]
)
def test_the_command_says_so(
    door: str, language: str, says: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("GRID36_LANG", language)
    assert run(["door", "check", door]) == 2
    assert says in capsys.readouterr().err

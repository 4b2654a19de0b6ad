from pathlib import Path

import pytest

from connectors.chat.options import WrongDoorSettingsError
from connectors.doors.contract import PlatformSetup
from connectors.doors.matrix import open_platform
from connectors.doors.matrix.account import MatrixAwayError, MatrixNoAccountError, MatrixServerError, newest_version
from connectors.doors.matrix.client import MatrixClient


def setup(folder: Path, **options: str) -> PlatformSetup:
    return PlatformSetup("matrix", folder, options)


@pytest.mark.parametrize(
    ("options", "named"),
    [
        ({"token": "t"}, "GRID36_DOOR_MATRIX_URL"),
        ({"url": "city.test", "token": "t"}, "GRID36_DOOR_MATRIX_URL"),
        ({"url": "https://city.test", "token": "t", "per_second": "0"}, "GRID36_DOOR_MATRIX_PER_SECOND"),
        ({"url": "https://city.test", "token": "t", "colour": "red"}, "GRID36_DOOR_MATRIX_COLOUR"),
    ],
)
def test_a_wrong_setting_is_named(options: dict[str, str], named: str, tmp_path: Path) -> None:
    with pytest.raises(WrongDoorSettingsError, match=named):
        open_platform(setup(tmp_path, **options))


@pytest.mark.parametrize("options", [{}, {"user": "grid36"}, {"password": "p"}])
def test_it_needs_an_account(options: dict[str, str], tmp_path: Path) -> None:
    with pytest.raises(MatrixNoAccountError):
        open_platform(setup(tmp_path, url="https://city.test", **options))


def test_limits_are_settings(tmp_path: Path) -> None:
    platform = open_platform(setup(tmp_path, url="https://city.test/", token="t", per_second="0.2", characters="500"))
    assert (platform.features.per_second, platform.features.characters, platform.features.buttons) == (0.2, 500, 10)
    assert list(tmp_path.iterdir()) == [], "opening it alone leaves nothing behind"


async def test_a_server_that_is_away(tmp_path: Path) -> None:
    with pytest.raises(MatrixAwayError, match="127"):
        await open_platform(setup(tmp_path, url="http://127.0.0.1:1", token="t")).check()


class Versions(MatrixClient):
    """A server that says which versions it speaks."""

    def __init__(self, *versions: object) -> None:
        super().__init__("https://city.test")
        self._versions = list(versions)

    async def call(self, *_: object, **__: object) -> dict[str, object]:
        return {"versions": self._versions}


async def test_the_newest_version_counts() -> None:
    assert await newest_version(Versions("r0.6.1", "v1.9", "v1.11", "v1.2", 3, "vx")) == "v1.11"


@pytest.mark.parametrize("versions", [(), ("r0.6.1",), ("v1.10",)])
async def test_a_server_that_is_too_old(versions: tuple[str, ...]) -> None:
    with pytest.raises(MatrixServerError):
        await newest_version(Versions(*versions))

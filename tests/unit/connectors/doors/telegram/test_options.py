"""The settings of the door, as the environment has them."""

from pathlib import Path

import pytest

from connectors.chat.options import WrongDoorSettingsError, read_options
from connectors.doors.contract import PlatformSetup
from connectors.doors.telegram import open_platform
from connectors.doors.telegram.options import TelegramOptions

TOKEN = "4242:AAF-invented_token"


def read(**given: str) -> TelegramOptions:
    return read_options(TelegramOptions, "telegram", given)


def test_the_token_is_enough() -> None:
    options = read(token=TOKEN)
    assert options.url == "https://api.telegram.org"
    assert options.webhook is None
    assert options.features.characters == 4096
    assert options.features.pins


def test_settings_of_every_chat_may_stand_beside_them() -> None:
    given = {"token": TOKEN, "invite": "https://t.me/Grid36Bot?start=TOKEN", "keep_days": "3"}
    assert open_platform(PlatformSetup("telegram", Path("unused"), given)).features.pins


def test_numbers_can_be_set() -> None:
    options = read(token=TOKEN, per_second="5", characters="1000", poll_s="10")
    assert (options.features.per_second, options.features.characters, options.poll_s) == (5, 1000, 10)


@pytest.mark.parametrize(
    ("given", "variable"),
    [
        ({}, "TOKEN"),
        ({"token": "4242:a b"}, "TOKEN"),
        ({"token": "4242:a/../b"}, "TOKEN"),
        ({"token": TOKEN, "url": "api.telegram.org"}, "URL"),
        ({"token": TOKEN, "webhook": "ftp://x"}, "WEBHOOK"),
        ({"token": TOKEN, "secret": "ä"}, "SECRET"),
        ({"token": TOKEN, "poll_s": "-1"}, "POLL_S"),
        ({"token": TOKEN, "tokne": "x"}, "TOKNE"),
    ],
)
def test_what_is_wrong_is_named_without_its_value(given: dict[str, str], variable: str) -> None:
    with pytest.raises(WrongDoorSettingsError, match=f"GRID36_DOOR_TELEGRAM_{variable}") as caught:
        read(**given)
    assert "4242" not in str(caught.value)


def test_a_secret_of_the_hook_comes_from_the_token_and_does_not_show_it() -> None:
    derived = read(token=TOKEN).hook_secret
    assert derived == read(token=TOKEN).hook_secret != read(token="1:b").hook_secret
    assert "invented" not in derived
    assert read(token=TOKEN, secret="my-own").hook_secret == "my-own"


def test_secrets_are_not_shown() -> None:
    assert "invented" not in repr(read(token=TOKEN))


def test_the_limit_of_every_door_is_no_mistake_of_one() -> None:
    """It is read where the door is run."""
    assert read(token=TOKEN, reports_an_hour="5") == read(token=TOKEN)

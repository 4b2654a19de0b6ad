"""One application of WeCom, against a fake that behaves as the vendor's pages say."""

import asyncio
import contextlib
import logging
from dataclasses import replace
from pathlib import Path

import pytest

from connectors.chat.messages import Button, Incoming, Media, MediaKind, Outgoing
from connectors.chat.options import WrongDoorSettingsError, read_options
from connectors.chat.platform import TryLater, Unreachable, Unsendable
from connectors.doors.contract import PlatformSetup
from connectors.doors.wecom import open_platform
from connectors.doors.wecom.errors import (
    WecomAddressError,
    WecomAgentError,
    WecomAwayError,
    WecomCorpError,
    WecomSecretError,
)
from connectors.doors.wecom.options import WecomOptions
from schemas.errors import Grid36Error
from tests.worlds.weixin.cloud import SECRET, WeixinCloud

HELLO = Outgoing(id="m-1", chat="zhangsan", text="已收到 \\u4e95 😀")


async def taken(incoming: Incoming) -> bool:
    return bool(incoming.id)


def with_options(setup: PlatformSetup, **options: str) -> PlatformSetup:
    return replace(setup, options={**setup.options, **options})


async def test_check_says_who_we_are(setup: PlatformSetup) -> None:
    assert await open_platform(setup).check() == {"id": "1000002", "name": "网格", "receives": "/doors/wecom"}


@pytest.mark.parametrize(
    ("options", "error"),
    [
        ({"corp": "ww0"}, WecomCorpError),
        ({"secret": "of-another"}, WecomSecretError),
        ({"agent": "1"}, WecomAgentError),
        ({"url": "http://127.0.0.1:9"}, WecomAwayError),
    ],
)
async def test_check_names_the_credential_that_is_wrong(
    setup: PlatformSetup, options: dict[str, str], error: type[Grid36Error]
) -> None:
    with pytest.raises(error) as raised:
        await open_platform(with_options(setup, **options)).check()
    assert SECRET not in str(raised.value)


async def test_an_address_that_is_not_trusted_is_named(setup: PlatformSetup, wecom: WeixinCloud) -> None:
    wecom.plans["check"].append(60020)
    with pytest.raises(WecomAddressError, match=r"203\.0\.113\.9"):
        await open_platform(setup).check()


@pytest.mark.parametrize(
    "wrong", [{"key": "short"}, {"token": "a b"}, {"agent": "x"}, {"url": "ftp://x"}, {"corp": ""}]
)
def test_a_wrong_setting_is_named_without_its_value(setup: PlatformSetup, wrong: dict[str, str]) -> None:
    (name,) = wrong
    with pytest.raises(WrongDoorSettingsError, match=f"GRID36_DOOR_WECOM_{name.upper()}") as raised:
        open_platform(with_options(setup, **wrong))
    assert not wrong[name] or wrong[name] not in str(raised.value).replace(name.upper(), "")


async def test_words_are_sent_as_they_are(setup: PlatformSetup, wecom: WeixinCloud) -> None:
    """An escape such as a backslash and u would be shown to people."""
    assert await open_platform(setup).send(HELLO, []) == "m1"
    assert wecom.sent == [
        {"touser": "zhangsan", "agentid": 1000002, "msgtype": "text", "text": {"content": "已收到 \\u4e95 😀"}}
    ]
    assert "已收到 \\\\u4e95 😀".encode() in wecom.bodies[0]


async def test_buttons_are_a_card_and_photos_follow(setup: PlatformSetup, wecom: WeixinCloud, tmp_path: Path) -> None:
    photo = tmp_path / "photo"
    photo.write_bytes(b"jpeg")
    asked = HELLO.model_copy(update={"buttons": (Button(label="是", value="v1"),)})
    await open_platform(setup).send(asked, [photo])
    kinds = [each["msgtype"] for each in wecom.sent]
    assert (kinds, wecom.uploaded) == (["template_card", "image"], {"up-0": b"jpeg"})


async def test_long_words_come_in_pieces_that_the_platform_takes(setup: PlatformSetup, wecom: WeixinCloud) -> None:
    platform = open_platform(setup)
    long = "😀" * platform.features.characters  # four bytes each
    await platform.send(HELLO.model_copy(update={"text": long}), [])
    assert "".join(each["text"]["content"] for each in wecom.sent) == long


@pytest.mark.parametrize("code", [40001, 40014, 42001])
async def test_a_token_that_is_over_is_fetched_anew_once(setup: PlatformSetup, wecom: WeixinCloud, code: int) -> None:
    platform = open_platform(setup)
    await platform.send(HELLO, [])
    wecom.plans["zhangsan"].append(code)
    await platform.send(HELLO.model_copy(update={"id": "m-2"}), [])
    wecom.good.clear()
    await platform.send(HELLO.model_copy(update={"id": "m-3"}), [])
    assert len(wecom.sent) == 3


@pytest.mark.parametrize(
    ("codes", "error"),
    [
        ([45009], TryLater),
        ([-1], TryLater),
        ([60020], TryLater),
        ([42001, 42001], TryLater),
        ([60111], Unreachable),
        ([81013], Unreachable),
        ([45002], Unsendable),
        ([999999], Unsendable),
    ],
)
async def test_codes_say_what_follows(
    setup: PlatformSetup, wecom: WeixinCloud, codes: list[int], error: type[Exception]
) -> None:
    wecom.plans["zhangsan"].extend(codes)
    with pytest.raises(error):
        await open_platform(setup).send(HELLO, [])
    assert wecom.sent == []


async def test_what_is_to_be_configured_is_logged_and_no_secret(
    setup: PlatformSetup, wecom: WeixinCloud, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    platform = open_platform(setup)
    wecom.plans["zhangsan"].append(60020)
    with pytest.raises(TryLater):
        await platform.send(HELLO, [])
    await platform.send(HELLO, [])
    away = open_platform(with_options(setup, url="http://127.0.0.1:9"))
    with pytest.raises(TryLater) as raised:
        await away.send(HELLO, [])
    said = caplog.text + str(raised.value)
    assert "trusted IPs" in said
    assert not any(secret in said for secret in (SECRET, wecom.token_now, "已收到"))


async def test_a_photo_that_fails_is_sent_again_without_the_words(
    setup: PlatformSetup, wecom: WeixinCloud, tmp_path: Path
) -> None:
    photo = tmp_path / "photo"
    photo.write_bytes(b"jpeg")
    platform = open_platform(setup)
    wecom.plans["upload"].append(-1)
    with pytest.raises(TryLater):
        await platform.send(HELLO, [photo])
    await platform.send(HELLO, [photo])
    assert [each["msgtype"] for each in wecom.sent] == ["text", "image"]


async def test_more_than_a_person_may_be_sent_waits(setup: PlatformSetup, wecom: WeixinCloud) -> None:
    platform = open_platform(with_options(setup, per_minute="2"))
    for n in range(2):
        await platform.send(HELLO.model_copy(update={"id": f"m-{n}"}), [])
    with pytest.raises(TryLater) as later:
        await platform.send(HELLO, [])
    await platform.send(HELLO.model_copy(update={"chat": "lisi"}), [])
    assert later.value.after_s is not None
    assert (50 < later.value.after_s <= 60, len(wecom.to("zhangsan"))) == (True, 2)


PHOTO = Media(kind=MediaKind.PHOTO, ref="media-1")


async def test_a_file_is_fetched_by_its_id(setup: PlatformSetup, wecom: WeixinCloud) -> None:
    wecom.media["media-1"] = b"x" * 200_000
    async with open_platform(setup).fetch(PHOTO) as pieces:
        assert b"".join([piece async for piece in pieces]) == b"x" * 200_000


@pytest.mark.parametrize(("code", "error"), [(-1, TryLater), (42001, TryLater), (40007, Unsendable)])
async def test_a_file_that_is_not_given(
    setup: PlatformSetup, wecom: WeixinCloud, code: int, error: type[Exception]
) -> None:
    wecom.plans["file"].append(code)
    with pytest.raises(error):
        async with open_platform(setup).fetch(PHOTO):
            pass


async def test_a_file_above_the_limit_is_given_up(setup: PlatformSetup, wecom: WeixinCloud) -> None:
    wecom.media["media-1"] = b"x" * 300_000
    async with open_platform(with_options(setup, download_bytes="100000")).fetch(PHOTO) as pieces:
        with pytest.raises(Unsendable, match="more than 100000 bytes"):
            [piece async for piece in pieces]


async def test_the_hook_is_served_while_the_api_is_away_and_removed_at_the_end(
    setup: PlatformSetup, wecom: WeixinCloud
) -> None:
    wecom.plans["check"].append(60020)
    receiving = asyncio.create_task(open_platform(setup).receive(taken))
    await asyncio.sleep(0.1)
    there = "wecom" in setup.hooks
    receiving.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await receiving
    assert (there, setup.hooks) == (True, {})


async def test_a_wrong_secret_ends_the_door(setup: PlatformSetup) -> None:
    with pytest.raises(WecomSecretError):
        await open_platform(with_options(setup, secret="another")).receive(taken)


def test_nobody_is_welcomed_for_being_allowed_to_see_the_application(setup: PlatformSetup) -> None:
    assert read_options(WecomOptions, "wecom", setup.options).reading.follows is False

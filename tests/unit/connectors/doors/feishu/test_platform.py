"""One application of Feishu, against a fake that behaves as the vendor's pages say."""

import asyncio
import logging
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import pytest

from connectors.chat.messages import Button, Incoming, Media, MediaKind, Outgoing
from connectors.chat.options import WrongDoorSettingsError
from connectors.chat.platform import TryLater, Unreachable, Unsendable
from connectors.doors.contract import PlatformSetup
from connectors.doors.feishu import open_platform
from connectors.doors.feishu.errors import (
    FeishuAwayError,
    FeishuBotError,
    FeishuCredentialsError,
    FeishuScopeError,
)
from schemas.errors import Grid36Error
from tests.processes.waiting import wait_until
from tests.worlds.feishu.cloud import SECRET, Fault, FeishuCloud

HELLO = Outgoing(id="m-1", chat="ou_li", text="已收到 😀")
PHOTO = Media(kind=MediaKind.PHOTO, ref="om_1/image/img_1")


async def taken(incoming: Incoming) -> bool:
    return bool(incoming.id)


def with_options(setup: PlatformSetup, **options: str) -> PlatformSetup:
    return replace(setup, options={**setup.options, **options})


def photo_in(folder: Path, name: str = "photo") -> Path:
    photo = folder / name
    photo.write_bytes(b"jpeg")
    return photo


async def test_check_says_who_we_are(setup: PlatformSetup) -> None:
    assert await open_platform(setup).check() == {"id": "cli_a1b2c3", "name": "网格", "receives": "/doors/feishu"}


@pytest.mark.parametrize(
    ("options", "codes", "error"),
    [
        ({"app": "cli_0"}, [], FeishuCredentialsError),
        ({"secret": "of-another"}, [], FeishuCredentialsError),
        ({"url": "http://127.0.0.1:9"}, [], FeishuAwayError),
        ({}, [11205], FeishuBotError),
        ({}, [99991672], FeishuScopeError),
        ({}, [99991400], FeishuAwayError),
    ],
)
async def test_check_names_what_is_to_be_mended(
    setup: PlatformSetup, feishu: FeishuCloud, options: dict[str, str], codes: list[int], error: type[Grid36Error]
) -> None:
    feishu.plans["check"].extend(map(Fault, codes))
    with pytest.raises(error) as raised:
        await open_platform(with_options(setup, **options)).check()
    assert SECRET not in str(raised.value)


@pytest.mark.parametrize(
    "wrong", [{"app": ""}, {"key": "a b"}, {"token": "ä"}, {"url": "ftp://x"}, {"old_s": "x"}, {"tokne": "x"}]
)
def test_a_wrong_setting_is_named_without_its_value(setup: PlatformSetup, wrong: dict[str, str]) -> None:
    (name,) = wrong
    with pytest.raises(WrongDoorSettingsError, match=f"GRID36_DOOR_FEISHU_{name.upper()}"):
        open_platform(with_options(setup, **wrong))


async def test_settings_of_all_chats_are_none_of_its_own(setup: PlatformSetup) -> None:
    assert open_platform(with_options(setup, keep_days="3")).features.buttons == 20


async def test_words_to_a_person_and_to_a_group(setup: PlatformSetup, feishu: FeishuCloud) -> None:
    platform = open_platform(setup)
    assert await platform.send(HELLO, []) == "om_out_1"
    await platform.send(HELLO.model_copy(update={"id": "m-2", "chat": "oc_1"}), [])
    assert [(each.to, each.text) for each in feishu.sent] == [("ou_li", "已收到 😀"), ("oc_1", "已收到 😀")]


async def test_what_is_sent_again_is_shown_once(setup: PlatformSetup, feishu: FeishuCloud) -> None:
    """Also by another process, that knows nothing of the first time."""
    assert await open_platform(setup).send(HELLO, []) == await open_platform(setup).send(HELLO, []) == "om_out_1"
    assert len(feishu.sent) == 1


async def test_buttons_and_photos_are_one_card(setup: PlatformSetup, feishu: FeishuCloud, tmp_path: Path) -> None:
    asked = HELLO.model_copy(update={"buttons": (Button(label="是", value="v1"),)})
    await open_platform(setup).send(asked, [photo_in(tmp_path)])
    (card,) = feishu.sent
    assert (card.type, card.keys[0]["value"], feishu.images) == (
        "interactive", {"v": "v1", "chat": "ou_li"}, {"img_v3_0": b"jpeg"},
    )  # fmt: skip


async def test_a_photo_is_uploaded_once(setup: PlatformSetup, feishu: FeishuCloud, tmp_path: Path) -> None:
    platform, photo = open_platform(setup), photo_in(tmp_path)
    feishu.plans["ou_li"].append(Fault(99991400, 429))
    with pytest.raises(TryLater):
        await platform.send(HELLO, [photo])
    await platform.send(HELLO, [photo])
    assert (len(feishu.images), [each.type for each in feishu.sent]) == (1, ["post"])


async def test_the_words_go_without_a_photo_that_never_goes(
    setup: PlatformSetup, feishu: FeishuCloud, tmp_path: Path
) -> None:
    feishu.plans["upload"].append(Fault(234006))
    await open_platform(setup).send(HELLO, [photo_in(tmp_path), tmp_path / "gone"])
    assert [each.type for each in feishu.sent] == ["text"]


async def test_an_answer_is_shown_below_its_message(setup: PlatformSetup, feishu: FeishuCloud) -> None:
    """Where that was withdrawn, it is sent without."""
    feishu.authors["om_in_1"] = "ou_li"
    answer = HELLO.model_copy(update={"answers": "om_in_1/2"})
    await open_platform(setup).send(answer, [])
    feishu.plans["reply"].append(Fault(230011))
    await open_platform(setup).send(answer.model_copy(update={"id": "m-2"}), [])
    assert [each.answers for each in feishu.sent] == ["om_in_1", ""]


async def test_a_token_is_fetched_by_one_for_all(setup: PlatformSetup, feishu: FeishuCloud) -> None:
    platform, feishu.slow_s = open_platform(setup), 0.1
    many = [HELLO.model_copy(update={"id": f"m-{n}"}) for n in range(10)]
    await asyncio.gather(*(platform.send(each, []) for each in many))
    assert (feishu.fetched, len(feishu.sent)) == (1, 10)
    feishu.good.clear()
    await asyncio.gather(*(platform.send(each.model_copy(update={"id": f"{each.id}b"}), []) for each in many))
    assert (feishu.fetched, len(feishu.sent)) == (2, 20)


@pytest.mark.parametrize(
    ("faults", "error", "after_s"),
    [
        ([Fault(99991400, 429, 7)], TryLater, 7.0),
        ([Fault(99991400, 400, 2)], TryLater, 2.0),
        ([Fault(230020)], TryLater, None),
        ([Fault(99991672)], TryLater, 60.0),
        ([Fault(99991663), Fault(99991663)], TryLater, None),
        ([Fault(0, 502)], TryLater, None),
        ([Fault(230013)], Unreachable, None),
        ([Fault(230002)], Unreachable, None),
        ([Fault(230053)], Unreachable, None),
        ([Fault(230025)], Unsendable, None),
        ([Fault(999999)], Unsendable, None),
    ],
)
async def test_codes_say_what_follows(
    setup: PlatformSetup, feishu: FeishuCloud, faults: list[Fault], error: type[Exception], after_s: float | None
) -> None:
    feishu.plans["ou_li"].extend(faults)
    with pytest.raises(error) as raised:
        await open_platform(setup).send(HELLO, [])
    assert (getattr(raised.value, "after_s", None), feishu.sent) == (after_s, [])


async def test_what_is_to_be_configured_is_logged_and_no_secret(
    setup: PlatformSetup, feishu: FeishuCloud, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    platform = open_platform(setup)
    feishu.plans["ou_li"].append(Fault(230027))
    with pytest.raises(TryLater):
        await platform.send(HELLO, [])
    await platform.send(HELLO, [])
    with pytest.raises(TryLater) as raised:
        await open_platform(with_options(setup, url="http://127.0.0.1:9")).send(HELLO, [])
    said = caplog.text + str(raised.value)
    assert "permission" in said
    assert not any(secret in said for secret in (SECRET, feishu.token_now, "已收到", "ou_li"))


async def test_a_file_is_fetched_by_its_message(setup: PlatformSetup, feishu: FeishuCloud) -> None:
    feishu.files["om_1/img_1"] = ("image", b"x" * 200_000)
    async with open_platform(setup).fetch(PHOTO) as pieces:
        assert b"".join([piece async for piece in pieces]) == b"x" * 200_000


@pytest.mark.parametrize(
    ("fault", "error"),
    [(Fault(99991400, 429), TryLater), (Fault(99991663), TryLater), (Fault(234003), Unsendable)],
)
async def test_a_file_that_is_not_given(
    setup: PlatformSetup, feishu: FeishuCloud, fault: Fault, error: type[Exception]
) -> None:
    feishu.plans["file"].append(fault)
    with pytest.raises(error):
        async with open_platform(setup).fetch(PHOTO):
            pass


@pytest.mark.parametrize(
    "media", [Media(kind=MediaKind.STICKER, ref="om_1/file/f_1"), Media(kind=MediaKind.PHOTO, ref="x")]
)
async def test_what_cannot_be_fetched_is_not_asked_for(setup: PlatformSetup, media: Media) -> None:
    """Feishu gives stickers to nobody."""
    with pytest.raises(Unsendable):
        async with open_platform(with_options(setup, url="http://127.0.0.1:9")).fetch(media):
            pass


async def test_a_file_above_the_limit_is_given_up(setup: PlatformSetup, feishu: FeishuCloud) -> None:
    feishu.files["om_1/img_1"] = ("image", b"x" * 300_000)
    async with open_platform(with_options(setup, download_bytes="100000")).fetch(PHOTO) as pieces:
        with pytest.raises(Unsendable, match="more than 100000 bytes"):
            [piece async for piece in pieces]


async def test_the_hook_is_served_while_the_api_is_away_and_removed_at_the_end(
    setup: PlatformSetup, feishu: FeishuCloud
) -> None:
    feishu.plans["check"].append(Fault(99991672))
    receiving = asyncio.create_task(open_platform(setup).receive(taken))
    await wait_until(lambda: "feishu" in setup.hooks, "the hook")
    receiving.cancel()
    with suppress(asyncio.CancelledError):
        await receiving
    assert setup.hooks == {}


async def test_a_wrong_secret_ends_the_door(setup: PlatformSetup) -> None:
    with pytest.raises(FeishuCredentialsError):
        await open_platform(with_options(setup, secret="another")).receive(taken)

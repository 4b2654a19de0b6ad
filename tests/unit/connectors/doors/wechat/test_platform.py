"""One Official Account of WeChat, against a fake that behaves as the vendor's pages say."""

from dataclasses import replace
from pathlib import Path

import pytest

from connectors.chat.messages import Button, Outgoing
from connectors.chat.platform import TryLater, Unreachable, Unsendable
from connectors.doors.contract import PlatformSetup
from connectors.doors.wechat import open_platform
from connectors.doors.wechat.errors import (
    WechatAddressError,
    WechatAppError,
    WechatAwayError,
    WechatSecretError,
)
from schemas.errors import Grid36Error
from tests.worlds.weixin.cloud import WeixinCloud

HELLO = Outgoing(id="m-1", chat="o-zhangsan", text="已收到")


def with_options(setup: PlatformSetup, **options: str) -> PlatformSetup:
    return replace(setup, options={**setup.options, **options})


async def test_check_says_who_we_are(setup: PlatformSetup) -> None:
    assert await open_platform(setup).check() == {"id": "ww1234567890abcdef", "receives": "/doors/wechat"}


@pytest.mark.parametrize(
    ("options", "error"),
    [
        ({"app": "wx0"}, WechatAppError),
        ({"secret": "of-another"}, WechatSecretError),
        ({"url": "http://127.0.0.1:9"}, WechatAwayError),
    ],
)
async def test_check_names_the_credential_that_is_wrong(
    setup: PlatformSetup, options: dict[str, str], error: type[Grid36Error]
) -> None:
    with pytest.raises(error):
        await open_platform(with_options(setup, **options)).check()


async def test_an_address_that_is_not_trusted_is_named(setup: PlatformSetup, wechat: WeixinCloud) -> None:
    wechat.plans["token"].append(40164)
    with pytest.raises(WechatAddressError, match=r"203\.0\.113\.9"):
        await open_platform(setup).check()


async def test_words_a_menu_and_photos(setup: PlatformSetup, wechat: WeixinCloud, tmp_path: Path) -> None:
    photo = tmp_path / "photo"
    photo.write_bytes(b"jpeg")
    asked = HELLO.model_copy(update={"buttons": (Button(label="是", value="v1"), Button(label="否", value="v2"))})
    platform = open_platform(setup)
    await platform.send(HELLO, [])
    await platform.send(asked.model_copy(update={"id": "m-2"}), [photo])
    assert wechat.sent == [
        {"touser": "o-zhangsan", "msgtype": "text", "text": {"content": "已收到"}},
        {
            "touser": "o-zhangsan",
            "msgtype": "msgmenu",
            "msgmenu": {
                "head_content": "已收到",
                "list": [{"id": "v1", "content": "是"}, {"id": "v2", "content": "否"}],
                "tail_content": "",
            },
        },
        {"touser": "o-zhangsan", "msgtype": "image", "image": {"media_id": "up-0"}},
    ]
    assert "已收到".encode() in wechat.bodies[0]


async def test_a_token_that_is_refused_is_forced_anew_where_the_same_would_come(
    setup: PlatformSetup, wechat: WeixinCloud
) -> None:
    """The stable token stays the same for its two hours unless one asks by force."""
    platform = open_platform(setup)
    await platform.send(HELLO, [])
    before = wechat.token_now
    wechat.plans["o-zhangsan"].append(40001)
    await platform.send(HELLO.model_copy(update={"id": "m-2"}), [])
    assert (len(wechat.sent), wechat.token_now == before, wechat.fetched) == (2, False, 3)


@pytest.mark.parametrize(
    ("codes", "error"),
    [
        ([45009], TryLater),
        ([-1], TryLater),
        ([48001], TryLater),
        ([45015], Unreachable),
        ([45047], Unreachable),
        ([43004], Unreachable),
        ([40003], Unreachable),
        ([45002], Unsendable),
    ],
)
async def test_codes_say_what_follows(
    setup: PlatformSetup, wechat: WeixinCloud, codes: list[int], error: type[Exception]
) -> None:
    wechat.plans["o-zhangsan"].extend(codes)
    with pytest.raises(error):
        await open_platform(setup).send(HELLO, [])
    assert wechat.sent == []


def test_people_can_be_written_to_five_times_within_two_days(setup: PlatformSetup) -> None:
    features = open_platform(setup).features
    assert (features.unasked_within_h, features.most_unasked) == (48.0, 5)

"""The vendor's own client in front of our fake: it understands our fake, so our frames can be compared with its."""

import asyncio
import warnings
from typing import Any

import pytest

from connectors.chat.messages import Outgoing
from connectors.doors.contract import PlatformSetup
from tests.processes.waiting import wait_until
from tests.unit.connectors.doors.wecom_robot.conftest import robot
from tests.worlds.weixin.robots import BOT, SECRET, RobotCloud, body_of

with warnings.catch_warnings():
    warnings.simplefilter("ignore", DeprecationWarning)  # it imports an old name of websockets
    import aibot.api
    import aibot.ws
    from aibot import WSClient, WSClientOptions
    from aibot.crypto_utils import decrypt_file


class Silent:
    """A log of nothing."""

    def __getattr__(self, name: str) -> Any:
        return lambda *_: None


@pytest.fixture
def trusting(cloud: RobotCloud) -> None:
    """The client believes the fake."""
    for module in (aibot.ws, aibot.api):
        module._SSL_CONTEXT.load_verify_locations(cloud.ca)


async def test_our_frames_are_those_of_the_vendors_client(
    setup: PlatformSetup, cloud: RobotCloud, trusting: None
) -> None:
    heard: list[dict[str, Any]] = []
    client = WSClient(WSClientOptions(bot_id=BOT, secret=SECRET, ws_url=cloud.address, logger=Silent()))
    client.on("message.text", heard.append)
    await client.connect()
    await wait_until(lambda: cloud.logins == 1, "a log-in", 5)
    await cloud.brings(body_of("zhangsan", "text", {"content": "x"}, id="in-1"))
    await wait_until(lambda: heard, "a message", 5)
    await client.reply_stream(heard[0], "s1", "已收到", finish=True)
    await client.send_message("zhangsan", {"msgtype": "markdown", "markdown": {"content": "再见"}})
    theirs, cloud.got = cloud.got, []
    client.disconnect()
    await asyncio.sleep(0.1)

    async with robot(setup, cloud) as door:
        await cloud.brings(body_of("zhangsan", "text", {"content": "x"}, id="in-1"))
        await door.has(1)
        await door.platform.send(Outgoing(id="m-1", chat="zhangsan", text="已收到", answers="in-1"), [])
        await door.platform.send(Outgoing(id="m-2", chat="zhangsan", text="再见"), [])
    for frame in (*theirs, *cloud.got):
        frame["headers"] = dict.fromkeys(frame["headers"])
        frame["body"].get("stream", {}).pop("id", None)
    assert cloud.got == theirs


async def test_our_fakes_files_are_opened_by_the_vendors_client(cloud: RobotCloud) -> None:
    for size in range(1, 70):
        file = cloud.encrypted("1", b"x" * size)
        assert decrypt_file(cloud.files["1"], file["aeskey"]) == b"x" * size

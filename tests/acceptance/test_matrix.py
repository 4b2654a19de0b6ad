"""A street on Matrix: two apps, a bot that is killed three times, and a real server that is killed once."""

import asyncio
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.contract.matrix_world import proxied
from tests.processes.matrix_server import MatrixServer, MatrixUser
from tests.processes.system import System
from tests.processes.waiting import wait_until
from tests.worlds.doors import picture
from tests.worlds.matrix_phone import MatrixPhone, phone

pytestmark = [pytest.mark.kafka, pytest.mark.slow]

HERE = "geo:24.46004,118.0816;u=8"
PATIENCE_S = 120.0


@asynccontextmanager
async def street(home: Path, kafka: str, url: str, bot: MatrixUser) -> AsyncIterator[System]:
    """`grid36 up` with the door open, as docs/connect/matrix.md says."""
    system = System(home, kafka=kafka)
    door = {"URL": url, "USER": bot.id.removeprefix("@").partition(":")[0], "PASSWORD": bot.password}
    system.environment.update({"GRID36_DOORS": "http,matrix"})
    system.environment.update({f"GRID36_DOOR_MATRIX_{name}": value for name, value in door.items()})
    await asyncio.to_thread(system.__enter__)
    try:
        yield system
    finally:
        await asyncio.to_thread(system.__exit__)


async def heard(person: MatrixPhone, bot: MatrixUser, *words: str) -> dict[str, Any]:
    """The message with these words, once it is there."""

    def found() -> dict[str, Any] | None:
        said = person.messages(bot.id)
        return next((each for each in said if all(word in each["content"]["body"] for word in words)), None)

    try:
        return await wait_until(found, f"{words}", PATIENCE_S)
    except AssertionError as missing:
        raise AssertionError(
            f"{missing}, but {[each['content']['body'] for each in person.messages(bot.id)]}"
        ) from None


def of_kind(person: MatrixPhone, bot: MatrixUser, msgtype: str) -> list[dict[str, Any]]:
    """What the bot sent of one kind."""
    return [each["content"] for each in person.messages(bot.id) if each["content"]["msgtype"] == msgtype]


async def shows_a_photo(person: MatrixPhone, bot: MatrixUser) -> None:
    """The app shows a photo of the bot, and can open it."""
    photos = await wait_until(lambda: of_kind(person, bot, "m.image"), "a photo", PATIENCE_S)
    assert await person.download(photos[0]["url"])


async def all_numbers(person: MatrixPhone, message: dict[str, Any]) -> None:
    """The bot has put all its reactions below a message: only then it is whole, and known as what it was about."""
    offered = [line.split(" ")[0] for line in message["content"]["body"].splitlines() if "\u20e3" in line]
    await wait_until(lambda: person.keys(message["event_id"]) == offered, "all reactions", PATIENCE_S)


async def taps(person: MatrixPhone, room: str, message: dict[str, Any], label: str) -> None:
    """Tap on the number before these words, once the bot has put it there."""
    line = next(line for line in message["content"]["body"].splitlines() if line.endswith(f" {label}"))
    key = line.split(" ")[0]
    await wait_until(lambda: key in person.keys(message["event_id"]), f"the reaction {key}", PATIENCE_S)
    await person.react(room, message["event_id"], key)


async def killed(system: System) -> None:
    """As by `kill -9`; `grid36 up` starts it again."""
    pid = system.pids()["gateway"]
    assert system.signal("gateway", signal.SIGKILL)
    await wait_until(lambda: system.pids().get("gateway") not in {None, pid}, "the gateway again", PATIENCE_S)


async def test_two_apps_a_gateway_and_a_server_that_are_killed(
    matrix_server: MatrixServer, tmp_path: Path, kafka: str
) -> None:
    """Report, job, after-photo and verification, without a page; everything comes twice, and nothing is done twice."""
    server = matrix_server
    bot, rider_account, cleaner_account = [await server.register(name) for name in ("grid", "liu", "wang")]
    async with (
        proxied(server, bot, twice=True) as (_, url),
        street(tmp_path, kafka, url, bot) as system,
        phone(server, rider_account) as rider,
        phone(server, cleaner_account) as cleaner,
    ):
        invitation = await asyncio.to_thread(system.answer, "person", "invite", "supervisor-01")
        office = await cleaner.invite(bot.id)
        await heard(cleaner, bot, "您好")
        await cleaner.write(office, f"绑定 {invitation['token']}")
        await heard(cleaner, bot, "已绑定")

        room = await rider.invite(bot.id)
        await rider.send_file(room, picture(), "image/jpeg", "m.image")
        await rider.share(room, HERE)
        await killed(system)
        await rider.write(room, "路面有油污，很滑")
        receipt = await heard(rider, bot, "已受理", "路段负责人")
        job = await heard(cleaner, bot, "新任务", "路面有油污，很滑")
        await shows_a_photo(cleaner, bot)
        await wait_until(lambda: of_kind(cleaner, bot, "m.location"), "a pin", PATIENCE_S)
        await all_numbers(cleaner, job)

        await server.kill()
        await killed(system)
        await server.start()
        await cleaner.send_file(office, picture(kind="PNG"), "image/png", "m.image", **quoting(job["event_id"]))
        result = await heard(rider, bot, "已处置", "解决了吗")
        await shows_a_photo(rider, bot)

        await killed(system)
        await taps(rider, room, result, "已解决")
        await heard(rider, bot, "谢谢核查")
        await heard(cleaner, bot, "核查通过")
        numbers = await asyncio.to_thread(system.settled_balance)
        assert (numbers["accepted"], numbers["routed"], numbers["balanced"]) == (1, 1, True)
        for person in (rider, cleaner):
            words = [each["body"] for each in of_kind(person, bot, "m.text")]
            assert len(words) == len(set(words)), "each message once"
        assert [len(of_kind(cleaner, bot, kind)) for kind in ("m.location", "m.image")] == [1, 1]
        assert receipt["content"]["body"] != result["content"]["body"]


def quoting(event: str) -> dict[str, Any]:
    """What makes a message an answer."""
    return {"m.relates_to": {"m.in_reply_to": {"event_id": event}}}

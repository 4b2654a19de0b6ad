"""A street on Telegram: two phones, a bot that is killed three times, and a Telegram that brings everything twice."""

import asyncio
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from aiohttp.test_utils import unused_port

from tests.processes.system import System
from tests.processes.waiting import wait_until
from tests.worlds.doors import picture
from tests.worlds.telegram.mailbox import Sent
from tests.worlds.telegram.phone import Phone
from tests.worlds.telegram.server import TOKEN, FakeTelegram

pytestmark = [pytest.mark.kafka, pytest.mark.slow]

HERE = (118.0816, 24.4601)
"""Ten metres beside the segment HBN-1."""
PATIENCE_S = 90.0
KILLS = 3


@asynccontextmanager
async def street(home: Path, kafka: str, telegram: FakeTelegram, way: str) -> AsyncIterator[System]:
    """`grid36 up` with the door open; its commands run beside the fake."""
    system, port = System(home, kafka=kafka), unused_port()
    door = {"TOKEN": TOKEN, "URL": telegram.url, "POLL_S": "2", "INVITE": "https://t.me/Grid36Bot?start=TOKEN"}
    if way == "webhook":
        door["WEBHOOK"] = f"http://127.0.0.1:{port}"
    system.environment.update({"GRID36_DOORS": "http,telegram", "GRID36_HTTP_PORT": str(port)})
    system.environment.update({f"GRID36_DOOR_TELEGRAM_{name}": value for name, value in door.items()})
    await asyncio.to_thread(system.__enter__)
    try:
        yield system
    finally:
        await asyncio.to_thread(system.__exit__)


async def heard(phone: Phone, *words: str) -> Sent:
    """The message with these words, once it is there."""

    def found() -> Sent | None:
        return next((each for each in phone.heard() if all(word in each.text for word in words)), None)

    try:
        return await wait_until(found, f"{words}", PATIENCE_S)
    except AssertionError as missing:
        raise AssertionError(f"{missing}, but {[each.text for each in phone.heard()]}") from None


def again(telegram: FakeTelegram) -> None:
    """Telegram is in doubt: what it brought last, it brings once more."""
    last = telegram.mail.pushed[-1]
    telegram.mail.push(*last)


async def killed(system: System) -> None:
    """As by `kill -9`; `grid36 up` starts it again."""
    pid = system.pids()["gateway"]
    assert system.signal("gateway", signal.SIGKILL)
    await wait_until(lambda: system.pids().get("gateway") not in {None, pid}, "the gateway again", PATIENCE_S)


@pytest.mark.parametrize("way", ["polling", "webhook"])
async def test_two_phones_and_a_gateway_that_is_killed(way: str, tmp_path: Path, kafka: str) -> None:
    """Report, job, after-photo and verification by buttons, without a page; nothing is lost or done twice."""
    async with FakeTelegram().running() as telegram, street(tmp_path, kafka, telegram, way) as system:
        rider, cleaner = Phone(telegram.mail, 5001), Phone(telegram.mail, 5002)
        invitation = await asyncio.to_thread(system.answer, "person", "invite", "supervisor-01")
        cleaner.starts(invitation["links"]["telegram"].partition("start=")[2])
        again(telegram)
        await heard(cleaner, "已绑定")

        rider.document(b"%PDF-1.7 no picture", "application/pdf")
        await heard(rider, "请发其中的照片")
        rider.photo(picture())
        again(telegram)
        rider.position(*HERE)
        again(telegram)
        await killed(system)
        rider.writes("路面有油污，很滑")
        again(telegram)
        await heard(rider, "已受理", "路段负责人")
        job = await heard(cleaner, "新任务", "路面有油污，很滑")
        assert job.photos, "the photo from before"
        assert "签收" in job.keys
        assert len([each for each in cleaner.heard() if "latitude" in each.fields]) == 1, "the pin of the job"

        await killed(system)
        cleaner.photo(picture(kind="PNG"), **cleaner.answers(job))
        again(telegram)
        result = await heard(rider, "已处置", "解决了吗")
        assert result.photos, "the photo from after"

        await killed(system)
        rider.presses(result, "已解决")
        again(telegram)
        await heard(rider, "谢谢核查")
        await heard(cleaner, "核查通过")
        numbers = await asyncio.to_thread(system.settled_balance)
        assert (numbers["accepted"], numbers["routed"], numbers["balanced"]) == (1, 1, True)
        for phone, most in ((rider, 4), (cleaner, 5)):
            words = [each.text for each in phone.heard() if each.text]
            assert len(set(words)) <= most, "nobody hears of anything as if it were new"
            assert len(words) <= len(set(words)) + KILLS, "again only what was on its way when the gateway was killed"
        assert bool(telegram.calls("getUpdates")) == (way == "polling")

"""The hook: only Telegram comes in, bodies have a limit, and 200 is said only after an update was stored."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import aiohttp
import pytest

from connectors.chat.messages import Wrote
from connectors.doors.contract import Hook
from connectors.doors.telegram.errors import TelegramHookError, TelegramTokenError, TelegramWebhookSetError
from connectors.doors.telegram.webhook import HEADER, is_hook_of
from tests.processes.waiting import wait_until
from tests.worlds.doors import doors
from tests.worlds.telegram.bot import Inbox, bot_at, options_at, receiving
from tests.worlds.telegram.phone import Phone
from tests.worlds.telegram.server import FakeTelegram, Refusal


@dataclass
class Hooked:
    """Our HTTP door with its hooks."""

    hooks: dict[str, Hook]
    address: str


@pytest.fixture
async def ours(tmp_path: Path) -> AsyncIterator[Hooked]:
    """Our side."""
    hooks: dict[str, Hook] = {}
    async with doors(tmp_path, hooks=hooks) as door:
        yield Hooked(hooks, str(door.client.make_url("")).rstrip("/"))


@pytest.fixture
async def inbox(telegram: FakeTelegram, ours: Hooked) -> AsyncIterator[Inbox]:
    """What came in by the hook."""
    async with receiving(bot_at(telegram, ours.hooks, webhook=ours.address)) as into:
        await wait_until(lambda: telegram.webhook["url"], "the webhook")
        yield into


async def test_messages_arrive_in_their_order(telegram: FakeTelegram, phone: Phone, inbox: Inbox) -> None:
    for n in range(20):
        phone.writes(f"m{n}")
    assert [each.content for each in await inbox.first(20)] == [Wrote(text=f"m{n}") for n in range(20)]
    await wait_until(lambda: not telegram.mail.waiting, "the last acknowledgement")


async def test_what_telegram_is_asked_for(telegram: FakeTelegram, ours: Hooked, inbox: Inbox) -> None:
    (asked,) = telegram.calls("setWebhook")
    assert asked["url"] == f"{ours.address}/doors/telegram"
    assert asked["secret_token"] == options_at(telegram).hook_secret
    assert asked["max_connections"] == 40
    assert "callback_query" in asked["allowed_updates"]


async def test_what_could_not_be_stored_comes_again(telegram: FakeTelegram, phone: Phone, inbox: Inbox) -> None:
    inbox.broken = True
    phone.writes("m")
    await wait_until(lambda: inbox.times >= 2, "tries")
    assert telegram.asked_to_wait == {"5"}
    assert "503" in telegram.webhook["last_error_message"]
    assert telegram.mail.waiting
    inbox.broken = False
    await inbox.first()
    await wait_until(lambda: not telegram.mail.waiting, "the acknowledgement")


async def post(
    telegram: FakeTelegram,
    ours: Hooked,
    body: bytes = b"{}",
    *,
    secret: str | None = None,
    path: str = "",
    method: str = "POST",
) -> int:
    headers = {HEADER: options_at(telegram).hook_secret if secret is None else secret}
    async with (
        aiohttp.ClientSession() as session,
        session.request(method, f"{ours.address}/doors/telegram{path}", data=body, headers=headers) as answer,
    ):
        return answer.status


UPDATE = (
    b'{"update_id": 1, "message": {"message_id": 1, "from": {"id": 5}, "text": "m",'
    b' "chat": {"id": 5, "type": "private"}}}'
)


async def test_calls_at_the_same_time_keep_the_order_of_each_chat(
    telegram: FakeTelegram, ours: Hooked, inbox: Inbox
) -> None:
    """One chat's slow message holds up its own next one, and nobody else's."""
    inbox.slow["5/1"] = 0.3

    async def said(sender: int, number: int) -> None:
        chat = f'"from": {{"id": {sender}}}, "chat": {{"id": {sender}, "type": "private"}}, "text": "m"'
        await post(telegram, ours, f'{{"update_id": 1, "message": {{"message_id": {number}, {chat}}}}}'.encode())

    first = asyncio.create_task(said(5, 1))
    await wait_until(lambda: inbox.times == 1, "the first")
    await asyncio.gather(first, said(5, 2), said(6, 1))
    assert [each.id for each in inbox.all] == ["6/1", "5/1", "5/2"]


async def test_only_telegram_comes_in(telegram: FakeTelegram, ours: Hooked, inbox: Inbox) -> None:
    right = options_at(telegram).hook_secret
    for wrong in ("", "x", right[:-1], right + "x", right.upper(), "ключ"):
        assert await post(telegram, ours, UPDATE, secret=wrong) == 403
    assert inbox.all == []
    assert await post(telegram, ours, UPDATE) == 200
    assert len(inbox.all) == 1


async def test_other_requests_are_refused(telegram: FakeTelegram, ours: Hooked, inbox: Inbox) -> None:
    assert await post(telegram, ours, UPDATE, path="/more") == 404
    assert await post(telegram, ours, UPDATE, method="PUT") == 405
    assert await post(telegram, ours, b"<html>") == 400
    assert inbox.all == []


async def test_the_longest_answer_to_the_longest_message_fits(
    telegram: FakeTelegram, phone: Phone, inbox: Inbox
) -> None:
    """Telegram writes each character beyond ASCII as one or two escapes."""
    long = "😀" * 4096
    phone.writes(long, reply_to_message={"message_id": 1, "date": 1, "chat": phone.chat, "text": long})
    await inbox.first()


async def test_a_body_is_cut_at_the_limit(telegram: FakeTelegram, ours: Hooked, inbox: Inbox) -> None:
    """Whether it says how long it is or not."""
    assert await post(telegram, ours, b" " * 1_000_001 + UPDATE) == 413

    async def endless() -> AsyncIterator[bytes]:
        while True:
            yield b" " * 50_000
            await asyncio.sleep(0)

    headers = {HEADER: options_at(telegram).hook_secret}
    async with aiohttp.ClientSession() as session:
        try:
            async with session.post(f"{ours.address}/doors/telegram", data=endless(), headers=headers) as answer:
                assert answer.status == 413
        except aiohttp.ClientError:
            pass  # hung up on, which is as good
    assert inbox.all == []


async def test_what_is_no_update_is_not_brought_for_ever(telegram: FakeTelegram, ours: Hooked, inbox: Inbox) -> None:
    for body in (b"5", b"{}", b'{"update_id": 1}', b'{"update_id": 1, "message": 5}'):
        assert await post(telegram, ours, body) == 200
    assert inbox.all == []


async def test_the_hook_is_gone_when_nobody_receives(telegram: FakeTelegram, ours: Hooked) -> None:
    async with receiving(bot_at(telegram, ours.hooks, webhook=ours.address)):
        await wait_until(lambda: telegram.webhook["url"], "the webhook")
        assert await post(telegram, ours) == 200
    assert ours.hooks == {}
    assert await post(telegram, ours) == 404


async def test_telegram_may_be_away_at_the_start(telegram: FakeTelegram, phone: Phone, ours: Hooked) -> None:
    telegram.refuse("setWebhook", Refusal(502, "Bad Gateway"), Refusal(429, "Too Many Requests", retry_after=0))
    phone.writes("m")
    async with receiving(bot_at(telegram, ours.hooks, webhook=ours.address)) as inbox:
        await inbox.first()


@pytest.mark.parametrize(
    ("refusal", "error"),
    [
        (Refusal(400, "Bad Request: bad webhook: Failed to resolve host"), TelegramHookError),
        (Refusal(401, "Unauthorized"), TelegramTokenError),
    ],
)
async def test_what_no_waiting_mends(
    telegram: FakeTelegram, ours: Hooked, refusal: Refusal, error: type[Exception]
) -> None:
    telegram.refuse("setWebhook", refusal)
    with pytest.raises(error, match=refusal.says.split()[-1]):
        await bot_at(telegram, ours.hooks, webhook=ours.address).receive(Inbox())


async def test_another_program_that_takes_the_bot_away_is_noticed(telegram: FakeTelegram, ours: Hooked) -> None:
    running = asyncio.create_task(bot_at(telegram, ours.hooks, webhook=ours.address, look_s=0.05).receive(Inbox()))
    await wait_until(lambda: telegram.webhook["url"], "the webhook")
    telegram.webhook = {"url": "https://their.example/hook"}
    with pytest.raises(TelegramWebhookSetError, match=r"their\.example"):
        await asyncio.wait_for(running, 10)


async def test_what_telegram_could_not_deliver_is_in_the_log(
    telegram: FakeTelegram, ours: Hooked, caplog: pytest.LogCaptureFixture
) -> None:
    async with receiving(bot_at(telegram, ours.hooks, webhook=ours.address, look_s=0.02)):
        await wait_until(lambda: telegram.webhook["url"], "the webhook")
        telegram.webhook |= {"last_error_date": 5, "last_error_message": "Connection refused"}
        await wait_until(lambda: "Connection refused" in caplog.text, "the log")
        await asyncio.sleep(0.1)
    assert caplog.text.count("Connection refused") == 1


@pytest.mark.parametrize(
    ("address", "is_ours"),
    [
        ("https://grid.example/doors/telegram", True),
        ("https://grid.example:8443/grid/doors/telegram?x=1", True),
        ("https://grid.example/doors/telegrams", False),
        ("https://their.example/?x=/doors/telegram", False),
        ("", False),
    ],
)
def test_whose_hook_it_is(address: str, is_ours: bool) -> None:
    assert is_hook_of(address, "telegram") is is_ours

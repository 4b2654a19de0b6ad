"""Polling: acknowledged only after it was stored, with patience, and with words where that does not help."""

import asyncio

import pytest
from aiohttp import web

from connectors.chat.messages import Button, Incoming, Outgoing, Pressed, Wrote
from connectors.doors.telegram.errors import TelegramOtherPollerError, TelegramTokenError, TelegramWebhookSetError
from schemas.names import Language
from tests.processes.waiting import wait_until
from tests.worlds.telegram.bot import Inbox, bot_at, receiving
from tests.worlds.telegram.phone import Phone
from tests.worlds.telegram.server import OTHER_POLLER, FakeTelegram, Refusal


async def test_messages_arrive_in_their_order(telegram: FakeTelegram, phone: Phone) -> None:
    for n in range(250):
        phone.writes(f"m{n}")
    async with receiving(bot_at(telegram)) as inbox:
        got = await inbox.first(250)
        assert [each.content for each in got] == [Wrote(text=f"m{n}") for n in range(250)]
        await wait_until(lambda: not telegram.mail.waiting, "the last acknowledgement")


async def test_nothing_is_acknowledged_before_it_was_stored(telegram: FakeTelegram, phone: Phone) -> None:
    phone.writes("m")
    inbox = Inbox()
    inbox.broken = True
    async with receiving(bot_at(telegram), inbox):
        await wait_until(lambda: inbox.times >= 3, "tries")
        assert len(telegram.mail.waiting) == 1
        assert all("offset" not in call for call in telegram.calls("getUpdates"))
        inbox.broken = False
        await inbox.first()
        await wait_until(lambda: not telegram.mail.waiting, "the acknowledgement")


async def test_one_chat_does_not_hold_up_another(telegram: FakeTelegram, phone: Phone) -> None:
    """What came together is stored side by side, and acknowledged when all of it is stored."""
    other, inbox = Phone(telegram.mail, 6001), Inbox()
    inbox.slow[f"{phone.id}/1"] = 0.3
    phone.writes("1")
    phone.writes("2")
    other.writes("1")
    async with receiving(bot_at(telegram), inbox):
        await inbox.first()
        assert len(telegram.mail.waiting) == 3
        got = await inbox.first(3)
    assert [each.id for each in got] == ["6001/1", "5001/1", "5001/2"]


async def test_after_a_restart_what_was_not_acknowledged_comes_again_once(telegram: FakeTelegram, phone: Phone) -> None:
    inbox = Inbox()

    class KilledError(Exception):
        pass

    async def killed(incoming: Incoming) -> bool:
        await inbox(incoming)
        raise KilledError

    phone.writes("one")
    with pytest.raises(KilledError):
        await bot_at(telegram).receive(killed)
    phone.writes("two")
    async with receiving(bot_at(telegram), inbox):
        assert [each.content for each in await inbox.first(2)] == [Wrote(text="one"), Wrote(text="two")]


async def test_a_button_stops_spinning_once_it_is_stored(telegram: FakeTelegram, phone: Phone) -> None:
    phone.starts()
    bot = bot_at(telegram)
    question = Outgoing(id="1", chat=str(phone.id), text="fixed?", buttons=(Button(label="yes", value="a:1"),))
    async with receiving(bot) as inbox:
        await inbox.first()
        sent = await bot.send(question, ())
        query = phone.presses(phone.heard()[0], "yes")
        (_, pressed) = await inbox.first(2)
        await wait_until(lambda: telegram.calls("answerCallbackQuery"), "the answer")
    assert (pressed.id, pressed.content, pressed.quotes) == (query, Pressed(value="a:1"), sent)
    assert telegram.calls("answerCallbackQuery") == [{"callback_query_id": query}]


async def test_an_absence_is_waited_out(telegram: FakeTelegram, phone: Phone) -> None:
    """Bad gateways, pages of a proxy, limits, and one refusal because of our own poll of before a restart."""
    telegram.refuse(
        "getUpdates",
        Refusal(502, "Bad Gateway"),
        web.Response(text="<html>", status=503),
        Refusal(429, "Too Many Requests: retry after 0", retry_after=0),
        web.json_response({"ok": True, "result": {"no": "list"}}),
        web.json_response({"ok": True, "result": [{"message": {}}]}),
        Refusal(409, OTHER_POLLER),
    )
    phone.writes("m")
    async with receiving(bot_at(telegram)) as inbox:
        await inbox.first()


async def test_a_telegram_that_hangs_up_is_asked_again(telegram: FakeTelegram, phone: Phone) -> None:
    telegram.off = True
    phone.writes("m")
    async with receiving(bot_at(telegram)) as inbox:
        await wait_until(lambda: telegram.hung_up >= 3, "tries")
        telegram.off = False
        await inbox.first()


async def test_an_update_that_cannot_be_read_is_passed_over(
    telegram: FakeTelegram, phone: Phone, caplog: pytest.LogCaptureFixture
) -> None:
    telegram.mail.push("message", {"message_id": "seven", "text": "secret words"})
    phone.writes("m")
    async with receiving(bot_at(telegram)) as inbox:
        await inbox.first()
    assert "message.message_id" in caplog.text
    assert "secret words" not in caplog.text


@pytest.mark.parametrize("refusal", [Refusal(401, "Unauthorized"), Refusal(404, "Not Found")])
async def test_a_token_that_is_refused_ends_it_with_words(telegram: FakeTelegram, refusal: Refusal) -> None:
    telegram.refuse("getUpdates", refusal)
    with pytest.raises(TelegramTokenError) as caught:
        await bot_at(telegram).receive(Inbox())
    assert "@BotFather" in caught.value.say(Language.ZH)


async def test_another_poller_ends_it_with_words(telegram: FakeTelegram) -> None:
    """Two gateways with one token would take each other's messages away."""
    first, second = (asyncio.create_task(bot_at(telegram).receive(Inbox())) for _ in range(2))
    done, left = await asyncio.wait([first, second], timeout=20, return_when=asyncio.FIRST_COMPLETED)
    for task in left:
        task.cancel()
    await asyncio.gather(*left, return_exceptions=True)
    assert isinstance(done.pop().exception(), TelegramOtherPollerError)


async def test_our_own_webhook_of_before_is_removed(telegram: FakeTelegram, phone: Phone) -> None:
    telegram.webhook = {"url": "https://127.0.0.1:1/doors/telegram"}
    phone.writes("m")
    async with receiving(bot_at(telegram)) as inbox:
        await inbox.first()


async def test_the_webhook_of_another_program_is_left_alone(telegram: FakeTelegram) -> None:
    telegram.webhook = {"url": "https://127.0.0.1:1/their/hook"}
    with pytest.raises(TelegramWebhookSetError, match="/their/hook"):
        await bot_at(telegram).receive(Inbox())
    assert telegram.webhook["url"] == "https://127.0.0.1:1/their/hook"

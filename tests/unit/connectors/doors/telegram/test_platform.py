"""One bot at the fake: sending in parts, refusals, and the check."""

import asyncio
import logging
from pathlib import Path

import pytest
from aiohttp import web

from connectors.chat.messages import Button, Outgoing, Pin
from connectors.chat.platform import Platform, TryLater, Unreachable, Unsendable
from connectors.doors.telegram.errors import TelegramAwayError, TelegramTokenError, TelegramWebhookSetError
from tests.worlds.telegram.bot import Inbox, bot_at
from tests.worlds.telegram.phone import Phone
from tests.worlds.telegram.server import FakeTelegram, Refusal

DIGEST = "0" * 64
PICTURE = b"\xff\xd8 a picture"


@pytest.fixture
def photo(tmp_path: Path) -> Path:
    """A stored photo."""
    file = tmp_path / "photo.jpg"
    file.write_bytes(PICTURE)
    return file


@pytest.fixture
def chat(phone: Phone) -> str:
    """Of somebody who opened the chat."""
    phone.starts()
    return str(phone.id)


async def test_a_message_with_all_there_is(telegram: FakeTelegram, phone: Phone, chat: str, photo: Path) -> None:
    bot: Platform = bot_at(telegram)
    job = Outgoing(
        id="m",
        chat=chat,
        text="湖滨南路12-8号 油污",
        buttons=(Button(label="签收", value="s"),),
        photos=(DIGEST,),
        pin=Pin(lon=118.08, lat=24.46),
        link="https://grid.example/c/1",
    )
    sent = await bot.send(job, [photo])
    pin, picture = phone.heard()
    assert pin.method == "sendLocation"
    assert picture.photos == [PICTURE]
    assert picture.text == "湖滨南路12-8号 油污\nhttps://grid.example/c/1"
    assert picture.keys == {"签收": "s"}
    assert sent == f"{chat}/{picture.id}"


async def test_two_photos_are_one_album(telegram: FakeTelegram, phone: Phone, chat: str, photo: Path) -> None:
    sent = await bot_at(telegram).send(Outgoing(id="m", chat=chat, text="fixed", photos=(DIGEST,) * 2), [photo, photo])
    first, second = phone.heard()
    assert (first.text, first.photos, second.photos) == ("fixed", [PICTURE], [PICTURE])
    assert sent == f"{chat}/{first.id}"


async def test_sent_again_only_what_is_missing_is_sent(telegram: FakeTelegram, phone: Phone, chat: str) -> None:
    bot = bot_at(telegram)
    message = Outgoing(id="m", chat=chat, text="job", pin=Pin(lon=118.08, lat=24.46))
    telegram.refuse("sendMessage", Refusal(429, "Too Many Requests: retry after 7", retry_after=7))
    with pytest.raises(TryLater) as caught:
        await bot.send(message, ())
    assert caught.value.after_s == 7
    await bot.send(message, ())
    assert [each.method for each in phone.heard()] == ["sendLocation", "sendMessage"]
    await bot.send(message.model_copy(update={"id": "m2"}), ())
    assert len(phone.heard()) == 4


async def test_somebody_who_blocked_the_bot(telegram: FakeTelegram, phone: Phone, chat: str) -> None:
    phone.blocks()
    with pytest.raises(Unreachable, match="blocked"):
        await bot_at(telegram).send(Outgoing(id="m", chat=chat, text="x"), ())


async def test_somebody_who_never_wrote(telegram: FakeTelegram) -> None:
    with pytest.raises(Unreachable, match="chat not found"):
        await bot_at(telegram).send(Outgoing(id="m", chat="77", text="x"), ())


async def test_what_telegram_never_takes(telegram: FakeTelegram, chat: str) -> None:
    telegram.refuse("sendMessage", Refusal(400, "Bad Request: text must be encoded in UTF-8"))
    with pytest.raises(Unsendable, match="UTF-8"):
        await bot_at(telegram).send(Outgoing(id="m", chat=chat, text="x"), ())


async def test_words_go_without_a_photo_that_is_gone(
    telegram: FakeTelegram, phone: Phone, chat: str, tmp_path: Path
) -> None:
    """Erased since, or what Telegram takes for no picture: who has the job hears of it all the same."""
    job = Outgoing(id="m", chat=chat, text="job", photos=(DIGEST,), buttons=(Button(label="Sign", value="s"),))
    sent = await bot_at(telegram).send(job, [tmp_path / "none"])
    (words,) = phone.heard()
    assert (words.method, words.text, words.keys) == ("sendMessage", "job", {"Sign": "s"})
    assert sent == f"{chat}/{words.id}"


async def test_words_go_without_a_pin_or_album_that_is_refused(
    telegram: FakeTelegram, phone: Phone, chat: str, photo: Path
) -> None:
    telegram.refuse("sendLocation", Refusal(400, "Bad Request: wrong location"))
    telegram.refuse("sendMediaGroup", Refusal(400, "Bad Request: PHOTO_INVALID_DIMENSIONS"))
    pin, button = Pin(lon=118.08, lat=24.46), Button(label="Sign", value="s")
    job = Outgoing(id="m", chat=chat, text="job", photos=(DIGEST,) * 2, buttons=(button,), pin=pin)
    await bot_at(telegram).send(job, [photo, photo])
    assert [(each.method, each.text) for each in phone.heard()] == [("sendMessage", "job")]


async def test_somebody_who_blocks_the_bot_half_way_is_unreachable(telegram: FakeTelegram, chat: str) -> None:
    telegram.refuse("sendLocation", Refusal(403, "Forbidden: bot was blocked by the user"))
    with pytest.raises(Unreachable):
        await bot_at(telegram).send(Outgoing(id="m", chat=chat, text="job", pin=Pin(lon=118.08, lat=24.46)), ())


@pytest.mark.parametrize("answer", [web.Response(status=502, text="<html>"), web.json_response({"ok": 5})])
async def test_what_is_no_answer_is_tried_later(telegram: FakeTelegram, chat: str, answer: web.Response) -> None:
    telegram.refuse("sendMessage", answer)
    with pytest.raises(TryLater):
        await bot_at(telegram).send(Outgoing(id="m", chat=chat, text="x"), ())


async def test_a_telegram_that_does_not_answer_is_tried_later(telegram: FakeTelegram, chat: str) -> None:
    telegram.slow_s = 5
    with pytest.raises(TryLater, match="TimeoutError"):
        await bot_at(telegram, answer_s=0.1).send(Outgoing(id="m", chat=chat, text="x"), ())


async def test_a_group_that_became_a_supergroup_is_written_to_there(telegram: FakeTelegram) -> None:
    old, new = Phone(telegram.mail, group=-77), Phone(telegram.mail, group=-100_77)
    old.writes("@Grid36Bot oil")
    new.writes("hello")
    telegram.mail.moved["-77"] = -100_77
    sent = await bot_at(telegram).send(Outgoing(id="m", chat="-77", text="received", answers="-77/1"), ())
    assert sent == f"-10077/{new.heard()[0].id}"


async def test_many_at_once_share_their_connections(telegram: FakeTelegram, phone: Phone, chat: str) -> None:
    bot = bot_at(telegram)
    await asyncio.gather(*(bot.send(Outgoing(id=f"m{n}", chat=chat, text="x"), ()) for n in range(50)))
    assert len(phone.heard()) == 50


async def test_the_check_says_who_we_are(telegram: FakeTelegram, phone: Phone) -> None:
    phone.writes("one that waits")
    assert await bot_at(telegram).check() == {
        "id": "4242",
        "username": "@Grid36Bot",
        "name": "Grid",
        "link": "https://t.me/Grid36Bot",
        "receives": "getUpdates",
        "waiting": "1",
    }


async def test_the_check_says_what_telegram_could_not_deliver(telegram: FakeTelegram) -> None:
    telegram.webhook = {"url": "https://grid.example/doors/telegram", "last_error_message": "Connection refused"}
    facts = await bot_at(telegram, webhook="https://grid.example/").check()
    assert facts["receives"] == "https://grid.example/doors/telegram"
    assert facts["last_error"] == "Connection refused"


async def test_the_check_changes_nothing(telegram: FakeTelegram) -> None:
    await bot_at(telegram, webhook="https://grid.example/").check()
    assert [made.method for made in telegram.made] == ["getMe", "getWebhookInfo"]


async def test_the_check_names_what_is_wrong(telegram: FakeTelegram) -> None:
    with pytest.raises(TelegramTokenError):
        await bot_at(telegram, token="4242:other").check()
    telegram.webhook = {"url": "https://their.example/hook"}
    with pytest.raises(TelegramWebhookSetError, match=r"their\.example"):
        await bot_at(telegram).check()
    telegram.off = True
    with pytest.raises(TelegramAwayError, match="127"):
        await bot_at(telegram).check()


async def test_what_names_no_bot_is_no_bot_api(telegram: FakeTelegram) -> None:
    telegram.refuse("getMe", web.json_response({"ok": True, "result": "hello"}))
    with pytest.raises(TelegramAwayError, match="no bot"):
        await bot_at(telegram).receive(Inbox())


async def test_no_error_and_no_log_shows_the_token(
    telegram: FakeTelegram, chat: str, caplog: pytest.LogCaptureFixture
) -> None:
    """It is in every address, and libraries like to show addresses."""
    caplog.set_level(logging.DEBUG)
    telegram.off = True
    said = []
    for url in (telegram.url, "http://127.0.0.1:1", "https://127.0.0.1:1", telegram.url.replace("http:", "https:")):
        bot = bot_at(telegram, url=url)
        with pytest.raises(TryLater) as caught:
            await bot.send(Outgoing(id="m", chat=chat, text="x"), ())
        with pytest.raises(TelegramAwayError) as away:
            await bot.check()
        said += [caught.value, away.value]
    assert "invented" not in " ".join(f"{each} {each!r}" for each in said) + caplog.text

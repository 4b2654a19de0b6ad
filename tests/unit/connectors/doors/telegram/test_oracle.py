"""python-telegram-bot, an independent implementation: it reads what our fake sends, and sends what we send."""

import io
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
import telegram as oracle
from PIL import Image

from connectors.chat.messages import Button, Outgoing, Pin, SentMedia, SharedPosition
from connectors.doors.telegram.reading import incoming_of, message_id, read_update
from connectors.doors.telegram.shapes import MessageHead, TelegramUser
from tests.worlds.telegram.bot import bot_at
from tests.worlds.telegram.mailbox import BOT
from tests.worlds.telegram.phone import Phone
from tests.worlds.telegram.server import TOKEN, FakeTelegram

ME = TelegramUser.model_validate(BOT)
CHAT = 5001


@asynccontextmanager
async def bot_of_the_oracle(telegram: FakeTelegram) -> AsyncIterator[oracle.Bot]:
    """Their bot at our fake."""
    async with oracle.Bot(TOKEN, base_url=f"{telegram.url}/bot", base_file_url=f"{telegram.url}/file/bot") as bot:
        yield bot


async def test_it_reads_the_updates_of_the_fake_as_we_do(telegram: FakeTelegram, phone: Phone) -> None:
    """Kind by kind: the same person, chat, message, words, file, point and quotation."""
    act_all(phone)
    act_all(Phone(telegram.mail, group=-100_5))
    raw = telegram.mail.waiting
    async with bot_of_the_oracle(telegram) as bot:
        theirs = await bot.get_updates(timeout=0, allowed_updates=oracle.Update.ALL_TYPES)
    assert [each.update_id for each in theirs] == [each["update_id"] for each in raw]
    for update, one in zip(raw, theirs, strict=True):
        assert not _unknown(one), "the fake sends nothing that they do not know"
        ours = incoming_of(read_update(update), ME, 1)
        if ours is None:
            assert one.my_chat_member is not None
            continue
        assert one.effective_user is not None
        assert one.effective_chat is not None
        assert (ours.sender, ours.chat) == (str(one.effective_user.id), str(one.effective_chat.id))
        assert ours.group == (one.effective_chat.type != "private")
        if one.callback_query is not None:
            assert (ours.id, ours.content.model_dump()["value"]) == (one.callback_query.id, one.callback_query.data)
        elif one.effective_message is not None:
            _same_message(ours.model_dump(), ours.content, one.effective_message)


def act_all(phone: Phone) -> None:
    """Everything that a phone can do."""
    phone.starts("team-7")
    message = phone.writes("@Grid36Bot 井盖坏了 😀")
    phone.edits(message, "@Grid36Bot 井盖丢了")
    phone.photo(picture(), "@Grid36Bot 油污", album="a1")
    phone.document(picture())
    phone.voice()
    phone.position(118.08, 24.46)
    phone.moves(phone.position(118.08, 24.46, 60), 118.09, 24.47)
    phone.writes("look", forward_origin={"type": "hidden_user", "sender_user_name": "X", "date": 1})
    phone.blocks()
    phone.unblocks()


def picture() -> bytes:
    """A small one."""
    out = io.BytesIO()
    Image.new("RGB", (4, 3), "gray").save(out, "JPEG")
    return out.getvalue()


def _unknown(value: oracle.TelegramObject) -> dict[str, Any]:
    """What they kept because they do not know it, at any depth."""
    found = dict(value.api_kwargs)
    for name in value.__slots__:
        inner = getattr(value, name, None)
        for each in inner if isinstance(inner, tuple) else (inner,):
            if isinstance(each, oracle.TelegramObject):
                found |= _unknown(each)
    return found


def _same_message(ours: dict[str, Any], content: object, theirs: oracle.Message) -> None:
    sent = theirs.edit_date or theirs.date
    assert ours["t_ms"] == int(sent.timestamp()) * 1000
    assert ours["id"].startswith(f"{theirs.chat.id}/{theirs.message_id}")
    assert ours["forwarded"] == (theirs.forward_origin is not None)
    if isinstance(content, SharedPosition):
        assert theirs.location is not None
        assert (content.lon, content.lat) == (theirs.location.longitude, theirs.location.latitude)
    if isinstance(content, SentMedia):
        attached = theirs.effective_attachment
        file = attached[-1] if isinstance(attached, tuple) else attached
        assert isinstance(file, oracle.PhotoSize | oracle.Document | oracle.Voice)
        assert (content.media.ref, content.media.bytes) == (file.file_id, file.file_size)
        assert content.album == (theirs.media_group_id or "")
    if theirs.text is not None or theirs.caption is not None:
        said = {**theirs.parse_entities(), **theirs.parse_caption_entities()}
        named = [part for entity, part in said.items() if entity.type == "mention"]
        words = (theirs.text or theirs.caption or "").replace("@Grid36Bot", "").strip()
        assert words in (ours["content"].get("text"), f"/start {ours['content'].get('invitation')}")
        assert ours["addressed"] == (bool(named) or theirs.chat.type == "private")


def keys(*rows: tuple[str, ...]) -> oracle.InlineKeyboardMarkup:
    """Buttons as they make them."""
    return oracle.InlineKeyboardMarkup(
        [[oracle.InlineKeyboardButton(label, callback_data=f"v:{label}") for label in row] for row in rows]
    )


Sending = Callable[[oracle.Bot, bytes], Awaitable[object]]
NO_PREVIEW = oracle.LinkPreviewOptions(is_disabled=True)
SAME: dict[str, tuple[Outgoing, Sending]] = {
    "words": (
        Outgoing(id="m", chat=str(CHAT), text="收到 <b>"),
        lambda bot, _: bot.send_message(CHAT, "收到 <b>", link_preview_options=NO_PREVIEW),
    ),
    "buttons": (
        Outgoing(
            id="m",
            chat=str(CHAT),
            text="?",
            buttons=(Button(label="Fixed", value="v:Fixed"), Button(label="Not yet", value="v:Not yet")),
        ),
        lambda bot, _: bot.send_message(
            CHAT, "?", reply_markup=keys(("Fixed", "Not yet")), link_preview_options=NO_PREVIEW
        ),
    ),
    "an answer": (
        Outgoing(id="m", chat=str(CHAT), text="received", answers=f"{CHAT}/1"),
        lambda bot, _: bot.send_message(
            CHAT,
            "received",
            link_preview_options=NO_PREVIEW,
            reply_parameters=oracle.ReplyParameters(1, allow_sending_without_reply=True),
        ),
    ),
    "a photo": (
        Outgoing(
            id="m", chat=str(CHAT), text="job", photos=("0" * 64,), buttons=(Button(label="Sign", value="v:Sign"),)
        ),
        lambda bot, raw: bot.send_photo(CHAT, raw, caption="job", reply_markup=keys(("Sign",))),
    ),
    "an album": (
        Outgoing(id="m", chat=str(CHAT), text="before and after", photos=("0" * 64,) * 2),
        lambda bot, raw: bot.send_media_group(
            CHAT, [oracle.InputMediaPhoto(raw, caption="before and after"), oracle.InputMediaPhoto(raw)]
        ),
    ),
    "a pin": (
        Outgoing(id="m", chat=str(CHAT), text="", pin=Pin(lon=118.08, lat=24.46)),
        lambda bot, _: bot.send_location(CHAT, 24.46, 118.08, disable_notification=True),
    ),
    "a venue": (
        Outgoing(id="m", chat=str(CHAT), text="", pin=Pin(lon=118.08, lat=24.46, label="湖滨南路")),
        lambda bot, _: bot.send_venue(
            CHAT, 24.46, 118.08, "湖滨南路", "24.46000, 118.08000", disable_notification=True
        ),
    ),
}


@pytest.mark.parametrize("what", SAME)
async def test_it_sends_what_we_send(telegram: FakeTelegram, phone: Phone, what: str, tmp_path: Path) -> None:
    """The same method with the same fields and files; only the names under which files travel differ."""
    phone.starts()
    raw = picture()
    message, sending = SAME[what]
    file = tmp_path / "photo.jpg"
    file.write_bytes(raw)  # a small one
    sent = await bot_at(telegram).send(message, [file] * len(message.photos))
    ours = telegram.made[-1]
    async with bot_of_the_oracle(telegram) as bot:
        answer = await sending(bot, raw)
    theirs = telegram.made[-1]
    assert (ours.method, _plain(ours.fields)) == (theirs.method, _plain(theirs.fields))
    assert [*ours.files.values()] == [*theirs.files.values()]
    first = answer[0] if isinstance(answer, tuple) else answer
    assert isinstance(first, oracle.Message)
    assert sent.startswith(f"{first.chat.id}/")


def _plain(value: Any) -> Any:
    """Numbers as texts, as a form has them; how an upload is called and defaults left out."""
    if isinstance(value, dict):
        left_out = {"parse_mode"} | ({"photo"} if "chat_id" in value else set())
        shown = {name: _plain(each) for name, each in value.items() if name not in left_out}
        return {name: "attached" if name == "media" and isinstance(each, str) else each for name, each in shown.items()}
    if isinstance(value, list):
        return [_plain(each) for each in value]
    return str(value).lower() if isinstance(value, bool) else str(value)


async def test_it_fetches_what_we_fetch(telegram: FakeTelegram, phone: Phone) -> None:
    message = phone.photo(picture())
    incoming = incoming_of(read_update(telegram.mail.waiting[-1]), ME, 1)
    assert incoming is not None
    assert isinstance(incoming.content, SentMedia)
    async with bot_at(telegram).fetch(incoming.content.media) as pieces:
        ours = b"".join([piece async for piece in pieces])
    async with bot_of_the_oracle(telegram) as bot:
        theirs = await (await bot.get_file(message["photo"][-1]["file_id"])).download_as_bytearray()
    assert ours == bytes(theirs) == picture()


async def test_it_names_refusals_as_we_do(telegram: FakeTelegram, phone: Phone) -> None:
    """Blocked is forbidden for them too, and an unknown chat a bad request."""
    phone.starts()
    phone.blocks()
    async with bot_of_the_oracle(telegram) as bot:
        with pytest.raises(oracle.error.Forbidden, match="blocked"):
            await bot.send_message(CHAT, "x")
        with pytest.raises(oracle.error.BadRequest, match="Chat not found"):
            await bot.send_message(77, "x")


def test_the_ids_are_theirs() -> None:
    head = {"message_id": 7, "date": 1, "chat": {"id": -100_5, "type": "supergroup"}}
    theirs = oracle.Message.de_json(head, None)
    assert message_id(MessageHead.model_validate(head)) == f"{theirs.chat_id}/{theirs.id}"

"""What each kind of update means. Updates are made by the phone, as the Bot API makes them."""

from typing import Any

import pytest

from connectors.chat.messages import (
    Content,
    Edited,
    Incoming,
    JoinedChat,
    LeftChat,
    Media,
    MediaKind,
    SentMedia,
    SharedPosition,
    Unreadable,
    Wrote,
)
from connectors.doors.telegram.errors import NotAnUpdateError
from connectors.doors.telegram.reading import incoming_of, language_of, read_update
from connectors.doors.telegram.shapes import TelegramUser
from schemas.datum import Datum
from schemas.names import Language
from tests.worlds.telegram.mailbox import BOT, Mailbox, Sent
from tests.worlds.telegram.phone import Phone

ME = TelegramUser.model_validate(BOT)
NOW_MS = 1_763_800_000_000
GROUP = -100777


@pytest.fixture
def phone() -> Phone:
    """Somebody, without a network."""
    return Phone(Mailbox())


def last(phone: Phone) -> Incoming | None:
    return incoming_of(read_update(phone.mail.waiting[-1]), ME, NOW_MS)


def got(phone: Phone) -> Incoming:
    incoming = last(phone)
    assert incoming is not None
    return incoming


def content(phone: Phone) -> Content:
    return got(phone).content


def test_words_of_a_person(phone: Phone) -> None:
    message = phone.writes("路面有油污 😀")
    assert got(phone) == Incoming(
        id=f"5001/{message['message_id']}",
        sender="5001",
        chat="5001",
        t_ms=message["date"] * 1000,
        content=Wrote(text="路面有油污 😀"),
        language=Language.ZH,
    )


@pytest.mark.parametrize(
    ("text", "invitation"), [("/start", ""), ("/start team-7_A", "team-7_A"), ("/start@Grid36Bot x", "x")]
)
def test_an_opened_chat_with_its_invitation(phone: Phone, text: str, invitation: str) -> None:
    phone.writes(text)
    assert content(phone) == JoinedChat(invitation=invitation)


@pytest.mark.parametrize("text", ["/start two words", "/help", "/starting", f"/start {'x' * 65}"])
def test_other_commands_are_words(phone: Phone, text: str) -> None:
    phone.writes(text)
    assert content(phone) == Wrote(text=text)


def test_the_largest_size_of_a_photo(phone: Phone) -> None:
    message = phone.photo(b"x" * 5000, "油污", album="a1")
    large = message["photo"][1]["file_id"]
    assert content(phone) == SentMedia(
        media=Media(kind=MediaKind.PHOTO, ref=large, bytes=5000), text="油污", album="a1"
    )


@pytest.mark.parametrize(
    ("mime", "kind"),
    [("image/jpeg", MediaKind.PHOTO), ("image/heic", MediaKind.PHOTO), ("application/pdf", MediaKind.FILE)],
)
def test_a_document_that_is_a_picture_is_a_photo(phone: Phone, mime: str, kind: MediaKind) -> None:
    phone.document(b"x", mime)
    sent = content(phone)
    assert isinstance(sent, SentMedia)
    assert sent.media.kind is kind


def test_a_voice_with_its_length(phone: Phone) -> None:
    message = phone.voice(7)
    ref = message["voice"]["file_id"]
    assert content(phone) == SentMedia(media=Media(kind=MediaKind.VOICE, ref=ref, bytes=4, seconds=7))


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("video", MediaKind.VIDEO),
        ("video_note", MediaKind.VIDEO),
        ("animation", MediaKind.VIDEO),
        ("audio", MediaKind.VOICE),
        ("sticker", MediaKind.STICKER),
    ],
)
def test_other_files(phone: Phone, name: str, kind: MediaKind) -> None:
    phone.sends(**{name: phone.mail.store(b"x")})
    sent = content(phone)
    assert isinstance(sent, SentMedia)
    assert sent.media.kind is kind


def test_an_animation_comes_with_a_document_and_is_none(phone: Phone) -> None:
    file = phone.mail.store(b"x")
    phone.sends(animation=file, document=file | {"mime_type": "video/mp4"})
    sent = content(phone)
    assert isinstance(sent, SentMedia)
    assert sent.media.kind is MediaKind.VIDEO


def test_a_position_is_wgs_84(phone: Phone) -> None:
    phone.position(118.08, 24.46)
    assert content(phone) == SharedPosition(lon=118.08, lat=24.46, datum=Datum.WGS84)


def test_a_venue_has_an_address(phone: Phone) -> None:
    point = {"longitude": 118.08, "latitude": 24.46}
    phone.sends(venue={"location": point, "title": "Tea house", "address": "Hubin South Road 12"}, location=point)
    assert content(phone) == SharedPosition(
        lon=118.08, lat=24.46, datum=Datum.WGS84, label="Tea house, Hubin South Road 12"
    )


def test_a_live_position_moves_under_ids_of_its_own(phone: Phone) -> None:
    message = phone.position(118.08, 24.46, live_s=900)
    first = got(phone)
    phone.moves(message, 118.09, 24.47)
    second = got(phone)
    assert first.content == SharedPosition(lon=118.08, lat=24.46, datum=Datum.WGS84, live=True)
    assert second.content == SharedPosition(lon=118.09, lat=24.47, datum=Datum.WGS84, live=True)
    assert second.id.startswith(f"{first.id}/")


def test_an_edited_message_says_which(phone: Phone) -> None:
    message = phone.writes("Hubin North Road")
    before = got(phone)
    phone.edits(message, "Hubin South Road")
    after = got(phone)
    assert after.content == Edited(of=before.id, text="Hubin South Road")
    assert after.id != before.id


def test_a_caption_is_edited_like_a_text(phone: Phone) -> None:
    message = phone.photo(b"x", "oil")
    phone.edits(message, "grease")
    assert content(phone) == Edited(of=f"5001/{message['message_id']}", text="grease")


def test_an_answer_quotes_the_message_of_the_bot(phone: Phone) -> None:
    phone.photo(b"x", **phone.answers(Sent("5001", 17, "sendMessage", {"text": "job"})))
    assert got(phone).quotes == "5001/17"


def test_a_forwarded_message_says_so(phone: Phone) -> None:
    phone.writes("look", forward_origin={"type": "hidden_user", "sender_user_name": "X", "date": 1})
    assert got(phone).forwarded


def test_a_blocked_bot_was_left(phone: Phone) -> None:
    phone.blocks()
    assert content(phone) == LeftChat()
    phone.unblocks()
    assert last(phone) is None


@pytest.mark.parametrize("name", ["contact", "dice", "poll", "story", "checklist", "something_of_next_year"])
def test_what_we_cannot_read_has_its_name(phone: Phone, name: str) -> None:
    phone.sends(**{name: {"id": 1}})
    assert content(phone) == Unreadable(name=name)


@pytest.mark.parametrize(
    ("name", "value"),
    [("photo", 5), ("photo", [{"file_id": ""}]), ("voice", []), ("location", {"longitude": 500, "latitude": 1})],
)
def test_known_content_of_a_wrong_shape_cannot_be_read(phone: Phone, name: str, value: object) -> None:
    phone.sends(**{name: value})
    assert content(phone) == Unreadable(name=name)


@pytest.mark.parametrize(
    "happened", [{"new_chat_title": "x"}, {"pinned_message": {}}, {"new_chat_members": []}, {"video_chat_started": {}}]
)
def test_what_happened_in_a_chat_is_nothing_to_us(phone: Phone, happened: dict[str, Any]) -> None:
    phone.sends(**happened)
    assert last(phone) is None


@pytest.mark.parametrize("change", [{"from": BOT}, {"from": None}, {"is_automatic_forward": True}])
def test_nobody_who_could_be_answered_is_nothing_to_us(phone: Phone, change: dict[str, Any]) -> None:
    """Another bot, an administrator who hides, a channel that is linked with a group."""
    phone.sends(text="x", **change)
    assert last(phone) is None


@pytest.mark.parametrize(
    ("code", "language"),
    [
        ("zh-hans", Language.ZH),
        ("zh", Language.ZH),
        ("en-GB", Language.EN),
        ("EN", Language.EN),
        ("enm", None),
        ("fr", None),
        ("", None),
        (None, None),
    ],
)
def test_the_language_of_the_app(code: str | None, language: Language | None) -> None:
    assert language_of(code) is language


def in_a_group(phone: Phone) -> Phone:
    return Phone(phone.mail, group=GROUP)


@pytest.mark.parametrize(
    ("text", "addressed", "words"),
    [
        ("井盖坏了", False, "井盖坏了"),
        ("@Grid36Bot 井盖坏了", True, "井盖坏了"),
        ("😀😀 井盖坏了 @grid36bot", True, "😀😀 井盖坏了"),
        ("@Grid36Bots 井盖坏了", False, "@Grid36Bots 井盖坏了"),
        ("/help@Grid36Bot", True, "/help"),
        ("/help@OtherBot", False, "/help@OtherBot"),
        ("/help", False, "/help"),
    ],
)
def test_in_a_group_the_bot_has_to_be_named(phone: Phone, text: str, addressed: bool, words: str) -> None:
    in_a_group(phone).writes(text)
    incoming = got(phone)
    assert (incoming.group, incoming.addressed, incoming.content) == (True, addressed, Wrote(text=words))
    assert (incoming.chat, incoming.sender) == (str(GROUP), "5001")


def test_in_a_group_an_answer_to_the_bot_is_for_the_bot(phone: Phone) -> None:
    rider = in_a_group(phone)
    rider.photo(b"x", **rider.answers(Sent(str(GROUP), 3, "sendMessage", {"text": "where?"})))
    assert got(phone).addressed


def test_in_a_group_a_caption_names_the_bot(phone: Phone) -> None:
    in_a_group(phone).photo(b"x", "@Grid36Bot oil")
    incoming = got(phone)
    assert incoming.addressed
    assert isinstance(incoming.content, SentMedia)
    assert incoming.content.text == "oil"


def test_somebody_named_without_a_name_is_meant_by_number(phone: Phone) -> None:
    entity = {"type": "text_mention", "offset": 0, "length": 4, "user": BOT}
    in_a_group(phone).sends(text="Grid oil", entities=[entity])
    assert (got(phone).addressed, content(phone)) == (True, Wrote(text="oil"))


def test_a_group_that_removes_the_bot_is_no_person_who_left(phone: Phone) -> None:
    in_a_group(phone).blocks()
    assert last(phone) is None


@pytest.mark.parametrize("raw", [None, 5, [], {}, {"update_id": 2**70}, {"update_id": 1, "message": {"chat": 5}}])
def test_what_is_no_update(raw: object) -> None:
    with pytest.raises(NotAnUpdateError):
        read_update(raw)


@pytest.mark.parametrize("kind", ["channel_post", "poll", "chat_join_request", "something_of_next_year"])
def test_updates_that_we_did_not_ask_for_are_nothing_to_us(kind: str) -> None:
    assert incoming_of(read_update({"update_id": 1, kind: {"id": 5}}), ME, NOW_MS) is None


def test_a_press_that_tells_nothing_is_nothing_to_us() -> None:
    """A game's button has no data, a button of an inline message no chat."""
    query = {"id": "1", "from": {"id": 5}}
    assert incoming_of(read_update({"update_id": 1, "callback_query": query | {"data": "x"}}), ME, NOW_MS) is None
    message = {"message_id": 3, "chat": {"id": 5, "type": "private"}, "date": 0}
    assert (
        incoming_of(read_update({"update_id": 1, "callback_query": query | {"message": message}}), ME, NOW_MS) is None
    )

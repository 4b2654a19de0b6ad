"""An `Outgoing` as calls: few, in an order that leaves words and buttons at the end, plain, within the limits."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from pydantic import SecretStr

from connectors.chat.messages import Button, Outgoing, Pin
from connectors.doors.telegram.options import TelegramOptions
from connectors.doors.telegram.sending import Call, calls_of, rows_of, units

OPTIONS = TelegramOptions(token=SecretStr("t"))
YES, NO = Button(label="已修好", value="v:1"), Button(label="没有修好", value="v:2")
NO_PREVIEW = {"link_preview_options": {"is_disabled": True}}
TO: dict[str, object] = {"chat_id": "5001"}
SILENT = {"chat_id": "5001", "disable_notification": True}


def calls(message: Outgoing) -> tuple[Call, ...]:
    return calls_of(message, len(message.photos), OPTIONS)


def message(text: str = "收到", **more: Any) -> Outgoing:
    return Outgoing(id="m1", chat="5001", text=text, **more)


def digests(n: int) -> tuple[str, ...]:
    return tuple(f"{each:064x}" for each in range(n))


def test_words_are_sent_as_they_are() -> None:
    """Without a parse mode, nothing is markup."""
    words = "<b>*_[x](tg://user?id=1)_*</b> @all /stop"
    assert calls(message(words)) == (Call("sendMessage", TO | {"text": words} | NO_PREVIEW),)


def test_a_link_goes_below_the_words_and_is_not_opened_by_telegram() -> None:
    (call,) = calls(message(link="https://grid.example/r/abc"))
    assert (call,) == calls(message("收到\nhttps://grid.example/r/abc", link="https://grid.example/r/abc"))
    assert call.fields["text"] == "收到\nhttps://grid.example/r/abc"
    assert call.fields["link_preview_options"] == {"is_disabled": True}


def test_buttons_are_below_the_words() -> None:
    (call,) = calls(message(buttons=(YES, NO)))
    row = [{"text": "已修好", "callback_data": "v:1"}, {"text": "没有修好", "callback_data": "v:2"}]
    assert call.fields["reply_markup"] == {"inline_keyboard": [row]}


def test_short_labels_share_a_row_and_long_ones_do_not() -> None:
    labels = ["Fixed", "Not fixed", "Not mine: another place", "Later", "Hubin South Road 12-8", "OK"]
    rows = rows_of([Button(label=label, value="v") for label in labels])
    assert [[key["text"] for key in row] for row in rows] == [
        ["Fixed", "Not fixed"],
        ["Not mine: another place"],
        ["Later"],
        ["Hubin South Road 12-8"],
        ["OK"],
    ]


def test_one_photo_has_the_words_and_the_buttons() -> None:
    (call,) = calls(message(photos=digests(1), buttons=(YES,)))
    assert (call.method, call.photos) == ("sendPhoto", range(1))
    assert call.fields["caption"] == "收到"
    assert call.fields["photo"] == "attach://photo0"
    assert "reply_markup" in call.fields


def test_words_that_are_too_long_below_a_photo_come_behind_it() -> None:
    photo, words = calls(message("路" * 1025, photos=digests(1), buttons=(YES,)))
    assert photo == Call("sendPhoto", SILENT | {"photo": "attach://photo0"}, range(1))
    assert (words.method, words.fields["text"]) == ("sendMessage", "路" * 1025)
    assert "reply_markup" in words.fields


def test_several_photos_are_an_album_with_the_words() -> None:
    (call,) = calls(message(photos=digests(2)))
    media = [
        {"type": "photo", "media": "attach://photo0", "caption": "收到"},
        {"type": "photo", "media": "attach://photo1"},
    ]
    assert call == Call("sendMediaGroup", TO | {"media": media}, range(2))


def test_an_album_cannot_have_buttons_so_they_come_behind_it() -> None:
    album, words = calls(message(photos=digests(3), buttons=(YES,)))
    assert (album.method, album.photos, album.fields["disable_notification"]) == ("sendMediaGroup", range(3), True)
    assert words.method == "sendMessage"


def test_many_photos_are_several_albums_and_one_left_over_is_none() -> None:
    made = calls(message(photos=digests(21)))
    assert [(call.method, call.photos) for call in made] == [
        ("sendMediaGroup", range(10)),
        ("sendMediaGroup", range(10, 20)),
        ("sendPhoto", range(20, 21)),
        ("sendMessage", range(0)),
    ]


def test_a_pin_comes_first_and_silent() -> None:
    pin, words = calls(message(pin=Pin(lon=118.08, lat=24.46)))
    assert pin == Call("sendLocation", SILENT | {"latitude": 24.46, "longitude": 118.08})
    assert words.method == "sendMessage"


def test_a_pin_with_a_label_is_a_venue() -> None:
    pin, _ = calls(message(pin=Pin(lon=118.08, lat=24.46, label="湖滨南路12-8号")))
    assert pin.method == "sendVenue"
    assert (pin.fields["title"], pin.fields["address"]) == ("湖滨南路12-8号", "24.46000, 118.08000")


def test_an_answer_names_the_message_and_is_sent_even_when_that_is_gone() -> None:
    (call,) = calls(message(answers="5001/17"))
    assert call.fields["reply_parameters"] == {"message_id": 17, "allow_sending_without_reply": True}


def test_only_a_message_of_the_same_chat_is_answered() -> None:
    for other in ("-100/17", "5001/x", "5001", ""):
        (call,) = calls(message(answers=other))
        assert "reply_parameters" not in call.fields


def test_words_that_are_too_long_are_cut_and_the_link_stays() -> None:
    (call,) = calls(message("😀" * 4000, link="https://grid.example/r"))
    text = call.fields["text"]
    assert isinstance(text, str)
    assert units(text) <= 4096
    assert text.endswith("😀…\nhttps://grid.example/r")


@given(
    st.text(max_size=5000),
    st.integers(0, 25),
    st.lists(st.builds(Button, label=st.text(min_size=1), value=st.text(min_size=1, max_size=15)), max_size=10),
    st.none() | st.builds(Pin, lon=st.floats(-180, 180), lat=st.floats(-90, 90), label=st.text(max_size=20)),
)
def test_every_message_is_sent_within_the_limits(
    text: str, photos: int, buttons: list[Button], pin: Pin | None
) -> None:
    """All photos once, in their order; buttons once, on the last call; nothing that the Bot API refuses."""
    made = calls(message(text, photos=digests(photos), buttons=tuple(buttons), pin=pin))
    assert made
    assert [n for call in made for n in call.photos] == list(range(photos))
    assert [("reply_markup" in call.fields) for call in made] == [False] * (len(made) - 1) + [bool(buttons)]
    for call in made:
        said = call.fields.get("text")
        assert said is None or 0 < units(str(said)) <= 4096
        assert units(str(call.fields.get("caption", ""))) <= 1024
        assert call.method != "sendMediaGroup" or 2 <= len(call.photos) <= 10

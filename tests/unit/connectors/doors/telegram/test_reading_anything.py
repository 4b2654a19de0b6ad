"""Whatever comes as an update becomes an `Incoming`, nothing, or one documented error."""

from collections.abc import Iterator
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from connectors.chat.messages import Incoming
from connectors.doors.telegram.errors import NotAnUpdateError
from connectors.doors.telegram.reading import incoming_of, read_update
from connectors.doors.telegram.shapes import KINDS, TelegramMessage, TelegramUser
from tests.worlds.telegram.mailbox import BOT, Mailbox, Sent
from tests.worlds.telegram.phone import Phone

ME = TelegramUser.model_validate(BOT)
NAMES = sorted(
    {"text", "caption", "location", "venue", "photo", "voice", "document", "from", "chat", "id", "date", "entities"}
    | {"longitude", "latitude", "file_id", "live_period", "message", "data", "new_chat_member", "status"}
    | {field.alias or name for name, field in TelegramMessage.model_fields.items()}
)
scalars = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.integers(0, 5000)
    | st.floats()
    | st.text()
    | st.text(
        st.characters(codec="utf-16", categories=None) | st.characters(min_codepoint=0xD800, max_codepoint=0xDFFF),
        max_size=5,
    )
    | st.sampled_from(["private", "kicked", "mention", "/start x", "@Grid36Bot", "zh"])
)
values = st.recursive(
    scalars,
    lambda each: (
        st.lists(each, max_size=4) | st.dictionaries(st.sampled_from(NAMES) | st.text(max_size=4), each, max_size=8)
    ),
    max_leaves=30,
)
updates = st.fixed_dictionaries({"update_id": st.integers(0, 2**40)}, optional=dict.fromkeys(KINDS, values))


def real() -> list[dict[str, Any]]:
    """One update of each kind, as Telegram sends them."""
    phone = Phone(Mailbox())
    group = Phone(phone.mail, group=-5)
    for each in (phone, group):
        message = each.writes("@Grid36Bot 井盖坏了 😀")
        each.edits(message, "/help@Grid36Bot")
        each.photo(b"x", "@Grid36Bot oil", album="a")
        each.voice()
        each.document(b"x")
        each.moves(each.position(118.08, 24.46, 60), 118.09, 24.47)
        keys = {"inline_keyboard": [[{"text": "yes", "callback_data": "v"}]]}
        each.presses(Sent(str(each.chat["id"]), 1, "sendMessage", {"text": "?", "reply_markup": keys}), "yes")
        each.blocks()
    return phone.mail.waiting


def read(raw: object) -> Incoming | None:
    try:
        return incoming_of(read_update(raw), ME, 1)
    except NotAnUpdateError:
        return None


@given(values)
def test_any_json(raw: object) -> None:
    read(raw)


@given(updates)
def test_any_content_of_an_update(raw: dict[str, Any]) -> None:
    incoming = read(raw)
    assert incoming is None or Incoming.model_validate_json(incoming.model_dump_json()) == incoming


@given(st.sampled_from(real()), st.data())
def test_real_updates_with_one_thing_changed(update: dict[str, Any], data: st.DataObject) -> None:
    """At any depth: another value."""
    path = data.draw(st.sampled_from(list(_paths(update))))
    incoming = read(_changed(update, path, data.draw(values)))
    assert incoming is None or Incoming.model_validate_json(incoming.model_dump_json()) == incoming


def test_real_updates_can_all_be_read() -> None:
    assert len([each for each in real() if read(each) is None]) == 1, "the group that removed the bot"


def _paths(value: Any) -> Iterator[tuple[Any, ...]]:
    inside = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for name, each in inside:
        yield (name,)
        yield from ((name, *path) for path in _paths(each))


def _changed(value: Any, path: tuple[Any, ...], new: Any) -> Any:
    if not path:
        return new
    name, *rest = path
    if isinstance(value, dict):
        return value | {name: _changed(value[name], tuple(rest), new)}
    return [_changed(each, tuple(rest), new) if n == name else each for n, each in enumerate(value)]

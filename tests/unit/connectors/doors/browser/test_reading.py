"""What a page sends as content: total for anything."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.chat.messages import (
    Incoming,
    JoinedChat,
    Media,
    MediaKind,
    Pressed,
    SentMedia,
    SharedPosition,
    Unreadable,
    Withdrawn,
    Wrote,
)
from connectors.doors.browser.reading import BadFields, content_of, id_in, kind_of
from schemas.datum import Datum

MOST = 4000
PHOTO = Media(kind=MediaKind.PHOTO, ref="f", bytes=3)
NAMES = ("kind", "text", "lon", "lat", "datum", "value", "of", "invitation", "quotes", "lang")
KINDS = st.sampled_from(["wrote", "position", "pressed", "withdrawn", "joined", "edited", ""])


@pytest.mark.parametrize(
    ("fields", "content"),
    [
        ({"text": "  hole\r\nhere "}, Wrote(text="hole\nhere")),
        ({"kind": "wrote", "text": "hole"}, Wrote(text="hole")),
        (
            {"kind": "position", "lon": "118.1", "lat": "24.5", "datum": "gcj02", "text": "gate"},
            SharedPosition(lon=118.1, lat=24.5, datum=Datum.GCJ02, label="gate"),
        ),
        ({"kind": "pressed", "value": "k.1"}, Pressed(value="k.1")),
        ({"kind": "withdrawn", "of": "m1"}, Withdrawn(of="m1")),
        ({"kind": "joined", "invitation": "k7f3"}, JoinedChat(invitation="k7f3")),
        ({"kind": "poll"}, Unreadable(name="poll")),
    ],
)
def test_each_kind_is_read(fields: dict[str, str], content: object) -> None:
    assert content_of(fields, None, MOST) == content


def test_a_file_is_media_whatever_the_fields_say() -> None:
    assert content_of({"kind": "wrote", "text": "see"}, PHOTO, MOST) == SentMedia(media=PHOTO, text="see")


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({}, "empty_message"),
        ({"text": " "}, "empty_message"),
        ({"text": "x" * 4001}, "too_long"),
        ({"kind": "position", "lon": "118.1", "lat": "24.5"}, "bad_message"),
        ({"kind": "position", "lon": "nan", "lat": "24.5", "datum": "wgs84"}, "bad_message"),
        ({"kind": "position", "lon": "118.1", "lat": "124.5", "datum": "wgs84"}, "bad_message"),
        ({"kind": "joined", "invitation": "x" * 300}, "bad_message"),
    ],
)
def test_what_makes_no_message_is_named(fields: dict[str, str], code: str) -> None:
    with pytest.raises(BadFields, match=code):
        content_of(fields, None, MOST)


@pytest.mark.parametrize("id", ["", "short", "with space here", "x" * 65, "../../../../etc"])
def test_an_id_is_letters_and_digits(id: str) -> None:
    """It becomes part of a key and of the name of a file."""
    with pytest.raises(BadFields, match="bad_message"):
        id_in({"id": id})


@pytest.mark.parametrize(
    ("type", "kind"),
    [
        ("image/jpeg", MediaKind.PHOTO), ("Audio/amr", MediaKind.VOICE), ("video/mp4", MediaKind.VIDEO),
        ("text/html", MediaKind.FILE), ("", MediaKind.FILE),
    ],
)  # fmt: skip
def test_a_file_is_what_its_browser_says(type: str, kind: MediaKind) -> None:
    assert kind_of(type) is kind


@given(
    st.dictionaries(st.sampled_from(NAMES), st.text(max_size=300) | KINDS | st.floats().map(str)), st.booleans(),
    st.text(max_size=80),
)  # fmt: skip
def test_anything_is_a_message_or_one_error(fields: dict[str, str], file: bool, id: str) -> None:
    """And every message can be stored and read again."""
    try:
        content = content_of(fields, PHOTO if file else None, MOST)
        known = id_in({"id": id or "12345678"})
    except BadFields:
        return
    incoming = Incoming(id=known, sender="s", chat="s", t_ms=1, content=content)
    assert Incoming.model_validate_json(incoming.model_dump_json()).content.kind == content.kind

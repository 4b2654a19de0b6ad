"""What a page is given to show."""

import pytest

from connectors.chat.messages import (
    Button,
    Content,
    Edited,
    JoinedChat,
    Media,
    MediaKind,
    Outgoing,
    Pin,
    Pressed,
    SentMedia,
    SharedPosition,
    Unreadable,
    Withdrawn,
    Wrote,
)
from connectors.doors.browser.showing import shown_incoming, shown_outgoing
from schemas.datum import Datum
from schemas.names import Language


def test_what_is_empty_is_left_out() -> None:
    message = Outgoing(id="m", chat="c", text="hello", language=Language.EN)
    assert shown_outgoing(message) == {"text": "hello", "lang": "en"}


def test_all_that_a_message_may_have() -> None:
    message = Outgoing(
        id="m", chat="c", text="job", buttons=(Button(label="Sign", value="k.0"),), photos=("ab",),
        pin=Pin(lon=118.1, lat=24.5, label="gate"), link="/case/1", case="1",
    )  # fmt: skip
    assert shown_outgoing(message) == {
        "text": "job", "buttons": [{"label": "Sign", "value": "k.0"}], "photos": ["ab"],
        "pin": {"lon": 118.1, "lat": 24.5, "label": "gate"}, "link": "/case/1", "case": "1", "lang": "zh-CN",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("content", "shown"),
    [
        (Edited(of="m1", text="two holes"), {"kind": "edited", "of": "m1", "text": "two holes"}),
        (Wrote(text="hole"), {"kind": "wrote", "text": "hole"}),
        (
            SentMedia(media=Media(kind=MediaKind.PHOTO, ref="f"), text="see"),
            {"kind": "media", "text": "see", "file": "photo"},
        ),
        (
            SharedPosition(lon=118.1, lat=24.5, datum=Datum.WGS84),
            {"kind": "position", "lon": 118.1, "lat": 24.5, "text": ""},
        ),
        (Pressed(value="k.0"), {"kind": "pressed", "value": "k.0", "text": "Sign"}),
        (Withdrawn(of="m0"), {"kind": "withdrawn", "of": "m0"}),
    ],
)
def test_what_a_person_did(content: Content, shown: dict[str, object]) -> None:
    assert shown_incoming(content, {"label": "Sign"}) == shown
    assert shown_incoming(content, {"label": "Sign", "quotes": "q"}) == {**shown, "quotes": "q"}


@pytest.mark.parametrize("content", [JoinedChat(), Unreadable(name="poll")])
def test_what_makes_no_line(content: Content) -> None:
    assert shown_incoming(content, {}) is None

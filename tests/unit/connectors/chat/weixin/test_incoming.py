"""What a callback says, by the examples of the vendors' pages, and of anything."""

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.chat.messages import (
    Content,
    Incoming,
    JoinedChat,
    LeftChat,
    Media,
    MediaKind,
    Pressed,
    SentMedia,
    SharedPosition,
    Unreadable,
    Wrote,
)
from connectors.chat.weixin.incoming import NotAMessageError, WeixinReading, incoming_of
from schemas.datum import Datum

NOW = 1_763_800_000_000
USUAL = WeixinReading()
HEAD = {"ToUserName": "ww1", "FromUserName": "zhangsan", "CreateTime": "1348831860", "AgentID": "1"}


def read(reading: WeixinReading = USUAL, /, **fields: str) -> Incoming | None:
    return incoming_of(HEAD | fields, reading, NOW)


def content(reading: WeixinReading = USUAL, /, **fields: str) -> Content | None:
    found = read(reading, **fields)
    return found.content if found is not None else None


def test_words() -> None:
    assert read(MsgType="text", Content="井盖坏了", MsgId="1234567890123456") == Incoming(
        id="1234567890123456",
        sender="zhangsan",
        chat="zhangsan",
        t_ms=1_348_831_860_000,
        content=Wrote(text="井盖坏了"),
    )


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        ("image", MediaKind.PHOTO),
        ("voice", MediaKind.VOICE),
        ("video", MediaKind.VIDEO),
        ("shortvideo", MediaKind.VIDEO),
    ],
)
def test_files_by_their_media_id(kind: str, expected: MediaKind) -> None:
    assert content(MsgType=kind, MediaId="m1", PicUrl="http://x/1", MsgId="1") == SentMedia(
        media=Media(kind=expected, ref="m1")
    )


def test_what_was_said_is_the_transcript_of_a_voice() -> None:
    sent = content(MsgType="voice", MediaId="m1", Format="amr", Recognition="井盖坏了", MsgId="1")
    assert sent == SentMedia(media=Media(kind=MediaKind.VOICE, ref="m1", transcript="井盖坏了"))


def test_x_of_a_location_is_the_latitude_and_the_datum_tencents() -> None:
    fields = {"Location_X": "24.461", "Location_Y": "118.082", "Scale": "15", "Label": "湖滨南路"}
    sent = content(MsgType="location", MsgId="1", **fields)
    assert sent == SharedPosition(lon=118.082, lat=24.461, datum=Datum.GCJ02, label="湖滨南路")
    sent = content(WeixinReading(location_datum=Datum.WGS84), MsgType="location", MsgId="1", **fields)
    assert sent == SharedPosition(lon=118.082, lat=24.461, datum=Datum.WGS84, label="湖滨南路")


@pytest.mark.parametrize("x", ["", "nan", "inf", "91", "-1e999", "24,4", "１x"])
def test_a_location_that_is_none_is_unreadable(x: str) -> None:
    sent = content(MsgType="location", MsgId="1", Location_X=x, Location_Y="118")
    assert sent == Unreadable(name="location")


def test_the_position_that_the_app_reports_counts_only_where_it_is_wanted() -> None:
    """It comes whenever somebody opens the chat."""
    fields = {"Event": "LOCATION", "Latitude": "24.461", "Longitude": "118.082", "Precision": "65"}
    assert content(MsgType="event", **fields) is None
    sent = content(WeixinReading(position_events=True), MsgType="event", **fields)
    assert sent == SharedPosition(lon=118.082, lat=24.461, datum=Datum.WGS84, live=True)
    assert content(WeixinReading(position_events=True), MsgType="event", Event="LOCATION") is None


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"Event": "subscribe"}, JoinedChat()),
        ({"Event": "subscribe", "EventKey": "qrscene_team-Rider9"}, JoinedChat(invitation="team-Rider9")),
        ({"Event": "SCAN", "EventKey": "team-Rider9"}, JoinedChat(invitation="team-Rider9")),
        ({"Event": "subscribe", "EventKey": "qrscene_<script>"}, JoinedChat()),
        ({"Event": "enter_agent", "EventKey": ""}, JoinedChat()),
        ({"Event": "unsubscribe"}, LeftChat()),
        ({"Event": "template_card_event", "EventKey": "a1b2", "TaskId": "t1"}, Pressed(value="a1b2")),
        ({"Event": "CLICK", "EventKey": "我的上报"}, Wrote(text="我的上报")),
        ({"Event": "VIEW", "EventKey": "https://example.org"}, None),
        ({"Event": "some_new_event"}, None),
    ],
)
def test_events(fields: dict[str, str], expected: Content | None) -> None:
    assert content(MsgType="event", **fields) == expected


def test_who_may_see_an_application_has_not_joined_yet() -> None:
    """In WeCom an administrator subscribes people."""
    reading = WeixinReading(follows=False)
    assert content(reading, MsgType="event", Event="subscribe") is None
    assert content(reading, MsgType="event", Event="enter_agent") == JoinedChat()


def test_a_line_of_a_menu_is_a_button() -> None:
    sent = content(MsgType="text", Content="满意", bizmsgmenuid="a1b2", MsgId="1")
    assert sent == Pressed(value="a1b2")


@pytest.mark.parametrize("kind", ["link", "file", "miniprogrampage", "", "x" * 300])
def test_other_kinds_are_named(kind: str) -> None:
    assert content(MsgType=kind, MsgId="1") == Unreadable(name=kind[:200])


def test_what_nobody_did_is_nothing_to_us() -> None:
    assert incoming_of(HEAD | {"FromUserName": "sys", "MsgType": "event"}, WeixinReading(), NOW) is None


def ids(**fields: str) -> str:
    found = read(MsgType="event", **fields)
    assert found is not None
    return found.id


def test_an_event_that_comes_again_has_the_same_id_and_another_one_has_not() -> None:
    press = {"Event": "template_card_event", "EventKey": "yes", "TaskId": "t1"}
    assert ids(**press) == ids(**press)
    assert len({ids(**press), ids(**press | {"EventKey": "no"}), ids(**press, CreateTime="1348831861")}) == 3


def test_opening_the_chat_again_is_the_same_event() -> None:
    """So people are welcomed once."""
    assert ids(Event="enter_agent") == ids(Event="enter_agent", CreateTime="1348839999")


@pytest.mark.parametrize("sender", ["", " ", "x" * 201])
def test_without_a_sender_it_is_no_message(sender: str) -> None:
    with pytest.raises(NotAMessageError):
        incoming_of({"FromUserName": sender, "MsgType": "text"}, WeixinReading(), NOW)


@pytest.mark.parametrize("created", ["", "-1", "9" * 40, "²", "1.5"])
def test_a_time_that_is_none_is_now(created: str) -> None:
    found = read(MsgType="text", Content="x", CreateTime=created)
    assert found is not None
    assert found.t_ms == NOW


NAMES = st.sampled_from(
    ["FromUserName", "CreateTime", "MsgId", "MsgType", "Content", "MediaId", "Recognition", "bizmsgmenuid", "Label"]
) | st.sampled_from(["Event", "EventKey", "TaskId", "Location_X", "Location_Y", "Latitude", "Longitude"])
VALUES = (
    st.sampled_from(["event", "text", "location", "image", "LOCATION", "subscribe", "enter_agent", "1e5"]) | st.text()
)


@given(st.dictionaries(NAMES, VALUES), st.booleans())
def test_any_fields_are_read_or_refused(fields: dict[str, str], events: bool) -> None:
    with contextlib.suppress(NotAMessageError):
        found = incoming_of(fields, WeixinReading(position_events=events), NOW)
        assert found is None or Incoming.model_validate_json(found.model_dump_json()) == found

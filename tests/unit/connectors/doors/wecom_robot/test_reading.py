"""What frames say, by the vendor's examples, and of anything."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.chat.messages import (
    Content,
    Incoming,
    JoinedChat,
    Media,
    MediaKind,
    Pressed,
    SentMedia,
    Unreadable,
    Wrote,
)
from connectors.doors.wecom_robot.errors import NotAFrameError
from connectors.doors.wecom_robot.frames import EVENT, MESSAGE, RobotFrame, read_frame, written
from connectors.doors.wecom_robot.reading import incoming_of
from tests.worlds.weixin.robots import body_of, event_body

NOW = 1_763_800_000_000


def read(body: dict[str, object], command: str = MESSAGE) -> list[Incoming]:
    return incoming_of(RobotFrame(command, "f1", body), NOW)


def contents(body: dict[str, object], command: str = MESSAGE) -> list[Content]:
    return [each.content for each in read(body, command)]


def photo(url: str) -> Media:
    return Media(kind=MediaKind.PHOTO, ref=json.dumps({"url": url, "key": "k"}, separators=(",", ":")))


def test_words() -> None:
    (found,) = read(body_of("zhangsan", "text", {"content": "井盖坏了"}, id="CAIQ16HMjQY"))
    assert found == Incoming(
        id="CAIQ16HMjQY", sender="zhangsan", chat="zhangsan", t_ms=NOW, content=Wrote(text="井盖坏了")
    )


def test_in_a_group_the_name_of_the_robot_is_no_part_of_the_words() -> None:
    (found,) = read(body_of("zhangsan", "text", {"content": "@网格 井盖坏了 @李四 看看"}, chat="wr-1"))
    assert (found.chat, found.sender, found.group, found.addressed) == ("wr-1", "zhangsan", True, True)
    assert found.content == Wrote(text="井盖坏了 @李四 看看")


def test_files_bring_their_address_and_key() -> None:
    file = {"url": "https://x/1", "aeskey": "k"}
    assert contents(body_of("a", "image", file)) == [SentMedia(media=photo("https://x/1"))]
    assert [each.media.kind for each in contents(body_of("a", "file", file)) if isinstance(each, SentMedia)] == [
        MediaKind.FILE
    ]
    assert contents(body_of("a", "image", {})) == [Unreadable(name="image")]


def test_a_voice_is_its_words() -> None:
    (found,) = contents(body_of("a", "voice", {"content": "井盖坏了"}))
    assert found == SentMedia(media=Media(kind=MediaKind.VOICE, ref="", transcript="井盖坏了"))


def test_words_and_pictures_of_one_message_are_an_album() -> None:
    def item(kind: str, content: dict[str, str]) -> dict[str, object]:
        return {"msgtype": kind, kind: content}

    items = [item("text", {"content": "井盖"})]
    items += [item("image", {"url": f"https://x/{n}", "aeskey": "k"}) for n in (1, 2)]
    found = read(body_of("a", "mixed", {"msg_item": items}, id="m1"))
    assert [(each.id, each.content) for each in found] == [
        ("m1", SentMedia(media=photo("https://x/1"), text="井盖", album="m1")),
        ("m1/1", SentMedia(media=photo("https://x/2"), album="m1")),
    ]
    assert contents(body_of("a", "mixed", {"msg_item": items[:1]})) == [Wrote(text="井盖")]
    assert contents(body_of("a", "mixed", {})) == [Unreadable(name="mixed")]


def test_events() -> None:
    press = event_body("a", "template_card_event", {"event_key": "v1", "task_id": "t1"})
    (found,) = read(press, EVENT)
    assert (found.content, found.t_ms) == (Pressed(value="v1"), 1_700_000_000_000)
    assert contents(event_body("a", "feedback_event", {"type": 1}), EVENT) == []


def test_opening_the_chat_is_the_same_every_day() -> None:
    """So people are welcomed once."""
    first, second = (read(event_body("a", "enter_chat"), EVENT)[0] for _ in range(2))
    assert (first.content, first.id) == (JoinedChat(), second.id)


@pytest.mark.parametrize("body", [{}, {"from": "a"}, {"from": {"userid": 5}}, {"from": {"userid": "x" * 201}}])
def test_what_nobody_did_is_nothing(body: dict[str, object]) -> None:
    assert read(body) == []


@pytest.mark.parametrize("text", ["", "[]", "1", "{", '"x"', b"\xff"])
def test_what_is_no_frame_is_refused(text: str | bytes) -> None:
    with pytest.raises(NotAFrameError):
        read_frame(text)


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=10), inner, max_size=3),
    max_leaves=10,
)
KINDS = st.sampled_from(["text", "image", "mixed", "voice", "file", "video", "event", "link", ""])


@given(
    st.fixed_dictionaries(
        {"from": st.just({"userid": "a"}) | ANYTHING},
        optional={
            "msgtype": KINDS | ANYTHING,
            "msgid": ANYTHING,
            "chattype": st.just("group") | ANYTHING,
            "chatid": ANYTHING,
            "create_time": ANYTHING,
            "text": ANYTHING | st.fixed_dictionaries({"content": st.text()}),
            "image": ANYTHING,
            "mixed": ANYTHING | st.fixed_dictionaries({"msg_item": st.lists(ANYTHING, max_size=3)}),
            "event": ANYTHING | st.fixed_dictionaries({"eventtype": st.just("template_card_event")}),
        },
    ),
    st.sampled_from([MESSAGE, EVENT]),
)
def test_any_body_is_read(body: dict[str, object], command: str) -> None:
    for found in read(body, command):
        assert Incoming.model_validate_json(found.model_dump_json()) == found


@given(ANYTHING)
def test_any_json_is_a_frame_or_refused(value: object) -> None:
    text = json.dumps(value)
    try:
        frame = read_frame(text)
    except NotAFrameError:
        assert not isinstance(value, dict)
    else:
        assert incoming_of(frame, NOW) == []


def test_what_we_write_can_be_read() -> None:
    assert read_frame(written(MESSAGE, "f1", {"x": "井"})) == RobotFrame(MESSAGE, "f1", {"x": "井"})
    assert json.loads(written("ping", "f1", None)) == {"cmd": "ping", "headers": {"req_id": "f1"}}

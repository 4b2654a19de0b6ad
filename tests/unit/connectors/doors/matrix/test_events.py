import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.chat.messages import (
    Edited,
    Incoming,
    JoinedChat,
    LeftChat,
    Pressed,
    SentMedia,
    SharedPosition,
    Unreadable,
    Withdrawn,
    Wrote,
)
from connectors.doors.matrix.events import READ, read_event, read_joined, read_left, refers_to
from connectors.doors.matrix.room import OwnMessage, RoomView
from schemas.datum import Datum

ME, RIDER = "@grid36:city.test", "@rider:city.test"
CHAT, GROUP = RoomView("!r:h", ME, "小助手"), RoomView("!g:h", ME, "小助手", group=True)
OWN = {"$ours": OwnMessage("$ours", ("fixed", "not-fixed")), "$photo": OwnMessage("$ours", ("fixed",))}


def event(content: object, kind: str = "m.room.message", **more: Any) -> dict[str, Any]:
    return {"type": kind, "event_id": "$e", "sender": RIDER, "origin_server_ts": 7, "content": content, **more}


def text(body: str, **more: Any) -> dict[str, Any]:
    return {"msgtype": "m.text", "body": body, **more}


def replying(to: str) -> dict[str, Any]:
    return {"m.relates_to": {"m.in_reply_to": {"event_id": to}}}


def read(content: object, kind: str = "m.room.message", room: RoomView = CHAT, **more: Any) -> Incoming:
    found = read_event(event(content, kind, **more), room, OWN)
    assert found is not None
    return found


def test_words() -> None:
    wrote = Wrote(text="井盖坏了")
    assert read(text("井盖坏了")) == Incoming(id="$e", sender=RIDER, chat="!r:h", t_ms=7, content=wrote)
    assert read({"msgtype": "m.emote", "body": "waves"}).content == Wrote(text="waves")


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        ({"msgtype": "m.notice", "body": "a bot"}, "m.room.message"),
        ({"msgtype": "m.key.verification.request"}, "m.room.message"),
        ({}, "m.room.message"),
        (None, "m.room.message"),
        ({"topic": "x"}, "m.room.topic"),
        ({"m.relates_to": {"rel_type": "m.annotation", "event_id": "$ours", "key": "👍"}}, "m.reaction"),
        ({"m.relates_to": {"rel_type": "m.annotation", "event_id": "$ours", "key": "3️⃣"}}, "m.reaction"),
        ({"m.relates_to": {"rel_type": "m.annotation", "event_id": "$other", "key": "1️⃣"}}, "m.reaction"),
        ({}, "m.reaction"),
        ({}, "m.room.redaction"),
        (text("", **{"m.relates_to": {"rel_type": "m.replace"}}), "m.room.message"),
    ],
)
def test_what_is_not_for_us(content: object, kind: str) -> None:
    assert read_event(event(content, kind), CHAT, OWN) is None


def test_our_own_events_and_the_state_of_a_room_are_not_for_us() -> None:
    assert read_event(event(text("a"), sender=ME), CHAT, OWN) is None
    assert read_event(event({"membership": "join"}, "m.room.member", state_key=RIDER), CHAT, OWN) is None


def test_ids_that_are_missing_or_too_long_are_no_message() -> None:
    for more in ({"event_id": ""}, {"event_id": None}, {"sender": "@" + "a" * 300}):
        assert read_event({**event(text("a")), **more}, CHAT, OWN) is None


@pytest.mark.parametrize("which", ["redacts", "content"])
def test_a_redaction_takes_a_message_back(which: str) -> None:
    redaction = event({"redacts": "$a"} if which == "content" else {}, "m.room.redaction")
    found = read_event({**redaction, "redacts": "$a"} if which == "redacts" else redaction, CHAT, OWN)
    assert found is not None
    assert found.content == Withdrawn(of="$a")


def test_an_edit() -> None:
    relation = {"rel_type": "m.replace", "event_id": "$a"}
    found = read(text("* 新", **{"m.new_content": text("新"), "m.relates_to": relation}))
    assert (found.content, found.quotes) == (Edited(of="$a", text="新"), "")
    caption = {"msgtype": "m.image", "body": "新", "filename": "a.jpg"}
    found = read(text("* 新", **{"m.new_content": caption, "m.relates_to": relation}))
    assert found.content == Edited(of="$a", text="新")


@pytest.mark.parametrize("to", ["$ours", "$photo"])
def test_a_tap_is_the_button_of_its_message(to: str) -> None:
    relation = {"rel_type": "m.annotation", "event_id": to, "key": "1️⃣"}
    found = read({"m.relates_to": relation}, "m.reaction", GROUP)
    assert (found.content, found.quotes, found.addressed) == (Pressed(value="fixed"), "$ours", True)


def test_an_answer_quotes_the_first_event_of_our_message() -> None:
    assert read(text("没有", **replying("$photo"))).quotes == "$ours"
    assert read(text("没有", **replying("$theirs"))).quotes == "$theirs"


def test_an_answer_without_what_older_clients_repeat() -> None:
    body = "> <@grid36:city.test> 修好了吗？\n> 是或不是\n\n没有\n> 真的"
    assert read(text(body, **replying("$ours"))).content == Wrote(text="没有\n> 真的")
    assert read(text("> 引用")).content == Wrote(text="> 引用")


def test_in_a_thread_the_first_message_is_answered() -> None:
    thread = {"rel_type": "m.thread", "event_id": "$ours", "m.in_reply_to": {"event_id": "$x"}}
    assert read(text("a", **{"m.relates_to": {**thread, "is_falling_back": True}})).quotes == "$ours"
    assert read(text("a", **{"m.relates_to": thread})).quotes == "$x"
    assert refers_to(event({"m.relates_to": 3})) == ""


@pytest.mark.parametrize(
    ("content", "addressed", "words"),
    [
        (text("谁去吃饭？"), False, "谁去吃饭？"),
        (text("小助手 井盖坏了"), True, "井盖坏了"),
        (text("井盖坏了", **{"m.mentions": {"user_ids": [ME]}}), True, "井盖坏了"),
        (text("没有", **replying("$ours")), True, "没有"),
        (text("没有", **replying("$theirs")), False, "没有"),
    ],
)
def test_in_a_group_only_what_is_meant_for_us_is_addressed(content: object, addressed: bool, words: str) -> None:
    found = read(content, room=GROUP)
    assert (found.group, found.addressed, found.content) == (True, addressed, Wrote(text=words))


def test_a_caption_in_a_group() -> None:
    image = {"msgtype": "m.image", "url": "mxc://h/a", "body": "小助手 井盖", "filename": "a.jpg"}
    found = read(image, room=GROUP)
    assert isinstance(found.content, SentMedia)
    assert (found.addressed, found.content.text) == (True, "井盖")


def test_positions() -> None:
    here = SharedPosition(lon=118.08, lat=24.46, datum=Datum.WGS84)
    assert read({"msgtype": "m.location", "body": "Here I am", "geo_uri": "geo:24.46,118.08"}).content == here
    newer = {"org.matrix.msc3488.location": {"uri": "geo:24.46,118.08;u=4", "description": "东街口"}}
    live = here.model_copy(update={"label": "东街口", "live": True})
    assert read(newer, "org.matrix.msc3672.beacon").content == live
    assert read({"msgtype": "m.location", "geo_uri": "nowhere"}).content == Unreadable(name="m.location")


@pytest.mark.parametrize("kind", ["m.poll.start", "m.call.invite"])
def test_what_we_cannot_answer_is_named(kind: str) -> None:
    assert read({}, kind).content == Unreadable(name=kind)
    assert read({"msgtype": "org.example.dance"}).content == Unreadable(name="org.example.dance")


def test_coming_and_going() -> None:
    invite = event({"membership": "invite"}, "m.room.member", state_key=ME)
    joined = read_joined(invite, CHAT)
    assert joined is not None
    assert (joined.content, joined.sender) == (JoinedChat(), RIDER)
    for change in ({"state_key": RIDER}, {"state_key": ME}, {"state_key": RIDER, "sender": "@moderator:h"}):
        left = read_left({**event({"membership": "leave"}, "m.room.member"), **change}, CHAT)
        assert left is not None
        assert (left.content, left.sender) == (LeftChat(), RIDER)
    assert read_left({**invite, "sender": ME}, CHAT) is None


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.sampled_from([ME, "$ours", "1️⃣"]),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=10), inner, max_size=4),
    max_leaves=12,
)
FIELDS = ["msgtype", "body", "url", "info", "geo_uri", "m.relates_to", "m.new_content", "m.mentions", "redacts"]
RELATION = st.dictionaries(st.sampled_from(["rel_type", "event_id", "key", "m.in_reply_to", "is_falling_back"]), JSON)
CONTENT = st.dictionaries(st.sampled_from(FIELDS), JSON | RELATION) | JSON
NAMES = st.sampled_from(["m.text", "m.image", "m.file", "m.location", "m.replace", "m.thread", "m.annotation"])
EVENT = st.dictionaries(
    st.sampled_from(["event_id", "sender", "origin_server_ts", "state_key", "redacts", "unsigned"]), JSON
)


@given(EVENT, st.sampled_from(READ), CONTENT, NAMES, st.booleans())
def test_any_event_is_an_incoming_or_nothing(
    more: dict[str, Any], kind: str, content: Any, name: str, whole: bool
) -> None:
    if isinstance(content, dict) and whole:
        content = {**content, "msgtype": name}
    for made in (event(content, kind), {**more, "type": kind, "content": content}):
        for room in (CHAT, GROUP):
            for found in (read_event(made, room, OWN), read_joined(made, room), read_left(made, room)):
                assert found is None or json.loads(found.model_dump_json())["id"]

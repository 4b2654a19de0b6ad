"""Events as what somebody did."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.chat.messages import Incoming, JoinedChat, LeftChat, Pressed, Wrote
from connectors.doors.feishu.errors import UnreadableEventError
from connectors.doors.feishu.reading import incoming_of, read_event
from schemas.datum import Datum
from tests.unit.connectors.doors.feishu.test_contents import TREE
from tests.worlds.feishu.cloud import BOT
from tests.worlds.feishu.phones import GROUP, event_of, in_group, message_of

NOW_MS = 1_800_000_000_000


def read(kind: str, event: dict[str, Any], t: str = "1700000000123") -> list[Incoming]:
    found = read_event(event_of(kind, event, "ev-1", t), NOW_MS)
    return incoming_of(found, BOT, Datum.GCJ02)


def said(**more: Any) -> list[Incoming]:
    return read("im.message.receive_v1", message_of("ou_li", "om_1", "text", {"text": "@_user_1 坑"}, **more))


def test_a_message_to_the_bot() -> None:
    (message,) = said(create_time="1700000000999", parent_id="om_0")
    assert (message.id, message.sender, message.chat, message.t_ms) == ("om_1", "ou_li", "ou_li", 1_700_000_000_999)
    assert (message.quotes, message.group, message.addressed) == ("om_0", False, True)


def test_in_a_group_only_what_names_the_bot_is_for_it() -> None:
    (named,), (not_named,) = said(**in_group()), said(**in_group(named=False))
    assert (named.chat, named.group, named.addressed, named.content) == (GROUP, True, True, Wrote(text="坑"))
    assert (not_named.group, not_named.addressed) == (True, False)


def test_who_is_named_in_a_group_is_known_only_when_we_know_ourselves() -> None:
    event = event_of("im.message.receive_v1", message_of("ou_li", "om_1", "text", {"text": "x"}, **in_group()))
    private = event_of("im.message.receive_v1", message_of("ou_li", "om_1", "text", {"text": "x"}))
    assert read_event(event, NOW_MS).needs_us
    assert not read_event(private, NOW_MS).needs_us


def test_the_parts_of_a_post_have_ids_of_their_own() -> None:
    content = {"content": [[{"tag": "img", "image_key": "a"}, {"tag": "img", "image_key": "b"}]]}
    found = read("im.message.receive_v1", message_of("ou_li", "om_1", "post", content))
    assert [each.id for each in found] == ["om_1", "om_1/1"]


def test_what_a_bot_sends_is_nothing_to_us() -> None:
    event = message_of("ou_li", "om_1", "text", {"text": "x"})
    event["sender"]["sender_type"] = "app"
    assert read("im.message.receive_v1", event) == []


def press(chat: str, here: str) -> Incoming:
    action = {"tag": "button", "value": {"v": "yes:1", "chat": chat}}
    event = {"operator": {"open_id": "ou_li"}, "action": action, "context": {"open_chat_id": here}}
    (pressed,) = read("card.action.trigger", event, "1700000000123456")
    return pressed


def test_a_button_comes_back_where_its_card_was_sent() -> None:
    """Its time is in microseconds."""
    alone, group, forwarded = press("ou_li", "oc_any"), press(GROUP, GROUP), press(GROUP, "oc_other")
    assert (alone.content, alone.id, alone.t_ms) == (Pressed(value="yes:1"), "ev-1", 1_700_000_000_123)
    assert [(each.chat, each.group) for each in (alone, group, forwarded)] == [
        ("ou_li", False), (GROUP, True), ("ou_li", False),
    ]  # fmt: skip


def test_a_button_that_is_not_ours() -> None:
    assert read("card.action.trigger", {"operator": {"open_id": "ou_li"}, "action": {"value": {"x": 1}}}) == []


def test_who_opens_the_chat_again_is_not_greeted_again() -> None:
    kind, who = "im.chat.access_event.bot_p2p_chat_entered_v1", {"operator_id": {"open_id": "ou_li"}, "chat_id": "oc_1"}
    (first,) = read(kind, who)
    assert (first.content, first.sender, first.chat, first.group) == (JoinedChat(), "ou_li", "ou_li", False)
    assert read(kind, {**who, "last_message_id": "om_1"}) == []


def test_a_bot_that_is_added_to_a_group_and_removed() -> None:
    """Who removed it can still be written to."""
    event = {"operator_id": {"open_id": "ou_li"}, "chat_id": GROUP}
    (added,), (removed,) = read("im.chat.member.bot.added_v1", event), read("im.chat.member.bot.deleted_v1", event)
    (dissolved,) = read("im.chat.disbanded_v1", event)
    assert (added.content, added.sender, added.chat, added.group) == (JoinedChat(), "ou_li", GROUP, True)
    assert {each.content for each in (removed, dissolved)} == {LeftChat()}
    assert {each.sender for each in (removed, dissolved)} == {GROUP}


@pytest.mark.parametrize("kind", ["im.message.message_read_v1", "im.message.reaction.created_v1", "contact.user.x"])
def test_events_that_are_nothing_to_us(kind: str) -> None:
    assert read(kind, {"operator_id": {"open_id": "ou_li"}}) == []


@pytest.mark.parametrize("t", ["", "x", "-1", "99999999999999999999"])
def test_a_time_that_is_none_is_now(t: str) -> None:
    raw = event_of("im.chat.disbanded_v1", {"chat_id": GROUP}, "ev", "1")
    raw["header"]["create_time"] = t
    assert read_event(raw, NOW_MS).t_ms == NOW_MS


@given(TREE, TREE, st.sampled_from(["im.message.receive_v1", "card.action.trigger", "im.chat.member.bot.added_v1"]))
def test_any_event_is_read(message: object, sender: object, kind: str) -> None:
    """Something comes of it, or nothing; no error does."""
    event = {"message": message, "sender": sender, "operator": sender, "action": message, "operator_id": sender}
    found = read_event({"header": {"event_id": "e", "event_type": kind}, "event": event}, NOW_MS)
    for each in incoming_of(found, BOT, Datum.GCJ02):
        assert Incoming.model_validate_json(each.model_dump_json()) == each


@given(TREE)
def test_any_json_is_an_event_or_is_refused_with_one_error(raw: object) -> None:
    try:
        incoming_of(read_event(raw, NOW_MS), BOT, Datum.GCJ02)
    except UnreadableEventError:
        return
    assert json.dumps(raw)

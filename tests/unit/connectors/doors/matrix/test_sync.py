import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.doors.matrix.events import Event
from connectors.doors.matrix.sync import entered, page_filter, read_sync, sync_filter
from tests.unit.connectors.doors.matrix.test_events import JSON, ME, RIDER


def member(membership: str, before: str = "", who: str = ME) -> dict[str, Any]:
    prev = {"unsigned": {"prev_content": {"membership": before}}} if before else {}
    return {"type": "m.room.member", "state_key": who, "content": {"membership": membership}, **prev}


def said(words: str) -> dict[str, Any]:
    return {"type": "m.room.message", "content": {"body": words}}


def test_the_news_of_an_answer() -> None:
    room = {
        "timeline": {"events": [said("a"), 3], "limited": True, "prev_batch": "t1"},
        "summary": {"m.joined_member_count": 2, "m.invited_member_count": 1},
        "state": {"events": [{"type": "m.room.encryption", "state_key": ""}]},
    }
    rooms = {"join": {"!a": room, "!b": {"timeline": {"prev_batch": "t2"}}}, "leave": {"!c": {}}, "invite": {"!d": {}}}
    news = read_sync({"next_batch": "s2", "rooms": rooms})
    assert (news.next, list(news.joined), list(news.left), news.invited) == ("s2", ["!a", "!b"], ["!c"], ("!d",))
    first, second = news.joined.values()
    assert (list(first.events), first.before, first.people, first.encrypted) == ([said("a")], "t1", 3, True)
    assert (list(second.events), second.before, second.people, second.encrypted) == ([], "", None, False)


@pytest.mark.parametrize(
    ("events", "found"),
    [
        ([said("a"), member("invite"), said("b"), member("join", "invite"), said("c")], (1, False)),
        ([said("a"), member("join", "invite"), said("c")], (1, True)),
        ([said("a"), member("join", "leave"), said("c")], (1, False)),
        ([said("a"), member("join"), said("c")], (1, False)),
        ([member("invite"), member("leave"), said("a"), member("join", "leave"), said("b")], (3, False)),
        ([member("join", "invite"), said("a"), member("join", "join")], (0, True)),
        ([said("a"), member("invite", who=RIDER)], (None, True)),
        ([member("leave"), said("a")], (None, False)),
        ([], (None, True)),
    ],
)
def test_our_time_in_a_room_begins_with_our_last_invitation(
    events: list[Event], found: tuple[int | None, bool]
) -> None:
    assert entered(events, ME) == found


def test_the_filters_are_json() -> None:
    assert json.loads(sync_filter(7))["room"]["timeline"]["limit"] == 7
    assert "m.reaction" in json.loads(page_filter())["types"]


ROOM = st.dictionaries(st.sampled_from(["timeline", "state", "summary"]), JSON)
BY_NAME = st.dictionaries(st.text(max_size=5), ROOM | JSON)
ROOMS = st.dictionaries(st.sampled_from(["join", "leave", "invite"]), BY_NAME | JSON)


@given(st.dictionaries(st.sampled_from(["next_batch", "rooms"]), ROOMS | JSON))
def test_any_answer_is_news(answer: dict[str, Any]) -> None:
    news = read_sync(answer)
    for room in (*news.joined.values(), *news.left.values()):
        at, _ = entered(room.events, ME)
        assert at is None or at < len(room.events)

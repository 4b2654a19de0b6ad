"""What holds whatever people send, in whatever order: nothing is lost without a word, one question at a time."""

from dataclasses import replace
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from connectors.chat.conversation import engine
from connectors.chat.conversation.state import Conversation
from connectors.chat.conversation.turn import Heard, Turn
from connectors.chat.messages import Incoming, MediaKind, Pressed, Wrote
from connectors.intake.submission import ActSubmission, ReportSubmission, SupplementSubmission
from schemas.event import EventType
from tests.worlds.chats import Chatting, photo, view

WORDS = st.sampled_from(
    ["greasy pavement", "Hubin South Road 12-8", "submit", "cancel", "1", "2", "4", "jobs", "my reports", "hello",
     "off today", "Not mine", "24", "", " ", "Done: Lamp"]
)  # fmt: skip
STEPS = st.one_of(
    st.tuples(st.just("writes"), WORDS),
    st.tuples(st.just("photo"), st.sampled_from("abcdef")),
    st.tuples(st.just("album"), st.sampled_from("gh")),
    st.tuples(st.just("place"), st.just("")),
    st.tuples(st.just("wait"), st.sampled_from([0, 1, 5, 10, 200, 4000])),
    st.tuples(st.just("tap"), st.integers(0, 4)),
    st.tuples(st.just("voice"), st.sampled_from(["", "v", "w"])),
    st.tuples(st.just("jobs"), st.integers(0, 4)),
    st.tuples(st.just("quote"), st.booleans()),
    st.tuples(st.just("takes_back"), st.integers(1, 8)),
    st.tuples(st.just("edits"), st.integers(1, 8)),
    st.tuples(st.just("hears"), st.sampled_from([EventType.ASKED, EventType.INFORMATION_NEEDED, EventType.RESOLVED])),
)


def do(chat: Chatting, step: tuple[str, Any]) -> Turn | None:  # noqa: PLR0911  # one line a step
    """One step; what it led to."""
    match step:
        case "writes", text:
            return chat.writes(text)
        case "photo", name:
            return chat.sends_photo(f"{name}{chat.count}")
        case "album", name:
            return chat.sends_photo(f"{name}{chat.count}", "dirty", album=name)
        case "place", _:
            return chat.shares_position()
        case "tap", n if chat.said and n < len(chat.said[-1].buttons):
            return chat.does(Pressed(value=chat.said[-1].buttons[n].value))
        case "voice", name:
            return chat.speaks(f"{name}{chat.count}") if name else chat.sends(MediaKind.VOICE)
        case "takes_back", n:
            return chat.takes_back(f"m{n}")
        case "edits", n:
            return chat.edits(f"m{n}", "oil on the road")
        case "hears", type:
            return chat.hears(type, view())
        case "wait", seconds:
            chat.wait(seconds)
        case "jobs", n:
            chat.has_jobs(*["Lamp", "Bin", "Oil", "Sign"][:n])
        case "quote", yes:
            chat.knows(quoted_case="demo-G001-2611-00001" if yes else "")
    return None


def photos_in(state: Conversation) -> set[str]:
    return {part.photo.digest for part in (*state.draft, *state.held) if part.photo}


def photos_submitted(chat: Chatting) -> list[str]:
    found = []
    for each in chat.submitted:
        if isinstance(each, ReportSubmission | SupplementSubmission | ActSubmission):
            found += [photo.digest for photo in (*each.photos, *each.after_photos)]
    return found


@given(st.lists(STEPS, max_size=14))
def test_no_photo_is_lost_unless_the_person_drops_it_and_none_is_used_twice(steps: list[tuple[str, Any]]) -> None:
    chat = Chatting()
    for step in steps:
        before, name = photos_in(chat.state), photo(f"{step[1]}{chat.count}").digest
        do(chat, step)
        there = photos_in(chat.state) | set(photos_submitted(chat))
        dropped = step[0] == "takes_back" or (chat.said and chat.last == "All right, nothing was reported.")
        assert dropped or before <= there
        assert step[0] not in ("photo", "album") or name in there
    used = photos_submitted(chat)
    assert len(used) == len(set(used))


@given(st.lists(STEPS, max_size=14))
def test_whatever_somebody_sends_they_get_at_most_two_messages_and_one_question(steps: list[tuple[str, Any]]) -> None:
    chat = Chatting()
    for step in steps:
        turn = do(chat, step)
        if turn is not None:
            assert len(turn.say) <= 2
            assert all(each.text for each in turn.say)
            assert all(len(button.value) <= 60 for each in turn.say for button in each.buttons)


@given(st.lists(STEPS, max_size=10))
def test_nothing_is_met_with_silence_for_ever(steps: list[tuple[str, Any]]) -> None:
    """After enough time there is no draft of which the person heard nothing: it was sent, or it was asked about."""
    chat = Chatting()
    for step in steps:
        do(chat, step)
    chat.wait(100_000)
    assert not chat.state.draft or chat.said
    assert chat.state.wake_ms is None


@given(st.lists(STEPS, max_size=8), WORDS)
def test_a_turn_taken_twice_is_the_same(steps: list[tuple[str, Any]], text: str) -> None:
    chat = Chatting()
    for step in steps:
        do(chat, step)
    incoming = Incoming(id="again", sender="42", chat="42", t_ms=1, content=Wrote(text=text))
    heard = Heard(incoming, "chat-again")
    once = engine.take(chat.state, heard, chat.knowledge)
    assert engine.take(chat.state, heard, replace(chat.knowledge)) == once

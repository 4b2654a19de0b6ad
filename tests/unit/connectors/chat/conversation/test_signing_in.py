"""Who asks for a link gets one if the region names them, alone, where there are pages; else they hear what to do."""

import pytest

from connectors.chat.conversation.commands import command_in
from connectors.chat.conversation.state import Verb
from connectors.chat.conversation.turn import Knowledge
from schemas.names import Language
from schemas.people import Role
from tests.worlds.builders import START
from tests.worlds.chats import Chatting


def handler(**fields: object) -> Chatting:
    known = {"listed": True, "link_minutes": 15, "roles": frozenset({Role.PATROLLER}), **fields}
    return Chatting(Knowledge("owner-1", Language.EN, START, **known))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "words", ["sign in", "Sign in.", "log in", "login", "/signin", "登录", "登录！", "登陆", "我要登录", "登录网页"]
)
def test_many_words_ask_for_a_link(words: str) -> None:
    assert command_in(words) is Verb.SIGN_IN


def test_the_answer_waits_for_its_link() -> None:
    chat = handler()
    chat.writes("sign in")
    (answer,) = chat.said
    assert (answer.signs_in, answer.link, chat.submitted) == (True, "", [])
    assert "within 15 minutes" in answer.text


def test_help_offers_it_to_those_who_can() -> None:
    chat = handler()
    chat.writes("help")
    assert "write “sign in”" in chat.last
    chat.taps("Sign in")
    assert chat.said[-1].signs_in


@pytest.mark.parametrize(
    ("fields", "begins"),
    [
        ({"listed": False}, "You can report here without signing in."),
        ({"link_minutes": 0}, "This system has no pages"),
        ({"alone": False}, "Others read along here."),
    ],
)
def test_without_a_link_it_is_said_why(fields: dict[str, object], begins: str) -> None:
    chat = handler(**fields)
    chat.writes("登录")
    (answer,) = chat.said
    assert (answer.signs_in, answer.text.startswith(begins)) == (False, True)
    chat.writes("help")
    assert "Sign in" not in chat.labels


def test_a_report_that_is_being_put_together_stays() -> None:
    chat = handler()
    chat.sends_photo()
    chat.writes("sign in")
    assert len(chat.state.draft) == 1

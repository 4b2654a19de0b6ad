import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.chat.conversation.commands import invitation_in
from connectors.contacts.tokens import new_token, token_of, words_for
from schemas.names import Language

TOKEN = "k7f3-9mqx-2htw"


@pytest.mark.parametrize("language", Language)
def test_what_an_invitation_says_to_write_is_understood(language: Language) -> None:
    token = new_token()
    assert token_of(invitation_in(words_for(token, language))) == token


@pytest.mark.parametrize(
    "text", [f"绑定{TOKEN}", f"绑定：{TOKEN}", f" BIND {TOKEN.upper()} ", "bind k7f39mqx2htw", f"/start {TOKEN}"]
)
def test_however_it_is_typed(text: str) -> None:
    assert token_of(invitation_in(text)) == TOKEN


@pytest.mark.parametrize(
    "text", ["", "绑定", "bind", "bind me to this job", "路灯坏了", TOKEN, f"bind {TOKEN} {TOKEN}"]
)
def test_other_words_are_no_invitation(text: str) -> None:
    assert invitation_in(text) == ""


@given(st.text())
def test_anything_may_be_written(text: str) -> None:
    assert token_of(text) in {"", token_of(token_of(text))}


def test_tokens_differ() -> None:
    assert len({new_token() for _ in range(1000)}) == 1000

"""JSON from outside."""

import pytest

from connectors.chat.decoding import decoded


def test_plain_json() -> None:
    assert decoded('{"text": "路面有油污 😀"}'.encode()) == {"text": "路面有油污 😀"}


@pytest.mark.parametrize("body", [b'{"text": "half \\ud83d of one"}', b'{"text": "half \xf0\x9f of one"}'])
def test_half_a_character_does_not_stop_what_comes_behind(body: bytes) -> None:
    text = decoded(body)["text"]
    assert text.startswith("half ")
    assert text.endswith(" of one")
    assert text.encode()


@pytest.mark.parametrize("body", [b"", b"<html>", b"[" * 100_000, b'{"a": ' * 5000])
def test_no_json(body: bytes) -> None:
    with pytest.raises(ValueError, match=r"."):
        decoded(body)

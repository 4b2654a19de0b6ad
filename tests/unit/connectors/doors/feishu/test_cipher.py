"""Encryption and signature against a second implementation, with another library."""

import base64
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.doors.feishu.cipher import UndecipheredError, decrypted, is_signed
from tests.worlds.feishu.phones import encrypted, signed


def text_of(body: bytes) -> str:
    text: str = json.loads(body)["encrypt"]
    return text


@given(st.binary(max_size=100), st.text(min_size=1, max_size=40))
def test_what_the_other_one_encrypts_is_read(plain: bytes, key: str) -> None:
    """At every length of the padding."""
    assert decrypted(key, text_of(encrypted(plain, key))) == plain


@pytest.mark.parametrize("size", range(33))
def test_all_lengths_around_the_block(size: int) -> None:
    assert decrypted("key", text_of(encrypted(b"x" * size, "key"))) == b"x" * size


def test_an_example_that_another_program_made() -> None:
    """The vendor's page has this pair of key and text."""
    text = "P37w+VZImNgPEO1RBhJ6RtKl7n6zymIbEG1pReEzghk="
    assert decrypted("test key", text) == b"hello world"


@given(st.text(max_size=200))
def test_anything_else_is_refused_with_one_error(text: str) -> None:
    with pytest.raises(UndecipheredError):
        decrypted("key", text)


@given(st.binary(min_size=32, max_size=160))
def test_noise_of_the_right_shape_is_refused_or_has_a_padding_by_chance(noise: bytes) -> None:
    try:
        plain = decrypted("key", base64.b64encode(noise).decode())
    except UndecipheredError:
        return
    assert len(plain) < len(noise) - 16


@given(st.binary(max_size=200), st.integers(0, 2**33))
def test_a_signature_is_over_the_bytes_that_came(body: bytes, t_s: int) -> None:
    """One blank more, and it does not fit."""
    head = signed(body, t_s, "key").headers
    given_, timestamp, nonce = (head[f"X-Lark-{name}"] for name in ("Signature", "Request-Timestamp", "Request-Nonce"))
    assert is_signed(given_, "key", timestamp, nonce, body)
    assert not is_signed(given_, "key", timestamp, nonce, body + b" ")
    assert not is_signed(given_, "other", timestamp, nonce, body)
    assert not is_signed("ü", "key", timestamp, nonce, body)

"""The cipher against an independent one, in both directions at every length of the padding, and against anything."""

import base64
import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st
from wechatpy.crypto import PrpCrypto, _get_signature
from wechatpy.exceptions import InvalidAppIdException

from connectors.chat.weixin.cipher import (
    CipherError,
    MessageCipher,
    key_of,
    media_key_of,
    signature,
    without_padding,
)
from tests.worlds.weixin.cloud import ID
from tests.worlds.weixin.phones import KEY

CIPHER = MessageCipher(key_of(KEY), ID)
ORACLE = PrpCrypto(base64.b64decode(f"{KEY}="))
MESSAGE = "<xml><Content>湖滨南路井盖坏了</Content></xml>"


@pytest.mark.parametrize("length", range(33))
def test_we_read_what_the_oracle_writes_and_the_other_way_round(length: int) -> None:
    message = MESSAGE + "x" * length
    assert CIPHER.decrypt(ORACLE.encrypt(message, ID).decode()) == message.encode()
    assert ORACLE.decrypt(CIPHER.encrypt(message.encode()), ID) == message


def test_what_is_for_another_company_is_refused_by_both() -> None:
    other = ORACLE.encrypt(MESSAGE, "ww-another").decode()
    with pytest.raises(CipherError, match="another receiver"):
        CIPHER.decrypt(other)
    with pytest.raises(InvalidAppIdException):
        ORACLE.decrypt(other, ID)


@given(st.lists(st.text(max_size=20), min_size=4, max_size=4))
def test_the_signature_is_the_oracles(parts: list[str]) -> None:
    assert signature(*parts) == _get_signature(*parts)


@given(st.text(max_size=300) | st.binary(max_size=300).map(lambda raw: base64.b64encode(raw).decode()))
def test_anything_else_is_refused_with_one_error(text: str) -> None:
    with pytest.raises(CipherError):
        CIPHER.decrypt(text)


@given(st.binary(max_size=100))
def test_a_message_that_was_changed_on_the_way_never_crashes(noise: bytes) -> None:
    raw = bytearray(base64.b64decode(CIPHER.encrypt(b"<xml/>")))
    for n, each in enumerate(noise[: len(raw)]):
        raw[n] ^= each
    with contextlib.suppress(CipherError):
        CIPHER.decrypt(base64.b64encode(raw).decode())


@pytest.mark.parametrize("key", ["", "x" * 42, "x" * 44, "井" * 43, "!" * 43, f"{KEY[:-1]} "])
def test_a_key_is_43_characters_of_base64(key: str) -> None:
    with pytest.raises(CipherError):
        key_of(key)


def test_the_key_of_a_file_may_lack_its_padding() -> None:
    whole = base64.b64encode(bytes(range(32))).decode()
    assert media_key_of(whole) == media_key_of(whole.rstrip("=")) == bytes(range(32))
    for wrong in ("", "abc", "井", base64.b64encode(bytes(31)).decode()):
        with pytest.raises(CipherError):
            media_key_of(wrong)


@pytest.mark.parametrize("wrong", [b"", b"x\x00", b"x" * 40 + b"\x21" * 33, b"\x02", b"x\x01\x02"])
def test_padding_that_is_none_is_refused(wrong: bytes) -> None:
    with pytest.raises(CipherError):
        without_padding(wrong)

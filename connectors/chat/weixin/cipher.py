"""AES-256-CBC as Weixin uses it: the first 16 bytes of the key are the IV, and PKCS#7 pads to 32 bytes, not 16.

A callback carries base64 of: 16 random bytes, the length of the message (4 bytes, big-endian), the message, and the id
of whom it is for. Agrees with `wechatpy` in both directions at every length of the padding.
"""

import base64
import binascii
import hashlib
import os
from typing import Final

from cryptography.hazmat.primitives.ciphers import Cipher, CipherContext, algorithms, modes

BLOCK: Final = 16
PADDED_TO: Final = 32
KEY_BYTES: Final = 32
KEY_CHARACTERS: Final = 43
_HEAD: Final = 20


class CipherError(ValueError):
    """This was not encrypted with our key, or is not for us."""


def key_of(encoding_key: str) -> bytes:
    """The key in an EncodingAESKey of 43 characters. Raises `CipherError`."""
    try:
        # not strict about the two spare bits of the last character: the platform's own generator is not either
        key = base64.b64decode(f"{encoding_key}=".encode(), validate=True)
    except (binascii.Error, UnicodeEncodeError) as error:
        raise CipherError("the key is no base64") from error
    if len(encoding_key) != KEY_CHARACTERS or len(key) != KEY_BYTES:
        raise CipherError("the key has not 43 characters")
    return key


def media_key_of(encoded: str) -> bytes:
    """The key in the `aeskey` of a file, base64 with or without its padding. Raises `CipherError`."""
    try:
        key = base64.b64decode(encoded.encode() + b"=" * (-len(encoded) % 4), validate=True)
    except (binascii.Error, UnicodeEncodeError) as error:
        raise CipherError("the key is no base64") from error
    if len(key) != KEY_BYTES:
        raise CipherError("the key has not 32 bytes")
    return key


def decryptor(key: bytes) -> CipherContext:
    """Decrypts in pieces; the padding stays."""
    return Cipher(algorithms.AES(key), modes.CBC(key[:BLOCK])).decryptor()


def without_padding(plain: bytes) -> bytes:
    """Raises `CipherError` where the end is no PKCS#7 padding of 1 to 32 bytes."""
    size = plain[-1] if plain else 0
    if not 1 <= size <= min(PADDED_TO, len(plain)) or plain[-size:] != bytes([size]) * size:
        raise CipherError("wrong padding")
    return plain[:-size]


class MessageCipher:
    """Encrypts and decrypts the messages of one callback."""

    def __init__(self, key: bytes, receiver: str) -> None:
        """`receiver` is the corp id of WeCom, the app id of WeChat."""
        self._key = key
        self._receiver = receiver.encode()

    def encrypt(self, message: bytes) -> str:
        """A message as the platform writes it."""
        plain = os.urandom(BLOCK) + len(message).to_bytes(4, "big") + message + self._receiver
        size = PADDED_TO - len(plain) % PADDED_TO
        encryptor = Cipher(algorithms.AES(self._key), modes.CBC(self._key[:BLOCK])).encryptor()
        return base64.b64encode(encryptor.update(plain + bytes([size]) * size) + encryptor.finalize()).decode()

    def decrypt(self, encrypted: str) -> bytes:
        """The message. Raises `CipherError`, also for a message to somebody else."""
        try:
            raw = base64.b64decode(encrypted.encode(), validate=True)
        except (binascii.Error, UnicodeEncodeError) as error:
            raise CipherError("no base64") from error
        if not raw or len(raw) % BLOCK:
            raise CipherError("no whole blocks")
        open_ = decryptor(self._key)
        plain = without_padding(open_.update(raw) + open_.finalize())
        end = _HEAD + int.from_bytes(plain[BLOCK:_HEAD], "big")
        if len(plain) < _HEAD or end > len(plain):
            raise CipherError("shorter than it says")
        if plain[end:] != self._receiver:
            raise CipherError("for another receiver")
        return plain[_HEAD:end]


def signature(*parts: str) -> str:
    """Hexadecimal SHA-1 of the sorted parts: of the callback's token, the timestamp, the nonce, and what is signed."""
    joined = "".join(sorted(parts)).encode("utf-8", "surrogatepass")
    return hashlib.sha1(joined, usedforsecurity=False).hexdigest()  # their choice; the cipher guards the content

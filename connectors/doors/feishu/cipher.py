"""How Feishu encrypts and signs events: it reads what `lark-oapi` 1.7.5 reads, and refuses what that refuses.

AES-256-CBC: the key is the SHA-256 of the Encrypt Key, the IV the first 16 bytes of what comes, the padding PKCS#7
to 16 bytes.
"""

import base64
import binascii
import hashlib
import hmac
from typing import Final

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

BLOCK: Final = 16


class UndecipheredError(ValueError):
    """This was not encrypted with our key."""


def decrypted(encrypt_key: str, encrypted: str) -> bytes:
    """The plain bytes of base64. Raises `UndecipheredError`."""
    try:
        raw = base64.b64decode(encrypted.encode(), validate=True)
    except (binascii.Error, UnicodeEncodeError) as error:
        raise UndecipheredError("no base64") from error
    if len(raw) < 2 * BLOCK or len(raw) % BLOCK:
        raise UndecipheredError("no whole blocks")
    key = hashlib.sha256(encrypt_key.encode()).digest()
    open_ = Cipher(algorithms.AES(key), modes.CBC(raw[:BLOCK])).decryptor()
    plain = open_.update(raw[BLOCK:]) + open_.finalize()
    size = plain[-1]
    if not 1 <= size <= BLOCK or plain[-size:] != bytes([size]) * size:
        raise UndecipheredError("wrong padding")
    return plain[:-size]


def signature(encrypt_key: str, timestamp: str, nonce: str, body: bytes) -> str:
    """Hexadecimal; over the bytes of the body as they came, since JSON that is written anew differs."""
    return hashlib.sha256((timestamp + nonce + encrypt_key).encode("utf-8", "replace") + body).hexdigest()


def is_signed(given: str, encrypt_key: str, timestamp: str, nonce: str, body: bytes) -> bool:
    """Whether the signature fits, in constant time."""
    ours = signature(encrypt_key, timestamp, nonce, body)
    return hmac.compare_digest(ours.encode(), given.encode("utf-8", "replace"))

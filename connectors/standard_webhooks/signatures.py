"""Signatures of Standard Webhooks 1.0.0; pure. `standardwebhooks` 1.1.0 agrees in both directions.

`v1,` and base64 of HMAC-SHA256 over `id.timestamp.body`, the body's bytes as they are; blanks between several.
"""

import base64
import binascii
import hmac
import re
from collections.abc import Sequence
from typing import Final

PREFIX: Final = "whsec_"
LEAST_BYTES: Final = 24
MOST_BYTES: Final = 64
MOST_SIGNATURES: Final = 10
ID: Final = re.compile(r"[A-Za-z0-9_:/+=~@-]{1,200}")
"""Ids of messages. The dot divides what is signed, so it can be in none."""
_TIMESTAMP: Final = re.compile(r"[0-9]{1,11}")


class NoKeyError(ValueError):
    """This is no secret of Standard Webhooks."""


class NotSignedError(ValueError):
    """The id, the timestamp or the signature is missing, malformed or wrong."""


class WrongTimeError(ValueError):
    """It was signed too long ago, or in the future."""


def key_of(secret: str) -> bytes:
    """The key in a secret: 24 to 64 bytes. Raises `NoKeyError`."""
    encoded = secret.removeprefix(PREFIX).rstrip("=")
    try:
        key = base64.b64decode(encoded.encode("ascii") + b"=" * (-len(encoded) % 4), validate=True)
    except (binascii.Error, UnicodeEncodeError) as error:
        raise NoKeyError from error
    if not LEAST_BYTES <= len(key) <= MOST_BYTES:
        raise NoKeyError
    return key


def signature(keys: Sequence[bytes], id: str, timestamp_s: int, body: bytes) -> str:
    """The header: one signature for each key."""
    return " ".join(f"v1,{base64.b64encode(_mac(key, id, str(timestamp_s), body)).decode()}" for key in keys)


def verify(
    keys: Sequence[bytes], id: str, timestamp: str, signatures: str, body: bytes, *, now_s: float, window_s: float
) -> None:
    """Raises `NotSignedError` unless one signature fits one key, then `WrongTimeError`. In constant time for each."""
    if ID.fullmatch(id) is None or _TIMESTAMP.fullmatch(timestamp) is None:
        raise NotSignedError
    macs = [_mac(key, id, timestamp, body) for key in keys]
    given = [each for each in map(_given, signatures.split(" ")[:MOST_SIGNATURES]) if each is not None]
    if not any([hmac.compare_digest(mac, each) for mac in macs for each in given]):  # noqa: C419 - all are compared
        raise NotSignedError
    if abs(now_s - int(timestamp)) > window_s:
        raise WrongTimeError


def _mac(key: bytes, id: str, timestamp: str, body: bytes) -> bytes:
    return hmac.digest(key, f"{id}.{timestamp}.".encode() + body, "sha256")


def _given(one: str) -> bytes | None:
    """Of other versions, such as `v1a`, nothing."""
    version, _, encoded = one.partition(",")
    if version != "v1":
        return None
    try:
        return base64.b64decode(encoded.encode("ascii"), validate=True)
    except (binascii.Error, UnicodeEncodeError):
        return None

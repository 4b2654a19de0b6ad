"""What `intake` stores of a report that was seen, and the digest by which a repeated one is recognised."""

import hashlib
from typing import Final

from schemas.codec import decode, writer
from schemas.models import LogModel
from streams.locate.seen_reports import Seen


class SeenReport(LogModel):
    """The value of `intake`: home of a report ("" when set aside), digest of its content, log time in minutes."""

    home: str = ""
    content: str
    minute: int


_encoded: Final = writer(SeenReport)


def seen_value(seen: Seen) -> bytes:
    """The value of a record of `intake`."""
    return _encoded({"home": seen.home, "content": seen.content.hex(), "minute": seen.minute})


def seen_in(value: bytes) -> Seen:
    """The same, read again."""
    known = decode(SeenReport, value)
    return Seen(bytes.fromhex(known.content), known.home, known.minute)


def content_digest(report: bytes, received_ms: int) -> bytes:
    """Digest of a report without the time of the door's clock: equal when the same report is sent again."""
    return digest(report.replace(b'"received_ms":%d' % received_ms, b'"received_ms":0'))


def digest(content: bytes) -> bytes:
    """Eight bytes."""
    return hashlib.blake2b(content, digest_size=8).digest()

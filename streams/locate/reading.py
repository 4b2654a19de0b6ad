"""What `locate` reads in a record besides its message: an id where there is one, switches, words on parked records."""

import json
import re
from collections.abc import Iterable, Iterator
from contextlib import suppress
from typing import Final

from schemas.codec import UnreadableError, decode_any, encode
from schemas.report import INCOMING, Activation, Report
from schemas.settling import IN_REPORTS, SettleReport
from schemas.topics import partition_of
from streams.locate.seen_record import content_digest, digest
from streams.locate.seen_reports import Seen
from streams.partition.contract import ConsumedRecord
from streams.rulebooks.schedule import Switch, switch_of

ACTIVATION: Final = b'"activation"'
NO_REPORT: Final = frozenset({"supplement", "activation", "settle"})
SETTLE: Final = b'{"type":"settle"'
"""How a word on a parked record begins; it holds that record, and may be larger than one."""
DROPPED: Final = "-"
"""Stands for the home of a report that was parked and dropped."""
_ID: Final = re.compile(r"[^\s\x00-\x1f]{1,100}")


def readable_id(value: bytes, partition: int, partitions: int) -> str | None:
    """The id, if it can be read, of a value that was meant to be a report of this partition."""
    try:
        read = json.loads(value)
    except (ValueError, RecursionError):
        return None
    report = read.get("id") if isinstance(read, dict) and read.get("type") not in NO_REPORT else None
    if not isinstance(report, str) or not _ID.fullmatch(report) or not _encodes(report):
        return None
    return report if partition_of(report, partitions) == partition else None


def asked_switches(records: Iterable[ConsumedRecord]) -> Iterator[Switch]:
    """The switches that these records ask for."""
    for value in [record.value for record in records if ACTIVATION in (record.value or b"")]:
        with suppress(UnreadableError):
            if isinstance(incoming := decode_any(INCOMING, value), Activation):
                yield switch_of(incoming)


def settle_in(record: ConsumedRecord) -> SettleReport | None:
    """The word on a parked record, if this is one."""
    value = record.value or b""
    if not value.startswith(SETTLE):
        return None
    try:
        asked = decode_any(IN_REPORTS, value)
    except UnreadableError:
        return None
    return asked if isinstance(asked, SettleReport) else None


def is_settled(asked: SettleReport, seen: Seen) -> bool:
    """Whether the parked record became a case or was dropped; `seen` is what is remembered under its id."""
    if seen.home == DROPPED:
        return seen.content == digest(asked.value)
    try:
        parked = decode_any(IN_REPORTS, asked.value)
    except UnreadableError:
        return False
    return isinstance(parked, Report) and seen.content == content_digest(encode(parked), parked.received_ms)


def _encodes(text: str) -> bool:
    """Whether it is valid Unicode: JSON can spell lone surrogates, which nothing else accepts."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True

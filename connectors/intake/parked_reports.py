"""Tracks reports that were parked after they were received, so that a status request can give the reason."""

import json
from collections import OrderedDict
from collections.abc import Iterator
from typing import Final

from schemas.topics import PARKED
from streams.kafka.topic_reader import TopicReader

MOST: Final = 100_000


class ParkedReports:
    """Follows the topic `parked` and stores why each report was parked, for the latest `most` reports."""

    def __init__(self, most: int = MOST) -> None:
        self._most = most
        self._reasons: OrderedDict[str, str] = OrderedDict()

    def reason(self, report: str) -> str | None:
        """Why a report was parked; None if it was not, as far as is known."""
        return self._reasons.get(report)

    async def follow(self, servers: str, *, prefix: str = "") -> None:
        """Read until cancelled; waits while Kafka is away."""
        async with TopicReader(servers, prefix + PARKED, compacted=True) as tail:
            async for records in tail.follow():
                for record in records:
                    self.take(record.value)

    def take(self, value: bytes | None) -> None:
        """Process one record; a command that opens a case has the id of its report."""
        for report, reason in _named(value):
            self._reasons[report] = reason
        while len(self._reasons) > self._most:
            self._reasons.popitem(last=False)


def _named(value: bytes | None) -> Iterator[tuple[str, str]]:
    try:
        record = json.loads(value or b"")
    except ValueError:  # written by another release; `grid36 parked` shows it
        return
    if isinstance(record, dict) and isinstance(record.get("id"), str) and not record.get("case"):
        yield record["id"], str(record.get("reason", ""))

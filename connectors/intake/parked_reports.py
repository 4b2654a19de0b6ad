"""Tracks reports that were parked after they were received, so that a status request can give the reason."""

import json
from collections import OrderedDict
from collections.abc import Iterator
from typing import Final

from schemas.topics import PARKED
from streams.kafka.topic_reader import TopicReader

MOST: Final = 100_000


class ParkedReports:
    """Follows the topic `parked` and knows why each report of it was set aside; the latest `most` are remembered."""

    def __init__(self, most: int = MOST) -> None:
        self._most = most
        self._reasons: OrderedDict[str, str] = OrderedDict()

    def reason(self, report: str) -> str | None:
        """Why a report was set aside; None when it was not, as far as is known."""
        return self._reasons.get(report)

    async def follow(self, servers: str, *, prefix: str = "") -> None:
        """Read for ever, through every absence of Kafka."""
        async with TopicReader(servers, prefix + PARKED, compacted=True) as tail:
            async for records in tail.follow():
                for record in records:
                    self.take(record.value)

    def take(self, value: bytes | None) -> None:
        """One record; what opens a case has the id of its report."""
        for report, reason in _named(value):
            self._reasons[report] = reason
        while len(self._reasons) > self._most:
            self._reasons.popitem(last=False)


def _named(value: bytes | None) -> Iterator[tuple[str, str]]:
    try:
        kept = json.loads(value or b"")
    except ValueError:  # by another release; `grid36 parked` shows it
        return
    if isinstance(kept, dict) and isinstance(kept.get("id"), str) and not kept.get("case"):
        yield kept["id"], str(kept.get("reason", ""))

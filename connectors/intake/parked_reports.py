"""Tracks reports that were parked after they were received, so that a status request can give the reason."""

import json
from collections import OrderedDict
from typing import Final

from connectors.intake.parked_records import ParkedRecords
from schemas.parked import SettleOutcome
from schemas.topics import PARKED
from streams.kafka.topic_reader import TopicReader

MOST: Final = 100_000


class ParkedReports:
    """Follows the topic `parked` and stores why each report was parked, for the latest `most` reports."""

    def __init__(self, most: int = MOST) -> None:
        self._most = most
        self._reasons: OrderedDict[str, str] = OrderedDict()
        self.records = ParkedRecords()
        """The latest records, whole."""

    def reason(self, report: str) -> str | None:
        """Why a report was parked; None if it was not, as far as is known."""
        return self._reasons.get(report)

    async def follow(self, servers: str, *, prefix: str = "") -> None:
        """Read until cancelled; waits while Kafka is away."""
        async with TopicReader(servers, prefix + PARKED, compacted=True) as tail:
            async for records in tail.follow():
                for record in records:
                    self.take(record.value)
                    self.records.take(record.partition, record.offset, record.value)

    def take(self, value: bytes | None) -> None:
        """Process one record; a command that opens a case has the id of its report."""
        try:
            record = json.loads(value or b"")
        except ValueError:  # written by another release; `grid36 parked` shows it
            return
        if not isinstance(record, dict):
            return
        if record.get("outcome") == SettleOutcome.RETRIED:
            self._reasons.pop(str(record.get("report")), None)
        elif isinstance(record.get("id"), str) and not record.get("case"):
            self._reasons[record["id"]] = str(record.get("reason", ""))
        while len(self._reasons) > self._most:
            self._reasons.popitem(last=False)

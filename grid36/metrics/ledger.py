"""Figures of the ledger process: how far it is, what is open and overdue, and how long dispatching took."""

import asyncio
from collections.abc import Callable, Sequence
from typing import Final

from prometheus_client import Histogram

from connectors.clock import now_ms
from connectors.ledger.address import LedgerAddress
from connectors.ledger.connection import LedgerAway
from connectors.ledger.queries.cases import Ledger
from connectors.ledger.write.batch import BatchRows
from grid36.metrics.families import Families, counters, gauge, gauges
from schemas.event import EventType
from schemas.topics import EVENTS
from streams.kafka.event_log import Logged

BUCKETS_S: Final = (0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0, 300.0, 1800.0, 7200.0, 43_200.0, 86_400.0)


class LedgerFigures:
    """Of the ledger at `path`. `took` is told of each batch that the process follows; a rebuild tells nothing."""

    def __init__(self, path: LedgerAddress, clock: Callable[[], int] = now_ms) -> None:
        self._ledger = Ledger(path)
        self._clock = clock
        self._dispatch = Histogram(
            "grid36_time_to_dispatch_seconds",
            "From when a report was submitted until somebody had its case, by the log; waiting for a place counts.",
            buckets=BUCKETS_S,
            registry=None,
        )

    def took(self, logged: Sequence[Logged], batch: BatchRows) -> None:
        """Count the first dispatch of each case; not those that were imported, or that a duty made due."""
        for each in logged:
            event = each.fields
            at_ms = (event.get("now") or {}).get("dispatched_ms")
            if event["type"] != EventType.DISPATCHED or at_ms is None:
                continue
            known = batch.cases.get(event["case"])
            if known is None or known.doc.get("history") or known.doc.get("duty") or not known.doc.get("submitted_ms"):
                continue
            self._dispatch.observe(max(0, at_ms - known.doc["submitted_ms"]) / 1000)

    async def collect(self) -> Families:
        """All figures; the file is read in a thread."""
        return [*self._dispatch.collect(), *await asyncio.to_thread(self._read)]

    def _read(self) -> Families:
        try:
            counts = self._ledger.counts(self._clock())
            positions, last_ms = self._ledger.positions(), self._ledger.last_ms()
        except LedgerAway:
            return []
        return [
            gauges(
                "grid36_cases",
                "Cases by their state; archived ones are among them.",
                ("state",), {(state.value,): float(number) for state, number in counts.states.items()},
            ),
            gauge("grid36_cases_overdue", "Open cases that are past due and whose clock runs.", counts.late),
            counters(
                "grid36_ledger_events",
                "Events that the ledger has, by partition. The worker's ordinal of the partition less this is its lag.",
                ("partition",),
                {(str(number),): float(at.n) for (topic, number), at in positions.items() if topic == EVENTS},
            ),
            gauges(
                "grid36_ledger_next_offset",
                "The first offset of a topic that the ledger has not stored yet.",
                ("topic", "partition"),
                {(topic, str(number)): float(at.offset) for (topic, number), at in positions.items()},
            ),
            gauge(
                "grid36_ledger_newest_event_timestamp_seconds",
                "The time of the newest event in the ledger, as seconds since 1970.",
                last_ms / 1000,
            ),
        ]  # fmt: skip

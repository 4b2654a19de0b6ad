"""Cases that are counted together: their sums, their times and days to resolution."""

import sqlite3
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import NamedTuple
from zoneinfo import ZoneInfo

from connectors.ledger.percentiles import Bucketed
from connectors.ledger.queries.stats_totals import By, Of, Span, Total, days_of, late_of, times_in, totals
from connectors.ledger.sums import BUCKET


@dataclass(slots=True)
class FigureGroup:
    """What some cases add up to."""

    sums: Counter[str] = field(default_factory=Counter)
    """Those of `sums.EACH`, and `open_late`."""
    times_ms: Bucketed[Of] = field(default_factory=lambda: Bucketed(1 << BUCKET))
    days: list[int] = field(default_factory=list)
    """Days to resolution of cases of which only days are known, in no order."""

    @property
    def opened(self) -> int:
        """How many cases it has."""
        return self.sums["opened"]

    def add(self, total: Total) -> None:
        """Count these cases, too."""
        self.sums.update(total.sums)
        if total.bucket is not None:
            self.times_ms.count(total.of, total.bucket, total.cases)


class Cohort(NamedTuple):
    """The cases of a span, of one kind (None: all kinds), added up by `by`; open ones are late as of `at_ms`."""

    by: By
    span: Span
    kind: str | None
    at_ms: int
    zone: ZoneInfo
    """In which days are counted."""


def collect(
    ledger: sqlite3.Connection, cohort: Cohort, group: Callable[[Of], FigureGroup], *, percentiles: bool = True
) -> None:
    """Add up all cases of a cohort, each in the group that `group` names for it.

    Without `percentiles` no single time is read, and none may be asked for.
    """
    by, span, kind, at_ms, zone = cohort
    seen: dict[int, FigureGroup] = {}

    def in_group(of: Of) -> FigureGroup:
        found = group(of)
        return seen.setdefault(id(found), found)

    for total in totals(ledger, by, span, kind):
        in_group(total.of).add(total)
    for of, count in late_of(ledger, by, span, at_ms, kind):
        in_group(of).sums["open_late"] += count
    if percentiles:
        wanted = [each for some in seen.values() for each in some.times_ms.wanted()]
        for of, took_ms in times_in(ledger, by, span, wanted):
            in_group(of).times_ms.read(took_ms)
    for of, days, count in days_of(ledger, by, span, kind, zone):
        in_group(of).days += [days] * count

"""Cases that are counted together: their sums, their times and days to resolution."""

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple
from zoneinfo import ZoneInfo

from connectors.ledger.kept.sums import SUMS
from connectors.ledger.percentiles import SHARES, Bucketed
from connectors.ledger.queries.stats_totals import Of, SumsBy, Total, days_of, late_of, times_in, totals
from connectors.ledger.span import Span
from connectors.ledger.sql import LedgerRows


@dataclass(slots=True)
class FigureGroup:
    """What some cases add up to."""

    sums: Counter[str] = field(default_factory=Counter)
    """Those of `sums.EACH`, and `open_late`."""
    times_ms: Bucketed[Of] = field(default_factory=Bucketed)
    days: list[int] = field(default_factory=list)
    """Days to resolution of cases of which only days are known, in no order."""

    @property
    def opened(self) -> int:
        """How many cases it has."""
        return self.sums["opened"]

    def add(self, total: Total) -> None:
        """Count these cases, too."""
        sums = self.sums
        for name, value in total.sums.items():
            if value:
                sums[name] += value
        if total.times:
            self.times_ms.count(total.of, total.times)

    def add_group(self, other: "FigureGroup") -> None:
        """Count the cases of a group of another span, too; times that it has read are not taken over."""
        self.sums.update(other.sums)
        self.times_ms.count_all(other.times_ms)
        self.days += other.days


class Cohort(NamedTuple):
    """The cases of a span, of one kind (None: all kinds), added up by `by`; open ones are late as of `at_ms`."""

    by: SumsBy
    span: Span
    kind: str | None
    at_ms: int
    zone: ZoneInfo
    """In which days are counted."""
    shares: Collection[float] = SHARES
    """Which percentiles will be asked for."""
    reads_late: bool = True
    """Whether what is open and late will be."""
    names: Sequence[str] = tuple(SUMS)
    """Which sums will be."""


Groups = Callable[[Of], Iterable[FigureGroup]]
"""In which groups cases are that have this in common."""


def collect(ledger: LedgerRows, cohort: Cohort, groups: Groups) -> None:
    """Add up all cases of a cohort, and read the times around percentiles."""
    wanted: dict[int, FigureGroup] = {}

    def noted(of: Of) -> Iterable[FigureGroup]:
        found = groups(of)
        wanted.update((id(each), each) for each in found)
        return found

    add_up(ledger, cohort, noted)
    read_times(ledger, cohort, groups, wanted.values())


def add_up(ledger: LedgerRows, cohort: Cohort, groups: Groups) -> None:
    """Add up all cases of a cohort, each in its groups; of times only how many are about as long."""
    by, span, kind, at_ms, zone, shares, reads_late, names = cohort
    for total in totals(ledger, by, span, kind, buckets=bool(shares), names=names):
        for group in groups(total.of):
            group.add(total)
    for of, count in late_of(ledger, by, span, at_ms, kind) if reads_late else ():
        for group in groups(of):
            group.sums["open_late"] += count
    for of, days, count in days_of(ledger, by, span, kind, zone):
        for group in groups(of):
            group.days += [days] * count


def read_times(ledger: LedgerRows, cohort: Cohort, groups: Groups, wanted: Iterable[FigureGroup]) -> None:
    """Read the times around the percentiles of all groups."""
    if not cohort.shares:
        return
    asked = {each for group in wanted for each in group.times_ms.wanted(cohort.shares)}
    for of, bucket, times_ms in times_in(ledger, cohort.by, cohort.span, asked):
        for group in groups(of):
            group.times_ms.read(bucket, times_ms)

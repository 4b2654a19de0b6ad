"""What the address of the page of statistics asks for, and addresses that ask for it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final, Literal
from urllib.parse import urlencode

from connectors.intake.refusal import bad
from connectors.ledger.queries.statistics.grouping import DIMENSIONS, Dimension
from connectors.ledger.queries.statistics.metrics import BY_KEY, CaseMetric
from connectors.ledger.queries.statistics.periods import DayPeriod, recent
from connectors.ledger.queries.stats import KINDS
from schemas.days import read_day

View = Literal["months", "metrics"] | Dimension
VIEWS: Final[tuple[View, ...]] = ("months", "metrics", *DIMENSIONS)
MONTHS: Final = 6
"""How far back it looks if the address does not say."""
MOST_MONTHS: Final = 24


@dataclass(frozen=True, slots=True)
class StatisticsAsked:
    """One metric month by month, all metrics of the whole period, or one metric of it by a second dimension."""

    view: View
    by: Dimension
    metric: CaseMetric
    kind: str
    period: DayPeriod

    @classmethod
    def of(cls, query: Mapping[str, str], today: date) -> "StatisticsAsked":
        """Read an address; unknown choices are ignored. Raises `Refused` (400) for days that are none."""
        by = next((each for each in DIMENSIONS if each == query.get("by")), DIMENSIONS[0])
        view: View = next((each for each in VIEWS if each == query.get("view") and each != by), "months")
        kind = query.get("kind", "")
        metric = BY_KEY.get(query.get("metric", ""), BY_KEY["mean_s"])
        return cls(view, by, metric, kind if kind in KINDS else KINDS[0], period_of(query, today))

    @property
    def across(self) -> Dimension | None:
        """The dimension of the columns; None for months and metrics."""
        return next((each for each in DIMENSIONS if each == self.view), None)

    def address(self, path: str = "/statistics", **other: str) -> str:
        """The address that asks for it, or for what is `other`."""
        asked = {
            "view": self.view, "by": self.by, "metric": self.metric.key, "kind": self.kind,
            "from": self.period.first.isoformat(), "to": self.period.last.isoformat(),
        }  # fmt: skip
        return f"{path}?{urlencode(asked | other)}"


def period_of(query: Mapping[str, str], today: date) -> DayPeriod:
    """From `from` to `to`, both included; without them the last months up to today. Raises `Refused` (400)."""
    usual = recent(today, MONTHS)
    last = _day(query, "to") or usual.last
    first = _day(query, "from") or (usual.first if usual.first <= last else last.replace(day=1))
    if first > last:
        raise bad("period_order", "from_day", first=first, last=last)
    if (last.year - first.year) * 12 + last.month - first.month >= MOST_MONTHS:
        raise bad("period_long", "from_day", most=MOST_MONTHS)
    return DayPeriod(first, last)


def _day(query: Mapping[str, str], where: str) -> date | None:
    text = query.get(where, "")
    if not text:
        return None
    try:
        return read_day(text)
    except ValueError:
        raise bad("bad_day", f"{where}_day", given=text[:40]) from None

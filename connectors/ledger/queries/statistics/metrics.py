"""The catalogue of metrics, as data: what each is about, how it is computed, and which way is better. Pure.

Their names and definitions in both languages are the texts `pages.metric.*` and `pages.defined.*`.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, Literal, NamedTuple

from connectors.ledger.calls import RATED
from connectors.ledger.kept.sums import SUMS
from connectors.ledger.percentiles import MIDDLE, MOST, percentile
from connectors.ledger.queries.statistics.call_sets import CallSet
from connectors.ledger.queries.statistics.counted import CaseSet, count, sums_of
from connectors.ledger.queries.statistics.group import FigureGroup

Unit = Literal["cases", "share", "time", "days", "number", "calls", "score"]
Source = Literal["gbt30428", "hotline", "own"]
"""Whose term it is: GB/T 30428, the three rates 三率 of hotlines, or ours."""
MS: Final = 1000


class MetricValue(NamedTuple):
    """The value of a metric; None where there is nothing to measure."""

    value: float | None
    n: int
    """How many cases it is about, or calls."""
    part: int | None = None
    """How many of them, for a share."""
    cases: int | None = None
    """Of how many cases these calls are; None where cases are counted."""
    part_cases: int | None = None


NOTHING: Final = MetricValue(None, 0)


@dataclass(frozen=True, slots=True)
class CaseMetric:
    """One figure. It is the number of cases in `of`, or their share in `part`, or their mean or percentile."""

    key: str
    unit: Unit
    """Times are seconds, shares 0 to 1."""
    of: CaseSet
    """The cases that it is about, all of them."""
    part: CaseSet | None = None
    mean_of: str | None = None
    """A sum of `sums.EACH`, or `days`."""
    share: float | None = None
    """Of a percentile: how many of the cases took no longer."""
    better: Literal["more", "less"] | None = None
    source: Source = "own"

    def value(self, group: FigureGroup) -> float | None:
        """Its value; None where there is nothing to measure. `group` has single times if `reads_times`."""
        n = count(group, self.of)
        if self.unit == "cases":
            return n
        if not n:
            return None
        if self.part is not None:
            return round(count(group, self.part) / n, 4)
        if self.share is not None:
            if self.unit == "days":
                return percentile(sorted(group.days), self.share)
            return group.times_ms.percentile(self.share, MS)
        total = sum(group.days) if self.mean_of == "days" else group.sums[self.mean_of or ""]
        return round(total / n / (MS if self.unit == "time" else 1), 3)

    @property
    def reads_times(self) -> bool:
        """Whether single times are needed."""
        return self.share is not None and self.unit == "time"

    @property
    def names(self) -> list[str]:
        """The sums that it needs."""
        sets = (self.of, self.part) if self.part is not None else (self.of,)
        mean = [self.mean_of] if self.mean_of is not None and self.mean_of in SUMS else []
        return [name for each in sets for name in sums_of(each)] + mean

    @property
    def reads_late(self) -> bool:
        """Whether it counts what is open and late."""
        return self.of in {"open_late", "due"}

    def cell(self, group: FigureGroup) -> MetricValue:
        """Its value, and of how many cases it is."""
        part = count(group, self.part) if self.part is not None else None
        return MetricValue(self.value(group), count(group, self.of), part)


CallSums = Counter[str]
"""How many calls are in each set, and of how many cases under the same name with `_cases`, and the sums of scores."""


@dataclass(frozen=True, slots=True)
class CallMetric:
    """One figure of calls by a whistle: the number of calls in `of`, their share in `part`, or the mean of a score."""

    key: str
    unit: Unit
    of: CallSet
    """The calls that it is about, all of them."""
    part: CallSet | None = None
    mean_of: str | None = None
    """A score."""
    better: Literal["more", "less"] | None = None
    source: Source = "own"

    @property
    def sets(self) -> list[CallSet]:
        """The sets that it needs."""
        return [self.of] if self.part is None else [self.of, self.part]

    @property
    def reads_times(self) -> bool:
        """Never."""
        return False

    def value(self, sums: CallSums) -> float | None:
        """Its value; None where there is nothing to measure."""
        n = sums[self.of]
        if self.unit == "calls":
            return n
        if not n:
            return None
        return round(sums[self.part] / n, 4) if self.part is not None else round(sums[self.mean_of or ""] / n, 2)

    def cell(self, sums: CallSums) -> MetricValue:
        """Its value, and of how many calls for how many cases it is."""
        part, cases = (None, None) if self.part is None else (sums[self.part], sums[f"{self.part}_cases"])
        return MetricValue(self.value(sums), sums[self.of], part, sums[f"{self.of}_cases"], cases)


Metric = CaseMetric | CallMetric
OPENED: Final = CaseMetric("opened", "cases", "opened")
CALLED: Final = CallMetric("called", "calls", "called")
METRICS: Final[tuple[Metric, ...]] = (
    OPENED,
    CaseMetric("closed", "cases", "closed", source="gbt30428"),
    CaseMetric("resolved", "cases", "resolved", source="gbt30428"),
    CaseMetric("mean_s", "time", "timed", mean_of="took_ms", better="less"),
    CaseMetric("p50_s", "time", "timed", share=MIDDLE, better="less"),
    CaseMetric("p90_s", "time", "timed", share=MOST, better="less"),
    CaseMetric("mean_verifying_s", "time", "timed", mean_of="verifying_ms", better="less"),
    CaseMetric("mean_days", "days", "by_day", mean_of="days", better="less"),
    CaseMetric("on_time_rate", "share", "due", "on_time", better="more", source="gbt30428"),
    CaseMetric("open_late", "cases", "open_late"),
    CaseMetric("response_rate", "share", "responded_judged", "responded", better="more", source="hotline"),
    CaseMetric("resolution_rate", "share", "solved_judged", "solved", better="more", source="hotline"),
    CaseMetric("satisfaction_rate", "share", "satisfied_judged", "satisfied", better="more", source="hotline"),
    CaseMetric("rework_rate", "share", "resolved", "rework", better="less", source="gbt30428"),
    CaseMetric("extension_rate", "share", "own", "extended", better="less", source="gbt30428"),
    CaseMetric("mean_hops", "number", "own", mean_of="hops", better="less"),
    CaseMetric("above_one_hop", "cases", "above_one_hop"),
    CaseMetric("escalated", "cases", "escalated"),
    CaseMetric("merged", "cases", "merged"),
    CaseMetric("refused", "cases", "refused"),
    CALLED,
    CallMetric("report_in_rate", "share", "report_in_due", "reported_in", better="more"),
    *(CallMetric(name, "score", "report_in_rated", mean_of=name, better="more") for name in RATED),
)
BY_KEY: Final[dict[str, Metric]] = {metric.key: metric for metric in METRICS}
COUNTS: Final[frozenset[Unit]] = frozenset({"cases", "calls"})
"""Units of figures that are numbers of what they are about."""


def of_cases(metrics: Iterable[Metric]) -> list[CaseMetric]:
    """Those that are about cases."""
    return [metric for metric in metrics if isinstance(metric, CaseMetric)]


def of_calls(metrics: Iterable[Metric]) -> list[CallMetric]:
    """Those that are about calls."""
    return [metric for metric in metrics if isinstance(metric, CallMetric)]


def volume(metric: Metric) -> Metric:
    """How much there is of what a metric is about."""
    return CALLED if isinstance(metric, CallMetric) else OPENED

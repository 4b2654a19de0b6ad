"""What calls by a whistle add up to, by one or two dimensions, over a period: report-ins 报到 and their ratings.

Calls are counted, and the cases that they are for beside them: one case can have several calls.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from connectors.ledger.queries.statistics.call_sets import CallSet, call_condition, calls_in
from connectors.ledger.queries.statistics.grouping import Grouping
from connectors.ledger.queries.statistics.metrics import CallMetric, CallSums, MetricValue
from connectors.ledger.queries.stats_totals import Of
from connectors.ledger.span import Span
from connectors.ledger.sql import LedgerRows

CallCells = dict[str, MetricValue]


class CallReading(NamedTuple):
    """Which metrics of which calls."""

    connection: LedgerRows
    metrics: Sequence[CallMetric]
    span: Span
    kind: str
    at_ms: int
    """As of when limits have passed."""

    def whole(self) -> CallCells:
        """All calls together."""
        return self.cells(self._groups(()).get((), Counter()))

    def groups(self, grouping: Grouping) -> dict[str, CallCells]:
        """By the keys of one dimension."""
        return {key: self.cells(sums) for (key,), sums in self._groups((grouping,)).items()}

    def pairs(self, grouping: Grouping, across: Grouping) -> dict[tuple[str, str], CallCells]:
        """By the keys of two dimensions."""
        return {(one, other): self.cells(sums) for (one, other), sums in self._groups((grouping, across)).items()}

    def cells(self, sums: CallSums) -> CallCells:
        """The metrics of some calls."""
        return {metric.key: metric.cell(sums) for metric in self.metrics}

    def _groups(self, by: Sequence[Grouping]) -> Mapping[tuple[str, ...], CallSums]:
        keys = [grouping.call_key() for grouping in by]
        sets = list[CallSet](dict.fromkeys(each for metric in self.metrics for each in metric.sets))
        means = list(dict.fromkeys(metric.mean_of for metric in self.metrics if metric.mean_of is not None))
        sums = [count for each in sets for count in _counts(call_condition(each, self.at_ms))]
        sums += [f"coalesce(sum({name}), 0)" for name in means]
        source, values = calls_in(self.span, self.kind)
        order = ", ".join(str(n) for n in range(1, len(by) + 1))
        grouped = f" GROUP BY {order}" if by else ""
        query = f"SELECT {', '.join([*(key for key, _ in keys), *sums])} FROM {source}{grouped}"  # noqa: S608 - names of ours
        names = [name for each in sets for name in (each, f"{each}_cases")] + means
        found = dict[tuple[str, ...], CallSums]()
        for row in self.connection.execute(query, [*(value for _, given in keys for value in given), *values]):
            key = tuple(grouping.key(Of("", code, "")) for grouping, code in zip(by, row, strict=False))
            found.setdefault(key, Counter()).update(dict(zip(names, row[len(by) :], strict=True)))
        return found


def _counts(condition: str) -> tuple[str, str]:
    """How many calls, and of how many cases."""
    return f"count(CASE WHEN {condition} THEN 1 END)", f"count(DISTINCT CASE WHEN {condition} THEN id END)"

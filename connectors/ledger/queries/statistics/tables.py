"""Metrics of groups over periods: what the page of statistics, its files and the command show."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import NamedTuple
from zoneinfo import ZoneInfo

from connectors.ledger.kept.sums import code_of
from connectors.ledger.queries.statistics.call_figures import CallReading
from connectors.ledger.queries.statistics.group import Cohort, FigureGroup, add_up, read_times
from connectors.ledger.queries.statistics.grouping import Grouping
from connectors.ledger.queries.statistics.metrics import CaseMetric, Metric, MetricValue, of_calls, of_cases
from connectors.ledger.queries.statistics.periods import DayPeriod
from connectors.ledger.queries.stats_totals import Of, totals
from connectors.ledger.reader import LedgerReader
from connectors.ledger.span import Codes
from connectors.ledger.sql import LedgerRows
from schemas.remit import WHOLE, Remit

Cells = Mapping[str, MetricValue]
"""By the keys of metrics."""


class StatisticsQuestion(NamedTuple):
    """Which metrics of which cases and calls, how grouped, and as of when (ms) open ones are late."""

    grouping: Grouping
    metrics: Sequence[Metric]
    kind: str
    """Kinds are never added up."""
    at_ms: int
    zone: ZoneInfo
    within: Remit = WHOLE
    most: int | None = None
    """How many groups are shown, those with the most cases; None: all. A city has thousands of segments."""


class StatisticsColumn(NamedTuple):
    """The cases submitted and the calls made in a period: each group by its key, and all of them together."""

    period: DayPeriod
    groups: dict[str, Cells]
    whole: Cells


class StatisticsTable(NamedTuple):
    """The parts of a period, all of it, and the periods that it is compared with."""

    parts: list[StatisticsColumn]
    whole: StatisticsColumn
    others: list[StatisticsColumn]
    left: int = 0
    """How many groups are not shown."""


class LargestGroups(NamedTuple):
    """The groups that are shown, when these are not all."""

    keys: frozenset[str]
    codes: Codes
    left: int


def table(
    ledger: LedgerReader,
    question: StatisticsQuestion,
    period: DayPeriod,
    parts: Sequence[DayPeriod],
    others: Sequence[DayPeriod],
    *,
    groups_of_others: bool = True,
) -> StatisticsTable:
    """One column for each, all of one state of the ledger; `parts` are none, or make up the whole period."""
    with ledger.snapshot() as connection:
        largest = largest_groups(connection, question, question.grouping, period, question.most)
        shown, compared = _of_cases(
            connection, question, period, parts, others, largest, groups_of_others=groups_of_others
        )
        if of_calls(question.metrics):
            shown = [_with_calls(connection, question, each, largest) for each in shown]
            compared = [_with_calls(connection, question, each, largest, groups=groups_of_others) for each in compared]
    return StatisticsTable(shown[:-1], shown[-1], compared, largest.left if largest else 0)


def largest_groups(
    connection: LedgerRows, question: StatisticsQuestion, grouping: Grouping, period: DayPeriod, most: int | None
) -> LargestGroups | None:
    """The `most` groups with the most cases of a period; None if there are no more, or if all are wanted."""
    if most is None or not of_cases(question.metrics):
        return None
    cases, codes = Counter[str](), dict[str, set[str]]()
    span = period.span(question.zone, question.within)
    for total in totals(connection, grouping.by, span, question.kind, buckets=False, names=("opened",)):
        key = grouping.key(total.of)
        cases[key] += total.sums["opened"]
        codes.setdefault(key, set()).add(total.of.code)
    if len(cases) <= most:
        return None
    keys = frozenset(sorted(cases, key=lambda key: (-cases[key], key))[:most])
    named = frozenset(code for key in keys for code in codes[key])
    return LargestGroups(keys, Codes(code_of(grouping.by), named), len(cases) - most)


def _of_cases(
    connection: LedgerRows,
    question: StatisticsQuestion,
    period: DayPeriod,
    parts: Sequence[DayPeriod],
    others: Sequence[DayPeriod],
    largest: LargestGroups | None,
    *,
    groups_of_others: bool,
) -> tuple[list[StatisticsColumn], list[StatisticsColumn]]:
    """The parts and the whole of a period, and the others; empty columns where nothing is asked of cases."""
    if not of_cases(question.metrics):
        return [StatisticsColumn(each, {}, {}) for each in (*parts, period)], [
            StatisticsColumn(each, {}, {}) for each in others
        ]
    counted = [counted_in(connection, question, part, largest) for part in parts]
    if counted:
        whole = CountedPeriod(question, period, largest)
        for part in counted:
            whole.add(part)
    else:
        whole = counted_in(connection, question, period, largest)
    before = [counted_in(connection, question, each, largest) for each in others]
    shown = [column_of(connection, each) for each in (*counted, whole)]
    return shown, [column_of(connection, each, groups=groups_of_others) for each in before]


def _with_calls(
    connection: LedgerRows,
    question: StatisticsQuestion,
    column: StatisticsColumn,
    largest: LargestGroups | None,
    *,
    groups: bool = True,
) -> StatisticsColumn:
    """The same column with the metrics of calls; a group has both, whichever of them it was found by."""
    span = column.period.span(question.zone, question.within)
    read = CallReading(connection, of_calls(question.metrics), span, question.kind, question.at_ms)
    found = read.groups(question.grouping) if groups else {}
    found = {key: cells for key, cells in found.items() if largest is None or key in largest.keys}
    no_cases, no_calls = _cells(FigureGroup(), of_cases(question.metrics)), read.cells(Counter())
    keys = dict.fromkeys([*column.groups, *found])
    both: dict[str, Cells] = {key: {**column.groups.get(key, no_cases), **found.get(key, no_calls)} for key in keys}
    return StatisticsColumn(column.period, both, {**column.whole, **read.whole()})


class CountedPeriod:
    """The groups of a period while they are added up."""

    def __init__(self, question: StatisticsQuestion, period: DayPeriod, largest: LargestGroups | None) -> None:
        self.question, self.period, self.largest = question, period, largest
        self.groups: dict[str, FigureGroup] = {}
        self.whole = FigureGroup()
        _, every, kind, at_ms, zone, within, _ = question
        metrics = of_cases(every)
        late, names = any(each.reads_late for each in metrics), [name for each in metrics for name in each.names]
        shares = {each.share for each in metrics if each.share is not None and each.reads_times}
        span, by = period.span(zone, within), question.grouping.by
        self.everything = Cohort("month", span, kind, at_ms, zone, shares, late, names) if largest else None
        """All cases together, where the groups are not all that there are."""
        only = (largest.codes,) if largest else ()
        self.cohort = Cohort(by, span._replace(only=only), kind, at_ms, zone, shares, late, names)

    def of(self, of: Of) -> tuple[FigureGroup, ...]:
        """The group of cases, and all of them."""
        return *self.shown(of), self.whole

    def shown(self, of: Of) -> tuple[FigureGroup, ...]:
        """The group of cases, if it is shown."""
        key = self.question.grouping.key(of)
        return (self.group(key),) if self.largest is None or key in self.largest.keys else ()

    def group(self, key: str) -> FigureGroup:
        """The group with a key, which may be new."""
        found = self.groups.get(key)
        if found is None:
            found = self.groups[key] = FigureGroup()
        return found

    def add(self, part: "CountedPeriod") -> None:
        """Count the cases of a part of the period, too."""
        self.whole.add_group(part.whole)
        for key, group in part.groups.items():
            self.group(key).add_group(group)


def counted_in(
    connection: LedgerRows, question: StatisticsQuestion, period: DayPeriod, largest: LargestGroups | None
) -> CountedPeriod:
    """The sums of a period, and how many times are about as long."""
    found = CountedPeriod(question, period, largest)
    add_up(connection, found.cohort, found.shown)
    if found.everything is not None:
        add_up(connection, found.everything, lambda _: (found.whole,))
        return found
    for group in found.groups.values():
        found.whole.add_group(group)
    return found


def column_of(connection: LedgerRows, counted: CountedPeriod, *, groups: bool = True) -> StatisticsColumn:
    """The metrics of what was counted."""
    metrics, named = of_cases(counted.question.metrics), counted.groups if groups else {}
    if counted.everything is None:
        read_times(connection, counted.cohort, counted.of, [*named.values(), counted.whole])
    else:
        read_times(connection, counted.cohort, counted.shown, named.values())
        read_times(connection, counted.everything, lambda _: (counted.whole,), [counted.whole])
    cells = {key: _cells(group, metrics) for key, group in named.items()}
    return StatisticsColumn(counted.period, cells, _cells(counted.whole, metrics))


def _cells(group: FigureGroup, metrics: Sequence[CaseMetric]) -> Cells:
    return {metric.key: metric.cell(group) for metric in metrics}

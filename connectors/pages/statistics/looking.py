"""What the ledger answers for one address of the statistics."""

from collections.abc import Callable, Sequence
from typing import Final, NamedTuple

from connectors.ledger.queries.cases import Ledger
from connectors.ledger.queries.statistics.grouping import Dimension, Grouping
from connectors.ledger.queries.statistics.metrics import METRICS, CallMetric, Metric, volume
from connectors.ledger.queries.statistics.pairs import PairTable, TooManyCases, pairs
from connectors.ledger.queries.statistics.tables import StatisticsColumn, StatisticsQuestion, StatisticsTable, table
from connectors.pages.html.viewer import Viewer
from connectors.pages.statistics.asked import StatisticsAsked
from connectors.pages.statistics.figures import VERIFYING
from connectors.pages.statistics.groupings import classes_of, grouping_of
from connectors.pages.statistics.rows import StatisticsRow, by_volume, ordered

COMPARED: Final = ("whole", "before", "year_ago")


class Months(NamedTuple):
    """The columns: months, and the whole period, the one before it, and the same of last year."""

    months: Sequence[StatisticsColumn]
    compared: Sequence[StatisticsColumn]
    """In the order of `COMPARED`."""

    @property
    def all(self) -> list[StatisticsColumn]:
        """From left to right."""
        return [*self.months, *self.compared]


class StatisticsFound(NamedTuple):
    """Everything that a table says."""

    asked: StatisticsAsked
    grouping: Grouping
    columns: Months
    rows: Sequence[StatisticsRow]


class PairsFound(NamedTuple):
    """The answer for two dimensions."""

    asked: StatisticsAsked
    grouping: Grouping
    across: Grouping
    table: PairTable | TooManyCases


async def look_pairs(viewer: Viewer, asked: StatisticsAsked, second: Dimension) -> PairsFound:
    """Ask the ledger for one metric by two dimensions. Raises `Refused` (503)."""
    grouping, across = grouping_of(viewer.gateway, asked.by), grouping_of(viewer.gateway, second)
    metrics = _with_volume(asked.metric)
    question = StatisticsQuestion(grouping, metrics, asked.kind, viewer.now_ms, viewer.zone, viewer.remit)
    found = await viewer.gateway.ask(lambda ledger: pairs(ledger, question, across, asked.period))
    return PairsFound(asked, grouping, across, found)


async def look(viewer: Viewer, asked: StatisticsAsked) -> StatisticsFound:
    """Ask the ledger; a table of all metrics has no months. Raises `Refused` (503)."""
    grouping, period, every = grouping_of(viewer.gateway, asked.by), asked.period, asked.view == "metrics"
    months = [] if every else period.months()
    others = [period.before(), period.year_ago()]
    metrics = METRICS if every else _with_volume(asked.metric)
    question = StatisticsQuestion(grouping, metrics, asked.kind, viewer.now_ms, viewer.zone, viewer.remit)

    def answer(ledger: Ledger) -> StatisticsTable:
        return table(ledger, question, period, months, others, groups_of_others=not every)

    found = await viewer.gateway.ask(answer)
    here = found.whole.groups
    rows = by_volume(here) if every else ordered(here, asked.metric, _section(viewer, asked))
    return StatisticsFound(asked, grouping, Months(found.parts, [found.whole, *found.others]), rows)


def _with_volume(metric: Metric) -> list[Metric]:
    shown = [metric, volume(metric)] if isinstance(metric, CallMetric) else [metric, volume(metric), VERIFYING]
    return list(dict.fromkeys(shown))


def _section(viewer: Viewer, asked: StatisticsAsked) -> Callable[[str], str] | None:
    if asked.by != "community":
        return None
    classes = classes_of(viewer.gateway)

    def section(key: str) -> str:
        found = classes.get(key)
        return viewer.words("community_class.none" if found is None else f"community_class.{found}")

    return section

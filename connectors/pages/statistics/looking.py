"""What the ledger answers for one address of the statistics."""

from collections.abc import Callable, Sequence
from typing import Final, NamedTuple
from zoneinfo import ZoneInfo

from connectors.ledger.queries.cases import Ledger
from connectors.ledger.queries.statistics.grouping import PERSON, Dimension, Grouping
from connectors.ledger.queries.statistics.metrics import METRICS, CallMetric, Metric, of_cases, volume
from connectors.ledger.queries.statistics.pairs import PairTable, TooManyCases, pairs
from connectors.ledger.queries.statistics.tables import StatisticsColumn, StatisticsQuestion, table
from connectors.pages.html.viewer import Viewer
from connectors.pages.statistics.asked import StatisticsAsked
from connectors.pages.statistics.figures import VERIFYING
from connectors.pages.statistics.groupings import classes_of, grouping_of
from connectors.pages.statistics.people import fair_pairs, fair_table
from connectors.pages.statistics.rows import StatisticsRow, by_volume, ordered
from schemas.remit import WHOLE, Remit

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
    left: int = 0
    """How many groups are not among the rows."""


class PairsFound(NamedTuple):
    """The answer for two dimensions."""

    asked: StatisticsAsked
    grouping: Grouping
    across: Grouping
    table: PairTable | TooManyCases


async def look_pairs(
    viewer: Viewer, asked: StatisticsAsked, second: Dimension, most: tuple[int, int] | None = None
) -> PairsFound:
    """Ask the ledger for one metric by two dimensions; `most`: rows and columns. Raises `Refused` (503)."""
    grouping, across = (grouping_of(viewer.gateway, each, asked.people) for each in (asked.by, second))
    metrics = _with_volume(asked.metric)
    most_rows, most_columns = (None, None) if most is None or asked.of_people else most  # persons need all for fairness
    question = StatisticsQuestion(
        grouping, metrics, asked.kind, viewer.now_ms, viewer.zone, part_of(viewer, asked), most_rows
    )
    found = await viewer.gateway.ask(
        lambda ledger: pairs(ledger, question, across, asked.period, most_columns=most_columns)
    )
    if asked.of_people and isinstance(found, PairTable):
        found = fair_pairs(found, metrics, rows=asked.by == PERSON)
    return PairsFound(asked, grouping, across, found)


async def look(viewer: Viewer, asked: StatisticsAsked, most: int | None = None) -> StatisticsFound:
    """Ask the ledger; a table of all metrics has no months. `most`: rows, those with the most cases.

    Raises `Refused` (503).
    """
    grouping, section = grouping_of(viewer.gateway, asked.by, asked.people), _section(viewer, asked)
    within = part_of(viewer, asked)
    return await viewer.gateway.ask(
        lambda ledger: tabled(ledger, asked, grouping, viewer.now_ms, viewer.zone, within, most, section)
    )


def tabled(
    ledger: Ledger,
    asked: StatisticsAsked,
    grouping: Grouping,
    now_ms: int,
    zone: ZoneInfo,
    within: Remit = WHOLE,
    most: int | None = None,
    section: Callable[[str], str] | None = None,
) -> StatisticsFound:
    """The table as of `now_ms` (UTC), in days of `zone`; `section` says which groups are ranked among each other."""
    period, every = asked.period, asked.view == "metrics"
    months = [] if every else period.months()
    metrics = metrics_of(asked) if every else _with_volume(asked.metric)
    most = None if asked.of_people else most  # persons need all for fairness
    question = StatisticsQuestion(grouping, metrics, asked.kind, now_ms, zone, within, most)
    others = [period.before(), period.year_ago()]
    found = table(ledger, question, period, months, others, groups_of_others=not every)
    if asked.of_people:
        found = fair_table(found, metrics)
    here = found.whole.groups
    rows = by_volume(here) if every or asked.of_people else ordered(here, asked.metric, section)
    return StatisticsFound(asked, grouping, Months(found.parts, [found.whole, *found.others]), rows, found.left)


def metrics_of(asked: StatisticsAsked) -> Sequence[Metric]:
    """All that there are by this dimension: departments are called, and no persons."""
    return of_cases(METRICS) if asked.of_people else METRICS


def part_of(viewer: Viewer, asked: StatisticsAsked) -> Remit:
    """The part of the region that the figures are of."""
    return asked.people.part if asked.of_people and asked.people is not None else viewer.remit


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

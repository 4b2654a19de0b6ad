"""What the ledger answers for the days before and since a version of the list."""

from typing import NamedTuple
from zoneinfo import ZoneInfo

from connectors.ledger.queries.cases import Ledger
from connectors.ledger.queries.statistics.grouping import Grouping
from connectors.ledger.queries.statistics.periods import around
from connectors.ledger.queries.statistics.tables import StatisticsColumn, StatisticsQuestion, table
from connectors.pages.html.viewer import Viewer
from connectors.pages.statistics.asked import StatisticsAsked
from connectors.pages.statistics.groupings import grouping_of
from connectors.pages.statistics.looking import metrics_of, part_of
from connectors.pages.statistics.people import fair_table
from connectors.pages.statistics.versions.effective import EffectiveVersion, effective_versions, version_of
from schemas.days import day_of
from schemas.remit import WHOLE, Remit


class AroundFound(NamedTuple):
    """The days before a version of the list and since then; None where there is nothing to compare."""

    asked: StatisticsAsked
    grouping: Grouping
    versions: list[EffectiveVersion]
    version: EffectiveVersion | None = None
    """None: there are none."""
    before: StatisticsColumn | None = None
    since: StatisticsColumn | None = None
    """Both None: it was not in force for a whole day."""
    first_ms: int | None = None
    """When the first case of the system was reported."""

    @property
    def others(self) -> list[EffectiveVersion]:
        """Other versions that took effect in these days."""
        if self.before is None or self.since is None:
            return []
        first, last = self.before.period.first, self.since.period.last
        return [each for each in self.versions if first <= each.day <= last and each is not self.version]


async def look_around(viewer: Viewer, asked: StatisticsAsked) -> AroundFound:
    """Ask the ledger, for all metrics. Raises `Refused` (400 for a version that there is not, 503)."""
    versions, grouping = effective_versions(viewer), grouping_of(viewer.gateway, asked.by, asked.people)
    found = AroundFound(asked, grouping, versions, version_of(asked.version, versions))
    within = part_of(viewer, asked)
    return await viewer.gateway.ask(lambda ledger: with_sides(ledger, found, viewer.now_ms, viewer.zone, within))


def with_sides(ledger: Ledger, found: AroundFound, now_ms: int, zone: ZoneInfo, within: Remit = WHOLE) -> AroundFound:
    """The same with the figures of both sides as of `now_ms` (UTC), in days of `zone`, where there is a whole one."""
    asked, version = found.asked, found.version
    if version is None:
        return found
    periods = around(version.day, day_of(now_ms, zone), asked.days, apart=not version.whole_day)
    if periods is None:
        return found
    before, since = periods
    metrics = metrics_of(asked)
    question = StatisticsQuestion(found.grouping, metrics, asked.kind, now_ms, zone, within)
    told = table(ledger, question, since, (), [before])
    told = fair_table(told, metrics) if asked.of_people else told
    first = ledger.row("SELECT min(submitted_ms) FROM cases")
    return found._replace(before=told.others[0], since=told.whole, first_ms=first[0] if first else None)

"""Whose figures a reader may see by person: of those not above them, where they have authority."""

from collections.abc import Sequence

from connectors.ledger.queries.statistics.grouping import PeopleShown
from connectors.ledger.queries.statistics.metrics import COUNTS, Metric, MetricValue
from connectors.ledger.queries.statistics.pairs import PairTable
from connectors.ledger.queries.statistics.tables import Cells, StatisticsColumn, StatisticsTable
from connectors.pages.html.viewer import Viewer
from connectors.pages.statistics.figures import FEWEST
from schemas.remit import Remit


def people_shown(viewer: Viewer) -> PeopleShown | None:
    """What the reader may see, also for whom they cover; None: no figures by person at all."""
    if (me := viewer.acts_as) is None:
        return PeopleShown()
    directory = viewer.gateway.directory
    names = (me, *viewer.gateway.absences.covered_by(me, viewer.now_ms))
    parts = {each: part for each in names if (part := directory.people_remit(each))}
    if not parts:
        return None
    part = Remit.joined(parts.values())
    below = frozenset[str]().union(*(directory.below(each) for each in parts))
    if part.everything:
        return PeopleShown(part, None, frozenset(each.id for each in directory.region.persons) - below)
    return PeopleShown(part, below)


def fair_table(found: StatisticsTable, metrics: Sequence[Metric]) -> StatisticsTable:
    """Of fewer than `FEWEST` cases a person has no figure, only their number; of all together there is one."""

    def fairly(column: StatisticsColumn) -> StatisticsColumn:
        return column._replace(groups={key: _fair(cells, metrics) for key, cells in column.groups.items()})

    parts, others = ([*map(fairly, columns)] for columns in (found.parts, found.others))
    return found._replace(parts=parts, whole=fairly(found.whole), others=others)


def fair_pairs(found: PairTable, metrics: Sequence[Metric], *, rows: bool) -> PairTable:
    """The same by two dimensions; the `rows` are persons, or the columns."""
    cells = {pair: _fair(each, metrics) for pair, each in found.cells.items()}
    people = {key: _fair(each, metrics) for key, each in (found.rows if rows else found.columns).items()}
    return found._replace(cells=cells, rows=people) if rows else found._replace(cells=cells, columns=people)


def _fair(cells: Cells, metrics: Sequence[Metric]) -> Cells:
    few = {each.key for each in metrics if each.unit not in COUNTS and cells[each.key].n < FEWEST}
    return {key: MetricValue(None, each.n) if key in few else each for key, each in cells.items()}

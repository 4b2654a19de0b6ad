"""In which order groups stand: by the metric, fairly. Pure."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from connectors.ledger.queries.statistics.metrics import CALLED, OPENED, Metric
from connectors.ledger.queries.statistics.tables import Cells
from connectors.pages.statistics.figures import FEWEST

MOST_ROWS: Final = 100
"""On a page; files have all."""


@dataclass(frozen=True, slots=True)
class StatisticsRow:
    """One group over the whole period."""

    key: str
    value: float | None = None
    section: str = ""
    """Only groups of one section are compared."""
    rank: int | None = None
    few: bool = False
    """Too few cases to be ranked."""


def ordered(
    groups: Mapping[str, Cells], metric: Metric, section: Callable[[str], str] | None = None
) -> list[StatisticsRow]:
    """The best first, then groups of fewer than `FEWEST` cases; by their number where nothing is better than another.

    With `section` groups stand by section, and have a rank in it.
    """
    found, sections = list[StatisticsRow](), dict[str, list[str]]()
    for key in groups:
        sections.setdefault(section(key) if section else "", []).append(key)
    for name in sorted(sections):
        rank = 0
        for key in sorted(sections[name], key=lambda key: _order(groups[key], metric, key)):
            cell = groups[key][metric.key]
            few = metric.better is not None and cell.n < FEWEST
            ranked = section is not None and metric.better is not None and not few and bool(key)
            rank += ranked
            found.append(StatisticsRow(key, cell.value, name, rank if ranked else None, few))
    return found


def by_volume(groups: Mapping[str, Cells]) -> list[StatisticsRow]:
    """The largest first."""
    return [StatisticsRow(key) for key in sorted(groups, key=lambda key: (_volume(groups[key]), key))]


def _order(cells: Cells, metric: Metric, key: str) -> tuple[bool, float, int, str]:
    cell, volume = cells[metric.key], _volume(cells)
    if metric.better is None:
        return False, -(cell.value or 0), volume, key
    if cell.value is None or cell.n < FEWEST:
        return True, 0, volume, key
    return False, cell.value if metric.better == "less" else -cell.value, volume, key


def _volume(cells: Cells) -> int:
    return -(cells.get(OPENED.key) or cells[CALLED.key]).n

"""Figures of a file like New York's by complaint type and month: plain csv and clocks, and none of our code.

`python -m tests.accept.file_figures FILE AREAS` prints them as CSV, one line for each type and month and for each type;
times are seconds, percentiles linear between ranks. Rows without a usable place are left out, as on the page.
"""

import csv
import sys
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

from tests.accept.expect import Areas

ZONE: Final = ZoneInfo("America/New_York")
CLOCK: Final = "%m/%d/%Y %I:%M:%S %p"
EVERY: Final = ""
"""All types, or all months."""
FIGURES: Final = ("opened", "closed", "mean_s", "p50_s", "p90_s")
OUTSIDE_M: Final = 50.0
"""How far outside an area a point still belongs to it, where the region says nothing else."""
Holds = Callable[[float, float], bool]
"""Whether a place (longitude, latitude) is one of the region's."""


@dataclass(slots=True)
class FileGroup:
    """Rows that are counted together."""

    opened: int = 0
    seconds: list[int] = field(default_factory=list)
    """From the report to its end, of those that ended."""

    def figures(self) -> dict[str, float | None]:
        """By the names of `FIGURES`; None where nothing ended."""
        took = sorted(self.seconds)
        mean = sum(took) / len(took) if took else None
        found: dict[str, float | None] = {"opened": self.opened, "closed": len(took), "mean_s": mean}
        return found | {"p50_s": _rank(took, 0.5), "p90_s": _rank(took, 0.9)}


def groups_of(file: Path, holds: Holds) -> dict[tuple[str, str], FileGroup]:
    """By complaint type and month (`2015-12`); `EVERY` stands for all of them."""
    found: defaultdict[tuple[str, str], FileGroup] = defaultdict(FileGroup)
    with file.open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            opened = _instant(row["created_date"])
            if opened is None or not row["unique_key"] or not _placed(row, holds):
                continue
            closed = _instant(row["closed_date"], opened)
            month = f"{row['created_date'][6:10]}-{row['created_date'][:2]}"
            for key in ((kind, of) for kind in (row["complaint_type"], EVERY) for of in (month, EVERY)):
                group = found[key]
                group.opened += 1
                if closed is not None and closed >= opened:
                    group.seconds.append(round(closed - opened))
    return dict(found)


def _instant(text: str, after: float = 0.0) -> float | None:
    """Seconds since the epoch; of two instants that the clocks show alike the first that is not before `after`."""
    try:
        clock = datetime.strptime(text, CLOCK)  # noqa: DTZ007 - the zone comes next
    except ValueError:
        return None
    first, second = (clock.replace(tzinfo=ZONE, fold=fold).timestamp() for fold in (0, 1))
    return first if first >= after else second


def _placed(row: Mapping[str, str], holds: Holds) -> bool:
    try:
        lat, lon = float(row["latitude"]), float(row["longitude"])
    except ValueError:
        return False
    return abs(lat) <= 90 and abs(lon) <= 180 and holds(lon, lat)


def _rank(ascending: Sequence[int], share: float) -> float | None:
    if not ascending:
        return None
    place = share * (len(ascending) - 1)
    below, above = ascending[int(place)], ascending[min(int(place) + 1, len(ascending) - 1)]
    return below + (above - below) * (place - int(place))


def main(file: Path, areas: Path) -> None:
    """Print the table."""
    out = csv.writer(sys.stdout)
    out.writerow(("complaint_type", "month", *FIGURES))
    for (kind, month), group in sorted(groups_of(file, Areas(areas, OUTSIDE_M).holds).items()):
        found = group.figures()
        out.writerow((kind or "all", month or "all", *(found[name] for name in FIGURES)))


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))

"""How many reports one core places per second: `python -m bench.locate` in the repository's root.

A city of 1,920 grids and 10,560 road segments, coordinates drawn evenly over it, then addresses.
"""

import random
import time
from collections import Counter
from collections.abc import Sequence

from rules.places import RegionIndex
from schemas.place import Coordinates, PlaceGiven
from tests.generators.city import CELL, SOUTH, WEST, city

COLUMNS, ROWS = 48, 40
REPORTS = 100_000


def coordinates(count: int) -> list[PlaceGiven]:
    """Points all over the city, in WGS-84 and GCJ-02 alike."""
    draw = random.Random(36)
    return [
        PlaceGiven.model_validate(
            {
                "coordinates": Coordinates.model_validate(
                    {
                        "lon": WEST + draw.random() * COLUMNS * CELL,
                        "lat": SOUTH + draw.random() * ROWS * CELL,
                        "datum": draw.choice(["wgs84", "gcj02"]),
                    }
                )
            }
        )
        for _ in range(count)
    ]


def addresses(count: int) -> list[PlaceGiven]:
    """House numbers in Chinese and English."""
    draw = random.Random(36)
    places = ((draw.randrange(COLUMNS), draw.randrange(ROWS), draw.randrange(5)) for _ in range(count))
    forms = ("云{r:03}排{k}路{n}号", "{n} Cloud {r}-{k} Road")
    return [PlaceGiven(address=draw.choice(forms).format(r=r, k=k, n=c * 100 + 12)) for c, r, k in places]


def measure(name: str, index: RegionIndex, given: Sequence[PlaceGiven]) -> None:
    """Print reports per second on one core, the slowest first round with its empty caches included."""
    for round_name in ("cold", "warm"):
        start = time.process_time()
        kinds = Counter(index.locate(place).kind for place in given)
        took = time.process_time() - start
        print(f"{name} {round_name}: {len(given) / took:,.0f}/s  {took / len(given) * 1e6:.1f} µs  {dict(kinds)}")


def main() -> None:
    """Build the city and place reports in it."""
    start = time.process_time()
    region = city(COLUMNS, ROWS, roads_per_grid=6, segment_limit_m=30)
    made = time.process_time()
    index = RegionIndex(region)
    print(f"{len(region.grids)} grids, {len(region.segments)} segments: {time.process_time() - made:.2f} s to compile")
    print(f"({made - start:.2f} s to validate)")
    measure("coordinates", index, coordinates(REPORTS))
    measure("addresses", index, addresses(REPORTS))


if __name__ == "__main__":
    main()

"""How many reports one core places per second: `python -m bench.locate` in the repository's root.

A city of 1,920 grids and 10,560 road segments, coordinates drawn evenly over it, then addresses.
"""

import random
import time
from collections.abc import Callable, Sequence

from bench.mix import EXAMPLE
from bench.table import Row, markdown
from grid36.files.rulebook import load_rulebook
from rules.book.compiled_rulebook import CompiledRulebook
from rules.places.region_index import RegionIndex
from rules.tables.index import IndexMatcher
from schemas.codec import encode
from schemas.place import Coordinates, PlaceGiven, PlaceResult
from schemas.report import Report, Reporter
from streams.kafka.gc_tuning import rarely_collected
from streams.locate.step import LocateStep
from streams.partition.contract import ConsumedRecord
from streams.rulebooks.cache import cache_of
from tests.generators.city import CELL, SOUTH, WEST, city

COLUMNS, ROWS = 48, 40
RATE = 10_000


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


def rate(locate: Callable[[PlaceGiven], PlaceResult], given: Sequence[PlaceGiven]) -> float:
    """Reports per second of CPU."""
    start = time.process_time()
    for place in given:
        locate(place)
    return len(given) / (time.process_time() - start)


def step_rate(step: LocateStep, given: Sequence[PlaceGiven], way: str) -> float:
    """Reports per second of CPU through the whole step: read, placed, remembered, written."""
    reports = [
        Report(id=f"{way}-{i}", text="路面有问题", place=p, reporter=Reporter(id="r"), door="page", received_ms=0)
        for i, p in enumerate(given)
    ]
    records = [ConsumedRecord(i, 1, report.id.encode(), encode(report)) for i, report in enumerate(reports)]
    start = time.process_time()
    for record in records:
        step.apply(record, 1)
    return len(records) / (time.process_time() - start)


def measure(reports: int = 100_000) -> list[Row]:
    """Both ways of giving a place, first with empty caches, then again, then through the whole step."""
    with rarely_collected():  # as in a worker
        return _measured(reports)


def _measured(reports: int) -> list[Row]:
    region = city(COLUMNS, ROWS, roads_per_grid=6, segment_limit_m=30)
    rulebook = load_rulebook(EXAMPLE)
    start = time.process_time()
    index = RegionIndex(region)
    rows = [Row.plain("locate: a city is compiled in", time.process_time() - start, "s CPU")]
    book = CompiledRulebook(region, rulebook, "", index, IndexMatcher(rulebook.tables))
    size = f"{len(region.grids):,} polygons, {len(region.segments):,} segments"
    for way, given in (("coordinates", coordinates(reports)), ("addresses", addresses(reports))):
        rows.append(Row.at_least(f"locate {way}, {size}, first time", rate(index.locate, given), RATE, "/s"))
        rows.append(Row.plain(f"locate {way}, again", rate(index.locate, given), "/s", 0))
        step = LocateStep(0, 1, cache_of(book))
        rows.append(
            Row.at_least(f"locate {way}, the whole step", step_rate(step, given[: reports // 5], way), RATE, "/s")
        )
    return rows


if __name__ == "__main__":
    print(markdown(measure()))

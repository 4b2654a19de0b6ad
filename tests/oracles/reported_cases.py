"""What counts of cases by place and category say, by a walk over all of them."""

from collections import Counter
from collections.abc import Collection

from connectors.ledger.queries.recurrence.spots import FEWEST, SpotCounts, Spots


def reported_as(now: Spots, year_ago: Spots, places: Collection[str]) -> tuple[SpotCounts, SpotCounts]:
    """Where one of two periods has enough cases, the sums of all `places`, and what is at others."""
    enough = {each for spots in (now, year_ago) for each, n in spots.items() if n >= FEWEST}
    return _one(now, enough, places), _one(year_ago, enough, places)


def _one(cases: Spots, enough: Collection[tuple[str, str]], places: Collection[str]) -> SpotCounts:
    known = {each: n for each, n in cases.items() if each[0] in places}
    by_category = Counter[str]()
    for (_, category), n in known.items():
        by_category[category] += n
    spots = {each: n for each, n in known.items() if each in enough}
    return SpotCounts(spots, by_category, sum(cases.values()) - sum(known.values()))

"""What counts of cases by place and category say, by a walk over all of them."""

from collections import Counter
from collections.abc import Collection

from connectors.ledger.queries.recurrence.spots import FEWEST, SpotCounts, Spots


def reported_as(cases: Spots, places: Collection[str], *, also: Collection[tuple[str, str]] = ()) -> SpotCounts:
    """The places with enough cases or asked for, the sums of all `places`, and what is at others."""
    known = {each: n for each, n in cases.items() if each[0] in places}
    by_category = Counter[str]()
    for (_, category), n in known.items():
        by_category[category] += n
    spots = {each: n for each, n in known.items() if n >= FEWEST or each in also}
    return SpotCounts(spots, by_category, sum(cases.values()) - sum(known.values()))

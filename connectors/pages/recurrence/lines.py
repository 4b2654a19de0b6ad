"""The lines of the file of hot spots, for the page and the terminal."""

from collections.abc import Callable, Iterator
from typing import Final

from connectors.ledger.queries.recurrence.exposure import PlaceKind
from connectors.ledger.queries.recurrence.spots import HotSpot, HotSpots, Season
from connectors.pages.recurrence.remedied import Remedies

_FIELDS: Final = (
    "category", "category_name", "cases", "expected", "times_expected", "false_discovery_rate", "year_ago", "season",
)  # fmt: skip
_REMEDY: Final = ("remedy", "remedy_state")
"""Standing remedies are of segments."""
Line = tuple[str | float | None, ...]
Called = Callable[[str], str]


def fields_of(by: PlaceKind) -> tuple[str, ...]:
    """The names of the columns, documented in `docs/roles/supervisor.md`."""
    return (by, f"{by}_name", *_FIELDS, *(_REMEDY if by == "segment" else ()))


def times(spot: HotSpot) -> float:
    """How many times as many as expected."""
    return spot.cases / spot.expected


def lines_of(
    found: HotSpots, by: PlaceKind, kind: str, known: Remedies, place: Called, category: Called
) -> Iterator[Line]:
    """A line for each; `year_ago` is None where nothing is known of that year."""
    for each in found.found:
        line: Line = (
            each.place, place(each.place), each.category, category(each.category), each.cases,
            round(each.expected, 3), round(times(each), 2), each.false,
            None if each.season is Season.UNKNOWN else each.year_ago, each.season.value,
        )  # fmt: skip
        case = known.get((each.place, each.category, kind))
        remedy: Line = (None, None) if case is None else (case.number, case.state.value)
        yield line + (remedy if by == "segment" else ())

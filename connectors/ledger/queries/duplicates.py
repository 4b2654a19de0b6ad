"""Possible duplicates that are never merged automatically, such as cases across the border of two grids."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import cos, radians
from typing import Any, Final

from connectors.ledger.queries.cases import Ledger
from schemas.case import WITH_ORDER, Case, State
from schemas.duplicate_distance import EARTH_M_PER_DEGREE, FAR, apart
from schemas.joining import ways
from schemas.limit import limit_ms
from schemas.place import PlaceFound
from schemas.rulebook import Merge, Rulebook

MOST: Final = 5
ORDERED: Final = tuple(state.value for state in State if state in WITH_ORDER)
QUERY: Final = (
    "SELECT doc FROM cases INDEXED BY cases_near CROSS JOIN docs USING (id)"  # noqa: S608 - only names of ours
    f" WHERE open = 1 AND state IN ({', '.join('?' * len(ORDERED))})"
    " AND submitted_ms BETWEEN ? AND ? AND category IN (SELECT value FROM json_each(?)) AND master IS NULL"
)


@dataclass(frozen=True, slots=True)
class PossibleDuplicate:
    """An open case near another one of its category; `metres` is None if both are on a segment that counts as a whole.

    A person may merge `joins` into `into`; both are None while neither can be merged without a loss.
    """

    case: Case
    metres: float | None
    joins: str | None
    into: str | None


def possible_duplicates(ledger: Ledger, case: Case, rulebook: Rulebook) -> list[PossibleDuplicate]:
    """The nearest open cases of the same category, radius and window, at most five; ties go to the oldest.

    Only a new report is merged automatically, and only within its grid: these are across a border, or came near by a
    correction. A pair that a person split is left out. Raises `LedgerAway`.
    """
    known = rulebook.category(case.category)
    merge = known.merge if known is not None else None
    alone = case.master is not None or case.remedy is not None or case.state not in WITH_ORDER
    if merge is None or case.place is None or alone:
        return []
    names = rulebook.called().get(case.category, ())
    near = [
        (other, metres)
        for other in _candidates(ledger, case, case.place, merge, names)
        if other.number not in {case.number, *case.split_from}
        and other.remedy is None
        and case.number not in other.split_from
        and other.place is not None
        and (metres := apart(case.place, other.place, merge)) is not FAR
    ]
    near.sort(key=lambda each: (each[1] or 0.0, each[0].submitted_ms, each[0].number))
    return [_possible(case, other, metres) for other, metres in near[:MOST]]


def duplicate_json(possible: PossibleDuplicate) -> dict[str, Any]:
    """As JSON; `act` is the command that merges the two."""
    other, place = possible.case, possible.case.place
    fields: dict[str, Any] = {"case": other.number, "state": other.state, "place": place.label if place else ""}
    if possible.metres is not None:
        fields["metres"] = round(possible.metres, 1)
    if possible.joins is not None:
        fields["act"] = f"grid36 act {possible.joins} merge --to {possible.into} --by PERSON"
    return fields


def _candidates(ledger: Ledger, case: Case, place: PlaceFound, merge: Merge, names: Sequence[str]) -> Iterable[Case]:
    """Open cases of these categories on the segment, or in a box of degrees that covers the radius."""
    if merge.linear and place.segment is not None:
        where, values = "segment = ?", list[object]([place.segment])
    elif place.lon is None or place.lat is None:
        return ()
    else:
        north = merge.radius_m / EARTH_M_PER_DEGREE * 1.001
        east = north / max(cos(radians(abs(place.lat) + north)), 1e-6)
        where = "lat BETWEEN ? AND ? AND lon BETWEEN ? AND ?"
        values = [place.lat - north, place.lat + north, place.lon - east, place.lon + east]
    window_ms = limit_ms(merge.window)
    times = case.submitted_ms - window_ms, case.submitted_ms + window_ms
    rows = ledger.rows(f"{QUERY} AND {where}", *ORDERED, *times, json.dumps(names), *values)
    return (Case.model_validate_json(row[0]) for row in rows)


def _possible(case: Case, other: Case, metres: float | None) -> PossibleDuplicate:
    """The newer case joins the older one, or the reverse if it would lose something or can no longer join."""
    way = next(ways(case, other), None)
    return PossibleDuplicate(other, metres, way and way[0].number, way and way[1].number)

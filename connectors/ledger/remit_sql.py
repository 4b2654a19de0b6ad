"""A part of the region as SQL over the table of cases. Pure.

A condition suits where few cases are read anyway. Where most of a large table would be passed over, `ways` finds the
cases by an index each, and no case by two of them.
"""

import json
from typing import Final, NamedTuple

from schemas.remit import Remit

AMONG: Final = "IN (SELECT value FROM json_each(?))"


class CaseWay(NamedTuple):
    """Some cases of a part of the region: the index that finds them, the condition and its values."""

    by: str
    condition: str
    values: list[object]


def held(remit: Remit) -> tuple[list[str], list[object]]:
    """The condition (none for the whole region) that holds for its cases, and the values."""
    if remit.everything:
        return [], []
    asked = {
        f"grid {AMONG}": remit.grids,
        f"department {AMONG}": remit.departments,
        f"(proposes IS NOT NULL AND grid {AMONG})": remit.lists,
    }
    given = {condition: among(values) for condition, values in asked.items() if values}
    given = given or {f"grid {AMONG}": among(frozenset())}  # SQLite plans no query with a condition that is false
    return [f"({' OR '.join(given)})"], list(given.values())


def ways(remit: Remit) -> list[CaseWay]:
    """How its cases are found one grid and one department at a time, each in the order of reports."""
    found = [CaseWay("cases_grid", "grid = ?", [grid]) for grid in sorted(remit.grids)]
    outside, values = f"(grid IS NULL OR grid NOT {AMONG})", [among(remit.grids)]
    found += [
        CaseWay("cases_department", f"department = ? AND {outside}", [code, *values])
        for code in sorted(remit.departments)
    ]
    if remit.lists:
        rest = f"proposes IS NOT NULL AND grid {AMONG} AND {outside} AND (department IS NULL OR department NOT {AMONG})"
        found.append(CaseWay("cases_proposes", rest, [among(remit.lists), *values, among(remit.departments)]))
    return found


def among(values: frozenset[str]) -> str:
    """These values as one of SQL."""
    return json.dumps(sorted(values), ensure_ascii=False)

"""The cases of a span as SQL over the table of cases, each part of the region by its own index. Pure."""

from typing import Final

from connectors.ledger.kept.sums import COUNTED
from connectors.ledger.remit_sql import AMONG, among, held
from connectors.ledger.span import Span
from schemas.remit import Remit

COUNTED_TIMES: Final = "took_ms IS NOT NULL"
"""Only cases that figures are about have one."""
TIMES: Final = "cases_took"
TIMES_OF: Final = {"cases_grid": "cases_took_grid", "cases_department": "cases_took_department"}
"""The indexes that have all times of a grid or a department."""


def cases_of(span: Span, kind: str | None, index: str = "", those: str = COUNTED) -> str:
    """From which cases. SQLite would rather read all of them in the order of their groups than sort those asked for.

    `index`: one of few cases, or `TIMES`.
    """
    some, within = span.from_ms is not None or span.to_ms is not None, span.within
    by = index or ("cases_submitted" if some and within.everything else "")
    time = ["submitted_ms >= :from"] * (span.from_ms is not None) + ["submitted_ms < :to"] * (span.to_ms is not None)
    where = [those, *time] + ["kind = :kind"] * (kind is not None)
    where += [
        f"coalesce({each.by}, '') IN (SELECT value FROM json_each(:only_{each.by}))"  # noqa: S608 - names of ours
        for each in span.only
    ]
    if not within.everything:
        part = [(its, condition) for its, condition, some in _parts(within) if some or not within]
        if index == TIMES and len(part) == 1 and part[0][0] in TIMES_OF:
            by, where = TIMES_OF[part[0][0]], [*where, part[0][1]]
        elif index in {"", TIMES}:
            found = (
                f"SELECT id FROM cases INDEXED BY {its} WHERE {' AND '.join([condition, *time])}"  # noqa: S608 - names of ours
                for its, condition in part
            )
            by, where = index if index == TIMES else "", [*where, f"id IN ({' UNION '.join(found)})"]
        else:
            where.append(f"({' OR '.join(condition for _, condition in part)})")
    return f"cases {f'INDEXED BY {by}' if by else 'NOT INDEXED'} WHERE {' AND '.join(where)}"


def submitted_in(
    span: Span, kind: str, those: str = COUNTED, index: str = "cases_submitted"
) -> tuple[str, list[object]]:
    """From which cases of a closed span, each read in the order of `index`, and the values, by their order."""
    inside, more = held(span.within)
    inside = [*inside, *(f"coalesce({each.by}, '') {AMONG}" for each in span.only)]
    more = [*more, *(among(each.codes) for each in span.only)]
    where = " AND ".join([those, "kind = ?", "submitted_ms >= ?", "submitted_ms < ?", *inside])
    return f"cases INDEXED BY {index} WHERE {where}", [kind, span.from_ms, span.to_ms, *more]


def _parts(within: Remit) -> list[tuple[str, str, bool]]:
    """The cases of a part of the region: the index and the condition of each way, and whether it has any."""

    def grid_of(given: str) -> str:
        return f"grid IN (SELECT value FROM json_each(:{given}))"  # noqa: S608 - names of ours

    return [
        ("cases_grid", grid_of("grids"), bool(within.grids)),
        ("cases_department", "department IN (SELECT value FROM json_each(:departments))", bool(within.departments)),
        (
            "cases_proposes",
            "proposes IS NOT NULL AND grid IN (SELECT value FROM json_each(:lists))",
            bool(within.lists),
        ),
    ]


def values_of(span: Span, kind: str | None) -> dict[str, object]:
    """The values of what `cases_of` says."""
    within = span.within
    parts = {"grids": within.grids, "departments": within.departments, "lists": within.lists}
    time: dict[str, object] = {"from": span.from_ms, "to": span.to_ms, "kind": kind}
    only = {f"only_{each.by}": among(each.codes) for each in span.only}
    return time | {name: among(part) for name, part in parts.items()} | only

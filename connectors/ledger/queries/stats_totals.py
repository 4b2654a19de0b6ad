"""What the figures of success are made of, added up by SQLite, so that no case passes through Python.

By what sums are kept (`sums.py`), only the cases at both ends of a span are read, and those around a percentile.
"""

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any, Final, Literal, NamedTuple
from zoneinfo import ZoneInfo

from connectors.ledger.remit_sql import among
from connectors.ledger.sums import BUCKET, COUNTED, KEPT, NO_TIME, PERIOD, SUMS
from schemas.case import State
from schemas.days import days_between
from schemas.remit import WHOLE, Remit

By = Literal["department", "category", "segment", "grid", "month", "raised", "kind"]
AT_ONCE: Final = 5_000
"""Buckets that are looked into by one query."""
LATE: Final = (
    f"open = 1 AND master IS NULL AND state <> '{State.RESOLVED}'"
    " AND due_order < :at AND due_ms < coalesce(suspended_ms, :at)"
)
"""Open, not resolved, and past due; a suspended case's clock stops, so it is late only if it was before."""
TAKEN: Final = {"raised": "raised", "kind": None, "month": None}
"""By these, times are found in an index of times, with the column that tells its groups apart beside their kind."""
_SUMMED: Final = ", ".join(f"sum({name})" for name in SUMS)


class Span(NamedTuple):
    """Cases with `from_ms` ≤ submitted < `to_ms`; None is open. `month` is its name, if it is one.

    `within`: only those of this part of the region, of which no sums are kept.
    """

    from_ms: int | None
    to_ms: int | None
    month: str = ""
    within: Remit = WHOLE


class Of(NamedTuple):
    """What some cases have in common; `label` is the name of a department at its source."""

    kind: str
    code: str
    label: str


class Total(NamedTuple):
    """Sums of cases that are alike and took about as long; `bucket` is None for those without a time that counts."""

    of: Of
    bucket: int | None
    sums: dict[str, int]


def spans(ledger: sqlite3.Connection, by: By, span: Span, zone: ZoneInfo) -> Iterator[Span]:
    """The span itself, or its months with cases in the calendar of `zone`."""
    if by != "month":
        yield span
        return
    first, end = "SELECT min(submitted_ms) FROM cases WHERE submitted_ms >= ?", span.to_ms
    ((found,),) = ledger.execute(first, (-1 << 62 if span.from_ms is None else span.from_ms,))
    while found is not None and (end is None or found < end):
        day = datetime.fromtimestamp(found / 1000, zone)
        after = datetime(day.year + day.month // 12, day.month % 12 + 1, 1, tzinfo=zone)
        next_ms = round(after.timestamp() * 1000)
        yield Span(found, next_ms if end is None else min(next_ms, end), day.strftime("%Y-%m"), span.within)
        ((found,),) = ledger.execute(first, (next_ms,))


def totals(ledger: sqlite3.Connection, by: By, span: Span, kind: str | None) -> Iterator[Total]:
    """All cases of a span, or those of one kind."""
    parts = [span]
    if span.within.everything and (by in KEPT or by in TAKEN):
        parts, whole = _split(span)
        if whole is not None:
            yield from _kept(ledger, by, whole, kind)
    for part in parts:
        query = (
            f"SELECT {_of(by)}, took_ms >> {BUCKET}, {', '.join(SUMS.values())} FROM {_cases(part, kind)}"  # noqa: S608
            " GROUP BY 1, 2, 3, 4"
        )
        yield from _totals(ledger.execute(query, _values(part, kind)))


def late_of(ledger: sqlite3.Connection, by: By, span: Span, at_ms: int, kind: str | None) -> Iterator[tuple[Of, int]]:
    """How many cases are open and past due at `at_ms`."""
    query = f"SELECT {_of(by)}, count(*) FROM {_cases(span, kind, 'cases_open_due')} AND {LATE} GROUP BY 1, 2, 3"  # noqa: S608
    for *of, count in ledger.execute(query, _values(span, kind) | {"at": at_ms}):
        yield Of(*of), count


def times_in(
    ledger: sqlite3.Connection, by: By, span: Span, kind: str | None, wanted: Iterable[tuple[Of, int]]
) -> Iterator[tuple[Of, int]]:
    """Each time to resolution (ms) in the buckets that are wanted."""
    asked = [value for of, bucket in wanted for value in (*of, bucket)]
    for start in range(0, len(asked), 4 * AT_ONCE):
        part = asked[start : start + 4 * AT_ONCE]
        names = [f":b{n}" for n in range(len(part))]
        groups = ", ".join(f"({', '.join(names[n : n + 4])})" for n in range(0, len(names), 4))
        values = _values(span, kind) | {name[1:]: value for name, value in zip(names, part, strict=True)}
        for *of, took_ms in ledger.execute(_times(by, span, kind, groups), values):
            yield Of(*of), took_ms


def days_of(
    ledger: sqlite3.Connection, by: By, span: Span, kind: str | None, zone: ZoneInfo
) -> Iterator[tuple[Of, int, int]]:
    """Days to resolution, and how many cases known by day took so long."""
    query = (
        f"SELECT {_of(by)}, submitted_ms, resolved_ms, count(*) FROM {_cases(span, kind, 'cases_by_day')}"  # noqa: S608
        " AND by_day = 1 AND timed GROUP BY 1, 2, 3, 4, 5"
    )
    for *of, submitted_ms, resolved_ms, count in ledger.execute(query, _values(span, kind)):
        yield Of(*of), days_between(submitted_ms, resolved_ms, zone), count


def samples_of(ledger: sqlite3.Connection, by: By, span: Span) -> Iterator[tuple[Of, str, int]]:
    """Result of samples, and how many had it; whatever the kind of their cases is by now."""
    query = (
        f"SELECT {_of(by)}, sample, count(*) FROM {_cases(span, None, 'cases_samples')}"  # noqa: S608
        " AND sample IS NOT NULL GROUP BY 1, 2, 3, 4"
    )
    for *of, sample, count in ledger.execute(query, _values(span, None)):
        yield Of(*of), sample, count


def _split(span: Span) -> tuple[list[Span], tuple[int, int] | None]:
    """Both ends of a span, and the first of the whole periods between them with the one after the last."""
    first = -1 << 40 if span.from_ms is None else -(-span.from_ms >> PERIOD)
    end = 1 << 40 if span.to_ms is None else span.to_ms >> PERIOD
    if first >= end:
        return [span], None
    begin, rest = Span(span.from_ms, first << PERIOD), Span(end << PERIOD, span.to_ms)
    return [begin] * (begin.from_ms is not None) + [rest] * (rest.to_ms is not None), (first, end)


def _kept(ledger: sqlite3.Connection, by: By, periods: tuple[int, int], kind: str | None) -> Iterator[Total]:
    code = {"kind": "kind", "month": "''"}.get(by, "code")
    query = (
        f"SELECT kind, {code}, '', nullif(bucket, {NO_TIME}), {_SUMMED} FROM figures"  # noqa: S608
        f" WHERE dimension = ? AND period >= ? AND period < ? {'' if kind is None else 'AND kind = ?'}"
        " GROUP BY 1, 2, 3, 4 HAVING sum(opened) > 0"
    )
    values = [by if by in KEPT else KEPT[0], *periods, *([] if kind is None else [kind])]
    yield from _totals(ledger.execute(query, values))


def _totals(rows: Iterable[tuple[Any, ...]]) -> Iterator[Total]:
    for kind, code, label, bucket, *values in rows:
        yield Total(Of(kind, code, label), bucket, {name: value or 0 for name, value in zip(SUMS, values, strict=True)})


def _times(by: By, span: Span, kind: str | None, groups: str) -> str:
    """The query for the times in buckets, given as `(kind, code, label, bucket)`: in their index, or case by case."""
    if by not in TAKEN or not span.within.everything:
        return (
            f"SELECT {_of(by)}, took_ms FROM {_cases(span, kind)}"  # noqa: S608
            f" AND ({_of(by)}, took_ms >> {BUCKET}) IN (VALUES {groups})"
        )
    column = TAKEN[by]
    return (
        f"WITH wanted (of_kind, code, label, bucket) AS (VALUES {groups})"  # noqa: S608
        " SELECT of_kind, code, label, took_ms FROM wanted CROSS JOIN"
        f" {_cases(span, kind, 'cases_took', COUNTED_TIMES)} AND kind = of_kind"
        f" AND took_ms >= bucket << {BUCKET} AND took_ms < (bucket + 1) << {BUCKET}"
        + (f" AND {column} = code" if column else "")
    )


COUNTED_TIMES: Final = "took_ms IS NOT NULL"
"""Only cases that figures are about have one."""


def _of(by: By) -> str:
    """The columns of `Of`."""
    if by == "month":
        return "kind, '', ''"
    return f"kind, coalesce({by}, ''), " + ("coalesce(department_name, '')" if by == "department" else "''")


def _cases(span: Span, kind: str | None, index: str = "", those: str = COUNTED) -> str:
    """From which cases. SQLite would rather read all of them in the order of their groups than sort those asked for."""
    some = span.from_ms is not None or span.to_ms is not None
    by = index or ("cases_submitted" if some and span.within.everything else "")
    time = ["submitted_ms >= :from"] * (span.from_ms is not None) + ["submitted_ms < :to"] * (span.to_ms is not None)
    where = [those, *time] + ["kind = :kind"] * (kind is not None)
    if not span.within.everything:
        where.append(f"id IN ({' UNION '.join(_found(span.within, time))})")
    return f"cases {f'INDEXED BY {by}' if by else 'NOT INDEXED'} WHERE {' AND '.join(where)}"


def _found(within: Remit, time: Sequence[str]) -> list[str]:
    """Queries for the cases of a part of the region, each by its own index."""
    asked = {
        "cases_grid": "grid IN (SELECT value FROM json_each(:grids))",
        "cases_department": "department IN (SELECT value FROM json_each(:departments))",
        "cases_proposes": "proposes IS NOT NULL AND grid IN (SELECT value FROM json_each(:lists))",
    }
    has = (within.grids, within.departments, within.lists)
    return [
        f"SELECT id FROM cases INDEXED BY {index} WHERE {' AND '.join([condition, *time])}"  # noqa: S608 - names of ours
        for (index, condition), some in zip(asked.items(), has, strict=True)
        if some or not within
    ]


def _values(span: Span, kind: str | None) -> dict[str, object]:
    within = span.within
    parts = {"grids": within.grids, "departments": within.departments, "lists": within.lists}
    time: dict[str, object] = {"from": span.from_ms, "to": span.to_ms, "kind": kind}
    return time | {name: among(part) for name, part in parts.items()}

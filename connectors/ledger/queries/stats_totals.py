"""What the figures of success are made of, added up by SQLite, so that no case passes through Python."""

import sqlite3
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Final, Literal, NamedTuple
from zoneinfo import ZoneInfo

from schemas.case import State
from schemas.days import days_between

By = Literal["department", "category", "segment", "grid", "month", "raised", "kind"]
MOST_HOPS: Final = 1
BUCKET: Final = 21
"""Times to resolution are counted in buckets of 2 ** 21 ms, half an hour."""
AT_ONCE: Final = 5_000
"""Buckets that are looked into by one query."""
LATE: Final = (
    f"CASE WHEN open = 1 THEN master IS NULL AND state <> '{State.RESOLVED}'"
    " AND due_ms < min(:at, coalesce(suspended_ms, :at)) END"
)
"""Open, not resolved, and past due; a suspended case's clock stops, so it is late only if it was before."""
SUMS: Final = {
    "opened": "count(*)",
    "merged": "count(master)",
    "closed": f"sum(state = '{State.CLOSED}' AND master IS NULL)",
    "refused": f"sum(state = '{State.REFUSED}' AND master IS NULL)",
    "rework": "sum(reworks > 0 AND master IS NULL)",
    "above_one_hop": f"sum(hops > {MOST_HOPS} AND master IS NULL)",
    "self_handled": "sum(self_handled AND master IS NULL)",
    "open_late": f"sum({LATE})",
    "judged": "sum(timed AND due_ms IS NOT NULL AND on_time IS NOT NULL)",
    "on_time": "sum(timed AND due_ms IS NOT NULL AND on_time)",
    "took_ms": "sum(CASE WHEN timed AND NOT by_day THEN resolved_ms - submitted_ms END)",
    "verifying_ms": "sum(CASE WHEN timed AND NOT by_day THEN verifying_ms END)",
    **{name: f"sum({name})" for name in ("responded", "solved", "satisfied")},
    **{f"{name}_judged": f"count({name})" for name in ("responded", "solved", "satisfied")},
}
HALF_HOUR: Final = f"CASE WHEN timed AND NOT by_day THEN (resolved_ms - submitted_ms) >> {BUCKET} END"


class Span(NamedTuple):
    """Cases with `from_ms` ≤ submitted < `to_ms`; None is open. `month` is its name, if it is one."""

    from_ms: int | None
    to_ms: int | None
    month: str = ""


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
        yield Span(found, next_ms if end is None else min(next_ms, end), day.strftime("%Y-%m"))
        ((found,),) = ledger.execute(first, (next_ms,))


def totals(ledger: sqlite3.Connection, by: By, span: Span, at_ms: int, kind: str | None) -> Iterator[Total]:
    """All cases of a span, or those of one kind; late is what is past due at `at_ms`."""
    query = f"SELECT {_of(by)}, {HALF_HOUR}, {', '.join(SUMS.values())} FROM {_cases(span, kind)} GROUP BY 1, 2, 3, 4"  # noqa: S608
    for kind_, code, label, bucket, *values in ledger.execute(query, _values(span, kind) | {"at": at_ms}):
        yield Total(
            Of(kind_, code, label), bucket, {name: value or 0 for name, value in zip(SUMS, values, strict=True)}
        )


def times_in(
    ledger: sqlite3.Connection, by: By, span: Span, kind: str | None, wanted: Iterable[tuple[Of, int]]
) -> Iterator[tuple[Of, int]]:
    """Each time to resolution (ms) in the buckets that are wanted."""
    asked = [value for of, bucket in wanted for value in (*of, bucket)]
    for start in range(0, len(asked), 4 * AT_ONCE):
        part = asked[start : start + 4 * AT_ONCE]
        names = [f":b{n}" for n in range(len(part))]
        groups = ", ".join(f"({', '.join(names[n : n + 4])})" for n in range(0, len(names), 4))
        query = (
            f"SELECT {_of(by)}, resolved_ms - submitted_ms FROM {_cases(span, kind)}"  # noqa: S608
            f" AND timed AND NOT by_day AND ({_of(by)}, {HALF_HOUR}) IN (VALUES {groups})"
        )
        values = _values(span, kind) | {name[1:]: value for name, value in zip(names, part, strict=True)}
        for *of, took_ms in ledger.execute(query, values):
            yield Of(*of), took_ms


def days_of(
    ledger: sqlite3.Connection, by: By, span: Span, kind: str | None, zone: ZoneInfo
) -> Iterator[tuple[Of, int, int]]:
    """Days to resolution, and how many cases known by day took so long."""
    query = (
        f"SELECT {_of(by)}, submitted_ms, resolved_ms, count(*) FROM {_cases(span, kind)}"  # noqa: S608
        " AND by_day AND timed GROUP BY 1, 2, 3, 4, 5"
    )
    for *of, submitted_ms, resolved_ms, count in ledger.execute(query, _values(span, kind)):
        yield Of(*of), days_between(submitted_ms, resolved_ms, zone), count


def samples_of(ledger: sqlite3.Connection, by: By, span: Span) -> Iterator[tuple[Of, str, int]]:
    """Result of samples, and how many had it; whatever the kind of their cases is by now."""
    query = f"SELECT {_of(by)}, sample, count(*) FROM {_cases(span, None)} AND sample IS NOT NULL GROUP BY 1, 2, 3, 4"  # noqa: S608
    for *of, sample, count in ledger.execute(query, _values(span, None)):
        yield Of(*of), sample, count


def _of(by: By) -> str:
    """The columns of `Of`."""
    if by == "month":
        return "kind, '', ''"
    return f"kind, coalesce({by}, ''), " + ("coalesce(department_name, '')" if by == "department" else "''")


def _cases(span: Span, kind: str | None) -> str:
    """From which cases. SQLite would rather read all of them in the order of their groups than sort those asked for."""
    some = span.from_ms is not None or span.to_ms is not None
    where = ["state <> 'moved' AND duty IS NULL"]
    where += ["submitted_ms >= :from"] * (span.from_ms is not None)
    where += ["submitted_ms < :to"] * (span.to_ms is not None)
    where += ["kind = :kind"] * (kind is not None)
    return f"cases {'INDEXED BY cases_submitted' if some else 'NOT INDEXED'} WHERE {' AND '.join(where)}"


def _values(span: Span, kind: str | None) -> dict[str, object]:
    return {"from": span.from_ms, "to": span.to_ms, "kind": kind}

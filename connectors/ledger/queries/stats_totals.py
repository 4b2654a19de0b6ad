"""What the figures of success are made of, from the sums that the ledger keeps (`sums.py`).

Only the cases at both ends of a span are read, what is open and late, and the times around a percentile.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import Any, Final, Literal, NamedTuple
from zoneinfo import ZoneInfo

from pydantic_core import from_json, to_json

from connectors.ledger.kept.crossed import crossed_by
from connectors.ledger.kept.grains import Periods, day_at, next_month, split
from connectors.ledger.kept.sums import BUCKET, KEPT, SUMS, code_of, label
from connectors.ledger.remit_sql import AMONG, among
from connectors.ledger.span import Span
from connectors.ledger.span_cases import COUNTED_TIMES, TIMES, cases_of, values_of
from connectors.ledger.sql import LedgerRows, zone_of
from schemas.case import State
from schemas.days import begin_ms, days_between
from schemas.remit import Remit

By = Literal["department", "category", "segment", "grid", "month", "raised", "kind"]
SumsBy = By | Literal["assignee"]
"""By persons only those ask who may see figures of persons."""
LATE: Final = (
    f"open = 1 AND master IS NULL AND state <> '{State.RESOLVED}'"
    " AND due_order < :at AND due_ms < coalesce(suspended_ms, :at)"
)
"""Open, not resolved, and past due; a suspended case's clock stops, so it is late only if it was before."""


class Of(NamedTuple):
    """What some cases have in common; `label` is the name of a department at its source."""

    kind: str
    code: str
    label: str


class Total(NamedTuple):
    """Sums of cases that are alike, or how long they took, or both."""

    of: Of
    sums: Mapping[str, int]
    times: Mapping[int, int] = MappingProxyType({})
    """By bucket, how many took so long."""


def spans(ledger: LedgerRows, by: SumsBy, span: Span, zone: ZoneInfo) -> Iterator[Span]:
    """The span itself, or its months with cases in the calendar of `zone`."""
    if by != "month":
        yield span
        return
    first, end = "SELECT min(submitted_ms) FROM cases WHERE submitted_ms >= ?", span.to_ms
    ((found,),) = ledger.execute(first, (-1 << 62 if span.from_ms is None else span.from_ms,))
    while found is not None and (end is None or found < end):
        month = day_at(found, zone).replace(day=1)
        begin, after = begin_ms(month, zone), begin_ms(next_month(month), zone)
        from_ms = begin if span.from_ms is None else max(begin, span.from_ms)
        yield Span(from_ms, after if end is None else min(after, end), f"{month:%Y-%m}", span.within)
        ((found,),) = ledger.execute(first, (after,))


def totals(
    ledger: LedgerRows,
    by: SumsBy,
    span: Span,
    kind: str | None,
    *,
    buckets: bool = True,
    names: Sequence[str] = tuple(SUMS),
) -> Iterator[Total]:
    """All cases of a span, or those of one kind: these sums, and with `buckets` how many took how long."""
    names = list(dict.fromkeys(("opened", *names)))
    crossed = None if span.within.everything else crossed_by([by], span.within, span.only)
    zone = zone_of(ledger)
    parts, whole = split(span, zone, crossed.grains) if crossed else split(span, zone)
    if whole:
        sums = ", ".join(f"sum({name})" for name in names)
        if crossed is None:
            query, asked = _kept("figures", sums, by, whole, kind, span)
        else:
            code, (rows, asked) = _code(by, code_of(by)), crossed.rows(whole, kind, span.within, span.only)
            query = f"SELECT kind, {code}, {label(by, 'label')}, {sums} FROM ({rows}) GROUP BY 1, 2, 3"  # noqa: S608
        for of, values in _rows(ledger.execute(query, asked)):
            if any(values):
                yield Total(of, dict(zip(names, values, strict=True)))
        for *of, long, cases in ledger.execute(*_times(by, whole, kind, span, zone)) if buckets else ():
            times = dict(zip(from_json(f"[{long}]"), from_json(f"[{cases}]"), strict=True))
            if any(times.values()):
                yield Total(Of(*of), {}, times)
    for part in parts:
        long = f"group_concat(took_ms >> {BUCKET})" if buckets else "NULL"
        sums = ", ".join(SUMS[name] for name in names)
        query = f"SELECT {_of(by)}, {long}, {sums} FROM {cases_of(part, kind)} GROUP BY 1, 2, 3"  # noqa: S608
        for of, (long, *values) in _rows(ledger.execute(query, values_of(part, kind))):
            times = Counter[int](from_json(f"[{long}]")) if long else Counter[int]()
            yield Total(of, dict(zip(names, values, strict=True)), times)


def late_of(ledger: LedgerRows, by: SumsBy, span: Span, at_ms: int, kind: str | None) -> Iterator[tuple[Of, int]]:
    """How many cases are open and past due at `at_ms`."""
    index = "cases_open_due" if span.to_ms is None else "cases_open"  # most of what is open is new
    query = f"SELECT {_of(by)}, count(*) FROM {cases_of(span, kind, index)} AND {LATE} GROUP BY 1, 2, 3"  # noqa: S608
    for *of, count in ledger.execute(query, values_of(span, kind) | {"at": at_ms}):
        yield Of(*of), count


def times_in(
    ledger: LedgerRows, by: SumsBy, span: Span, wanted: Iterable[tuple[Of, int]]
) -> Iterator[tuple[Of, int, list[int]]]:
    """The times to resolution (ms) in each bucket that is wanted, by an index that has them all.

    That of the region is in the order of buckets; that of a part of it is read once, in the order of time.
    """
    asked = to_json([(*of, bucket) for of, bucket in wanted]).decode()
    bucket_of, source = f"took_ms >> {BUCKET}", cases_of(span, None, TIMES, COUNTED_TIMES)
    if _alone(span.within) is None:
        source = f"(SELECT DISTINCT kind AS of_kind, bucket AS its FROM wanted) AS place CROSS JOIN {source}"  # noqa: S608
        source = f"{source} AND cases.kind = of_kind AND {bucket_of} = its"
    query = (
        "WITH wanted AS MATERIALIZED (SELECT value ->> 0 AS kind, value ->> 1 AS code, value ->> 2 AS label,"  # noqa: S608
        " CAST(value ->> 3 AS BIGINT) + 0 AS bucket FROM json_each(:asked) AS lists),"  # + 0: of no type
        f" around (kind, code, label, bucket, took_ms) AS NOT MATERIALIZED"
        f" (SELECT {_of(by, 'cases.kind')}, {bucket_of}, took_ms FROM {source})"
        " SELECT kind, code, label, bucket, group_concat(took_ms) FROM around"
        " WHERE (bucket, kind, code, label) IN (SELECT bucket, kind, code, label FROM wanted) GROUP BY 1, 2, 3, 4"
    )
    for *of, bucket, times in ledger.execute(query, values_of(span, None) | {"asked": asked}):
        yield Of(*of), bucket, from_json(f"[{times}]")


def days_of(
    ledger: LedgerRows, by: SumsBy, span: Span, kind: str | None, zone: ZoneInfo
) -> Iterator[tuple[Of, int, int]]:
    """Days to resolution, and how many cases known by day took so long."""
    query = (
        f"SELECT {_of(by)}, submitted_ms, resolved_ms, count(*) FROM {cases_of(span, kind, 'cases_by_day')}"  # noqa: S608
        " AND by_day = 1 AND timed = 1 GROUP BY 1, 2, 3, 4, 5"
    )
    for *of, submitted_ms, resolved_ms, count in ledger.execute(query, values_of(span, kind)):
        yield Of(*of), days_between(submitted_ms, resolved_ms, zone), count


def samples_of(ledger: LedgerRows, by: SumsBy, span: Span) -> Iterator[tuple[Of, str, int]]:
    """Result of samples, and how many had it; whatever the kind of their cases is by now."""
    query = (
        f"SELECT {_of(by)}, sample, count(*) FROM {cases_of(span, None, 'cases_samples')}"  # noqa: S608
        " AND sample IS NOT NULL GROUP BY 1, 2, 3, 4"
    )
    for *of, sample, count in ledger.execute(query, values_of(span, None)):
        yield Of(*of), sample, count


def _kept(
    table: str, values: str, by: SumsBy, whole: list[Periods], kind: str | None, span: Span
) -> tuple[str, list[object]]:
    """The query for `values` of a table of sums, grouped as asked, and its values; of a part that is `_alone`."""
    dimension: str = by if by in KEPT else KEPT[0]
    code = _code(by, "code")
    more, given = ("", []) if kind is None else (" AND kind = ?", list[object]([kind]))
    if alone := _alone(span.within):
        dimension, codes = alone
        more, given = f"{more} AND code {AMONG}", [*given, among(codes)]
    for _, codes in span.only:
        more, given = f"{more} AND code {AMONG}", [*given, among(codes)]
    name = "label" if by == "department" else "''"
    where = [f"dimension = ? AND grain = ? AND {each.condition(few_codes=bool(span.only))}{more}" for each in whole]
    if table == "times":  # in the order of its rows, so that nothing is sorted
        query = " UNION ALL ".join(
            f"SELECT kind, {code}, {name}, {values} FROM times WHERE {those} GROUP BY period, kind, code, label"  # noqa: S608
            for those in where
        )
    else:
        rows = " UNION ALL ".join(f"SELECT * FROM {table} WHERE {those}" for those in where)  # noqa: S608
        query = f"SELECT kind, {code}, {name}, {values} FROM ({rows}) GROUP BY 1, 2, 3"  # noqa: S608
    return query, [value for periods in whole for value in (dimension, periods.grain, *given)]


def _code(by: SumsBy, column: str) -> str:
    """The column by which kept sums are grouped."""
    return {"kind": "kind", "month": "''"}.get(by, column)


def _alone(within: Remit) -> tuple[str, frozenset[str]] | None:
    """The one dimension by which a part of the region is made, and its codes."""
    parts = {"grid": within.grids, "department": within.departments, "proposes": within.lists}
    found = [(by, codes) for by, codes in parts.items() if codes]
    return found[0] if len(found) == 1 and found[0][0] in KEPT else None


def _times(
    by: SumsBy, whole: list[Periods], kind: str | None, span: Span, zone: ZoneInfo
) -> tuple[str, list[object] | dict[str, object]]:
    """How many cases took how long. Of a part of the region, counts are kept where it is made as they are grouped."""
    alone = _alone(span.within)
    if span.within.everything or (alone and by in {"kind", "month", alone[0]}):
        return _kept("times", "group_concat(bucket), group_concat(cases)", by, whole, kind, span)
    from_ms = None if span.from_ms is None else begin_ms(min(each.first for each in whole), zone)
    to_ms = None if span.to_ms is None else begin_ms(max(each.end for each in whole), zone)
    inner = span._replace(from_ms=from_ms, to_ms=to_ms)
    source = cases_of(inner, kind, TIMES if alone else "", COUNTED_TIMES)
    query = (
        "WITH counted (kind, code, label, bucket, cases) AS"  # noqa: S608
        f" (SELECT {_of(by)}, took_ms >> {BUCKET}, count(*) FROM {source} GROUP BY 1, 2, 3, 4)"
        " SELECT kind, code, label, group_concat(bucket), group_concat(cases) FROM counted GROUP BY 1, 2, 3"
    )
    return query, values_of(inner, kind)


def _rows(rows: Iterable[tuple[Any, ...]]) -> Iterator[tuple[Of, list[Any]]]:
    for kind, code, source, *values in rows:
        yield Of(kind, code, source), values


def _of(by: SumsBy, kind: str = "kind") -> str:
    """The columns of `Of`."""
    if by == "month":
        return f"{kind}, '', ''"
    return f"{kind}, coalesce({'cases.kind' if by == 'kind' else code_of(by)}, ''), {label(by, 'department_name')}"

"""How many cases of each category each segment or grid had: segments by an index that has them, grids by kept sums."""

from collections import Counter
from collections.abc import Collection, Sequence
from typing import Any, Final, NamedTuple

from pydantic_core import to_json

from connectors.ledger.kept.crossed import crossed_by
from connectors.ledger.kept.grains import split
from connectors.ledger.kept.sums import COUNTED
from connectors.ledger.queries.recurrence.exposure import PlaceKind
from connectors.ledger.queries.recurrence.spots import FEWEST, SpotCounts, Spots
from connectors.ledger.remit_sql import held
from connectors.ledger.span import Span
from connectors.ledger.span_cases import submitted_in
from connectors.ledger.sql import LedgerRows, zone_of

_OWN: Final = f"{COUNTED} AND master IS NULL"


class _Counted(NamedTuple):
    """A query for the columns place, category and a number for each of some spans, and its values."""

    sql: str
    values: list[object]


def reported(connection: LedgerRows, span: Span, kind: str, by: PlaceKind = "segment") -> Spots:
    """Cases of a kind that were submitted in a closed span, merged ones with their master only."""
    source = _counted(connection, [span], kind, by)
    query = f"SELECT place, category, n0 FROM ({source.sql}) AS counted WHERE n0 > 0"  # noqa: S608 - names of ours
    return {(place, category): n for place, category, n in connection.execute(query, source.values)}


def reported_beside(
    connection: LedgerRows, now: Span, year_ago: Span, kind: str, by: PlaceKind, places: Collection[str]
) -> tuple[SpotCounts, SpotCounts]:
    """The cases of two spans of one part of the region, where one of them has enough to say something.

    A city has some hundred thousand segments with cases of a category; of the others only the sums are read.
    """
    source = _counted(connection, [now, year_ago], kind, by)
    query = (
        "WITH known AS MATERIALIZED (SELECT value ->> 0 AS name FROM json_each(?) AS lists),"  # noqa: S608
        " counted AS MATERIALIZED (SELECT *, CASE WHEN place IN (SELECT name FROM known) THEN 1 ELSE 0 END AS sized"
        f" FROM ({source.sql}) AS each_place)"
        f" SELECT place, category, n0, n1 FROM counted WHERE sized = 1 AND (n0 >= {FEWEST} OR n1 >= {FEWEST})"
        " UNION ALL SELECT '', category, sum(n0), sum(n1) FROM counted WHERE sized = 1 GROUP BY category"
        " UNION ALL SELECT '', NULL, sum(n0), sum(n1) FROM counted WHERE sized = 0"
    )
    names = to_json([(place,) for place in places]).decode()
    rows = connection.execute(query, [names, *source.values]).fetchall()
    return _of_span(rows, 2), _of_span(rows, 3)


def _of_span(rows: Sequence[Sequence[Any]], at: int) -> SpotCounts:
    spots, by_category, elsewhere = dict[tuple[str, str], int](), Counter[str](), 0
    for row in rows:
        place, category, cases = row[0], row[1], row[at]
        if place and cases:
            spots[place, category] = cases
        elif category is None:
            elsewhere = cases or 0
        elif cases:
            by_category[category] = cases
    return SpotCounts(spots, by_category, elsewhere)


def _counted(connection: LedgerRows, spans: Sequence[Span], kind: str, by: PlaceKind) -> _Counted:
    """A number for each of the spans, which are closed and of one part of the region."""
    source = _of_segments(spans, kind) if by == "segment" else _of_grids(connection, spans, kind)
    sums = ", ".join(f"sum(n{n}) AS n{n}" for n in range(len(spans)))
    grouped = f"SELECT place, category, {sums} FROM ({source.sql}) AS added WHERE place <> '' GROUP BY 1, 2"  # noqa: S608
    return _Counted(grouped, source.values)


def _of_segments(spans: Sequence[Span], kind: str) -> _Counted:
    """All cases at segments, in the order of these: one reading counts for all spans."""
    inside, more = held(spans[0].within)
    of_category = [f"category IN ({', '.join('?' * len(each.codes))})" for each in spans[0].only]
    codes = [code for each in spans[0].only for code in sorted(each.codes)]
    within = "submitted_ms >= ? AND submitted_ms < ?"
    numbers = ", ".join(f"CASE WHEN {within} THEN 1 ELSE 0 END AS n{n}" for n in range(len(spans)))
    any_of = " OR ".join([f"({within})"] * len(spans))
    where = " AND ".join(["kind = ?", "segment IS NOT NULL", _OWN, f"({any_of})", *of_category, *inside])
    bounds = [bound for each in spans for bound in (each.from_ms, each.to_ms)]
    query = f"SELECT segment AS place, category, {numbers} FROM cases INDEXED BY cases_spots WHERE {where}"  # noqa: S608
    return _Counted(query, [*bounds, kind, *bounds, *codes, *more])


def _of_grids(connection: LedgerRows, spans: Sequence[Span], kind: str) -> _Counted:
    queries, values = list[str](), list[object]()
    for at, span in enumerate(spans):
        crossed = crossed_by(["grid"], span.within, span.only)
        parts, whole = split(span, zone_of(connection), crossed.grains)

        def columns(number: str, at: int = at) -> str:
            each = (f"{number if n == at else '0'} AS n{n}" for n in range(len(spans)))
            return f"grid AS place, category, {', '.join(each)}"

        if whole:
            kept, more = crossed.rows(whole, kind, span.within, span.only)
            queries.append(f"SELECT {columns('opened - merged')} FROM ({kept}) AS kept")  # noqa: S608
            values += more
        for part in parts:
            cases, more = submitted_in(part, kind, f"{_OWN} AND grid IS NOT NULL")
            queries.append(f"SELECT {columns('1')} FROM {cases}")  # noqa: S608
            values += more
    return _Counted(" UNION ALL ".join(queries), values)

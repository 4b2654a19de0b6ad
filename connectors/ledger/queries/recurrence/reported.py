"""How many cases of each category each segment or grid had in a period, from kept sums."""

from collections import Counter
from collections.abc import Collection

from pydantic_core import to_json

from connectors.ledger.kept.crossed import crossed_by
from connectors.ledger.kept.grains import split
from connectors.ledger.kept.sums import COUNTED
from connectors.ledger.queries.recurrence.exposure import PlaceKind
from connectors.ledger.queries.recurrence.spots import FEWEST, SpotCounts, Spots
from connectors.ledger.span import Span
from connectors.ledger.span_cases import submitted_in
from connectors.ledger.sql import LedgerRows, zone_of


def reported(connection: LedgerRows, span: Span, kind: str, by: PlaceKind = "segment") -> Spots:
    """Cases of a kind that were submitted in a closed span, merged ones with their master only."""
    source, values = _counted(connection, span, kind, by)
    return {(place, category): n for place, category, n in connection.execute(source, values)}


def reported_at(
    connection: LedgerRows,
    span: Span,
    kind: str,
    by: PlaceKind,
    places: Collection[str],
    *,
    also: Collection[tuple[str, str]] = (),
) -> SpotCounts:
    """The same where there are enough to say something, or where `also` is asked for, and the sums of all `places`.

    A city has some hundred thousand segments with cases of a category; these are not read one by one.
    """
    source, values = _counted(connection, span, kind, by)
    enough = f"cases >= {FEWEST}"
    if also:
        enough = f"({enough} OR (place, category) IN (SELECT value ->> 0, value ->> 1 FROM json_each(?) AS lists))"  # noqa: S608 - names of ours
    known = "place IN (SELECT name FROM known)"
    query = (
        f"WITH known AS MATERIALIZED (SELECT value ->> 0 AS name FROM json_each(?) AS lists),"  # noqa: S608
        f" counted (place, category, cases) AS MATERIALIZED ({source})"
        f" SELECT place, category, cases FROM counted WHERE {known} AND {enough}"
        f" UNION ALL SELECT '', category, sum(cases) FROM counted WHERE {known} GROUP BY category"
        f" UNION ALL SELECT '', NULL, sum(cases) FROM counted WHERE NOT {known}"
    )
    asked = [_lists([(place,) for place in places]), *values, *([_lists(also)] if also else [])]
    spots, by_category = dict[tuple[str, str], int](), Counter[str]()
    elsewhere = 0
    for place, category, cases in connection.execute(query, asked):
        if place:
            spots[place, category] = cases
        elif category is not None:
            by_category[category] = cases
        else:
            elsewhere = cases or 0
    return SpotCounts(spots, by_category, elsewhere)


def _counted(connection: LedgerRows, span: Span, kind: str, by: PlaceKind) -> tuple[str, list[object]]:
    """The query for places, categories and numbers above 0, and its values."""
    crossed = crossed_by([by], span.within, span.only)
    parts, whole = split(span, zone_of(connection), crossed.grains)
    queries, values = list[str](), list[object]()
    if whole:
        kept, values = crossed.rows(whole, kind, span.within, span.only)
        queries.append(f"SELECT {by} AS place, category, opened - merged AS cases FROM ({kept}) AS kept")  # noqa: S608
    for part in parts:
        cases, more = submitted_in(part, kind, f"{COUNTED} AND {by} IS NOT NULL AND master IS NULL")
        queries.append(f"SELECT {by} AS place, category, 1 AS cases FROM {cases}")  # noqa: S608
        values = [*values, *more]
    rows = " UNION ALL ".join(queries)
    query = (
        f"SELECT place, category, sum(cases) FROM ({rows}) AS added WHERE place <> ''"  # noqa: S608
        " GROUP BY 1, 2 HAVING sum(cases) > 0"
    )
    return query, values


def _lists(values: Collection[tuple[str, ...]]) -> str:
    return to_json(list(values)).decode()

"""How many cases of each category each segment or grid had in a period, from the sums by everything at once."""

from collections import Counter
from typing import Literal

from connectors.ledger.queries.recurrence.spots import Spots
from connectors.ledger.queries.stats_totals import crossed_rows, split
from connectors.ledger.span_cases import Span, cases_of, values_of
from connectors.ledger.sql import LedgerRows
from connectors.ledger.sums import CROSSED_WIDTHS


def reported(connection: LedgerRows, span: Span, kind: str, by: Literal["segment", "grid"] = "segment") -> Spots:
    """Cases of a kind that were submitted in a span, merged ones with their master only, by place and category."""
    found = Counter[tuple[str, str]]()
    parts, whole = split(span, CROSSED_WIDTHS)
    if whole:
        source, asked = crossed_rows(whole, kind, span.within)
        kept = f"SELECT {by}, category, sum(opened - merged) FROM ({source}) WHERE {by} <> '' GROUP BY 1, 2"  # noqa: S608 - names of ours
        found.update({(place, category): n for place, category, n in connection.execute(kept, asked)})
    for part in parts:
        each = (
            f"SELECT {by}, category, count(*) FROM {cases_of(part, kind)}"  # noqa: S608
            f" AND {by} IS NOT NULL AND master IS NULL GROUP BY 1, 2"
        )
        found.update({(place, category): n for place, category, n in connection.execute(each, values_of(part, kind))})
    return {each: n for each, n in found.items() if n}

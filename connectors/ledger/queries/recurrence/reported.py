"""How many cases of each category each segment had in a period, from the sums that are kept by everything at once."""

from collections import Counter

from connectors.ledger.queries.recurrence.spots import Spots
from connectors.ledger.queries.stats_totals import crossed_rows, split
from connectors.ledger.span_cases import Span, cases_of, values_of
from connectors.ledger.sql import LedgerRows
from connectors.ledger.sums import CROSSED_WIDTHS


def reported(connection: LedgerRows, span: Span, kind: str) -> Spots:
    """Cases of a kind that were submitted in a span, merged ones with their master only, by segment and category."""
    found = Counter[tuple[str, str]]()
    parts, whole = split(span, CROSSED_WIDTHS)
    if whole:
        source, asked = crossed_rows(whole, kind, span.within)
        kept = f"SELECT segment, category, sum(opened - merged) FROM ({source}) WHERE segment <> '' GROUP BY 1, 2"  # noqa: S608 - names of ours
        found.update({(segment, category): n for segment, category, n in connection.execute(kept, asked)})
    for part in parts:
        each = (
            f"SELECT segment, category, count(*) FROM {cases_of(part, kind)}"  # noqa: S608
            " AND segment IS NOT NULL AND master IS NULL GROUP BY 1, 2"
        )
        found.update(
            {(segment, category): n for segment, category, n in connection.execute(each, values_of(part, kind))}
        )
    return {each: n for each, n in found.items() if n}

"""Cases as open data: when, what, in which grid and how it ended; no words, no people, no exact position.

Personal data is left out, not masked: no text, photo, name, contact, pseudonym or person in charge is in a row. A case
number opens nothing to whoever has no right to the case. Positions are rounded to 0.001 degrees, about 100 m.
"""

from typing import Final, NamedTuple

from connectors.ledger.kept.sums import COUNTED
from connectors.ledger.reader import LedgerReader
from connectors.ledger.remit_sql import held
from connectors.ledger.span import Span

DIGITS: Final = 3
PAGE: Final = 2_000
_COLUMNS: Final = (
    "number, category, department, grid, submitted_ms, dispatched_ms, resolved_ms, state, outcome, on_time, reworks,"
    " lon, lat"
)


class OpenDataRow(NamedTuple):
    """One row; times are ms UTC, positions WGS-84."""

    number: str
    category: str
    department: str | None
    grid: str | None
    submitted_ms: int
    dispatched_ms: int | None
    resolved_ms: int | None
    state: str
    outcome: str | None
    on_time: int | None
    reworks: int
    lon: float | None
    lat: float | None


def open_cases(
    ledger: LedgerReader, span: Span, kind: str, after: OpenDataRow | None = None, limit: int = PAGE
) -> list[OpenDataRow]:
    """The next cases of one kind in the order of their reports, each once; stubs and duties are left out."""
    inside, values = held(span.within)
    where = " AND ".join([COUNTED, "kind = ?", "submitted_ms < ?", "(submitted_ms, number) > (?, ?)", *inside])
    query = (
        f"SELECT {_COLUMNS} FROM cases INDEXED BY cases_submitted WHERE {where}"  # noqa: S608 - names of ours
        " ORDER BY submitted_ms, number LIMIT ?"
    )
    begin = (span.from_ms, "") if after is None else (after.submitted_ms, after.number)
    return [_rounded(OpenDataRow(*row)) for row in ledger.rows(query, kind, span.to_ms, *begin, *values, limit)]


def _rounded(row: OpenDataRow) -> OpenDataRow:
    lon, lat = (None if each is None else round(each, DIGITS) for each in (row.lon, row.lat))
    return row._replace(lon=lon, lat=lat)

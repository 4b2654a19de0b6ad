"""Figures of cases fixed on the spot 现场自办, separate from all others: sampled, inspected, passed, failed."""

from collections.abc import Sequence
from typing import Final

import htpy as h

from connectors.ledger.queries.stats import StatsRow
from connectors.pages.html.bars import bar
from connectors.pages.html.viewer import Viewer

TITLES: Final = ("samples.opened", "samples.sampled", "samples.inspected", "samples.passed", "samples.failed")
MOST: Final = 24


def section(viewer: Viewer, rows: Sequence[StatsRow], days: str) -> h.Element:
    """By category, the largest first, with a bar of passed and failed samples; the last row is the total."""
    words = viewer.words
    title = h.h2[words("samples.title")]
    if not rows:
        return h.section[title, h.p(".quiet")[words("samples.none", n=days)]]
    head = h.tr[h.th(scope="col")[words("category")], [h.th(scope="col")[words(key)] for key in TITLES]]
    lines = [_line(row["name"] or words("category"), _counts(row)) for row in rows[:MOST]]
    total = [sum(column) for column in zip(*map(_counts, rows), strict=True)]
    lines.append(_line(words("figures.all"), total))
    left = h.p(".quiet")[words("samples.more", n=len(rows) - MOST)] if len(rows) > MOST else None
    caption = h.caption[words("samples.caption", n=days)]
    table = h.table(".figures.kinds")[caption, h.thead[head], h.tbody[lines]]
    return h.section[title, table, left, h.p(".quiet")[words("samples.what")]]


def _counts(row: StatsRow) -> tuple[int, ...]:
    return row["opened"], row["sampled"], row["inspected"], row["passed"], row["failed"]


def _line(name: str, counts: Sequence[int]) -> h.Element:
    *_, sampled, _, passed, failed = counts
    drawn = bar([("good", passed), ("bad", failed)], sampled)
    return h.tr[h.th(scope="row")[name, drawn], [h.td[count] for count in counts]]

"""Figures by kind, each in its own row, and how far problems were raised up the ladder 上报."""

from typing import Final

import htpy as h

from connectors.ledger.queries.stats import KINDS, StatsRow
from connectors.pages.html.bars import bar
from connectors.pages.html.viewer import Viewer

DRAWN: Final = {"figures.is_closed": "good", "figures.is_late": "bad", "figures.is_going_on": "rest"}
"""Parts of a bar and their colours; merged and refused cases are left blank."""


def by_kind(viewer: Viewer, rows: list[StatsRow], days: str) -> h.Element:
    """One row for each kind of report in these days, with the results."""
    words = viewer.words
    ranked = sorted(rows, key=lambda row: KINDS.index(row["kind"]) if row["kind"] in KINDS else len(KINDS))
    lines = [_line(viewer, words(f"kind.{row['kind']}"), row) for row in ranked]
    title = h.h2[words("figures.kinds")]
    if not lines:
        return h.section[title, h.p(".quiet")[words("figures.none_reported", n=days)]]
    table = _table(viewer, words("figures.by_kind", n=days), "kind", lines)
    return h.section[title, table, _legend(viewer)]


def by_rung(viewer: Viewer, rows: list[StatsRow], days: str) -> h.Element:
    """Problems of these days by the rung they were raised to; each row links to its cases."""
    words = viewer.words
    if not any(row["key"] != "0" for row in rows):
        none = h.p(".quiet")[words("figures.none_raised", n=days)]
        return h.section[h.h2[words("figures.raised")], none]
    lines = [_line(viewer, _way(viewer, row["key"]), row) for row in rows]
    table = _table(viewer, words("figures.by_rung", n=days), "rung", lines)
    return h.section[h.h2[words("figures.raised")], table]


def rung(viewer: Viewer, raised: str) -> str:
    """A rung as text; 0 means not raised."""
    return viewer.words("rung.none") if raised == "0" else viewer.words("rung.to", n=raised)


def _way(viewer: Viewer, raised: str) -> h.Element:
    return h.a(href=f"/supervisor?state=all&raised={raised}")[rung(viewer, raised)]


def _table(viewer: Viewer, caption: str, first: str, lines: list[h.Element]) -> h.Element:
    words = viewer.words
    titles = (first, "figures.opened", "figures.closed", "figures.on_time", "figures.open_late", "figures.median")
    head = h.tr[[h.th(scope="col")[words(title)] for title in titles]]
    return h.table(".figures.kept.kinds")[h.caption[caption], h.thead[head], h.tbody[lines]]


def _line(viewer: Viewer, name: str | h.Element, row: StatsRow) -> h.Element:
    due, took = row["on_time"] + row["late"], row["p50_s"]
    cells = (
        row["opened"],
        row["closed"],
        f"{row['on_time']}/{due}" if due else "–",
        row["open_late"],
        "–" if took is None else viewer.words.span(round(took * 1000), exact=False),
    )
    going_on = row["opened"] - row["merged"] - row["refused"] - row["closed"] - row["open_late"]
    sizes = (row["closed"], row["open_late"], going_on)
    drawn = bar(list(zip(DRAWN.values(), sizes, strict=True)), row["opened"])
    return h.tr[h.th(scope="row")[name, drawn], [h.td[cell] for cell in cells]]


def _legend(viewer: Viewer) -> h.Element:
    """The legend of the bars."""
    each = [(h.i(class_=kind), name) for name, kind in DRAWN.items()] + [(h.i, "figures.is_else")]
    return h.p(".quiet.legend")[[h.span[colour, " ", viewer.words(name)] for colour, name in each]]

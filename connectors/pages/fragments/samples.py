"""What was fixed on the spot 现场自办, apart from all other figures: how much of it inspectors looked at, and found."""

from collections.abc import Sequence
from typing import Final

from connectors.ledger.queries.stats import StatsRow
from connectors.pages.html.bars import bar
from connectors.pages.html.markup import Html, tag
from connectors.pages.html.viewer import Viewer

TITLES: Final = ("samples.opened", "samples.sampled", "samples.inspected", "samples.passed", "samples.failed")
MOST: Final = 24


def section(viewer: Viewer, rows: Sequence[StatsRow], days: str) -> Html:
    """By category, the most first, with what passed and failed as a bar; the last line is all of it."""
    words = viewer.words
    title = tag("h2", words("samples.title"))
    if not rows:
        return tag("section", title, tag("p", words("samples.none", n=days), class_="quiet"))
    head = tag(
        "tr",
        tag("th", words("category"), scope="col"),
        [tag("th", words(key), scope="col") for key in TITLES],
    )
    lines = [_line(row["name"] or words("category"), _counts(row)) for row in rows[:MOST]]
    total = [sum(column) for column in zip(*map(_counts, rows), strict=True)]
    lines.append(_line(words("figures.all"), total))
    left = tag("p", words("samples.more", n=len(rows) - MOST), class_="quiet") if len(rows) > MOST else None
    caption = tag("caption", words("samples.caption", n=days))
    table = tag("table", caption, tag("thead", head), tag("tbody", lines), class_="figures kinds")
    return tag("section", title, table, left, tag("p", words("samples.what"), class_="quiet"))


def _counts(row: StatsRow) -> tuple[int, ...]:
    return row["opened"], row["sampled"], row["inspected"], row["passed"], row["failed"]


def _line(name: str, counts: Sequence[int]) -> Html:
    *_, sampled, _, passed, failed = counts
    drawn = bar([("good", passed), ("bad", failed)], sampled)
    return tag("tr", tag("th", name, drawn, scope="row"), [tag("td", count) for count in counts])

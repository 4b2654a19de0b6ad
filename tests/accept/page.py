"""The page of statistics beside figures computed from the file alone, and each number beside the cases it opens."""

import csv
import io
import re
from collections.abc import Callable, Iterator
from html import unescape
from typing import Final

from tests.accept.file_figures import EVERY, FIGURES, FileGroup

Pages = Callable[[str], str]
"""The text behind an address."""
Groups = dict[tuple[str, str], FileGroup]
MOST_LISTED: Final = 300
"""Numbers above it are opened on their first page only: a list has forty cases on each."""
WAY: Final = re.compile(r'<a href="(/supervisor[^"]*counted=[^"]*)">(\d+)</a>')
NEXT: Final = re.compile(r'rel="next" href="([^"]+)"')
CASE: Final = re.compile(r'data-case="([^"]+)"')


def check_page(pages: Pages, groups: Groups, first: str, last: str) -> str:
    """All figures by type and month equal the file's, and so do the lists behind them; what was seen.

    `first` and `last` are the days of the period, as `2015-12-01`.
    """
    asked, values, numbers, cases = f"by=category&from={first}&to={last}", 0, 0, 0
    for name in FIGURES:
        values += _check_table(pages(f"/statistics.csv?{asked}&view=months&metric={name}&lang=en"), groups, name)
    for view in ("view=months&metric=opened", "view=metrics"):
        for address, n in set(_ways(pages(f"/statistics?{asked}&{view}"))):
            found = _listed(pages, address, n)
            assert found == n or (n > MOST_LISTED and found), f"{address}: {found} cases, not {n}"
            numbers, cases = numbers + 1, cases + found
    assert values, "nothing was compared"
    assert numbers, "nothing was opened"
    return f"{values} figures as computed from the file; {numbers} numbers opened to their {cases} cases"


def _check_table(text: str, groups: Groups, name: str) -> int:
    head, *rows = csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline=""))
    months, seen, compared = sorted({month for _, month in groups if month}), set[str](), 0
    every = [*months, EVERY]
    at = {month: next(n for n, title in enumerate(head) if _is_of(title, month)) for month in every}
    for row in rows:
        kind = row[1]
        seen.add(kind)
        for month in every:
            group = groups.get((kind, month), FileGroup())
            wanted, found = group.figures()[name], row[at[month]]
            same = found == "" if wanted is None else found != "" and abs(float(found) - wanted) <= 0.001
            assert same or (not group.opened and found in {"", "0"}), (
                f"{kind or 'all'}, {month or 'all months'}: {name} is {found!r}, the file says {wanted}"
            )
            compared += 1
    assert seen == {kind for kind, _ in groups}, f"rows of {seen ^ {kind for kind, _ in groups}} are in one only"
    return compared


def _is_of(title: str, month: str) -> bool:
    """Whether a column is that of a month, which may begin or end within it, or of the whole period."""
    return title.startswith(month) if month else title.startswith("Whole period")


def _ways(page: str) -> Iterator[tuple[str, int]]:
    for address, n in WAY.findall(page):
        yield unescape(address), int(n)


def _listed(pages: Pages, address: str, n: int) -> int:
    """How many different cases a list has on all of its pages."""
    found, following = set[str](), address
    while following:
        page = pages(following)
        found.update(CASE.findall(page))
        more = NEXT.search(page)
        following = unescape(more[1]) if more and n <= MOST_LISTED else ""
    return len(found)

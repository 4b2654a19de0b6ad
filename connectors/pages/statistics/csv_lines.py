"""CSV by RFC 4180 that spreadsheet programs open in any language: UTF-8 with a byte order mark, no formulas. Pure."""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Final

MARK: Final = "\ufeff"
LINES: Final = 500
"""Lines of one piece."""
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")


def harmless(value: str | float | None) -> str | float | None:
    """A text that a spreadsheet program takes as a text, too; numbers stay numbers."""
    return f"'{value}" if isinstance(value, str) and value.startswith(_FORMULA) else value


def csv_pieces(titles: Sequence[str], rows: Iterable[Sequence[str | float | None]]) -> Iterator[bytes]:
    """The file in pieces, beginning with its titles; what is missing is an empty cell."""
    left, head = iter(rows), [[MARK + titles[0], *titles[1:]]]
    while lines := [*head, *islice(left, LINES)]:
        yield csv_lines(lines)
        head = []


def csv_lines(rows: Iterable[Sequence[str | float | None]]) -> bytes:
    """Lines of such a file behind its titles."""
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator="\r\n").writerows([harmless(value) for value in line] for line in rows)
    return text.getvalue().encode()

"""A document of GeoReport v2, and the two ways to write it: XML and JSON say the same.

What is unknown or empty is left out of both; characters that XML cannot carry are left out of both, too.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final
from xml.sax.saxutils import escape

from pydantic_core import to_json

Fields = dict[str, Any]
"""Names to text, numbers, flags, other fields, or lists of these. A list `notes` has elements `note` in XML."""
TYPES: Final[Mapping[str, str]] = {"xml": "text/xml", "json": "application/json"}
"""Endings of addresses, and what they stand for."""
EMPTY: Final[tuple[Any, ...]] = (None, "", [], {})
_NO_XML: Final = re.compile("[^\t\n\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_DECLARATION: Final = '<?xml version="1.0" encoding="utf-8"?>\n'


@dataclass(frozen=True, slots=True)
class GeoReportDocument:
    """Rows below a root. Without an `item` there is one row, which is the root itself."""

    root: str
    item: str
    rows: Sequence[Fields]

    def to_bytes(self, ending: str) -> bytes:
        """UTF-8, as `xml` or `json`."""
        if self.item:
            return joined(self.root, [fragment(self.item, row, ending) for row in self.rows], ending)
        row = _tidy(self.rows[0])
        if ending == "json":
            return to_json(row)
        return f"{_DECLARATION}<{self.root}>{_inside(row)}</{self.root}>".encode()


def fragment(item: str, row: Fields, ending: str) -> bytes:
    """One row of a list, UTF-8, as `xml` or `json`."""
    tidy = _tidy(row)
    return to_json(tidy) if ending == "json" else _element(item, tidy).encode()


def joined(root: str, fragments: Sequence[bytes], ending: str) -> bytes:
    """A list below a root, from its rows as `fragment` makes them."""
    if ending == "json":
        return b"[%b]" % b",".join(fragments)
    name = root.encode()
    return b"%b<%b>%b</%b>" % (_DECLARATION.encode(), name, b"".join(fragments), name)


def errors(status: int, descriptions: Sequence[str]) -> GeoReportDocument:
    """What was wrong, each with the status as its code."""
    return GeoReportDocument("errors", "error", [{"code": str(status), "description": each} for each in descriptions])


def _tidy(value: Any) -> Any:
    if isinstance(value, str):
        return value if value.isprintable() else _carried(value)
    if isinstance(value, dict):
        return {name: tidy for name, each in value.items() if (tidy := _tidy(each)) not in EMPTY}
    if isinstance(value, list | tuple):
        return [tidy for each in value if (tidy := _tidy(each)) not in EMPTY]
    return value


def _carried(text: str) -> str:
    """What XML carries of it, with line ends as an XML parser gives them."""
    return _NO_XML.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


def _element(name: str, value: Any) -> str:
    return f"<{name}>{_inside(value, name)}</{name}>"


def _inside(value: Any, name: str = "") -> str:
    if isinstance(value, str):
        return escape(value)
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, dict):
        return "".join([_element(part, each) for part, each in value.items()])
    if isinstance(value, list):
        return "".join([_element(name.removesuffix("s"), each) for each in value])
    return str(value)

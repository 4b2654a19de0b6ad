"""Reads the XML of a callback into a flat table: the texts of the root's children, and of theirs as `Outer/Inner`.

Everything that grows or reaches out is refused: document types (so no entities), depth, many elements. The encoding is
UTF-8 whatever the document says: an unknown name there would raise what nobody expects.
"""

from collections.abc import Mapping
from typing import Any, Final
from xml.parsers import expat

MOST_ELEMENTS: Final = 400
MOST_DEPTH: Final = 8


class XmlError(ValueError):
    """This is not the XML of a callback."""


def read_xml(body: bytes) -> Mapping[str, str]:
    """The texts by name; the last of a name counts. Raises `XmlError`."""
    found = _Found()
    try:
        found.parser.Parse(body, True)
    except expat.ExpatError as error:
        raise XmlError(expat.ErrorString(error.code)) from None
    return found.texts


class _Found:
    """What was seen so far."""

    def __init__(self) -> None:
        self.texts: dict[str, str] = {}
        self.parser = expat.ParserCreate("utf-8")
        self.parser.buffer_text = True
        self.parser.StartDoctypeDeclHandler = self._doctype
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self._text
        self._path: list[str] = []
        self._words: list[str] = []
        self._elements = 0

    def _doctype(self, *_: Any) -> None:
        raise XmlError("it has a document type")

    def _start(self, name: str, _: Any) -> None:
        self._elements += 1
        self._path.append(name)
        self._words.clear()
        if self._elements > MOST_ELEMENTS or len(self._path) > MOST_DEPTH:
            raise XmlError("it has too many elements")

    def _text(self, text: str) -> None:
        self._words.append(text)

    def _end(self, _: str) -> None:
        name = "/".join(self._path[1:])
        if name and (self._words or name not in self.texts):
            self.texts[name] = "".join(self._words)
        self._words.clear()
        self._path.pop()

"""Finds codes and positions typed into the text of an address: 灯杆LP0003, 118.0868, 24.46."""

import re
from collections.abc import Callable, Mapping
from typing import Final
from unicodedata import normalize

from rules.places.agreement import candidate_of
from schemas.datum import Datum
from schemas.place import Ambiguous, Candidate, Coordinates, Found, NotFound
from schemas.region import Segment

MOST_CODES: Final = 6
_CODE: Final = re.compile(r"(?<![A-Za-z0-9])[A-Za-z0-9]+(?:[-_][A-Za-z0-9]+)*")
_DEGREES: Final = re.compile(r"(?<![0-9.])-?[0-9]{1,3}\.[0-9]{2,}(?![0-9.])")


class Typed:
    """`by_code` and `at` find the place of a code and of a position; `gcj` is the region's switch."""

    def __init__(
        self,
        by_code: Callable[[str], Found | Ambiguous | NotFound],
        at: Callable[[Coordinates], Found | NotFound],
        segments: Mapping[str, Segment],
        *,
        gcj: bool,
    ) -> None:
        self._by_code = by_code
        self._at = at
        self._segments = segments
        self._datums = (Datum.WGS84, Datum.GCJ02) if gcj else (Datum.WGS84,)

    def read(self, text: str) -> tuple[list[Candidate], str]:
        """Places that codes and positions may mean, only to ask about, and the text without them."""
        plain = normalize("NFKC", text)
        found: dict[str, Candidate] = {}
        rest = plain
        for each in [code for code in _CODE.finditer(plain) if _is_code(code[0])][:MOST_CODES]:
            known = self._by_code(each[0])
            if isinstance(known, Found):
                place = candidate_of(known.place, self._segments)
                found.setdefault(place.code, place)
                rest = rest.replace(each[0], " ")
        degrees = list(_DEGREES.finditer(plain))
        if len(degrees) == 2:
            first, second = (float(each[0]) for each in degrees)
            if there := self._positions(first, second):
                rest = _DEGREES.sub(" ", rest)
            for place in there:
                found.setdefault(place.code, place)
        return list(found.values()), rest if rest != plain else text

    def _positions(self, first: float, second: float) -> list[Candidate]:
        """Candidates in both orders of longitude and latitude, and in any datum."""
        pairs = [(lon, lat) for lon, lat in ((first, second), (second, first)) if abs(lon) <= 180 and abs(lat) <= 90]
        read = [self._at(Coordinates(lon=lon, lat=lat, datum=datum)) for lon, lat in pairs for datum in self._datums]
        return [candidate_of(each.place, self._segments) for each in read if isinstance(each, Found)]


def _is_code(token: str) -> bool:
    """Whether it has letters and digits: a number alone is a house number, letters alone are a word."""
    return any(c.isdigit() for c in token) and any(c.isalpha() for c in token)

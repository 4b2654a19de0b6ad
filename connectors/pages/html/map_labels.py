"""Places labels on a small map: each without overlaps and in full, or not at all."""

from dataclasses import dataclass, field
from typing import Final

import htpy as h

SIZE: Final = 12
WIDE: Final = 1.05
NARROW: Final = 0.62
"""Widths of a Chinese and a Latin letter, relative to the font size."""


@dataclass(slots=True)
class Labels:
    """The labels placed so far on a map of `width` × `height` units."""

    width: float
    height: float
    _taken: list[tuple[float, float, float, float]] = field(default_factory=list)

    def keep_free(self, x: float, y: float, radius: float) -> None:
        """Reserve a spot so that no label covers it."""
        self._taken.append((x - radius, y - radius, x + radius, y + radius))

    def along(self, text: str, x: float, y: float, *, turned: bool) -> h.Element | None:
        """A road's name above (or left of) its middle, further away if something is in the way."""
        length = _length(text)
        for up in (7, 16, -SIZE - 6):
            if turned:
                box = (x - up - SIZE, y - length / 2, x - up, y + length / 2)
            else:
                box = (x - length / 2, y - up - SIZE, x + length / 2, y - up)
            if self._take(box):
                turn = f"rotate(-90 {x:.0f} {y:.0f})" if turned else None
                return h.text(x=f"{x:.0f}", y=f"{y:.0f}", dy=-up, font_size=SIZE, transform=turn)[text]
        return None

    def beside(self, text: str, x: float, y: float) -> h.Element | None:
        """A landmark's name to the right or left of its dot."""
        length = _length(text)
        for left, anchor in ((x + 7, "start"), (x - 7 - length, "end")):
            if self._take((left, y - SIZE / 2, left + length, y + SIZE / 2)):
                at = left if anchor == "start" else left + length
                style = "spot" if anchor == "start" else "spot ends"
                return h.text(x=f"{at:.0f}", y=f"{y + 4:.0f}", font_size=SIZE, class_=style)[text]
        return None

    def _take(self, box: tuple[float, float, float, float]) -> bool:
        west, north, east, south = box
        inside = west >= 2 and north >= 2 and east <= self.width - 2 and south <= self.height - 2
        free = all(east < w or west > e or south < n or north > s for w, n, e, s in self._taken)
        if inside and free:
            self._taken.append(box)
        return inside and free


def _length(text: str) -> float:
    return sum(NARROW if c.isascii() else WIDE for c in text) * SIZE

"""One row of a platform, read by its table of columns; pure."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, TypeVar
from zoneinfo import ZoneInfo

from connectors.intake.field_types import MOST_ADDRESS, MOST_CODE, MOST_TEXT
from connectors.platforms.cells import SHOWN, Cells, cell_text, id_text, own_id
from connectors.platforms.refusals import bad_cell
from connectors.platforms.times import moment_ms
from schemas.datum import Datum
from schemas.platform import NeighbourPlatform, TheirState
from schemas.report import ReportKind

STRUCK: Final = "***"
_BETWEEN: Final = re.compile(r"[\s,;/()，；、（）：:]+")
"""Between a name and numbers in one cell."""

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class TheirRow:
    """What a row says. Times are milliseconds UTC. Nothing about who called is in it, beyond what the words say."""

    theirs: str
    kind: ReportKind = ReportKind.PROBLEM
    category: str = ""
    text: str = ""
    address: str = ""
    place: str = ""
    lat: float | None = None
    lon: float | None = None
    datum: Datum | None = None
    reported_ms: int | None = None
    due_ms: int | None = None
    state: TheirState = TheirState.OPEN
    urgent: bool = False
    ours: str = ""
    also: tuple[tuple[str, str], ...] = ()
    """Other platforms, and the id of the same case there."""
    unused_position: bool = False
    """It has a position, and nobody knows its datum."""


def read_row(platform: NeighbourPlatform, cells: Cells, zone: ZoneInfo) -> TheirRow:
    """The row. Times without an offset are in the platform's zone, else in `zone`.

    Raises `Refused` with the column and what is wrong: a word that no table has, a number that was rounded, a time
    that can be read in two ways. Nothing is guessed.
    """
    return _Reading(platform, cells, ZoneInfo(platform.zone) if platform.zone else zone).row()


class _Reading:
    def __init__(self, platform: NeighbourPlatform, cells: Cells, zone: ZoneInfo) -> None:
        self._platform, self._columns, self._cells, self._zone = platform, platform.columns, cells, zone

    def row(self) -> TheirRow:
        platform, columns = self._platform, self._columns
        theirs = own_id(platform, self._cells)
        words = self._word(columns.category)
        category = platform.categories.get(words, "")
        private = self._private()
        text = "\n".join(self._all(columns.text))
        if words and not category:  # their word helps ours to decide
            text = f"{words}\n{text}".strip()
        lat, lon, datum, unused = self._position()
        return TheirRow(
            theirs,
            kind=self._among(columns.kind, platform.kinds, ReportKind.PROBLEM),
            category=category,
            text=_short(_struck(text, private), columns.text, MOST_TEXT),
            address=_short(_struck(" ".join(self._all(columns.address)), private), columns.address, MOST_ADDRESS),
            place=_short(self._word(columns.place), (columns.place or "",), MOST_CODE),
            lat=lat,
            lon=lon,
            datum=datum,
            reported_ms=self._time(columns.reported_at, ends=False),
            due_ms=self._time(columns.due_at, ends=True),
            state=self._among(columns.state, platform.states, TheirState.OPEN),
            urgent=platform.says_yes(self._word(columns.urgent)),
            ours=self._id(columns.ours),
            also=tuple((code, id) for code, column in sorted(columns.also.items()) if (id := self._id(column))),
            unused_position=unused,
        )

    def _word(self, column: str | None) -> str:
        return cell_text(self._cells.get(column), column) if column else ""

    def _all(self, columns: Iterable[str]) -> list[str]:
        return [text for column in columns if (text := self._word(column))]

    def _id(self, column: str | None) -> str:
        return id_text(self._cells.get(column), column) if column else ""

    def _among(self, column: str | None, known: Mapping[str, T], otherwise: T) -> T:
        """What a word of theirs means; `otherwise` without one. Raises `Refused` for one that the table lacks."""
        word = self._word(column)
        if not word:
            return otherwise
        if word not in known:
            raise bad_cell("platform_word", column or "", given=word[:SHOWN], known=", ".join(known)[:400])
        return known[word]

    def _time(self, column: str | None, *, ends: bool) -> int | None:
        text = self._word(column)
        return moment_ms(text, column or "", self._zone, self._platform.times, ends=ends) if text else None

    def _position(self) -> tuple[float | None, float | None, Datum | None, bool]:
        """Latitude, longitude, datum, and whether there is one that cannot be used."""
        lat, lon = (
            self._degrees(each, most) for each, most in ((self._columns.latitude, 90), (self._columns.longitude, 180))
        )
        if lat is None or lon is None or (lat, lon) == (0.0, 0.0):  # how programs write "none"
            return None, None, None, False
        datum = self._platform.datum.known if self._platform.datum else None
        return (None, None, None, True) if datum is None else (lat, lon, datum, False)

    def _degrees(self, column: str | None, most: int) -> float | None:
        text = self._word(column)
        if not text:
            return None
        try:
            degrees = float(text)
        except ValueError:
            degrees = float("nan")
        if not -most <= degrees <= most:
            raise bad_cell("bad_coordinate", column or "", given=text[:SHOWN], limit=most)
        return degrees

    def _private(self) -> list[str]:
        """What is struck from the words of somebody who asked for it, the longest first."""
        if not self._platform.says_yes(self._word(self._columns.confidential)):
            return []
        told = self._all(self._columns.caller)
        parts = {part for text in told for part in (text, *_BETWEEN.split(text)) if _tells_who(part)}
        return sorted(parts, key=len, reverse=True)


def _tells_who(part: str) -> bool:
    """A name or a number; two digits are in every address."""
    return len(part) > (4 if part.isdecimal() else 1)


def _short(text: str, columns: Sequence[str], most: int) -> str:
    """The text. Raises `Refused` for one that is too long: cut, it would say something else."""
    if len(text) > most:
        raise bad_cell("too_long", ", ".join(columns), limit=most)
    return text


def _struck(text: str, private: Iterable[str]) -> str:
    for each in private:
        text = text.replace(each, STRUCK)
    return text

"""Surveys the whole file before anything is sent: the order of coordinates, and times that are only days.

A file whose coordinates cannot be read, although the mapping names them, stops here with the remedy.
"""

from collections.abc import Iterable
from collections.abc import Mapping as Cells
from dataclasses import dataclass
from datetime import datetime, time
from typing import Final
from zoneinfo import ZoneInfo

from grid36.replay.file.mapping import Mapping
from grid36.replay.file.places import pair_in
from grid36.replay.file.positions import Bare, CoordinatePair, Order, converter, ordered
from grid36.replay.file.reasons import UnusableValue, WrongFile
from grid36.replay.file.rows import FileFacts
from grid36.replay.file.times import Moment, time_reader
from schemas.datum import Datum
from schemas.names import Name
from schemas.place import Coordinates
from schemas.region import Box

ENOUGH: Final = 10
"""So many times, all of them midnight, are days."""
_CONVENTIONS: Final[dict[str, Order]] = {"geo_point_2d": "lat_lon"}
"""Column names by which a portal says the order."""


@dataclass(slots=True)
class _Seen:
    """Coordinates of the file so far; a bare pair counts as if the latitude came first, unless the mapping says."""

    given: int = 0
    read: int = 0
    """Those that are positions."""
    turned: int = 0
    """Those that would be positions with x and y exchanged."""
    large: int = 0
    """Those that are far beyond degrees."""
    here: int = 0
    """Positions within the region."""
    there: int = 0
    """Those that would be within the region with x and y exchanged."""
    only_read: int = 0
    """Those that are positions in the first order only."""
    only_turned: int = 0
    """Those that are positions in the other order only."""
    bare: int = 0
    round: int = 0
    first: tuple[int, str] | None = None
    """Row and text of the first that is no position."""
    sample: tuple[int, str] | None = None
    """Row and text of the first bare pair."""


def survey(rows: Iterable[Cells[str, str] | None], mapping: Mapping, box: Box | None = None) -> FileFacts:
    """Read all rows (None: one that cannot be read) once; `box` is the region's; it decides the order of numbers, too.

    Raises `WrongFile` where no coordinates can be used.
    """
    places = _Places(mapping, box) if mapping.latitude else None
    times = {name: _Midnights(mapping, name) for name in mapping.times}
    for number, cells in enumerate(rows, 1):
        if cells is None:
            continue
        if places is not None:
            places.add(number, cells)
        for name in [name for name, seen in times.items() if not seen.add(cells)]:
            del times[name]
    order = places.order() if places is not None else None
    return FileFacts(order, frozenset(name for name, seen in times.items() if seen.count >= ENOUGH))


class _Midnights:
    """Whether every time of a column is midnight by the clocks of its zone."""

    def __init__(self, mapping: Mapping, name: str) -> None:
        column = mapping.times[name]
        self._read = time_reader(column)
        self._zone = ZoneInfo(column.zone) if column.zone else None
        self.count = 0

    def add(self, cells: Cells[str, str]) -> bool:
        """False as soon as one is not."""
        try:
            moment = self._read(cells)
        except UnusableValue:
            return True
        if moment is None:
            return True
        self.count += 1
        return not moment.by_day and self._midnight(moment)

    def _midnight(self, moment: Moment) -> bool:
        if self._zone is None:
            return moment.text[10:].lstrip("T ").startswith("00:00") and ":00:00" in moment.text[9:]
        return datetime.fromtimestamp(moment.first_ms / 1000, self._zone).time() == time()


class _Places:
    def __init__(self, mapping: Mapping, box: Box | None) -> None:
        self._mapping, self._box = mapping, box
        self._seen = _Seen()
        self._convert = converter(mapping.datum or Datum.WGS84)

    def add(self, number: int, cells: Cells[str, str]) -> None:
        """Look at one row."""
        seen = self._seen
        try:
            pair = pair_in(cells, self._mapping)
        except UnusableValue:
            pair = None
        else:
            if pair is None:
                return
        seen.given += 1
        if isinstance(pair, Bare):
            seen.bare += 1
            seen.round += pair.round
            seen.sample = seen.sample or (number, f"{pair.first:.10g}, {pair.second:.10g}")
            pair = ordered(pair, self._mapping.order or "lat_lon")
        found = None if pair is None else self._convert(pair)
        if found is not None:
            seen.read += 1
            seen.here += self._within(found)
        else:
            seen.first = seen.first or (number, self._shown(cells))
        if pair is not None and (found is None or self._box is not None or seen.bare):
            seen.large += max(abs(pair.x), abs(pair.y)) > 360
            turned = self._convert(CoordinatePair(pair.y, pair.x))
            seen.turned += turned is not None
            seen.only_read += turned is None and found is not None
            seen.only_turned += turned is not None and found is None
            seen.there += turned is not None and self._within(turned)

    def _within(self, here: Coordinates) -> bool:
        box = self._box
        return box is not None and box.west <= here.lon <= box.east and box.south <= here.lat <= box.north

    def _shown(self, cells: Cells[str, str]) -> str:
        columns = dict.fromkeys(filter(None, (self._mapping.latitude, self._mapping.longitude)))
        return ", ".join(cells.get(column, "")[:60] for column in columns)

    def order(self) -> Order | None:
        """The order of bare pairs, None where there are none. Raises `WrongFile` where nothing can be used."""
        seen, given = self._seen, self._mapping.order
        if not seen.given:
            return given
        order = given or (self._found() if seen.bare else None)
        readable = seen.turned if order == "lon_lat" and given is None else seen.read
        if not readable or (seen.large * 2 > seen.given and self._mapping.datum in set(Datum)):
            raise WrongFile(self._none_can_be_read())
        if (given or not seen.bare) and not seen.here and seen.there * 2 > seen.given:
            raise WrongFile(self._exchanged())
        return order

    def _found(self) -> Order:
        """The order that the numbers show, or the region, or a portal's convention."""
        seen = self._seen
        for straight, crossed in ((seen.only_read, seen.only_turned), (seen.here, seen.there)):
            if bool(straight) != bool(crossed):
                return "lat_lon" if straight else "lon_lat"
        column = self._mapping.latitude or ""
        if column.casefold() in _CONVENTIONS:
            return _CONVENTIONS[column.casefold()]
        if seen.round == seen.bare or not seen.read:
            return "lat_lon"
        row, text = seen.sample or (0, "")
        raise WrongFile(Name.of("replay.survey.order_unknown", column=column, row=row, text=text))

    def _exchanged(self) -> Name:
        """What to say where all lies elsewhere, and in the region with x and y exchanged."""
        one_column = self._mapping.latitude == self._mapping.longitude
        return Name.of("replay.survey.exchanged_numbers" if one_column else "replay.survey.exchanged_columns")

    def _none_can_be_read(self) -> Name:
        seen, mapping = self._seen, self._mapping
        row, text = seen.first or (0, "")
        columns = dict.fromkeys(filter(None, (mapping.latitude, mapping.longitude)))
        listed = Name.joined("、", " and ", (Name.of("replay.survey.column", column=each) for each in columns))
        none = Name.of("replay.survey.none_can_be_read", columns=listed, row=row, text=text)
        if seen.large * 2 > seen.given and mapping.datum in set(Datum):
            return Name.of("replay.survey.metres", none=none)
        if seen.turned == seen.given:
            return Name.of("replay.survey.look_exchanged", none=none)
        return Name.of("replay.survey.check_columns", none=none)

"""Reads the position of a row, in degrees with their datum. Pure."""

from collections.abc import Callable
from collections.abc import Mapping as Cells

from grid36.replay.file.cells import cell
from grid36.replay.file.mapping import Mapping
from grid36.replay.file.positions import Bare, CoordinatePair, Order, both, converter, number, ordered
from grid36.replay.file.reasons import UnusableValue
from schemas.datum import Datum
from schemas.place import Coordinates

PositionReader = Callable[[Cells[str, str]], Coordinates | None]


def position_reader(mapping: Mapping, order: Order | None) -> PositionReader:
    """A function from cells to the position, None where they are empty; raises `UnusableValue`."""
    convert = converter(mapping.datum or Datum.WGS84)
    column = mapping.latitude or ""

    def read(cells: Cells[str, str]) -> Coordinates | None:
        given = pair_in(cells, mapping)
        if given is None:
            return None
        if isinstance(given, Bare):
            if order is None:
                raise unreadable(column, cell(cells, column))
            given = ordered(given, order)
        found = convert(given)
        if found is None:
            shown = ", ".join(dict.fromkeys(cell(cells, each) for each in (mapping.latitude, mapping.longitude)))
            raise unreadable(column, shown)
        return found

    return read


def pair_in(cells: Cells[str, str], mapping: Mapping) -> CoordinatePair | Bare | None:
    """The two numbers of a row, None where the cells are empty; raises `UnusableValue`."""
    lat, lon = cell(cells, mapping.latitude), cell(cells, mapping.longitude)
    if not lat and not lon:
        return None
    if mapping.latitude == mapping.longitude:
        found = both(lat, mapping.decimal)
        if found is None:
            raise unreadable(mapping.latitude or "", lat)
        return found
    if not lat or not lon:
        raise UnusableValue((mapping.longitude if lat else mapping.latitude) or "", "half_position")
    y, x = number(lat, mapping.decimal), number(lon, mapping.decimal)
    if x is None or y is None:
        raise unreadable(mapping.latitude or "", f"{lat}, {lon}")
    return CoordinatePair(x, y)


def unreadable(column: str, text: str) -> UnusableValue:
    """The fault of a cell, or of two, that hold no position."""
    return UnusableValue(column, "no_position", text=text[:60])

"""Validates fields one by one: typed values out, all mistakes collected and reported together."""

import math
import re
from collections.abc import Collection, Iterable, Mapping
from datetime import datetime, tzinfo
from enum import StrEnum
from http import HTTPStatus
from typing import Any, Final, TypeVar

from pydantic_core import from_json

from connectors.intake.refusal import FieldFault, Refused
from schemas.datum import Datum
from schemas.people import ID_PATTERN
from schemas.place import Coordinates, PlaceGiven

E = TypeVar("E", bound=StrEnum)

FROM_MS: Final = -2_208_988_800_000
TO_MS: Final = 7_258_118_400_000
"""The years 1900 up to 2200, as in `schemas.report.TimeMs`."""
PLACE: Final = ("lat", "lon", "address", "code")
SHORT: Final = 200
SHOWN: Final = 80
"""Characters of a wrong value that are shown back."""
_ID: Final = re.compile(ID_PATTERN)
_CONTROL: Final = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")
_NUMBER: Final = re.compile(r"[+-]?[0-9]{1,18}(\.[0-9]{0,30})?")
_FAULTS: Final = 20


class Fields:
    """Takes values out of what was sent; `done` raises `Refused` with every mistake that was found.

    `untyped` is the datum of positions that name none; without it they are refused.
    """

    def __init__(self, sent: Mapping[str, Any], zone: tzinfo, untyped: Datum | None = None) -> None:
        self._sent = sent
        self._untyped = untyped
        self._zone = zone
        self._asked: list[str] = []
        self._faults: list[FieldFault] = []

    def fault(self, code: str, where: str = "", **facts: object) -> None:
        """Remember a mistake."""
        shown = {name: str(fact)[:SHOWN] if name == "given" else fact for name, fact in facts.items()}
        self._faults.append(FieldFault(code, where, shown))

    def has(self, name: str) -> bool:
        """Whether a field was sent at all."""
        return name in self._sent

    def any_of(self, *names: str) -> bool:
        """Whether any of these was sent and is not blank."""
        return any(self.has(name) and str(self._sent[name]).strip() for name in names)

    def text(self, name: str, most: int = SHORT, *, needed: bool = False) -> str:
        """Words, without control characters and outer spaces; empty when absent."""
        value = self._get(name)
        if value is not None and not isinstance(value, str):
            self.fault("wrong_type", name, wanted="text")
            return ""
        clean = _CONTROL.sub("", (value or "").replace("\r\n", "\n").replace("\r", "\n")).strip()
        if needed and not clean:
            self.fault("missing", name)
        if len(clean) > most:
            self.fault("too_long", name, limit=most)
            return ""
        return clean

    def id(self, name: str, *, needed: bool = False) -> str | None:
        """An id that can stand in keys and addresses."""
        value = self._get(name)
        if value is None:
            if needed:
                self.fault("missing", name)
            return None
        if not isinstance(value, str) or _ID.fullmatch(value) is None or _CONTROL.search(value):
            self.fault("bad_id", name)
            return None
        return value

    def choice(self, name: str, known: type[E], *, code: str = "not_one_of", without: Collection[E] = ()) -> E | None:
        """One word of a closed list; None when absent or wrong."""
        value = self._get(name)
        if value is None:
            return None
        words = [word for word in known if word not in without]
        for word in words:
            if value == word.value:
                return word
        self.fault(code, name, given=value, known=", ".join(words))
        return None

    def flag(self, name: str) -> bool:
        """Yes or no; forms send on, 1 or true."""
        value = self._get(name)
        if value is None or value is False or value in ("false", "0", "off", "no"):
            return False
        if value is True or value in ("true", "1", "on", "yes"):
            return True
        self.fault("wrong_type", name, wanted="true / false")
        return False

    def mapping(self, name: str) -> dict[str, Any] | None:
        """Named values: an object of JSON, in a form as the text of one."""
        value = self._get(name)
        if isinstance(value, str):
            try:
                value = from_json(value, allow_inf_nan=False)
            except ValueError:
                value = False
        if value is not None and not isinstance(value, dict):
            self.fault("wrong_type", name, wanted="{…}")
            return None
        return value

    def whole(self, name: str, low: int, high: int) -> int | None:
        """A whole number from `low` to `high`."""
        number = _number(self._get(name))
        if self._get(name) is None:
            return None
        if number is None or number != int(number) or not low <= number <= high:
            self.fault("bad_number", name, given=self._get(name), low=low, high=high)
            return None
        return int(number)

    def time_ms(self, name: str, *, needed: bool = False) -> int | None:
        """Milliseconds UTC from RFC 3339 text (without an offset: in the region's zone) or from milliseconds."""
        value = self._get(name)
        if value is None:
            if needed:
                self.fault("missing", name)
            return None
        t = _time_ms(value, self._zone)
        if t is None:
            self.fault("bad_time", name, given=value)
        elif not FROM_MS <= t < TO_MS:
            self.fault("time_out_of_range", name, given=value)
        else:
            return t
        return None

    def place(self) -> PlaceGiven:
        """The place: lon, lat and datum, address, code."""
        address, code = self.text("address", 500), self.text("code", 100)
        return PlaceGiven(coordinates=self._coordinates(), address=address or None, code=code or None)

    def done(self, also: Iterable[str] = ()) -> None:
        """Raises `Refused` when a mistake was found, or a field was sent that nobody asked for."""
        known = {*self._asked, *also}
        for name in self._sent:
            if name == "source":
                self.fault("source_not_open", name)
            elif name not in known:
                self.fault("unknown_field", name[:SHOWN], known=", ".join(sorted(known)))
        if self._faults:
            raise Refused(HTTPStatus.BAD_REQUEST, self._faults[:_FAULTS])

    def _coordinates(self) -> Coordinates | None:
        lat, lon = self._degrees("lat", 90), self._degrees("lon", 180)
        datum = self.choice("datum", Datum, code="unknown_datum")
        for here, other in (("lat", "lon"), ("lon", "lat")):
            if self.has(other) and not self.has(here):
                self.fault("half_coordinates", here)
        if lat is None or lon is None:
            return None
        if datum is None and self._untyped is None and not self.has("datum"):
            self.fault("datum_needed", "datum")
        return Coordinates(lon=lon, lat=lat, datum=datum or self._untyped or Datum.WGS84)

    def _degrees(self, name: str, limit: int) -> float | None:
        value = self._get(name)
        if value is None:
            return None
        degrees = _number(value)
        if degrees is None or abs(degrees) > limit:
            self.fault("bad_coordinate", name, given=value, limit=limit)
            return None
        return degrees

    def _get(self, name: str) -> Any:
        self._asked.append(name)
        return self._sent.get(name)


def _number(value: object) -> float | None:
    """A finite number, from JSON or from plain digits in a form."""
    if isinstance(value, str) and _NUMBER.fullmatch(value.strip()):
        value = float(value)
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    try:
        number = float(value)
    except OverflowError:
        return None
    return number if math.isfinite(number) else None


def _time_ms(value: object, zone: tzinfo) -> int | None:
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    if not isinstance(value, str):
        return None
    try:
        time = datetime.fromisoformat(value.strip())
        return round((time if time.tzinfo else time.replace(tzinfo=zone)).timestamp() * 1000)
    except (ValueError, OverflowError):
        return None

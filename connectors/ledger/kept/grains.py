"""The days and months by which sums are kept: those of the calendar of the ledger's zone. Pure.

A day is written as 20261201 and its month as 202612, so that a day leads to its month in any SQL.
"""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from functools import lru_cache
from typing import Final, Literal, NamedTuple
from zoneinfo import ZoneInfo

from connectors.ledger.span import Span
from schemas.days import begin_ms, day_of

Grain = Literal["day", "month"]
GRAINS: Final[dict[Grain, int]] = {"day": 1, "month": 100}
"""What the number of a day is divided by."""
MOST_ONE_BY_ONE: Final = 500
"""Periods that are named one by one in a query."""
_DAY: Final = timedelta(days=1)


class Periods(NamedTuple):
    """Whole days or months: from that of `first` up to that of `end`, which is not one of them."""

    grain: Grain
    first: date
    end: date

    def condition(self, *, few_codes: bool) -> str:
        """Which periods; one by one where `few_codes` are asked for, so that these are found in each of them."""
        if few_codes and (self.end - self.first).days <= MOST_ONE_BY_ONE * (31 if self.grain == "month" else 1):
            return f"period IN ({', '.join(map(str, self._each()))})"
        return f"period >= {_number(self.first, self.grain)} AND period < {_number(self.end, self.grain)}"

    def _each(self) -> Iterator[int]:
        day = self.first
        while day < self.end:
            yield _number(day, self.grain)
            day = day + _DAY if self.grain == "day" else next_month(day)


def day_number(t_ms: int, zone: ZoneInfo) -> int:
    """The number of the day of a zone in which a moment lies."""
    return _number(day_at(t_ms, zone), "day")


def day_at(t_ms: int, zone: ZoneInfo) -> date:
    """The day of a zone in which a moment lies; where clocks are put back over midnight, a day has no gap either."""
    day = day_of(t_ms, zone)
    if t_ms < _begin_ms(day, zone):
        return day - _DAY
    return day if t_ms < _begin_ms(day + _DAY, zone) else day + _DAY


def next_month(day: date) -> date:
    """The first day of the month after that of a day."""
    return day.replace(year=day.year + day.month // 12, month=day.month % 12 + 1, day=1)


def split(span: Span, zone: ZoneInfo, grains: Sequence[Grain] = tuple(GRAINS)) -> tuple[list[Span], list[Periods]]:
    """The parts of days at both ends of a span, and the whole days between them, as months where they can be."""
    low = date.min if span.from_ms is None else _day_from(span.from_ms, zone)
    high = date.max if span.to_ms is None else day_at(span.to_ms, zone)
    if low >= high:
        return [span], []
    parts = list[Span]()
    if span.from_ms is not None and span.from_ms < (begin := _begin_ms(low, zone)):
        parts.append(span._replace(to_ms=begin))
    if span.to_ms is not None and span.to_ms > (end := _begin_ms(high, zone)):
        parts.append(span._replace(from_ms=end))
    first = low if low.day == 1 else next_month(low)
    last = high if high == date.max else high.replace(day=1)
    if "month" not in grains or first >= last:
        return parts, [Periods("day", low, high)]
    whole = [Periods("day", low, first), Periods("month", first, last), Periods("day", last, high)]
    return parts, [each for each in whole if each.first < each.end]


def _day_from(t_ms: int, zone: ZoneInfo) -> date:
    """The first day that begins at or after a moment."""
    day = day_at(t_ms, zone)
    return day if _begin_ms(day, zone) == t_ms else day + _DAY


def _number(day: date, grain: Grain) -> int:
    return (day.year * 10000 + day.month * 100 + day.day) // GRAINS[grain]


_begin_ms: Final = lru_cache(maxsize=1024)(begin_ms)

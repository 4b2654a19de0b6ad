"""Periods of whole days of the region's calendar, their months, and the periods that they are compared with. Pure."""

from calendar import monthrange
from datetime import date, timedelta
from typing import Final, NamedTuple
from zoneinfo import ZoneInfo

from connectors.ledger.span import Span
from schemas.days import begin_ms, end_ms
from schemas.remit import WHOLE, Remit

DAY: Final = timedelta(days=1)


class DayPeriod(NamedTuple):
    """From the first day to the last one, both included."""

    first: date
    last: date

    def span(self, zone: ZoneInfo, within: Remit = WHOLE) -> Span:
        """The moments that it has in a zone."""
        return Span(begin_ms(self.first, zone), end_ms(self.last, zone), within=within)

    def months(self) -> list["DayPeriod"]:
        """Its months; the first and the last may be parts of one."""
        found, first = list[DayPeriod](), self.first
        while first <= self.last:
            last = min(_month_end(first), self.last)
            found.append(DayPeriod(first, last))
            first = last + DAY
        return found

    def before(self) -> "DayPeriod":
        """As many whole months right before it if it consists of whole months, else as many days."""
        if self.whole_months:
            n = len(self.months())
            return DayPeriod(_shifted(self.first, -n), self.first - DAY)
        return DayPeriod(self.first - (self.last - self.first) - DAY, self.first - DAY)

    def year_ago(self) -> "DayPeriod":
        """The same days of the year before; whole months stay whole months."""
        last = _shifted(self.last, -12)
        return DayPeriod(_shifted(self.first, -12), _month_end(last) if self.whole_months else last)

    @property
    def whole_months(self) -> bool:
        """Whether it begins and ends with a month."""
        return self.first.day == 1 and self.last == _month_end(self.last)

    @property
    def month(self) -> str:
        """The month in which it begins, as `2026-11`."""
        return f"{self.first:%Y-%m}"


def around(day: date, today: date, most: int, *, apart: bool = False) -> tuple[DayPeriod, DayPeriod] | None:
    """As many whole days right before a day as have passed since it began, at most `most`; None before one has.

    `apart`: the day itself is on neither side, because what happened on it happened in its midst.
    """
    first = day + DAY if apart else day
    length = min((today - first).days, most) * DAY
    if length < DAY:
        return None
    return DayPeriod(day - length, day - DAY), DayPeriod(first, first + length - DAY)


def recent(today: date, months: int) -> DayPeriod:
    """So many months up to today, this one included."""
    return DayPeriod(_shifted(today.replace(day=1), 1 - months), today)


def _month_end(day: date) -> date:
    return day.replace(day=monthrange(day.year, day.month)[1])


def _shifted(day: date, months: int) -> date:
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))

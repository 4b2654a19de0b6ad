"""Working time as the storm's plan counts it: the shifts of some weeks, gone through one after the other.

It knows what the notice at the door says, and that the clocks of Xiamen never change; it never asks `rules/`.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from tests.generators.month_street import DAY, HOUR, MINUTE

FIRST: Final = date(2026, 6, 8)
DAYS: Final = 60
OFF: Final = frozenset({date(2026, 6, 12), date(2026, 6, 19)})
"""The street's founding day, made up for on the Saturday after it, and the Dragon Boat Festival."""
MADE_UP: Final = date(2026, 6, 13)


def moment(day: date, hour: float) -> int:
    """An hour of a day in Xiamen, ms UTC."""
    return (day.toordinal() - date(1970, 1, 1).toordinal()) * DAY + round((hour - 8) * 60) * MINUTE


@dataclass(frozen=True)
class Day:
    """A working day: from `cut` on a matter belongs to the next one."""

    cut: int
    spans: tuple[tuple[int, int], ...]


@dataclass(frozen=True)
class Shifts:
    """The working days of somebody."""

    days: tuple[Day, ...]

    def _from(self, at: int) -> tuple[Day, ...]:
        """The working day to which a moment belongs, and all after it."""
        return tuple(day for day in self.days if at < day.cut)

    def due_hours(self, at: int, hours: int) -> int:
        """When so many working hours are over."""
        left = hours * HOUR
        for begin, end in (span for day in self._from(at) for span in day.spans):
            free = max(0, end - max(begin, at))
            if left <= free:
                return max(begin, at) + left
            left -= free
        raise LookupError("the plan does not know these weeks")

    def due_days(self, at: int, days: int) -> int:
        """The end of the Nth working day after the one that a moment belongs to."""
        return self._from(at)[days].spans[-1][1]

    def open_at(self, at: int) -> int:
        """That moment, or when they come back."""
        return next(max(begin, at) for day in self.days for begin, end in day.spans if at < end)

    def there(self, at: int) -> bool:
        """Whether somebody is there, or goes home at this moment."""
        return any(begin <= at <= end for day in self.days for begin, end in day.spans)


def _day(day: date, cut: float, *hours: float) -> Day:
    ends = [moment(day, hour) for hour in hours]
    return Day(moment(day, cut), tuple(zip(ends[::2], ends[1::2], strict=True)))


_ALL: Final = tuple(FIRST + timedelta(n) for n in range(DAYS))
OFFICE: Final = Shifts(
    tuple(_day(d, 17, 8.5, 12, 14, 17.5) for d in _ALL if d == MADE_UP or (d.weekday() < 5 and d not in OFF))
)
WATER: Final = Shifts(tuple(_day(d, 19, 7, 19) for d in _ALL))
"""Who repairs pipes works every day, without lunch, and has no cut-off hour."""

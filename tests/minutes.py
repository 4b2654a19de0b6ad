"""The oracle for working time: it looks at every single minute and knows nothing of sums and searches.

It asks what the clock on the wall shows at a minute, and whether somebody works then.
"""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from schemas.calendar import Hours, WorkCalendar

MINUTE = 60_000


class Minutes:
    """One organisation, minute by minute; moments are milliseconds UTC at whole minutes."""

    def __init__(self, calendar: WorkCalendar, organisation: str | None = None) -> None:
        self._calendar = calendar
        self._zone = ZoneInfo(calendar.zone)
        own = [hours for hours in calendar.organisations if hours.organisation == organisation]
        self._hours: Hours = own[0] if own else calendar.hours

    def wall(self, at_ms: int) -> datetime:
        """What the clock on the wall shows."""
        return datetime.fromtimestamp(at_ms / 1000, self._zone)

    def spans(self, day: date) -> list[tuple[str, str]]:
        """From and until, as on the notice at the door."""
        weekday = day.weekday()
        if not self._hours.on_holidays:
            if any(off.day == day for off in self._calendar.days_off):
                return []
            for made_up in self._calendar.make_up_days:
                if made_up.day == day:
                    weekday = made_up.as_weekday - 1
        return [(span.split("-")[0], span.split("-")[1]) for span in self._hours.week[weekday]]

    def works(self, at_ms: int) -> bool:
        """Whether somebody works in the minute that begins then."""
        wall = self.wall(at_ms)
        return any(begin <= f"{wall:%H:%M}" < end for begin, end in self.spans(wall.date()))

    def day_of(self, start_ms: int) -> date:
        """The working day that something counts from."""
        wall = self.wall(start_ms)
        day = wall.date()
        spans = self.spans(day)
        if spans:
            closes = min(spans[-1][1], self._hours.cut_off or "24:00")
            if f"{wall:%H:%M}" < closes:
                return day
        return next(self.working_days(day))

    def working_days(self, after: date) -> Iterator[date]:
        """The working days after a day."""
        day = after
        while True:
            day += timedelta(days=1)
            if self.spans(day):
                yield day

    def due_hours(self, start_ms: int, hours: int) -> int:
        """When so many working hours are over."""
        day, at, left = self.day_of(start_ms), start_ms, hours * 60
        while True:
            if self.works(at) and self.wall(at).date() >= day:
                left -= 1
            at += MINUTE
            if left == 0:
                return at

    def due_days(self, start_ms: int, days: int) -> int:
        """The end of the last shift of the Nth working day after the one that counts (0: of that day)."""
        day = self.day_of(start_ms)
        following = self.working_days(day)
        for _ in range(days):
            day = next(following)
        at = start_ms
        while self.wall(at).date() <= day:
            at += MINUTE
        while not (self.works(at - MINUTE) and self.wall(at - MINUTE).date() == day):
            at -= MINUTE
        return at

    def worked(self, from_ms: int, to_ms: int) -> int:
        """Worked milliseconds between two moments."""
        return sum(MINUTE for at in range(from_ms, to_ms, MINUTE) if self.works(at))

    def next_shift(self, at_ms: int) -> int:
        """The next minute in which somebody works."""
        while not self.works(at_ms):
            at_ms += MINUTE
        return at_ms

"""The oracle for working time: it looks at every single minute and knows nothing of sums and searches.

It asks what the clock on the wall shows at a minute, and whether somebody works then.
"""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from schemas.calendar import Hours, WorkCalendar

MINUTE = 60_000
LONGEST = 32 * 60
"""Minutes after the midnight of a working day by which its last shift is over, in the calendars of the tests."""


class Minutes:
    """One organisation, minute by minute; moments are milliseconds UTC at whole minutes."""

    def __init__(self, calendar: WorkCalendar, organisation: str | None = None) -> None:
        self._calendar = calendar
        self._zone = ZoneInfo(calendar.zone)
        own = [hours for hours in calendar.organisations if hours.organisation == organisation]
        self._hours: Hours = own[0] if own else calendar.hours
        self._half_days = {off.day: off.hours for off in calendar.days_off if off.hours}
        self._ends: dict[date, int | None] = {}
        self._notices: dict[date, list[tuple[str, str]]] = {}

    def wall(self, at_ms: int) -> datetime:
        """What the clock on the wall shows."""
        return datetime.fromtimestamp(at_ms / 1000, self._zone)

    def notice(self, day: date) -> list[tuple[str, str]]:
        """What `_written` says, read once."""
        if day not in self._notices:
            self._notices[day] = self._written(day)
        return self._notices[day]

    def _written(self, day: date) -> list[tuple[str, str]]:
        """From and until of the shifts that begin on a day, as on the notice at the door; `26:00` is 02:00 after it."""
        weekday, told = day.weekday(), next((each.hours for each in self._hours.days if each.day == day), None)
        if told is None and not self._hours.on_holidays:
            if any(off.day == day and not off.hours for off in self._calendar.days_off):
                return []
            for made_up in self._calendar.make_up_days:
                if made_up.day == day:
                    weekday = made_up.as_weekday - 1
                    told = (made_up.hours if made_up.for_all or self._hours.organisation is None else None) or None
        spans: list[tuple[str, str]] = []
        for span in self._hours.week[weekday] if told is None else told:
            begin, end = span.split("-")
            if spans and begin < spans[-1][1]:
                begin = _after_midnight(begin)
            spans.append((begin, end if end > begin else _after_midnight(end)))
        return spans

    def _off(self, day: date, now: str) -> bool:
        """Whether this hour of a day is off."""
        if self._hours.on_holidays or day not in self._half_days or any(day == each.day for each in self._hours.days):
            return False
        return any(span.split("-")[0] <= now < span.split("-")[1] for span in self._half_days[day])

    def working_day_at(self, at_ms: int) -> date | None:
        """Of which working day a minute is; None when nobody works then.

        After midnight it can be the rest of a shift of yesterday, also of one that is written as two spans.
        """
        wall = self.wall(at_ms)
        today, now = wall.date(), f"{wall:%H:%M}"
        yesterday = today - timedelta(days=1)
        if any(begin <= _after_midnight(now) < end for begin, end in self.notice(yesterday)):
            return yesterday
        if self._off(today, now):
            return None
        for begin, end in self.notice(today):
            if begin <= now < end:
                night = begin == "00:00" and end != "24:00"
                return yesterday if night and self._until_midnight(yesterday) else today
        return None

    def _until_midnight(self, day: date) -> bool:
        spans = self.notice(day)
        return bool(spans) and spans[-1][1] == "24:00" and spans[-1][0] != "00:00" and not self._off(day, "23:59")

    def works(self, at_ms: int) -> bool:
        """Whether somebody works in the minute that begins then."""
        return self.working_day_at(at_ms) is not None

    def end_of(self, day: date) -> int | None:
        """When the last shift of a working day is over; None when it is none."""
        if day not in self._ends:
            midnight = datetime(day.year, day.month, day.day, tzinfo=self._zone)
            first = int(midnight.timestamp() * 1000)
            at = first + LONGEST * MINUTE
            while at > first and self.working_day_at(at - MINUTE) != day:
                at -= MINUTE
            self._ends[day] = None if at == first else at
        return self._ends[day]

    def day_of(self, start_ms: int) -> date:
        """The working day that something counts from: the first that is not over and not past its cut-off then."""
        wall = self.wall(start_ms)
        day = wall.date() - timedelta(days=1)
        while True:
            end = self.end_of(day)
            late = (
                self._hours.cut_off is not None
                and wall.date() >= day
                and (wall.date() > day or f"{wall:%H:%M}" >= self._hours.cut_off)
            )
            if end is not None and start_ms < end and not late:
                return day
            day += timedelta(days=1)

    def working_days(self, after: date) -> Iterator[date]:
        """The working days after a day."""
        day = after
        while True:
            day += timedelta(days=1)
            if self.end_of(day) is not None:
                yield day

    def due_hours(self, start_ms: int, minutes: int) -> int:
        """When so many working minutes are over."""
        day, at, left = self.day_of(start_ms), start_ms, minutes
        while True:
            its_day = self.working_day_at(at)
            if its_day is not None and its_day >= day:
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
        end = self.end_of(day)
        assert end is not None
        return end

    def worked(self, from_ms: int, to_ms: int) -> int:
        """Worked milliseconds between two moments."""
        return sum(MINUTE for at in range(from_ms, to_ms, MINUTE) if self.works(at))

    def next_shift(self, at_ms: int) -> int:
        """The next minute in which somebody works."""
        while not self.works(at_ms):
            at_ms += MINUTE
        return at_ms


def _after_midnight(time: str) -> str:
    return f"{int(time[:2]) + 24}{time[2:]}"

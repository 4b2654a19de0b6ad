"""What is doubtful about a working calendar: years that lack something, and lines that do not do what they seem to."""

from collections.abc import Iterable, Iterator
from datetime import date
from itertools import chain

from grid36.files.region.staff import Found
from rules.time.workdays import Minutes, workdays
from schemas.calendar import DayOff, Hours, MakeUpDay, WorkCalendar

_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_WEEKDAYS = tuple(zip("一二三四五六日", (f"{day}s" for day in _DAYS), strict=True))


def doubted(calendar: WorkCalendar, year: int) -> Iterator[Found]:
    """What the calendar lacks for this year and the next, and lines of it that change nothing."""
    if calendar.last.year <= year:
        text = (f"日历只到 {calendar.last}", f"the calendar ends on {calendar.last}")
        remedy = (
            f"在 years 加上 {year + 1}；此后只按每周班次、不计节假日",
            f"add {year + 1} to `years`; beyond it only the week counts, without holidays",
        )
        yield "calendar_ends", "calendar.yaml", text, remedy
    yield from (_unannounced(calendar, each) for each in calendar.unannounced if each in {year, year + 1})
    yield from _before_midnight(calendar)
    yield from _not_worked(calendar)
    yield from _off_anyway(calendar)


def _unannounced(calendar: WorkCalendar, year: int) -> Found:
    known = sum(each.day.year == year for each in calendar.make_up_days)
    text = (
        f"没有人确认 {year} 年的调休已齐全（现有 {known} 天）",
        f"nobody says that the make-up workdays of {year} are complete ({known} are known)",
    )
    remedy = (
        f"对照官方通知，补填 make_up_days、days_off 或升级 holidays 库，再写 complete: [{year}] 并启用",
        "compare with the official notice, fill in `make_up_days` and `days_off` or update the holidays "
        f"library, then write `complete: [{year}]` and activate",
    )
    return "make_up_days_unannounced", "calendar.yaml", text, remedy


def _before_midnight(calendar: WorkCalendar) -> Iterator[Found]:
    """Hours that end at 23:59: whoever wrote this meant midnight."""
    days: list[DayOff | MakeUpDay] = [*calendar.days_off, *calendar.make_up_days]
    told: list[tuple[str, Iterable[str]]] = [
        (each.organisation or "hours", chain.from_iterable((*each.week, *(own.hours for own in each.days))))
        for each in (calendar.hours, *calendar.organisations)
    ]
    for where, spans in [*told, *((str(each.day), each.hours) for each in days)]:
        if any(span.endswith("-23:59") for span in spans):
            text = ("时段到 23:59 为止，最后一分钟不算在内", "hours end at 23:59, which leaves out the last minute")
            remedy = ("午夜写作 24:00", "write 24:00 for midnight")
            yield "ends_before_midnight", f"calendar.yaml {where}", text, remedy


def _not_worked(calendar: WorkCalendar) -> Iterator[Found]:
    """Make-up days by the shifts of a weekday on which hardly anybody has any, as Saturdays are."""
    for made_up in calendar.make_up_days:
        if made_up.hours or calendar.hours.week[made_up.as_weekday - 1]:
            continue
        zh, en = _WEEKDAYS[made_up.as_weekday - 1]
        text = (
            f"这一天按周{zh}上班，而周{zh}没有班次：仍为休息日",
            f"it is worked as {en} are, and {en} have no shifts: it stays a day off",
        )
        remedy = (
            "as 写被调走的工作日，如 as: fri，或写明 hours",
            "name the working day that it makes up for, as in `as: fri`, or write its hours",
        )
        yield "make_up_day_not_worked", f"calendar.yaml {made_up.day}", text, remedy


def _off_anyway(calendar: WorkCalendar) -> Iterator[Found]:
    """Hours off in which nobody would have worked."""
    parts = {each.day for each in calendar.days_off if each.hours}
    if not parts:
        return
    whole = calendar.model_copy(update={"days_off": tuple(each for each in calendar.days_off if not each.hours)})
    everybody = (calendar.hours, *calendar.organisations)
    before, after = ([_worked(each, hours) for hours in everybody] for each in (whole, calendar))
    for day in sorted(parts):
        if all(a.get(day) == b.get(day) for a, b in zip(before, after, strict=True)):
            text = ("这些时段本来就没有人上班", "nobody would have worked in these hours anyway")
            remedy = ("核对日期和时段", "check the date and the hours")
            yield "hours_off_anyway", f"calendar.yaml {day}", text, remedy


def _worked(calendar: WorkCalendar, hours: Hours) -> dict[date, Minutes]:
    return dict(workdays(calendar, hours))

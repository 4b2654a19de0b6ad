"""`calendar.yaml` of a region: shifts and overrides of its own; holidays from the `holidays` library, written out.

What comes of it is data: nothing that decides asks the library, so another release of it changes no deadline.
"""

import re
from collections.abc import Collection, Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any

from holidays import country_holidays

from grid36.files.region.files import RegionFaults, read_yaml
from schemas.calendar import MOST_YEARS, WorkCalendar
from schemas.names import Name

FILE = "calendar.yaml"
_COUNTING = {"from_days_off", "working_days_end"}
"""Keys that organisations with hours of their own inherit from the region unless they set them."""
_HOURS = {"hours", "cut_off", "after_cut_off", "on_holidays"} | _COUNTING
_KNOWN = _HOURS | {"years", "holidays", "complete", "plain_days", "organisations", "days_off", "make_up_days"}
_WEEKDAYS = {name: n for n, name in enumerate(("mon", "tue", "wed", "thu", "fri", "sat", "sun"))} | {
    f"周{name}": n for n, name in enumerate("一二三四五六日")
}
_SPAN = re.compile(r"(\d{1,2})[::](\d{2})\s*[-–—~〜~至到]\s*(\d{1,2})[::](\d{2})")
_LIKE_TIMES = re.compile(r"\d{1,2}[::]\d{2}|\d\s*[-–—~〜~至到]\s*\d{1,2}\s*[::点時时]")
_HALF = re.compile(r"半天|半日|上午|下午|half[ -]?(a )?day|\bmorning|\bafternoon", re.IGNORECASE)
_LOOK_BACK = 3  # years in which a country that makes up for holidays will have done so


def read_calendar(folder: Path, zone: Any, organisations: Collection[str], faults: RegionFaults) -> WorkCalendar | None:
    """The working calendar of the region in `folder`; None without the file, or with faults, which go to `faults`."""
    if not (folder / FILE).exists():
        return None
    before, given = len(faults.found), read_yaml(folder, FILE, faults)
    for unknown in sorted(str(key) for key in set(given) - _KNOWN):
        faults.add(FILE, Name.of("files.fault.no_such_setting"), column=unknown)
    years = _years(given.get("years"), faults)
    own = _mapping(given, "organisations", faults)
    for unknown in sorted(str(code) for code in set(own) - set(organisations)):
        text = Name.of("files.fault.no_organisation", code=unknown)
        faults.add(FILE, text, column="organisations")
    counting = {key: given[key] for key in _COUNTING & set(given)}
    _beyond(given, own, years, faults)
    values = {
        "zone": zone,
        "hours": _hours({key: given[key] for key in _HOURS & set(given)}, "hours", faults),
        "organisations": [
            {"organisation": str(code), **counting, **_hours(hours, f"organisations {code}", faults, {"days"})}
            for code, hours in own.items()
        ],
        **{key: given[key] for key in {"plain_days"} & set(given)},
        **(_days(given, years, faults) if years else {}),
    }
    return faults.model(WorkCalendar, values, FILE) if len(faults.found) == before else None


def _beyond(given: Mapping[str, Any], own: Mapping[Any, Any], years: range | None, faults: RegionFaults) -> None:
    """Report days after the last of the `years`, which would have no effect; those before the first are past."""
    named = [given.get("days_off"), given.get("make_up_days")]
    named += [hours.get("days") for hours in own.values() if isinstance(hours, dict)]
    days = sorted(str(day) for each in named if isinstance(each, dict) for day in each)
    last = str(years[-1]) if years else "9999"
    for day in (each for each in days if re.match(r"\d{4}-", each) and each[:4] > last):
        text = Name.of("files.calendar.day_after_years", day=day, year=day[:4])

        faults.add(FILE, text, column="years")


def _mapping(given: Mapping[str, Any], column: str, faults: RegionFaults) -> dict[Any, Any]:
    found = given.get(column) or {}
    if isinstance(found, dict):
        return found
    faults.add(FILE, Name.of("files.fault.not_key_value_lines"), column=column)
    return {}


def _years(given: Any, faults: RegionFaults) -> range | None:
    """`[2024, 2027]`: from the first year to the last one."""
    first, last = given if isinstance(given, list) and len(given) == 2 else (None, None)
    if isinstance(first, int) and isinstance(last, int) and 1970 <= first <= last < first + MOST_YEARS:
        return range(first, last + 1)
    faults.add(FILE, Name.of("files.calendar.not_years"), column="years")
    return None


def _hours(given: Any, column: str, faults: RegionFaults, also: Collection[str] = ()) -> dict[str, Any]:
    """`{hours: {mon-fri: [08:30-12:00, 14:00-17:30]}, cut_off: 17:00}` as fields of `Hours`."""
    if not isinstance(given, dict) or not isinstance(given.get("hours"), dict):
        faults.add(FILE, Name.of("files.calendar.no_hours"), column=column)
        return {}
    for unknown in sorted(str(key) for key in set(given) - _HOURS - set(also)):
        faults.add(FILE, Name.of("files.calendar.no_such_setting_named", unknown=unknown), column=column)
    week: list[list[str]] = [[] for _ in range(7)]
    for days, spans_given in given["hours"].items():
        named, spans = _weekdays(str(days)), as_spans(spans_given) if isinstance(spans_given, list) else None
        if named is None or spans is None:
            text = Name.of("files.calendar.not_weekdays_and_spans", days=days)
            faults.add(FILE, text, column=column)
            continue
        for weekday in named:
            week[weekday] = spans
    times = {key: _time(given[key]) for key in ("cut_off", "after_cut_off") if key in given}
    days = [{"day": day, "hours": _whole_day(day, hours, faults)} for day, hours in _own(given, "days", faults)]
    return {"week": week, **times, "days": days,
            **{key: given[key] for key in (_COUNTING | {"on_holidays"}) & set(given)}}  # fmt: skip


def _whole_day(day: date, given: Any, faults: RegionFaults) -> list[str]:
    """All hours of one day of an organisation: `["22:00-06:00"]`, or `[]` for a day off; alone or as `hours`."""
    alone = isinstance(given, dict) and "hours" in given and set(given) <= {"hours", "note"}
    hours = as_spans(given["hours"] if alone else given)
    if hours is None:
        text = Name.of("files.calendar.day_without_hours", day=day)
        faults.add(FILE, text, column="days")
    return hours or []


def _time(given: Any) -> Any:
    return f"{given // 60:02}:{given % 60:02}" if isinstance(given, int) else given  # YAML reads 17:00 as a number


def _weekdays(given: str) -> range | None:
    """`mon-fri`, `sat`, `周一至周五`."""
    ends = re.split(r"[-至]", given.strip().lower())
    numbers = [_WEEKDAYS.get(end.strip()) for end in ends]
    first, last = numbers[0], numbers[-1]
    return None if len(ends) > 2 or first is None or last is None or last < first else range(first, last + 1)


def _days(given: Mapping[str, Any], years: range, faults: RegionFaults) -> dict[str, Any]:
    """The days of the library, overridden by the region's own."""
    off, made_up, lacking = _public(given.get("holidays"), years, faults)
    for day, note in _own(given, "days_off", faults):
        hours, name = _part(day, note, "days_off", {"hours", "note"}, faults)
        if not hours:
            made_up.pop(day, None)
        off[day] = {"day": day, "hours": hours, "name": _note(name) or {"zh": "放假", "en": "day off"}}
    for day, note in _own(given, "make_up_days", faults):
        hours, name = _part(day, note, "make_up_days", {"as", "hours", "note"}, faults)
        if not off.get(day, {}).get("hours"):
            off.pop(day, None)
        own = {"for_all": False} if hours else {}
        made_up[day] = {"day": day, "hours": hours, **own, "note": _note(name), **_as_weekday(day, note, faults)}
        lacking |= set() if given.get("holidays") else set(years)
    return {
        "first": date(years[0], 1, 1),
        "last": date(years[-1], 12, 31),
        "days_off": [each for day, each in off.items() if day.year in years],
        "make_up_days": [each for day, each in made_up.items() if day.year in years],
        "unannounced": sorted(lacking - _complete(given.get("complete"), faults)),
    }


def _complete(given: Any, faults: RegionFaults) -> set[int]:
    """Years whose days off and make-up days are declared complete."""
    if given is None:
        return set()
    if isinstance(given, list) and all(isinstance(year, int) for year in given):
        return set(given)
    faults.add(FILE, Name.of("files.calendar.not_complete_years"), column="complete")
    return set()


def _part(day: date, given: Any, column: str, known: set[str], faults: RegionFaults) -> tuple[list[str], Any]:
    """The hours of a line (none: the whole day), and its note."""
    hours, note = as_spans(given), given
    if isinstance(given, dict) and set(given) - {"zh", "en"}:
        hours, note = as_spans(given["hours"]) if "hours" in given else [], given.get("note")
        for unknown in sorted(str(key) for key in set(given) - known):
            text = Name.of("files.calendar.no_such_setting_of_day", day=day, unknown=unknown)
            faults.add(FILE, text, column=column)
    elif hours:
        note = None
    broken = hours is None and (not isinstance(given, str) or _LIKE_TIMES.search(given) is not None)
    if broken and given is not None and not (isinstance(given, dict) and "hours" not in given):
        text = Name.of("files.calendar.not_hours", day=day)
        faults.add(FILE, text, column=column)
    elif not hours and _HALF.search(str(note)):
        text = Name.of("files.calendar.half_a_day", day=day)
        faults.add(FILE, text, column=column)
    return hours or [], note


def as_spans(given: Any) -> list[str] | None:
    """`08:30-12:00`, `8:30~12:00` or a list of such as spans; None for anything else, as for words."""
    texts = re.split(r"[,,、;;]", given) if isinstance(given, str) else given
    if not isinstance(texts, list):
        return None
    spans = [_SPAN.fullmatch(str(text).strip()) for text in texts]
    return [f"{int(s[1]):02}:{s[2]}-{int(s[3]):02}:{s[4]}" for s in spans if s] if all(spans) else None


def _as_weekday(day: date, given: Any, faults: RegionFaults) -> dict[str, Any]:
    """`2027-02-14: {as: fri}`; nobody says so: by the shifts of a Monday."""
    if not isinstance(given, dict) or "as" not in given:
        return {}
    weekday = _WEEKDAYS.get(str(given["as"]).lower())
    if weekday is None:
        text = Name.of("files.calendar.not_a_weekday", day=day)
        faults.add(FILE, text, column="make_up_days")
        return {}
    return {"as_weekday": weekday + 1}


def _note(given: Any) -> Any:
    return {"zh": given, "en": given} if isinstance(given, str) else given


def _own(given: Mapping[str, Any], column: str, faults: RegionFaults) -> Iterator[tuple[date, Any]]:
    for key, note in _mapping(given, column, faults).items():
        try:
            day = key if isinstance(key, date) else date.fromisoformat(str(key))
        except ValueError:
            faults.add(FILE, Name.of("files.calendar.not_a_date", key=key), column=column)
            continue
        yield day, note


def _public(
    country: Any, years: range, faults: RegionFaults
) -> tuple[dict[date, dict[str, Any]], dict[date, dict[str, Any]], set[int]]:
    """Holidays and make-up days of a country such as `CN` or `US-NY`; where it makes up for holidays, all years.

    That the library has some make-up days of a year does not say that these are all of them.
    """
    if not country:
        return {}, {}, set()
    code, _, part = str(country).partition("-")
    asked = range(years[0] - _LOOK_BACK, years[-1] + 1)
    try:
        there = [country_holidays(code, part or None, years=asked, language=each) for each in ("zh_CN", "en_US")]
    except NotImplementedError:  # the library's errors for an unknown country or subdivision
        text = Name.of("files.calendar.no_holidays_of_country", country=country)
        faults.add(FILE, text, column="holidays")
        return {}, {}, set()
    off = {day: {"day": day, "name": {"zh": there[0][day], "en": there[1][day]}} for day in sorted(there[0])}
    made_up = {day: {"day": day} for day in there[0].weekend_workdays if day.year in asked}
    return off, made_up, set(years) if there[0].weekend_workdays else set()

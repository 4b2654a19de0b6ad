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
"""How a region counts: the same for organisations with hours of their own, unless they say otherwise."""
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
    """The working calendar of the region in `folder`; None without the file, or with faults, which are kept."""
    if not (folder / FILE).exists():
        return None
    before, told = len(faults.found), read_yaml(folder, FILE, faults)
    for unknown in sorted(str(key) for key in set(told) - _KNOWN):
        faults.add(FILE, Name.of("files.fault.no_such_setting"), column=unknown)
    years = _years(told.get("years"), faults)
    own = _mapping(told, "organisations", faults)
    for unknown in sorted(str(code) for code in set(own) - set(organisations)):
        text = Name.of("files.fault.no_organisation", code=unknown)
        faults.add(FILE, text, column="organisations")
    counting = {key: told[key] for key in _COUNTING & set(told)}
    _beyond(told, own, years, faults)
    values = {
        "zone": zone,
        "hours": _hours({key: told[key] for key in _HOURS & set(told)}, "hours", faults),
        "organisations": [
            {"organisation": str(code), **counting, **_hours(hours, f"organisations {code}", faults, {"days"})}
            for code, hours in own.items()
        ],
        **{key: told[key] for key in {"plain_days"} & set(told)},
        **(_days(told, years, faults) if years else {}),
    }
    return faults.model(WorkCalendar, values, FILE) if len(faults.found) == before else None


def _beyond(told: Mapping[str, Any], own: Mapping[Any, Any], years: range | None, faults: RegionFaults) -> None:
    """Days after the last of the `years`, which would be left out in silence; those before the first are over."""
    named = [told.get("days_off"), told.get("make_up_days")]
    named += [hours.get("days") for hours in own.values() if isinstance(hours, dict)]
    days = sorted(str(day) for each in named if isinstance(each, dict) for day in each)
    last = str(years[-1]) if years else "9999"
    for day in (each for each in days if re.match(r"\d{4}-", each) and each[:4] > last):
        text = Name.of("files.calendar.day_after_years", day=day, year=day[:4])

        faults.add(FILE, text, column="years")


def _mapping(told: Mapping[str, Any], column: str, faults: RegionFaults) -> dict[Any, Any]:
    found = told.get(column) or {}
    if isinstance(found, dict):
        return found
    faults.add(FILE, Name.of("files.fault.not_key_value_lines"), column=column)
    return {}


def _years(told: Any, faults: RegionFaults) -> range | None:
    """`[2024, 2027]`: from the first year to the last one."""
    first, last = told if isinstance(told, list) and len(told) == 2 else (None, None)
    if isinstance(first, int) and isinstance(last, int) and 1970 <= first <= last < first + MOST_YEARS:
        return range(first, last + 1)
    faults.add(FILE, Name.of("files.calendar.not_years"), column="years")
    return None


def _hours(told: Any, column: str, faults: RegionFaults, also: Collection[str] = ()) -> dict[str, Any]:
    """`{hours: {mon-fri: [08:30-12:00, 14:00-17:30]}, cut_off: 17:00}` as fields of `Hours`."""
    if not isinstance(told, dict) or not isinstance(told.get("hours"), dict):
        faults.add(FILE, Name.of("files.calendar.no_hours"), column=column)
        return {}
    for unknown in sorted(str(key) for key in set(told) - _HOURS - set(also)):
        faults.add(FILE, Name.of("files.calendar.no_such_setting_named", unknown=unknown), column=column)
    week: list[list[str]] = [[] for _ in range(7)]
    for days, told_spans in told["hours"].items():
        named, spans = _weekdays(str(days)), as_spans(told_spans) if isinstance(told_spans, list) else None
        if named is None or spans is None:
            text = Name.of("files.calendar.not_weekdays_and_spans", days=days)
            faults.add(FILE, text, column=column)
            continue
        for weekday in named:
            week[weekday] = spans
    times = {key: _time(told[key]) for key in ("cut_off", "after_cut_off") if key in told}
    days = [{"day": day, "hours": _whole_day(day, hours, faults)} for day, hours in _own(told, "days", faults)]
    return {"week": week, **times, "days": days,
            **{key: told[key] for key in (_COUNTING | {"on_holidays"}) & set(told)}}  # fmt: skip


def _whole_day(day: date, told: Any, faults: RegionFaults) -> list[str]:
    """All hours of one day of an organisation: `["22:00-06:00"]`, or `[]` for a day off; alone or as `hours`."""
    alone = isinstance(told, dict) and "hours" in told and set(told) <= {"hours", "note"}
    hours = as_spans(told["hours"] if alone else told)
    if hours is None:
        text = Name.of("files.calendar.day_without_hours", day=day)
        faults.add(FILE, text, column="days")
    return hours or []


def _time(told: Any) -> Any:
    return f"{told // 60:02}:{told % 60:02}" if isinstance(told, int) else told  # YAML reads 17:00 as a number


def _weekdays(told: str) -> range | None:
    """`mon-fri`, `sat`, `周一至周五`."""
    ends = re.split(r"[-至]", told.strip().lower())
    numbers = [_WEEKDAYS.get(end.strip()) for end in ends]
    first, last = numbers[0], numbers[-1]
    return None if len(ends) > 2 or first is None or last is None or last < first else range(first, last + 1)


def _days(told: Mapping[str, Any], years: range, faults: RegionFaults) -> dict[str, Any]:
    """The days of the library, then the region's own, which count more."""
    off, made_up, lacking = _public(told.get("holidays"), years, faults)
    for day, note in _own(told, "days_off", faults):
        hours, name = _part(day, note, "days_off", {"hours", "note"}, faults)
        if not hours:
            made_up.pop(day, None)
        off[day] = {"day": day, "hours": hours, "name": _note(name) or {"zh": "放假", "en": "day off"}}
    for day, note in _own(told, "make_up_days", faults):
        hours, name = _part(day, note, "make_up_days", {"as", "hours", "note"}, faults)
        if not off.get(day, {}).get("hours"):
            off.pop(day, None)
        own = {"for_all": False} if hours else {}
        made_up[day] = {"day": day, "hours": hours, **own, "note": _note(name), **_as_weekday(day, note, faults)}
        lacking |= set() if told.get("holidays") else set(years)
    return {
        "first": date(years[0], 1, 1),
        "last": date(years[-1], 12, 31),
        "days_off": [each for day, each in off.items() if day.year in years],
        "make_up_days": [each for day, each in made_up.items() if day.year in years],
        "unannounced": sorted(lacking - _complete(told.get("complete"), faults)),
    }


def _complete(told: Any, faults: RegionFaults) -> set[int]:
    """Years of which somebody says that all their days off and make-up days are here."""
    if told is None:
        return set()
    if isinstance(told, list) and all(isinstance(year, int) for year in told):
        return set(told)
    faults.add(FILE, Name.of("files.calendar.not_complete_years"), column="complete")
    return set()


def _part(day: date, told: Any, column: str, known: set[str], faults: RegionFaults) -> tuple[list[str], Any]:
    """Of which hours a line speaks (none: the whole day), and its note."""
    hours, note = as_spans(told), told
    if isinstance(told, dict) and set(told) - {"zh", "en"}:
        hours, note = as_spans(told["hours"]) if "hours" in told else [], told.get("note")
        for unknown in sorted(str(key) for key in set(told) - known):
            text = Name.of("files.calendar.no_such_setting_of_day", day=day, unknown=unknown)
            faults.add(FILE, text, column=column)
    elif hours:
        note = None
    broken = hours is None and (not isinstance(told, str) or _LIKE_TIMES.search(told) is not None)
    if broken and told is not None and not (isinstance(told, dict) and "hours" not in told):
        text = Name.of("files.calendar.not_hours", day=day)
        faults.add(FILE, text, column=column)
    elif not hours and _HALF.search(str(note)):
        text = Name.of("files.calendar.half_a_day", day=day)
        faults.add(FILE, text, column=column)
    return hours or [], note


def as_spans(told: Any) -> list[str] | None:
    """`08:30-12:00`, `8:30~12:00` or a list of such as spans; None for anything else, as for words."""
    texts = re.split(r"[,,、;;]", told) if isinstance(told, str) else told
    if not isinstance(texts, list):
        return None
    spans = [_SPAN.fullmatch(str(text).strip()) for text in texts]
    return [f"{int(s[1]):02}:{s[2]}-{int(s[3]):02}:{s[4]}" for s in spans if s] if all(spans) else None


def _as_weekday(day: date, told: Any, faults: RegionFaults) -> dict[str, Any]:
    """`2027-02-14: {as: fri}`; nobody says so: by the shifts of a Monday."""
    if not isinstance(told, dict) or "as" not in told:
        return {}
    weekday = _WEEKDAYS.get(str(told["as"]).lower())
    if weekday is None:
        text = Name.of("files.calendar.not_a_weekday", day=day)
        faults.add(FILE, text, column="make_up_days")
        return {}
    return {"as_weekday": weekday + 1}


def _note(told: Any) -> Any:
    return {"zh": told, "en": told} if isinstance(told, str) else told


def _own(told: Mapping[str, Any], column: str, faults: RegionFaults) -> Iterator[tuple[date, Any]]:
    for key, note in _mapping(told, column, faults).items():
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
    except NotImplementedError:  # what the library says of a country or a part of one that it does not have
        text = Name.of("files.calendar.no_holidays_of_country", country=country)
        faults.add(FILE, text, column="holidays")
        return {}, {}, set()
    off = {day: {"day": day, "name": {"zh": there[0][day], "en": there[1][day]}} for day in sorted(there[0])}
    made_up = {day: {"day": day} for day in there[0].weekend_workdays if day.year in asked}
    return off, made_up, set(years) if there[0].weekend_workdays else set()

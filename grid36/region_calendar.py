"""`calendar.yaml` of a region: shifts and overrides of its own; holidays from the `holidays` library, written out.

What comes of it is data: nothing that decides asks the library, so another release of it changes no deadline.
"""

import re
from collections.abc import Collection, Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any

from holidays import country_holidays

from grid36.region_files import Faults, read_yaml
from schemas.calendar import MOST_YEARS, WorkCalendar

FILE = "calendar.yaml"
_KNOWN = {"years", "holidays", "hours", "cut_off", "on_holidays", "organisations", "days_off", "make_up_days"}
_HOURS = {"hours", "cut_off", "on_holidays"}
_WEEKDAYS = {name: n for n, name in enumerate(("mon", "tue", "wed", "thu", "fri", "sat", "sun"))} | {
    f"周{name}": n for n, name in enumerate("一二三四五六日")
}
_LOOK_BACK = 3  # years in which a country that makes up for holidays will have done so


def read_calendar(folder: Path, zone: Any, organisations: Collection[str], faults: Faults) -> WorkCalendar | None:
    """The working calendar of the region in `folder`; None without the file, or with faults, which are kept."""
    if not (folder / FILE).exists():
        return None
    before, told = len(faults.found), read_yaml(folder, FILE, faults)
    for unknown in sorted(str(key) for key in set(told) - _KNOWN):
        faults.add(FILE, "没有这种设置", "no such setting", column=unknown)
    years = _years(told.get("years"), faults)
    own = _mapping(told, "organisations", faults)
    for unknown in sorted(str(code) for code in set(own) - set(organisations)):
        zh, en = f"organisations.yaml 中没有 {unknown}", f"organisations.yaml has no organisation {unknown}"
        faults.add(FILE, zh, en, column="organisations")
    values = {
        "zone": zone,
        "hours": _hours({key: told[key] for key in _HOURS & set(told)}, "hours", faults),
        "organisations": [
            {"organisation": str(code), **_hours(hours, f"organisations {code}", faults)} for code, hours in own.items()
        ],
        **(_days(told, years, faults) if years else {}),
    }
    return faults.model(WorkCalendar, values, FILE) if len(faults.found) == before else None


def _mapping(told: Mapping[str, Any], column: str, faults: Faults) -> dict[Any, Any]:
    found = told.get(column) or {}
    if isinstance(found, dict):
        return found
    faults.add(FILE, "应为“键: 值”的列表", "must hold `key: value` lines", column=column)
    return {}


def _years(told: Any, faults: Faults) -> range | None:
    """`[2024, 2027]`: from the first year to the last one."""
    first, last = told if isinstance(told, list) and len(told) == 2 else (None, None)
    if isinstance(first, int) and isinstance(last, int) and 1970 <= first <= last < first + MOST_YEARS:
        return range(first, last + 1)
    faults.add(FILE, "应为 [首年, 末年]", "must be [first year, last year], such as [2025, 2027]", column="years")
    return None


def _hours(told: Any, column: str, faults: Faults) -> dict[str, Any]:
    """`{hours: {mon-fri: [08:30-12:00, 14:00-17:30]}, cut_off: 17:00}` as fields of `Hours`."""
    if not isinstance(told, dict) or not isinstance(told.get("hours"), dict) or set(told) - _HOURS:
        zh = "应写明 hours: {mon-fri: [08:30-12:00, 14:00-17:30]},可加 cut_off、on_holidays"
        faults.add(FILE, zh, "must say `hours: {mon-fri: [08:30-12:00, 14:00-17:30]}`, may say `cut_off` and "
                   "`on_holidays`", column=column)  # fmt: skip
        return {}
    week: list[list[str]] = [[] for _ in range(7)]
    for days, spans in told["hours"].items():
        named = _weekdays(str(days))
        if named is None or not isinstance(spans, list):
            zh, en = f"不是星期与时段:{days}", f"{days}: name weekdays such as mon-fri or sat, and a list of spans"
            faults.add(FILE, zh, en, column=column)
            continue
        for weekday in named:
            week[weekday] = [str(span).replace(" ", "") for span in spans]
    cut_off = told.get("cut_off")
    if isinstance(cut_off, int):  # YAML reads 17:00 as seconds of an angle
        cut_off = f"{cut_off // 60:02}:{cut_off % 60:02}"
    return {"week": week, "cut_off": cut_off, "on_holidays": told.get("on_holidays", False)}


def _weekdays(told: str) -> range | None:
    """`mon-fri`, `sat`, `周一至周五`."""
    ends = re.split(r"[-至]", told.strip().lower())
    numbers = [_WEEKDAYS.get(end.strip()) for end in ends]
    first, last = numbers[0], numbers[-1]
    return None if len(ends) > 2 or first is None or last is None or last < first else range(first, last + 1)


def _days(told: Mapping[str, Any], years: range, faults: Faults) -> dict[str, Any]:
    """The days of the library, then the region's own, which count more."""
    off, made_up, unannounced = _public(told.get("holidays"), years, faults)
    for day, note in _own(told, "days_off", faults):
        made_up.pop(day, None)
        off[day] = {"day": day, "name": _note(note) or {"zh": "放假", "en": "day off"}}
    for day, note in _own(told, "make_up_days", faults):
        off.pop(day, None)
        made_up[day] = {"day": day, **_as_weekday(note)}
        unannounced.discard(day.year)
    return {
        "first": date(years[0], 1, 1),
        "last": date(years[-1], 12, 31),
        "days_off": [each for day, each in off.items() if day.year in years],
        "make_up_days": [each for day, each in made_up.items() if day.year in years],
        "unannounced": sorted(unannounced),
    }


def _as_weekday(told: Any) -> dict[str, Any]:
    """`2027-02-14: {as: fri, note: …}`, or only a note; nobody says otherwise: by the shifts of a Monday."""
    if not isinstance(told, dict) or "as" not in told:
        return {"note": _note(told)}
    weekday = _WEEKDAYS.get(str(told["as"]).lower())
    return {"as_weekday": 0 if weekday is None else weekday + 1, "note": _note(told.get("note"))}


def _note(told: Any) -> Any:
    return {"zh": told, "en": told} if isinstance(told, str) else told


def _own(told: Mapping[str, Any], column: str, faults: Faults) -> Iterator[tuple[date, Any]]:
    for key, note in _mapping(told, column, faults).items():
        try:
            day = key if isinstance(key, date) else date.fromisoformat(str(key))
        except ValueError:
            faults.add(FILE, f"不是日期:{key}", f"{key} is no date such as 2026-10-01", column=column)
            continue
        yield day, note


def _public(
    country: Any, years: range, faults: Faults
) -> tuple[dict[date, dict[str, Any]], dict[date, dict[str, Any]], set[int]]:
    """Holidays and make-up days of a country such as `CN` or `US-NY`, and the years that still lack the latter."""
    if not country:
        return {}, {}, set()
    code, _, part = str(country).partition("-")
    asked = range(years[0] - _LOOK_BACK, years[-1] + 1)
    try:
        there = [country_holidays(code, part or None, years=asked, language=each) for each in ("zh_CN", "en_US")]
    except NotImplementedError:  # what the library says of a country or a part of one that it does not have
        zh, en = f"没有 {country} 的节假日数据", f"no holidays are known for {country}; use a code such as CN or US-NY"
        faults.add(FILE, zh, en, column="holidays")
        return {}, {}, set()
    off = {day: {"day": day, "name": {"zh": there[0][day], "en": there[1][day]}} for day in sorted(there[0])}
    made_up = {day: {"day": day} for day in there[0].weekend_workdays if day.year in asked}
    with_some = {day.year for day in made_up}
    lacking = {year for year in years if year not in with_some and min(with_some, default=year) < year}
    return off, made_up, lacking

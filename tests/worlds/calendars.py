"""A calendar with everything in it that makes working time hard."""

from datetime import date
from typing import Any

from schemas.calendar import WorkCalendar

OFFICE = ["08:30-12:00", "14:00-17:30"]
OFF_2024 = {
    "2023-12-30": "2024-01-01",
    "2024-02-10": "2024-02-17",
    "2024-04-04": "2024-04-06",
    "2024-05-01": "2024-05-05",
    "2024-06-10": "2024-06-10",
    "2024-09-15": "2024-09-17",
    "2024-10-01": "2024-10-07",
}
MADE_UP_2024 = [f"2024-{day}" for day in ("02-04", "02-18", "04-07", "04-28", "05-11", "09-14", "09-29", "10-12")]


def a_calendar(zone: str = "Asia/Shanghai", **fields: Any) -> WorkCalendar:
    """China's year 2024 with its make-up days; lunch, a cut-off at 17:00; cleaners who work every day; nights."""
    off = [
        date.fromordinal(day)
        for first, last in OFF_2024.items()
        for day in range(date.fromisoformat(first).toordinal(), date.fromisoformat(last).toordinal() + 1)
    ]
    return WorkCalendar.model_validate(
        {
            "zone": zone,
            "first": "2023-06-01",
            "last": "2025-12-31",
            "days_off": [{"day": day, "name": {"zh": "假"}} for day in off],
            "make_up_days": [{"day": day} for day in MADE_UP_2024],
            "hours": {"week": [OFFICE] * 5 + [[], []], "cut_off": "17:00"},
            "organisations": [
                {"organisation": "sanitation", "week": [["06:00-20:00"]] * 7, "on_holidays": True},
                {"organisation": "night", "week": [["00:00-06:00", "22:00-24:00"]] * 7},
                {"organisation": "over-midnight", "week": [["21:30-02:00", "02:30-05:45"]] * 5 + [["23:00-00:00"], []]},
                {"organisation": "half-saturday", "week": [["09:00-17:00"]] * 5 + [["09:00-12:00"], []],
                 "cut_off": "16:00"},
            ],
        }
        | fields
    )  # fmt: skip


def with_half_days(zone: str) -> WorkCalendar:
    """The same with the afternoons of 29 March and of a make-up day in May off, and a make-up morning on 8 June.

    Another one on 15 June only for those without hours of their own; nights that say their own of three days.
    """
    told = a_calendar(zone).model_dump(mode="json")
    own = [{"day": "2024-03-29", "hours": ["20:00-02:00"]}, {"day": "2024-06-10", "hours": ["22:00-23:00"]},
           {"day": "2024-06-13"}]  # fmt: skip
    crews = [each | {"days": own} if each["organisation"] == "over-midnight" else each
             for each in told["organisations"]]  # fmt: skip
    half = [{"day": day, "name": {"zh": "半天"}, "hours": ["13:00-24:00"]} for day in ("2024-03-29", "2024-05-11")]
    morning = {"day": "2024-06-08", "as_weekday": 5, "hours": ["08:30-12:00"]}
    other = morning | {"day": "2024-06-15", "for_all": False}
    return a_calendar(
        zone, days_off=[*told["days_off"], *half], make_up_days=[*told["make_up_days"], morning, other],
        organisations=crews,
    )  # fmt: skip


CHINA = a_calendar()
"""The calendar of Shanghai."""

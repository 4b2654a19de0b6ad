"""A calendar is whole when it is loaded, or says what is wrong with it."""

from typing import Any

import pytest
from pydantic import ValidationError

from schemas.calendar import Hours, WorkCalendar, minute_of, minutes_of, minutes_of_day

OFFICE = ["08:30-12:00", "14:00-17:30"]
WEEK = [OFFICE] * 5 + [[], []]


def told(**fields: Any) -> dict[str, Any]:
    return {"zone": "Asia/Shanghai", "first": "2024-01-01", "last": "2024-12-31", "hours": {"week": WEEK}} | fields


def fault(**fields: Any) -> str:
    with pytest.raises(ValidationError) as caught:
        WorkCalendar.model_validate(told(**fields))
    return str(caught.value)


def test_times_of_day() -> None:
    assert (minute_of("00:00"), minute_of("24:00"), minutes_of("08:30-12:00")) == (0, 1440, (510, 720))
    with pytest.raises(ValueError, match="no time of day"):
        minute_of("24:01")


@pytest.mark.parametrize(
    "spans", [["12:00-08:30"], ["08:30-08:30"], ["22:00-06:00", "05:00-07:00"],
              ["14:00-17:30", "08:30-12:00"], ["08:00-12:00", "11:00-13:00"],
              ["8:30-12:00"], ["08:30-25:00"], ["08:61-12:00"], ["08:30"]],
)  # fmt: skip
def test_what_is_no_day(spans: list[str]) -> None:
    with pytest.raises(ValidationError):
        Hours.model_validate({"week": [spans] * 7})


def test_a_shift_over_midnight_is_of_the_day_on_which_it_begins() -> None:
    """What follows it is of its second day; `00:00` is an end, too."""
    assert minutes_of_day(["22:00-02:00", "03:00-06:00"]) == [(1320, 1560), (1620, 1800)]
    assert minutes_of_day(["22:00-24:00", "00:00-06:00"]) == [(1320, 1440), (1440, 1800)]
    assert minutes_of_day(["08:00-12:00", "18:00-00:00"]) == [(480, 720), (1080, 1440)]


def test_the_shifts_of_two_days_do_not_overlap() -> None:
    nights = [["22:00-06:00"]] * 6
    with pytest.raises(ValidationError, match="22:00-06:00 overlaps with the one of the next day, 05:00-12:00"):
        Hours.model_validate({"week": [["05:00-12:00"], *nights]})
    assert Hours.model_validate({"week": [["06:00-12:00"], *nights]}).week[1] == ("22:00-06:00",)


def test_half_a_day_off_can_be_a_make_up_day() -> None:
    off = {"day": "2024-05-11", "name": {"zh": "半天"}, "hours": ["13:00-17:30"]}
    calendar = WorkCalendar.model_validate(told(days_off=[off], make_up_days=[{"day": "2024-05-11"}]))
    assert calendar.days_off[0].hours == ("13:00-17:30",)
    assert "must follow each other" in fault(days_off=[{**off, "hours": ["13:00-17:30", "12:00-14:00"]}])


def test_the_time_after_the_cut_off_comes_before_it() -> None:
    with pytest.raises(ValidationError, match="17:30 must come before the cut-off"):
        Hours.model_validate({"week": WEEK, "cut_off": "17:00", "after_cut_off": "17:30"})
    nights = {"week": [["22:00-06:00"]] * 7, "cut_off": "05:00", "after_cut_off": "23:00"}
    assert Hours.model_validate(nights).cut([(1320, 1800)]) == 29 * 60


def test_somebody_has_to_work() -> None:
    with pytest.raises(ValidationError, match="nobody would ever work"):
        Hours.model_validate({"week": [[]] * 7})


def test_the_cut_off_comes_after_the_first_shift_begins() -> None:
    """Otherwise no day would ever count."""
    with pytest.raises(ValidationError, match="must come after the first shift"):
        Hours.model_validate({"week": WEEK, "cut_off": "08:30"})
    assert Hours.model_validate({"week": WEEK, "cut_off": "08:31"}).cut_off == "08:31"


def test_days_are_sorted_and_stand_once() -> None:
    days = [{"day": f"2024-05-0{n}", "name": {"zh": "假"}} for n in (3, 1, 2)]
    assert [str(each.day) for each in WorkCalendar.model_validate(told(days_off=days)).days_off] == [
        "2024-05-01",
        "2024-05-02",
        "2024-05-03",
    ]
    assert "2024-05-01 is listed twice" in fault(days_off=[*days, days[1]])
    assert "both a day off and a make-up day" in fault(days_off=days, make_up_days=[{"day": "2024-05-02"}])


def test_organisations_are_named_once() -> None:
    named = {"organisation": "parks", "week": WEEK}
    assert "each only once" in fault(organisations=[named, named])
    assert "each only once" in fault(organisations=[{"week": WEEK}])
    assert "`hours` are everybody's" in fault(hours=named)


def test_it_ends_after_it_begins() -> None:
    assert "must end after it begins" in fault(last="2023-12-31")


def test_it_comes_back_from_json_as_it_was() -> None:
    calendar = WorkCalendar.model_validate(
        told(days_off=[{"day": "2024-05-01", "name": {"zh": "劳动节"}}], make_up_days=[{"day": "2024-05-11"}])
    )
    again = WorkCalendar.model_validate_json(calendar.model_dump_json())
    assert again == calendar
    assert hash(again) == hash(calendar)

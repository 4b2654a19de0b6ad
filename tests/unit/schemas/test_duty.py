"""When duties are due: windows of local time, weekdays, holidays, and the days on which clocks change."""

from datetime import UTC, date, datetime
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from pydantic import ValidationError

from schemas.duty import Duty
from tests.worlds.calendars import CHINA, with_half_days

SHANGHAI, BERLIN = ZoneInfo("Asia/Shanghai"), ZoneInfo("Europe/Berlin")


def a_duty(**fields: object) -> Duty:
    told = {"id": "school-run", "name": {"zh": "护学岗"}, "place": "S1", "window": "07:20-08:10", "person": "patrol-1"}
    return Duty.model_validate(told | fields)


def ms(told: str, zone: ZoneInfo = SHANGHAI) -> int:
    return int(datetime.fromisoformat(told).replace(tzinfo=zone).timestamp() * 1000)


def days(duty: Duty, first: str, last: str) -> list[str]:
    return [str(due.day) for due in duty.begun(ms(first), ms(last), SHANGHAI, CHINA)]


def test_it_is_due_on_its_weekdays() -> None:
    assert days(a_duty(), "2024-03-01", "2024-03-08") == [f"2024-03-0{n}" for n in (1, 4, 5, 6, 7)]
    assert days(a_duty(weekdays=["sat"]), "2024-03-01", "2024-03-12") == ["2024-03-02", "2024-03-09"]


def test_only_on_working_days_means_without_holidays_and_with_make_up_days() -> None:
    """Tomb-sweeping: 4 to 6 April are off, Sunday the 7th is worked as a Monday."""
    assert days(a_duty(workdays_only=True), "2024-04-03", "2024-04-09") == ["2024-04-03", "2024-04-07", "2024-04-08"]
    assert days(a_duty(), "2024-04-03", "2024-04-09") == ["2024-04-03", "2024-04-04", "2024-04-05", "2024-04-08"]


def test_on_half_days_it_is_due_in_the_hours_that_are_worked() -> None:
    """29 March is off from 13:00 on; the make-up Saturday of 8 June is worked as a Friday until noon."""
    half, days = with_half_days("Asia/Shanghai"), (date(2024, 3, 29), date(2024, 6, 8))
    due = {
        window: [a_duty(window=window, workdays_only=True).falls_on(day, half) for day in days]
        for window in ("07:20-08:10", "09:00-11:00", "14:00-15:00")
    }
    assert due == {"07:20-08:10": [True, False], "09:00-11:00": [True, True], "14:00-15:00": [False, False]}


def test_what_began_is_told_once_however_time_is_cut() -> None:
    """From one look to the next nothing is left out and nothing comes twice, also at the very moment."""
    begin = ms("2024-03-04T07:20")
    looks = [begin - 1, begin, begin + 1, begin + 86_400_000 - 1, begin + 86_400_000]
    found = [str(due.day) for since, until in pairwise(looks) for due in a_duty().begun(since, until, SHANGHAI, None)]
    assert found == ["2024-03-04", "2024-03-05"]


def test_a_window_is_local_time_also_when_the_clocks_change() -> None:
    """Berlin, 31 March 2024: 02:00 to 03:00 is skipped. 27 October: 02:00 to 03:00 comes twice, the first counts."""
    duty = a_duty(window="02:30-04:00", weekdays=["sun"])
    spring, autumn = duty.on(date(2024, 3, 31), BERLIN), duty.on(date(2024, 10, 27), BERLIN)
    assert [datetime.fromtimestamp(at / 1000, UTC).hour for at in (spring.begin_ms, spring.end_ms)] == [1, 2]
    assert autumn.end_ms - autumn.begin_ms == 2.5 * 3_600_000
    for day in (spring, autumn):
        looked = list(duty.begun(day.begin_ms - 3 * 86_400_000, day.begin_ms + 86_400_000, BERLIN, None))
        assert looked == [day]


def test_a_window_that_the_clocks_skip_is_not_due() -> None:
    duty = a_duty(window="02:10-02:50", weekdays=["sun"])
    assert list(duty.begun(ms("2024-03-30", BERLIN), ms("2024-04-01", BERLIN), BERLIN, None)) == []


def test_its_report_has_one_id_a_day() -> None:
    due = a_duty().on(date(2024, 3, 4), SHANGHAI)
    assert due.report == "duty/school-run/2024-03-04"


@pytest.mark.parametrize("wrong", [{"window": "08:10-07:20"}, {"window": "7-8"}, {"weekdays": []}, {"id": "A B"}])
def test_what_is_no_duty_is_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        a_duty(**wrong)

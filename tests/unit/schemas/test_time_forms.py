import pytest

from schemas.time_forms import check_form, is_of_days


def test_days_and_times_of_a_day_are_told_apart() -> None:
    assert [is_of_days(form) for form in ("%Y%m%d", "%Y-%m-%d %H:%M", "%c")] == [True, False, False]


@pytest.mark.parametrize("form", ["%d.%m.", "%Y-%m-%d %H", "%Y-%m-%d %H:%M %p", "%Y-%m-%d %Q"])
def test_a_form_that_does_not_say_all_or_says_two_things_is_refused(form: str) -> None:
    with pytest.raises(ValueError, match=r"\w"):
        check_form(form)

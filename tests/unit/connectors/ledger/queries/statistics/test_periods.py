"""Periods of days: their months, and what they are compared with."""

from datetime import date

import pytest

from connectors.ledger.queries.statistics.periods import DayPeriod, around, recent


def period(text: str) -> DayPeriod:
    """`2026-11-01 2026-11-30`."""
    return DayPeriod(*map(date.fromisoformat, text.split()))


@pytest.mark.parametrize(
    ("given", "before", "year_ago"),
    [
        ("2026-11-01 2026-11-30", "2026-10-01 2026-10-31", "2025-11-01 2025-11-30"),
        ("2026-01-01 2026-03-31", "2025-10-01 2025-12-31", "2025-01-01 2025-03-31"),
        ("2024-02-01 2024-02-29", "2024-01-01 2024-01-31", "2023-02-01 2023-02-28"),
        ("2025-02-01 2025-02-28", "2025-01-01 2025-01-31", "2024-02-01 2024-02-29"),
        ("2024-02-29 2024-02-29", "2024-02-28 2024-02-28", "2023-02-28 2023-02-28"),
        ("2026-11-02 2026-11-08", "2026-10-26 2026-11-01", "2025-11-02 2025-11-08"),
        ("2026-11-01 2026-11-20", "2026-10-12 2026-10-31", "2025-11-01 2025-11-20"),
    ],
)
def test_a_period_is_compared_with_one_as_long(given: str, before: str, year_ago: str) -> None:
    """Whole months with whole months, days with as many days."""
    assert (period(given).before(), period(given).year_ago()) == (period(before), period(year_ago))


def test_months_at_both_ends_may_be_parts() -> None:
    assert period("2026-11-15 2027-01-02").months() == [
        period("2026-11-15 2026-11-30"), period("2026-12-01 2026-12-31"), period("2027-01-01 2027-01-02"),
    ]  # fmt: skip
    assert [each.month for each in recent(date(2026, 11, 30), 6).months()] == [f"2026-{n:02}" for n in range(6, 12)]
    assert recent(date(2026, 3, 31), 6) == period("2025-10-01 2026-03-31")


@pytest.mark.parametrize(
    ("today", "apart", "before", "since"),
    [
        ("2026-11-30", False, "2026-11-05 2026-11-09", "2026-11-10 2026-11-14"),
        ("2026-11-12", False, "2026-11-08 2026-11-09", "2026-11-10 2026-11-11"),
        ("2026-11-12", True, "2026-11-09 2026-11-09", "2026-11-11 2026-11-11"),
    ],
)
def test_around_a_day_both_sides_have_as_many_whole_days(today: str, apart: bool, before: str, since: str) -> None:
    """Five of them at most, and no more than have passed; a day that is apart is on neither side."""
    found = around(date(2026, 11, 10), date.fromisoformat(today), 5, apart=apart)
    assert found == (period(before), period(since))


def test_around_a_day_there_is_nothing_before_one_has_passed() -> None:
    assert around(date(2026, 11, 10), date(2026, 11, 10), 5) is None
    assert around(date(2026, 11, 10), date(2026, 11, 11), 5, apart=True) is None

"""Days and months by which sums are kept: every moment is in one, and a span is made of whole ones and two ends."""

import sqlite3
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.ledger.kept.grains import GRAINS, Grain, Periods, day_number, split
from connectors.ledger.span import Span
from schemas.days import begin_ms

SQL = sqlite3.connect(":memory:")
ZONES = st.sampled_from(
    [ZoneInfo(name) for name in ("UTC", "Asia/Shanghai", "America/New_York", "America/St_Johns", "Pacific/Apia")]
)
MOMENTS = st.integers(
    round(datetime(1995, 1, 1, tzinfo=UTC).timestamp()), round(datetime(2030, 1, 1, tzinfo=UTC).timestamp())
).map(lambda seconds: seconds * 1000)


def within(periods: Periods, t_ms: int, zone: ZoneInfo) -> bool:
    """Whether the condition holds for a moment."""
    period = day_number(t_ms, zone) // GRAINS[periods.grain]
    conditions = [periods.condition(few_codes=few) for few in (False, True)]
    queries = [f"SELECT {each} FROM (SELECT ? AS period)" for each in conditions]  # noqa: S608 - conditions of ours
    one, other = (SQL.execute(query, [period]).fetchone()[0] for query in queries)
    assert one == other, conditions
    return bool(one)


@given(MOMENTS, ZONES)
def test_a_moment_is_in_the_day_that_has_begun_and_not_ended(t_ms: int, zone: ZoneInfo) -> None:
    """Also where clocks are put back over midnight, as in St. John's, and where a day was left out, as in Apia."""
    number = day_number(t_ms, zone)
    day = date(number // 10000, number // 100 % 100, number % 100)
    assert begin_ms(day, zone) <= t_ms < begin_ms(date.fromordinal(day.toordinal() + 1), zone)


@given(
    st.one_of(st.none(), MOMENTS), st.one_of(st.none(), MOMENTS), MOMENTS, ZONES,
    st.sampled_from([("day",), tuple(GRAINS)]),
)  # fmt: skip
def test_each_moment_of_a_span_is_in_one_part_of_it(
    from_ms: int | None, to_ms: int | None, t_ms: int, zone: ZoneInfo, grains: tuple[Grain, ...]
) -> None:
    span = Span(from_ms, to_ms)
    parts, whole = split(span, zone, grains)

    def holds(each: Span) -> bool:
        return (each.from_ms is None or each.from_ms <= t_ms) and (each.to_ms is None or t_ms < each.to_ms)

    assert sum(map(holds, parts)) + sum(within(each, t_ms, zone) for each in whole) == holds(span)


@pytest.mark.parametrize(
    ("first", "last", "found"),
    [
        ((2026, 1, 1), (2027, 1, 1), ["month 2026-01-01 2027-01-01"]),
        ((2026, 2, 1), (2026, 3, 2), ["month 2026-02-01 2026-03-01", "day 2026-03-01 2026-03-02"]),
        ((2025, 12, 31), (2026, 2, 1), ["day 2025-12-31 2026-01-01", "month 2026-01-01 2026-02-01"]),
        ((2026, 1, 2), (2026, 1, 30), ["day 2026-01-02 2026-01-30"]),
        ((2026, 1, 2), (2026, 1, 2), []),
    ],
)  # fmt: skip
def test_whole_days_are_read_as_months_and_no_case_by_case(
    first: tuple[int, int, int], last: tuple[int, int, int], found: list[str]
) -> None:
    zone = ZoneInfo("Asia/Shanghai")
    parts, whole = split(Span(begin_ms(date(*first), zone), begin_ms(date(*last), zone)), zone)
    assert [f"{each.grain} {each.first} {each.end}" for each in whole] == found
    assert all(part.from_ms == part.to_ms for part in parts)

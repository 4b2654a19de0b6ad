"""How often something was reported lately: within seven days, on one segment and in the whole home."""

from hypothesis import given
from hypothesis import strategies as st

from schemas.codec import encode
from streams.cases.recurrence import MOST, NOTHING, WINDOW_MS, counted, with_one

DAY = 24 * 3_600_000


def test_counts_are_of_the_seven_days_before() -> None:
    lately = NOTHING
    for day, segment in ((0, "S1"), (1, "S2"), (6, "S1"), (7, None)):
        lately = with_one(lately, day * DAY, segment)
    assert counted(lately, 7 * DAY, "S1") == (1, 3)  # what happened exactly seven days ago is too old
    assert counted(lately, 8 * DAY, "S2") == (0, 2)
    assert counted(lately, 7 * DAY, None) == (0, 3)


def test_a_flood_is_counted_up_to_a_bound() -> None:
    """All reports that have no place of a whole city may be of one home and category: the record must stay writable."""
    lately = NOTHING
    for n in range(MOST + 5):
        lately = with_one(lately, n, "S1" if n < 5 else None)
    assert counted(lately, MOST + 5, "S1") == (0, MOST)
    assert len(encode(lately)) < 50_000


@given(st.lists(st.tuples(st.integers(0, 3 * DAY), st.sampled_from(["S1", "S2", None]))), st.integers(0, 9 * DAY))
def test_forgetting_changes_no_count(steps: list[tuple[int, str | None]], later: int) -> None:
    """Equal to counting everything that ever was."""
    lately, t_ms, all_of_it = NOTHING, 0, list[tuple[int, str | None]]()
    for pause, segment in steps:
        t_ms += pause
        lately = with_one(lately, t_ms, segment)
        all_of_it.append((t_ms, segment))
    now = t_ms + later
    recent = [segment for at, segment in all_of_it if now - WINDOW_MS < at <= now]
    assert counted(lately, now, "S1") == (recent.count("S1"), len(recent))

"""When a reader counts as stuck."""

from streams.kafka.topic_reader import STILL_S, Stillness


def test_an_hour_at_the_end_is_no_standing_still() -> None:
    """The first record after the quiet is seen by who looks before it is read; it is read in a moment."""
    still = Stillness()
    assert not still.stuck(behind=False, now=0)
    assert not still.stuck(behind=True, now=3600)
    assert not still.stuck(behind=True, now=3602)
    still.moved()
    assert not still.stuck(behind=True, now=7200)


def test_a_reader_that_stays_behind_is_stuck() -> None:
    still = Stillness()
    assert not still.stuck(behind=True, now=100)
    assert not still.stuck(behind=True, now=100 + STILL_S)
    assert still.stuck(behind=True, now=101 + STILL_S)


def test_reaching_the_end_begins_anew() -> None:
    still = Stillness()
    assert not still.stuck(behind=True, now=0)
    assert not still.stuck(behind=False, now=10)
    assert not still.stuck(behind=True, now=20)
    assert not still.stuck(behind=True, now=20 + STILL_S)

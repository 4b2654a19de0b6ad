import pytest

from streams.partition.bookkeeping import Bookkeeping
from streams.partition.errors import BookkeepingTooLargeError, WrongPartitionsError


def test_what_is_written_is_read_again() -> None:
    place = Bookkeeping(8, 17, 1_700_000_000_000, (16, 1_699_999_999_999), {"n": 3, "digest": "ab", "counts": {"x": 1}})

    assert Bookkeeping.decode(place.encode(), topic="cases", partitions=8) == place


def test_a_new_partition_starts_at_nought() -> None:
    assert Bookkeeping.decode(None, topic="cases", partitions=8) == Bookkeeping(8)


def test_another_number_of_partitions_is_refused() -> None:
    with pytest.raises(WrongPartitionsError, match="expected: 8, found: 48"):
        Bookkeeping.decode(Bookkeeping(8).encode(), topic="cases", partitions=48)


def test_a_step_cannot_shadow_the_place() -> None:
    place = Bookkeeping(8, 17, step={"next": 0, "n": 1})

    assert Bookkeeping.decode(place.encode(), topic="cases", partitions=8).next == 17


def test_bookkeeping_stays_small() -> None:
    with pytest.raises(BookkeepingTooLargeError):
        Bookkeeping(8, step={"counts": "x" * 2048}).encode()


def test_what_an_earlier_release_wrote_is_read() -> None:
    """It knew of no losses, and where there are none, none are written."""
    old = b'{"n":3,"next":17,"clock":5,"partitions":8,"last":[16,4]}'

    place = Bookkeeping.decode(old, topic="cases", partitions=8)
    assert place == Bookkeeping(8, 17, 5, (16, 4), {"n": 3})
    assert place.encode() == old

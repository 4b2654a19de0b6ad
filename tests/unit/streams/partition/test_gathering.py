"""When a worker is busy enough to let commands come together."""

from streams.partition.gathering import Gathering


def test_a_worker_at_rest_lets_nobody_wait() -> None:
    gathering = Gathering(20)
    assert not gathering.is_busy(now_s=0.0)
    gathering.applied(19, now_s=0.0)
    assert not gathering.is_busy(now_s=0.5)


def test_a_busy_worker_gathers() -> None:
    gathering = Gathering(20)
    for at_s in (0.0, 0.2, 0.4):
        gathering.applied(7, now_s=at_s)
    assert gathering.is_busy(now_s=0.5)


def test_what_is_a_second_ago_does_not_count() -> None:
    gathering = Gathering(20)
    gathering.applied(15, now_s=0.0)
    gathering.applied(15, now_s=0.9)
    assert gathering.is_busy(now_s=0.95)
    assert not gathering.is_busy(now_s=1.0)

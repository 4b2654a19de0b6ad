"""When a source counts as quiet, and how patient its reader is then."""

from streams.kafka.quiet import Quiet


def test_whoever_reads_is_patient_once_nothing_has_come_for_long() -> None:
    quiet = Quiet(60, now_s=0)
    assert quiet.either(0.5, 5, now_s=59) == 0.5
    assert quiet.either(0.5, 5, now_s=60) == 5


def test_the_first_record_ends_the_quiet() -> None:
    quiet = Quiet(60, now_s=0)
    quiet.moved(now_s=100)
    assert not quiet.is_quiet(now_s=159)
    assert quiet.is_quiet(now_s=160)


def test_the_quiet_never_makes_a_wait_shorter() -> None:
    assert Quiet(0, now_s=0).either(60, 5, now_s=1) == 60

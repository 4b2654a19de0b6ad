"""How loud it is told that Kafka is away."""

import logging

from streams.kafka.outage import GONE_S, STARTING_S, Outage


def test_who_starts_together_with_its_broker_waits_without_an_alarm() -> None:
    absence = Outage()
    assert absence.level(0) == logging.INFO
    assert absence.level(1) == logging.NOTSET
    assert absence.level(STARTING_S - 1) == logging.NOTSET
    assert absence.level(STARTING_S) == logging.WARNING
    assert absence.level(STARTING_S + 1) == logging.NOTSET


def test_a_broker_that_is_started_again_is_no_alarm_and_one_that_stays_away_is() -> None:
    absence = Outage()
    absence.over()
    for begun in (0.0, 1000.0):
        assert absence.level(begun) == logging.INFO
        assert absence.level(begun + GONE_S / 2) == logging.NOTSET
        assert absence.level(begun + GONE_S) == logging.WARNING
        absence.over()

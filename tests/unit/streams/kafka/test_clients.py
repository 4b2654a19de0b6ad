"""What a broken producer says, and how it is told."""

import pytest
from aiokafka.errors import InvalidProducerIdMapping, KafkaError, ProducerFenced

from streams.kafka.clients import has_expired, in_words


def hidden(reason: Exception) -> Exception:
    """As aiokafka raises it: behind an error of its own."""
    error: Exception = KafkaError("Unexpected error during batch delivery")
    error.__cause__ = reason
    return error


def test_a_forgotten_producer_is_known_behind_another_error() -> None:
    assert has_expired(InvalidProducerIdMapping())
    assert has_expired(hidden(InvalidProducerIdMapping()))
    assert not has_expired(hidden(OSError()))
    assert not has_expired(ProducerFenced())


@pytest.mark.parametrize(
    ("seconds", "words"), [(8, "8 seconds"), (150, "2 minutes"), (9000, "2 hours"), (180 * 86400, "180 days")]
)
def test_a_time_in_words(seconds: float, words: str) -> None:
    assert in_words(seconds) == words

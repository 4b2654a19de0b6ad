"""Which error says that the broker has forgotten a producer."""

from aiokafka.errors import InvalidProducerIdMapping, KafkaError, ProducerFenced

from streams.kafka.clients import has_expired


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

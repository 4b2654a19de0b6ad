"""Which error says that the broker has forgotten a producer, and how soon a consumer knows a topic."""

import pytest
from aiokafka import TopicPartition
from aiokafka.errors import InvalidProducerIdMapping, KafkaError, ProducerFenced

from grid36.kafka.topics import create_topics
from schemas.topics import EVENTS
from streams.kafka.clients import consumer, find_topics, has_expired


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


@pytest.mark.kafka
async def test_offsets_of_a_topic_that_was_found_come_at_once(kafka: str, prefix: str) -> None:
    """aiokafka does not first fail and wait for its next try, which would come far too late here."""
    await create_topics(kafka, 1, prefix=prefix)
    place = TopicPartition(prefix + EVENTS, 0)
    async with consumer(kafka) as earlier:  # a topic that was just made may have no leader yet
        assert await earlier.beginning_offsets([place]) == {place: 0}
    async with consumer(kafka, retry_backoff_ms=60_000) as asking:
        await find_topics(asking, [place.topic])
        assert await asking.beginning_offsets([place]) == {place: 0}

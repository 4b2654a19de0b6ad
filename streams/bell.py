"""What a driver's consumer has to tell: not the records, only that there are some.

The partition reads the log itself, so the driver's consumer jumps to the end after each look: in a burst it reads a
few records where it would otherwise fetch and decode all of them a second time.
"""

from aiokafka import AIOKafkaConsumer, TopicPartition

FETCH_BYTES = 16 << 10
"""Largest part of a partition a bell fetches at once."""


def skip_to_end(consumer: AIOKafkaConsumer, tp: TopicPartition, offset: int) -> int:
    """Move the consumer behind all that is committed; hand back the offset to ring for, at least `offset`."""
    end = consumer.last_stable_offset(tp)
    if end is None or end <= offset + 1:
        return offset
    consumer.seek(tp, end)
    return int(end) - 1

"""Wake-up calls: a driver's consumer reports that there are records, and leaves reading them to the partition.

The partition listens to the log itself; the bell is for the one that does not hear. So the driver's consumer is in no
hurry (a fetch of all partitions for each record of one cost a third of a worker at low rates), and jumps to the end
after each look: in a burst it reads a few records where it would otherwise fetch and decode all of them a second time.
"""

from aiokafka import AIOKafkaConsumer, TopicPartition

FETCH_BYTES = 16 << 10
"""Largest part of a partition a bell fetches at once."""
FETCH_LEAST_BYTES = 256 << 10
FETCH_WAIT_MS = 500
"""A bell's fetch returns when it has so many bytes, or after this time with what there is."""
METADATA_AGE_MS = 5_000
"""How often the topics are asked for. Whoever leads the group deals out the partitions it knows of, and a broker that
has just come back may know of none: nobody would work until the next look, after five minutes by default."""


def skip_to_end(consumer: AIOKafkaConsumer, tp: TopicPartition, offset: int) -> int:
    """Move the consumer behind all that is committed; hand back the offset to ring for, at least `offset`."""
    end = consumer.last_stable_offset(tp)
    if end is None or end <= offset + 1:
        return offset
    consumer.seek(tp, end)
    return int(end) - 1

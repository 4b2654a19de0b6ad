"""Wake-up calls: a driver's consumer reports that there are records, and the partition reads them itself.

A partition follows the log itself; the wake-up call is a safety net. So the driver's consumer is in no
hurry (a fetch of all partitions for each record of one cost a third of a worker at low rates), and jumps to the end
after each look: in a burst it reads a few records where it would otherwise fetch and decode all of them a second time.
While all partitions are quiet, its fetch waits longer, and for the first record that comes.
"""

from aiokafka import AIOKafkaConsumer, TopicPartition

from streams.kafka.quiet import Quiet

FETCH_BYTES = 16 << 10
"""Largest part of a partition that the driver's consumer fetches at once."""
FETCH_LEAST_BYTES = 256 << 10
FETCH_WAIT_MS = 500
"""Its fetch returns when it has this many bytes, or after this time with what there is."""
QUIET_FETCH_WAIT_MS = 3_000
"""In quiet partitions it returns with the first record, or after this time. Other requests of the group wait behind it:
how long that may be is also how much later a broker that has just come back is asked for its topics."""
METADATA_AGE_MS = 5_000
"""How often the list of topics is fetched. The group's leader assigns the partitions it knows of, and a broker that
has just come back may know of none: nobody would work until the next fetch, after five minutes by default."""


def pace(consumer: AIOKafkaConsumer, quiet: Quiet) -> None:
    """Set how long the next fetches of this consumer wait, and for how many bytes."""
    fetcher = consumer._fetcher
    least, wait_ms = (1, QUIET_FETCH_WAIT_MS) if quiet.is_quiet() else (FETCH_LEAST_BYTES, FETCH_WAIT_MS)
    fetcher._fetch_min_bytes, fetcher._fetch_max_wait_ms = least, wait_ms


def skip_to_end(consumer: AIOKafkaConsumer, tp: TopicPartition, offset: int) -> int:
    """Move the consumer behind all that is committed; hand back the offset to ring for, at least `offset`."""
    end = consumer.last_stable_offset(tp)
    if end is None or end <= offset + 1:
        return offset
    consumer.seek(tp, end)
    return int(end) - 1

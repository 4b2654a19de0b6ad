#!/usr/bin/env bash
# Kafka 4.3.0 with aiokafka 0.14.0: what offsets mean where records were written in transactions.
# Guess: after one record at offset 0 the log ends at 1; a reader that commits "last offset + 1" has no lag; and once
#        retention has removed that record, the log begins at 1, where the reader would go on.
# Seen:  the end is 2, because the marker that commits a transaction takes an offset that nobody reads. The reader's
#        lag stays 1 for ever, and after all was removed the log begins at 2: "the offset after what I have read" is
#        now out of range, although nothing was lost.
# So:    keep the consumer's position, which steps over markers, and not the last record's offset + 1.
. "$(dirname "$0")/kafka.sh"
packages aiokafka==0.14.0
kafka
python - <<'P'
import asyncio
import logging
import os

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient, NewTopic, RecordsToDelete

logging.disable(logging.CRITICAL)
servers = os.environ["SERVERS"]
place = TopicPartition("orders", 0)


async def main() -> None:
    admin = AIOKafkaAdminClient(bootstrap_servers=servers)
    await admin.start()
    await admin.create_topics([NewTopic("orders", 1, 1)])
    async with AIOKafkaProducer(bootstrap_servers=servers, transactional_id="w") as producer, producer.transaction():
        await producer.send_and_wait("orders", b"an order")
    consumer = AIOKafkaConsumer(
        bootstrap_servers=servers, isolation_level="read_committed", group_id="reader", enable_auto_commit=False,
        auto_offset_reset="earliest",
    )  # fmt: skip
    await consumer.start()
    consumer.assign([place])
    record = await consumer.getone()
    await consumer.commit({place: record.offset + 1})
    end = (await consumer.end_offsets([place]))[place]
    lag = end - await consumer.committed(place)
    await consumer.getmany(timeout_ms=1500)
    position = await consumer.position(place)
    await admin.delete_records({place: RecordsToDelete(before_offset=-1)})
    first = (await consumer.beginning_offsets([place]))[place]
    await consumer.stop()
    await admin.close()
    print(f"last record at {record.offset}, end {end}, lag {lag}, position {position}; after removal it begins at {first}")
    assert (record.offset, end, lag, position, first) == (0, 2, 1, 2, 2)


asyncio.run(main())
P

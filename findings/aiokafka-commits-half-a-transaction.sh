#!/usr/bin/env bash
# aiokafka 0.14.0 on Kafka 4.3.0: a transaction of two sends, one of which the broker refuses, and whose result nobody
# awaited before the commit.
# Guess: commit_transaction() raises, because a part of the transaction has failed.
# Seen:  it returns as if all were well; the other record is there, committed; the failure is only in its own future.
# So:    await every send before the commit. A transaction is all or nothing only for the sends that somebody awaits.
. "$(dirname "$0")/kafka.sh"
packages aiokafka==0.14.0
kafka
python - <<'P'
import asyncio
import logging
import os

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient, NewTopic

logging.disable(logging.CRITICAL)
servers = os.environ["SERVERS"]


async def main() -> None:
    admin = AIOKafkaAdminClient(bootstrap_servers=servers)
    await admin.start()
    small = {"max.message.bytes": "1000"}
    await admin.create_topics([NewTopic("orders", 1, 1), NewTopic("small", 1, 1, topic_configs=small)])
    await admin.close()
    async with AIOKafkaProducer(bootstrap_servers=servers, transactional_id="w") as producer:
        await producer.begin_transaction()
        await producer.send("orders", b"an order")
        refused = await producer.send("small", b"x" * 5000)  # larger than this topic takes
        await producer.commit_transaction()
        failure = type(refused.exception()).__name__
    consumer = AIOKafkaConsumer(bootstrap_servers=servers, isolation_level="read_committed", auto_offset_reset="earliest")
    await consumer.start()
    consumer.assign([TopicPartition("orders", 0), TopicPartition("small", 0)])
    got = await consumer.getmany(timeout_ms=3000)
    committed = sorted(tp.topic for tp, records in got.items() if records)
    await consumer.stop()
    print(f"commit_transaction() returned; the second send: {failure}; committed: {committed}")
    assert failure == "MessageSizeTooLargeError"
    assert committed == ["orders"]


asyncio.run(main())
P

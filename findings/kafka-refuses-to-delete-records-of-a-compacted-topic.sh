#!/usr/bin/env bash
# Kafka 4.3.0 with aiokafka 0.14.0: delete all records of three topics in one call, one of which is compacted.
# Guess: every topic lets its first records be deleted by who may; and an error says that nothing was done.
# Seen:  with cleanup.policy=compact the broker refuses (PolicyViolationError) and keeps everything; "compact,delete" and
#        "delete" do it. The call raises for the one, although it has emptied the two others.
# So:    to empty a compacted topic write tombstones, or let it be compact,delete. After an error look what is gone.
. "$(dirname "$0")/kafka.sh"
packages aiokafka==0.14.0
kafka
python - <<'P'
import asyncio
import logging
import os

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient, NewTopic, RecordsToDelete
from aiokafka.errors import KafkaError

logging.disable(logging.CRITICAL)
servers = os.environ["SERVERS"]
policies = ("delete", "compact", "compact,delete")


async def main() -> None:
    admin = AIOKafkaAdminClient(bootstrap_servers=servers)
    await admin.start()
    places = {policy: TopicPartition(policy.replace(",", "-"), 0) for policy in policies}
    topics = [NewTopic(place.topic, 1, 1, topic_configs={"cleanup.policy": name}) for name, place in places.items()]
    await admin.create_topics(topics)
    async with AIOKafkaProducer(bootstrap_servers=servers) as producer:
        for place in places.values():
            await producer.send_and_wait(place.topic, b"v", key=b"k", partition=0)
    try:
        await admin.delete_records({place: RecordsToDelete(before_offset=-1) for place in places.values()})
        told = "nothing"
    except KafkaError as error:
        told = type(error).__name__
    consumer = AIOKafkaConsumer(bootstrap_servers=servers)
    await consumer.start()
    first = {policy: (await consumer.beginning_offsets([place]))[place] for policy, place in places.items()}
    await consumer.stop()
    await admin.close()
    print(f"raised: {told}; first offset afterwards: {first}")
    assert told == "PolicyViolationError"
    assert first == {"delete": 1, "compact": 0, "compact,delete": 1}


asyncio.run(main())
P

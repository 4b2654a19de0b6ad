#!/usr/bin/env bash
# aiokafka 0.14.0 and confluent-kafka 2.16.1 on Kafka 4.3.0: two programs read a topic and commit, each as a group of its
# own; one subscribes, the other one assigns itself the partition, as programs do that keep their own place.
# Guess: ListGroups says of both that they are of the protocol type "consumer".
# Seen:  "consumer" of the one that subscribed, also after it left; of the one that assigned, the type is empty from the
#        first commit on, and confluent-kafka calls it a simple group. Its offsets and its lag are as real as the others'.
# So:    whoever watches the lag of groups takes the empty type too, or the program that never joined is never late.
. "$(dirname "$0")/kafka.sh"
packages aiokafka==0.14.0 confluent-kafka==2.16.1
kafka
cat >"$FOLDER/groups.py" <<'P'
import asyncio
import logging
import os

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from confluent_kafka.admin import AdminClient

logging.disable(logging.CRITICAL)
servers, place = os.environ["SERVERS"], TopicPartition("orders", 0)


async def read(group: str, *topics: str) -> None:
    """Read two of three messages, and commit."""
    consumer = AIOKafkaConsumer(
        *topics, bootstrap_servers=servers, group_id=group, enable_auto_commit=False, auto_offset_reset="earliest"
    )
    await consumer.start()
    if not topics:
        consumer.assign([place])
    await consumer.getmany(place, timeout_ms=10_000, max_records=2)
    await consumer.commit({place: 2})
    await consumer.stop()


async def main() -> None:
    admin = AIOKafkaAdminClient(bootstrap_servers=servers)
    await admin.start()
    await admin.create_topics([NewTopic("orders", 1, 1)])
    async with AIOKafkaProducer(bootstrap_servers=servers) as producer:
        for number in range(3):
            await producer.send_and_wait("orders", str(number).encode(), partition=0)
    await read("subscribes", "orders")
    await read("assigns")
    other = AdminClient({"bootstrap.servers": servers})
    simple = {each.group_id: each.is_simple_consumer_group for each in other.list_consumer_groups().result().valid}
    for group, kind in sorted(await admin.list_consumer_groups()):
        committed = (await admin.list_consumer_group_offsets(group))[place].offset
        print(f"{group}: type {kind!r}, simple {simple[group]}, lag {3 - committed}")
    await admin.close()


asyncio.run(main())
P
seen=$(python "$FOLDER/groups.py")
echo "$seen"
[ "$seen" = "assigns: type '', simple True, lag 1
subscribes: type 'consumer', simple False, lag 1" ]

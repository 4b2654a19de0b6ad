#!/usr/bin/env bash
# confluent-kafka 2.16.1 on Kafka 4.3.0: the usual loop `msg = consumer.poll(1); if msg and not msg.error(): ...` on a
# compacted topic.
# Guess: a message is true, None is false.
# Seen:  a Message has the length of its value, so one without a value (a tombstone) counts as false, and such a loop
#        skips every deletion in silence.
# So:    write `if msg is None`.
. "$(dirname "$0")/kafka.sh"
packages confluent-kafka==2.16.1
kafka
python - <<'P'
import os

from confluent_kafka import Consumer, Producer

servers = {"bootstrap.servers": os.environ["SERVERS"]}
producer = Producer(servers)
producer.produce("orders", key=b"case-1", value=b"an order")
producer.produce("orders", key=b"case-1", value=None)
producer.flush(20)
consumer = Consumer(servers | {"group.id": "reader", "auto.offset.reset": "earliest"})
consumer.subscribe(["orders"])
got = []
for _ in range(60):
    message = consumer.poll(0.5)
    if message is not None and not message.error():
        got.append(message)
    if len(got) == 2:
        break
consumer.close()
seen = [(message.key(), message.value(), bool(message)) for message in got]
print(seen)
assert seen == [(b"case-1", b"an order", True), (b"case-1", None, False)]
P

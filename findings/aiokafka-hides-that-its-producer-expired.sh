#!/usr/bin/env bash
# aiokafka 0.14.0 on Kafka 4.3.0 whose transactional ids expire after seconds (by default after seven days): a
# transactional producer that was quiet for longer begins its next transaction.
# Guess: the send raises an error that names the reason (the broker says InvalidProducerIdMapping) and that one may
#        catch; or the producer asks for a new id and goes on.
# Seen:  send_and_wait raises a plain KafkaError "Unexpected error during batch delivery" without a __cause__. The
#        reason is only in the log and in two futures of its own that nobody awaits: asyncio reports them as overlooked
#        errors when they are collected. The producer is of no use any more: begin_transaction raises AssertionError.
# So:    a producer that may be quiet for days is made anew after any error; look for the reason in the log.
. "$(dirname "$0")/kafka.sh"
packages aiokafka==0.14.0
kafka transactional.id.expiration.ms=2000 transaction.remove.expired.transaction.cleanup.interval.ms=300 \
    producer.id.expiration.ms=2000 producer.id.expiration.check.interval.ms=300
python - <<'P'
import asyncio
import gc
import logging
import os

from aiokafka import AIOKafkaProducer
from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from aiokafka.errors import KafkaError

logging.disable(logging.CRITICAL)
servers = os.environ["SERVERS"]


async def main() -> None:
    overlooked = []
    asyncio.get_running_loop().set_exception_handler(lambda _, context: overlooked.append(context))
    admin = AIOKafkaAdminClient(bootstrap_servers=servers)
    await admin.start()
    await admin.create_topics([NewTopic("orders", 1, 1)])
    await admin.close()
    producer = AIOKafkaProducer(bootstrap_servers=servers, transactional_id="w")
    await producer.start()
    async with producer.transaction():
        await producer.send_and_wait("orders", b"1")
    await asyncio.sleep(8)
    try:
        async with producer.transaction():
            await producer.send_and_wait("orders", b"2")
        raised = None
    except KafkaError as error:
        raised = error
    told, cause = str(raised), raised.__cause__
    try:
        await producer.begin_transaction()
        again = "nothing"
    except AssertionError as error:
        again = type(error).__name__
    await producer.stop()
    del producer, raised
    gc.collect()
    await asyncio.sleep(0.1)
    hidden = [type(each["exception"].__cause__).__name__ for each in overlooked]
    print(f"raised: {told}, cause {cause}; overlooked: {hidden}; begin_transaction raised: {again}")
    assert told == "KafkaError: Unexpected error during batch delivery"
    assert cause is None
    assert hidden == ["InvalidProducerIdMapping"] * 2
    assert again == "AssertionError"


asyncio.run(main())
P

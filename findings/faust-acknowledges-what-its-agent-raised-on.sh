#!/usr/bin/env bash
# faust-streaming 0.15.3 on Kafka 4.3.0: an agent raises on the third of five messages; the app is stopped in order and
# started again.
# Guess: the message whose processing failed is not acknowledged, and comes again.
# Seen:  the agent is restarted and goes on with the fourth; the third is acknowledged, and never comes again.
# So:    what an agent raises on is lost, unless the agent itself keeps it.
. "$(dirname "$0")/kafka.sh"
packages faust-streaming==0.15.3 aiokafka==0.14.0
kafka
export FOLDER
python - <<'P'
import asyncio
import os

from aiokafka.admin import AIOKafkaAdminClient, NewTopic


async def main() -> None:
    admin = AIOKafkaAdminClient(bootstrap_servers=os.environ["SERVERS"])
    await admin.start()
    await admin.create_topics([NewTopic("jobs", 1, 1)])
    await admin.close()


asyncio.run(main())
P
cat >"$FOLDER/app.py" <<'P'
import asyncio
import logging
import os
import sys

import faust

logging.disable(logging.CRITICAL)
app = faust.App(
    "reader", broker=f"kafka://{os.environ['SERVERS']}", store="memory://", datadir=os.environ["FOLDER"] + "/faust",
    web_enabled=False, topic_partitions=1, broker_commit_interval=0.5, stream_wait_empty=False,
)  # fmt: skip
topic = app.topic("jobs", value_type=bytes, value_serializer="raw", key_serializer="raw", partitions=1)
first_run = sys.argv[1] == "raise"
got: list[str] = []


@app.agent(topic)
async def work(stream):
    async for value in stream:
        got.append(value.decode())
        if value == b"3" and first_run:
            raise ValueError("this one failed")


async def main() -> None:
    await app.start()
    numbers = range(1, 6) if first_run else [6]
    for number in numbers:
        await topic.send(value=str(number).encode())
    for _ in range(600):
        if str(numbers[-1]) in got:
            break
        await asyncio.sleep(0.1)
    await asyncio.sleep(2)  # more than one interval of its commits
    await app.stop()
    print(*got)
    sys.stdout.flush()
    os._exit(0)


asyncio.run(main())
P
first=$(python "$FOLDER/app.py" raise)
second=$(python "$FOLDER/app.py" quiet)
echo "first run: $first; after a clean restart and one more message: $second"
[ "$first" = "1 2 3 4 5" ] && [ "$second" = 6 ]

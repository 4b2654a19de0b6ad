"""Topics for one test, commands into them, and a reader that sees what every reader must see."""

import asyncio
import json
import uuid
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from typing import Any

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient, NewTopic, RecordsToDelete
from aiokafka.structs import ConsumerRecord

from streams.kafka.partition_reader import PartitionReader
from streams.kafka.settings import EngineSettings
from tests.oracles.toy import oracle
from tests.processes.waiting import wait_until

Records = dict[int, list[ConsumerRecord]]


def ends(found: Records) -> dict[int, int]:
    """The offset after the last record, by partition, where there is one."""
    return {number: records[-1].offset + 1 for number, records in found.items() if records}


class Lab:
    """Commands, state and events of a toy system of its own on a shared broker."""

    def __init__(self, servers: str, partitions: int, name: str | None = None) -> None:
        self.servers, self.partitions = servers, partitions
        self.name = name or f"toy-{uuid.uuid4().hex[:8]}"
        self.topics = {role: f"{self.name}.{role}" for role in ("commands", "state", "events")}

    def settings(self, **changes: Any) -> EngineSettings:
        return EngineSettings(**{**self._settings(), **changes})

    async def create(self, role: str, **config: str) -> None:
        admin = AIOKafkaAdminClient(bootstrap_servers=self.servers)
        await admin.start()
        try:
            topic = NewTopic(self.topics[role], self.partitions, 1, topic_configs=config)
            answer = await admin.create_topics([topic])
            assert all(error[1] == 0 for error in answer.topic_errors), answer
        finally:
            await admin.close()

    async def create_all(self, max_message_bytes: int = 1_048_588, *, own_times: bool = False) -> None:
        """With `own_times` commands have the time that `feed` gives them, otherwise that of the broker."""
        times = "CreateTime" if own_times else "LogAppendTime"
        await self.create("commands", **{"message.timestamp.type": times})
        await self.create("state", **{"cleanup.policy": "compact"})
        await self.create("events", **{"max.message.bytes": str(max_message_bytes)})

    async def delete(self, role: str) -> None:
        admin = AIOKafkaAdminClient(bootstrap_servers=self.servers)
        await admin.start()
        try:
            await admin.delete_topics([self.topics[role]])
        finally:
            await admin.close()

    async def cut(self, role: str, *, before: int = -1) -> None:
        """Delete the first records of partition 0, as retention does; without `before` all there are."""
        admin = AIOKafkaAdminClient(bootstrap_servers=self.servers)
        await admin.start()
        try:
            await admin.delete_records({TopicPartition(self.topics[role], 0): RecordsToDelete(before_offset=before)})
        finally:
            await admin.close()

    async def feed(
        self, commands: Sequence[Mapping[str, Any]], partition: int | None = None, *, at_ms: int | None = None
    ) -> None:
        """Append commands, dealt out to the partitions in turn unless one is named."""
        producer = AIOKafkaProducer(bootstrap_servers=self.servers, linger_ms=5, max_request_size=2_000_000)
        await producer.start()
        try:
            sent = [
                await producer.send(
                    self.topics["commands"],
                    json.dumps(command).encode(),
                    partition=i % self.partitions if partition is None else partition,
                    timestamp_ms=at_ms,
                )
                for i, command in enumerate(commands)
            ]
            await asyncio.gather(*sent)
        finally:
            await producer.stop()

    async def feed_together(self, commands: Sequence[Mapping[str, Any]], *, commit: bool = True) -> None:
        """Append commands to partition 0 in one transaction, which is committed or aborted."""
        producer = AIOKafkaProducer(bootstrap_servers=self.servers, transactional_id=f"{self.name}-feeder")
        await producer.start()
        try:
            await producer.begin_transaction()
            for command in commands:
                await producer.send_and_wait(self.topics["commands"], json.dumps(command).encode(), partition=0)
            await (producer.commit_transaction() if commit else producer.abort_transaction())
        finally:
            await producer.stop()

    async def extent(self, role: str) -> tuple[int, int]:
        """The first offset of partition 0, and the end of what is committed."""
        log = PartitionReader(self.settings())
        await log.start()
        try:
            return (await log.extents([(self.topics[role], 0)]))[0]
        finally:
            await log.consumer.stop()

    async def feed_slowly(self, commands: Sequence[Mapping[str, Any]], per_s: int) -> None:
        """The same at a steady rate, ten at a time."""
        for i in range(0, len(commands), 10):
            await self.feed(commands[i : i + 10])
            await asyncio.sleep(10 / per_s)

    async def read(self, role: str, *, committed: bool = True) -> Records:
        """Everything in a topic now, by partition."""
        level = "read_committed" if committed else "read_uncommitted"
        consumer = AIOKafkaConsumer(
            bootstrap_servers=self.servers,
            isolation_level=level,
            auto_offset_reset="earliest",
            enable_auto_commit=False,
        )
        await consumer.start()
        try:
            tps = [TopicPartition(self.topics[role], number) for number in range(self.partitions)]
            last = await consumer.end_offsets(tps)
            consumer.assign(tps)
            found: Records = {number: [] for number in range(self.partitions)}
            while any([await consumer.position(tp) < last[tp] for tp in tps]):
                for tp, records in (await consumer.getmany(timeout_ms=100)).items():
                    found[tp.partition].extend(records)
            return found
        finally:
            await consumer.stop()

    async def events(self) -> dict[int, list[dict[str, Any]]]:
        return {
            number: [json.loads(record.value) for record in found]
            for number, found in (await self.read("events")).items()
        }

    async def places(self) -> dict[int, dict[str, Any]]:
        """The bookkeeping of each partition that has one."""
        found: dict[int, dict[str, Any]] = {}
        for number, records in (await self.read("state")).items():
            for record in records:
                if record.key == b"__partition":
                    found[number] = json.loads(record.value)
        return found

    async def totals(self) -> dict[int, dict[str, int]]:
        found: dict[int, dict[str, int]] = {}
        for number, records in (await self.read("state")).items():
            state = {
                record.key.decode(): json.loads(record.value) for record in records if record.key != b"__partition"
            }
            found[number] = {key: value["total"] for key, value in state.items()}
        return found

    async def settled(self, limit_s: float = 60.0) -> None:
        """Wait until every command is applied."""

        async def applied() -> bool:
            return await self._all_applied(await self.read("commands"))

        await wait_until(applied, "every command applied", limit_s)

    async def assert_exact(self, limit: int = 890_000) -> None:
        """Events and totals are what plain Python makes of the commands: none lost, doubled, different, mixed up."""
        commands, events, totals = await self._all_at_rest()
        for number, records in commands.items():
            expected = oracle([(record.offset, record.timestamp, record.value) for record in records], limit)
            assert events[number] == expected[0]
            assert totals[number] == expected[1]

    async def _all_at_rest(self) -> tuple[Records, dict[int, list[dict[str, Any]]], dict[int, dict[str, int]]]:
        """Commands, events and totals that belong together: no tick came while they were read."""

        async def at_rest() -> tuple[Records, dict[int, list[dict[str, Any]]], dict[int, dict[str, int]]] | None:
            commands = await self.read("commands")
            if not await self._all_applied(commands):
                return None
            events, totals = await self.events(), await self.totals()
            return (commands, events, totals) if ends(await self.read("commands")) == ends(commands) else None

        return await wait_until(at_rest, "a moment without a new tick")

    async def _all_applied(self, commands: Records) -> bool:
        places = await self.places()
        return all(places.get(number, {"next": 0})["next"] >= end for number, end in ends(commands).items())

    def _settings(self) -> dict[str, Any]:
        return {
            "servers": self.servers,
            "system": self.name,
            "partitions": self.partitions,
            "session_timeout_s": 2.0,
            "fenced_pause_s": 0.3,
            "tail_look_s": 0.2,
            "commit_s": 1.0,
        }


@asynccontextmanager
async def lab(
    servers: str, partitions: int = 1, max_message_bytes: int = 1_048_588, *, own_times: bool = False
) -> AsyncIterator[Lab]:
    """Fresh topics; `max_message_bytes` is the largest batch that `events` takes."""
    made = Lab(servers, partitions)
    await made.create_all(max_message_bytes, own_times=own_times)
    yield made


async def empty(servers: str, topic: str, partitions: int) -> None:
    """Delete every record there is, markers too, as retention does after a quiet time."""
    admin = AIOKafkaAdminClient(bootstrap_servers=servers)
    await admin.start()
    try:
        parts = [TopicPartition(topic, number) for number in range(partitions)]
        await admin.delete_records({part: RecordsToDelete(before_offset=-1) for part in parts})
    finally:
        await admin.close()


async def lag(servers: str, group: str) -> int | None:
    """What a group has left, as Kafka's own tools count it: its end less what is committed; None while nothing is."""
    admin = AIOKafkaAdminClient(bootstrap_servers=servers)
    consumer = AIOKafkaConsumer(bootstrap_servers=servers)
    await admin.start()
    await consumer.start()
    try:
        kept = await admin.list_consumer_group_offsets(group)
        ends = await consumer.end_offsets(list(kept))
        return sum(ends[tp] - at.offset for tp, at in kept.items()) if kept else None
    finally:
        await consumer.stop()
        await admin.close()

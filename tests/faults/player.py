"""Plays the people: sends reports at a rate, reads from `events` what happened, and acts on it; all at least once.

Half of the reports and some acts go through the gateway, the rest to Kafka as a relay sends them. Whatever fails is
sent again with the same id, and a tenth is sent twice anyway.
"""

import asyncio
import io
import json
import time
from collections.abc import Sequence
from contextlib import suppress
from random import Random
from typing import Any

import aiohttp
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition
from aiokafka.errors import KafkaError, MessageSizeTooLargeError

from schemas.codec import encode
from schemas.command import Do
from schemas.event import EventType
from schemas.report import Report, Supplement
from schemas.topics import COMMANDS, EVENTS, REPORTS, partition_of
from tests.faults.garbage import Garbage, garbage
from tests.faults.stage import Stage
from tests.faults.stories import Life
from tests.processes.live_log import let_go

TWICE = 0.1
BY_HTTP = 0.5


class Player:
    """`lives` are begun evenly over `over_s` seconds; `run` returns when all of them are over."""

    def __init__(self, stage: Stage, lives: Sequence[Life], over_s: float, seed: int) -> None:
        self.stage, self.lives = stage, list(lives)
        self.garbage: list[Garbage] = []
        self.sent = 0
        self.again = 0
        self._waiting = list(lives)
        self._over_s = over_s
        self._random = Random(seed)
        self._by_report = {life.report.id: life for life in lives}
        self._by_case: dict[str, Life] = {}
        self._next: dict[int, int] = {}
        self._sends: set[asyncio.Task[None]] = set()
        self._producer: AIOKafkaProducer | None = None
        self._making = asyncio.Lock()
        self._http: aiohttp.ClientSession | None = None

    @property
    def left(self) -> list[Life]:
        """Who has not come to the end yet."""
        return [life for life in self.lives if not life.over]

    async def run(self) -> None:
        """Play until all is over, or until cancelled."""
        timeout = aiohttp.ClientTimeout(total=8, connect=2)
        async with aiohttp.ClientSession(self.stage.address, timeout=timeout, headers=self.stage.key) as self._http:
            reading = asyncio.create_task(self._read_for_ever())
            try:
                await self._begin_all()
                while self.left or self._sends:
                    if reading.done():
                        reading.result()
                    await asyncio.sleep(0.1)
            finally:
                for task in (*self._sends, reading):
                    task.cancel()
                await asyncio.gather(*self._sends, reading, return_exceptions=True)
                await self._forget()

    async def _begin_all(self) -> None:
        pause = self._over_s / max(1, len(self._waiting))
        for number, life in enumerate(self._waiting):
            self._send(life)
            if number % 40 == 20:
                for one in garbage(f"{number}", _now(), self.stage.partitions):
                    self.garbage.append(one)
                    await self._to_kafka(one.topic, one.partition, one.key, one.value)
            await asyncio.sleep(pause * self._random.uniform(0.5, 1.5))
        await self._too_large_for_kafka()

    async def _too_large_for_kafka(self) -> None:
        """5 MB: the broker itself says no, and so does the gateway."""
        assert self._http is not None
        producer = AIOKafkaProducer(bootstrap_servers=self.stage.servers, max_request_size=8 << 20)
        async with asyncio.timeout(60):
            while True:
                try:
                    await producer.start()
                    await producer.send_and_wait(REPORTS, b"x" * 5_000_000, partition=0)
                except MessageSizeTooLargeError:
                    break
                except (KafkaError, OSError):
                    await asyncio.sleep(0.5)
                else:
                    raise AssertionError("Kafka took a record of 5 MB")
        await let_go(producer)
        body = b'{"text":"' + b"x" * 5_000_000 + b'"}'
        async with asyncio.timeout(60):
            while True:
                with suppress(aiohttp.ClientError, TimeoutError):
                    headers = {"Content-Type": "application/json"}
                    async with self._http.post("/api/reports", data=io.BytesIO(body), headers=headers) as response:
                        assert response.status in {413, 400}, response.status
                        return
                await asyncio.sleep(0.5)

    def _send(self, what: Life | Do | Supplement) -> None:
        task = asyncio.create_task(self._send_at_least_once(what))
        self._sends.add(task)
        task.add_done_callback(self._sends.discard)

    async def _send_at_least_once(self, what: Life | Do | Supplement) -> None:
        if isinstance(what, Life):
            self.lives += [] if what in self.lives else [what]
            self._by_report[what.report.id] = what
            message: Report | Do | Supplement = what.report
        else:
            message = what
        times = 1 + (self._random.random() < TWICE)
        by_http = self._by_http(message)
        self.sent += 1
        for _ in range(times):
            if by_http:
                await self._to_gateway(message)
            else:
                await self._as_a_relay(message)

    def _by_http(self, message: Report | Do | Supplement) -> bool:
        if isinstance(message, Do) and message.photos:
            return False  # its picture would have to be a real one
        return self._random.random() < BY_HTTP

    async def _as_a_relay(self, message: Report | Do | Supplement) -> None:
        clock = "occurred_ms" if isinstance(message, Do) else "received_ms"
        topic = COMMANDS if isinstance(message, Do) else REPORTS
        key = {Do: "home", Supplement: "report", Report: "id"}[type(message)]
        key = str(getattr(message, key))
        value = encode(message.model_copy(update={clock: _now()}))
        await self._to_kafka(topic, partition_of(key, self.stage.partitions), key.encode(), value)

    async def _to_kafka(self, topic: str, partition: int, key: bytes, value: bytes | None) -> None:
        while True:
            try:
                producer = await self._made()
                async with asyncio.timeout(15):
                    await producer.send_and_wait(topic, value, key, partition)
            except (KafkaError, OSError, TimeoutError):
                self.again += 1
                await self._forget()
                await asyncio.sleep(0.3)
            else:
                return

    async def _made(self) -> AIOKafkaProducer:
        async with self._making:
            if self._producer is None:
                producer = AIOKafkaProducer(
                    bootstrap_servers=self.stage.servers, enable_idempotence=True, request_timeout_ms=8_000,
                    max_request_size=2_000_000,
                )  # fmt: skip
                try:
                    await producer.start()
                except BaseException:
                    await let_go(producer)
                    raise
                self._producer = producer
            return self._producer

    async def _forget(self) -> None:
        producer, self._producer = self._producer, None
        if producer is not None:
            await let_go(producer)

    async def _to_gateway(self, message: Report | Do | Supplement) -> None:
        assert self._http is not None
        path, fields = _as_form(message)
        while True:
            try:
                async with self._http.post(path, data=fields) as response:
                    if response.status == 202:
                        return
                    assert response.status >= 500, await response.text()
            except (aiohttp.ClientError, TimeoutError, OSError):
                pass
            self.again += 1
            await asyncio.sleep(0.3)

    async def _read_for_ever(self) -> None:
        while True:
            consumer = AIOKafkaConsumer(
                bootstrap_servers=self.stage.servers, isolation_level="read_committed", enable_auto_commit=False,
                auto_offset_reset="earliest", request_timeout_ms=8_000,
            )  # fmt: skip
            try:
                await consumer.start()
                consumer.assign([TopicPartition(EVENTS, number) for number in range(self.stage.partitions)])
                await self._read(consumer)
            except (KafkaError, OSError, TimeoutError):
                await asyncio.sleep(0.5)
            finally:
                await let_go(consumer)

    async def _read(self, consumer: AIOKafkaConsumer) -> None:
        quiet = time.monotonic()
        while time.monotonic() - quiet < 5:  # a consumer that lost its broker may stay silent: begin again
            for part, records in (await consumer.getmany(timeout_ms=200)).items():
                quiet = time.monotonic()
                for record in records:
                    self._take(part.partition, json.loads(record.value))

    def _take(self, partition: int, event: dict[str, Any]) -> None:
        """Each event once, in the order of its partition."""
        if event["n"] < self._next.get(partition, 0):
            return
        self._next[partition] = event["n"] + 1
        number, now = str(event.get("case")), event.get("now", {})
        if event["type"] == EventType.OPENED and now["report"] in self._by_report:
            life = self._by_report[now["report"]]
            life.case = number
            self._by_case[number] = life
        lived = self._by_case.get(number)
        if lived is None:
            return
        lived.assignee = now.get("assignee", lived.assignee)
        if not lived.over and lived.steps[lived.at][0] == event["type"]:
            step = lived.steps[lived.at][1]
            lived.at += 1
            for what in step(lived):
                self._send(what)


def _as_form(message: Report | Do | Supplement) -> tuple[str, dict[str, str]]:
    """The address and the fields of the gateway's API."""
    if isinstance(message, Do):
        fields = {"id": message.id, "act": message.act.value, "by": message.by, "note": message.note}
        if message.reason is not None:
            fields["reason"] = message.reason.value
        return f"/api/cases/{message.case}/acts", {name: value for name, value in fields.items() if value}
    place = {"address": message.place.address, "code": message.place.code}
    told = {"id": message.id, "text": message.text, "reporter": message.reporter.id, **place}
    path = "/api/reports" if isinstance(message, Report) else f"/api/reports/{message.report}/supplement"
    return path, {name: value for name, value in told.items() if value}


def _now() -> int:
    return time.time_ns() // 1_000_000

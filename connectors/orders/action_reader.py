"""Takes acts from the topics `actions.<code>`, each once, and answers them in `answers.<code>`.

An act is remembered, accepted into the outbox under its department's id, and only then its offset is committed; so
whatever is read again, after a kill or a rebalance, is known. A record that cannot be accepted is answered, and the
stream goes on. Acts that came over HTTP are answered there, too. Where a topic of answers is missing, what is decided
waits for it, and nobody else does.
"""

import asyncio
import logging
import re
import secrets
from collections.abc import Awaitable, Callable, Sequence
from contextlib import AsyncExitStack
from functools import partial
from http import HTTPStatus
from itertools import groupby
from operator import attrgetter
from time import monotonic
from typing import Final, TypeVar

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition
from aiokafka.errors import KafkaError
from aiokafka.structs import ConsumerRecord
from pydantic_core import from_json

from connectors.intake.accept import Accept
from connectors.intake.answers import Answer, answer_of, answer_to, caused_by
from connectors.intake.bodies.body import json_body, typed_body
from connectors.intake.context import Gateway
from connectors.intake.field_types import is_id
from connectors.intake.refusal import Refused, refused
from connectors.intake.submission import ActionSubmission, department_act_id
from connectors.ledger.queries.cases import Ledger
from connectors.orders.answering import AnswerRecord, decided, unacceptable
from connectors.orders.department_acts import department_act
from connectors.orders.open_acts import OpenAct, OpenActs
from schemas.errors import Retry
from schemas.event import Event
from schemas.topics import ACTIONS_PREFIX, answers_topic
from streams.kafka.clients import consumer as kafka_consumer
from streams.kafka.clients import producer as kafka_producer
from streams.kafka.closing import stop_quietly
from streams.kafka.listening import accepts, addresses
from streams.kafka.topic_reader import ANSWER_S, Stillness

GROUP: Final = "grid36.actions"
AT_ONCE: Final = 200
POLL_MS: Final = 1000
LOOK_S: Final = 10.0
"""How often the broker is asked how far its topics go, while nothing comes, and which topics there are."""
NEW_TOPIC_S: Final = 1.0
"""How often a topic is looked for that was not there."""
ANSWER_LOOK_S: Final = 0.1
"""How often the ledger is asked while acts wait for their answer."""
PAUSE_S: Final = (0.5, 5.0)
REACH_S: Final = 2.0
AWAY_S: Final = 1.0
MOST_KEY: Final = 100

T = TypeVar("T")

log = logging.getLogger(__name__)


class ActionReader:
    """The reader of one gateway; several share the topics."""

    def __init__(
        self, gateway: Gateway, accept: Accept, acts: OpenActs, servers: str, *, prefix: str = "", group: str = GROUP
    ) -> None:
        self._gateway, self._accept, self._acts = gateway, accept, acts
        self._servers, self._prefix, self._group = servers, prefix, prefix + group
        self._present: frozenset[str] = frozenset()
        self._asked = -LOOK_S
        acts.news.set()  # some may wait since the last run

    async def run(self) -> None:
        """Read and answer until cancelled; waits while Kafka is away."""
        pause = PAUSE_S[0]
        while True:
            began = monotonic()
            try:
                await self._read_and_answer()
            except* (KafkaError, OSError, TimeoutError) as fault:
                log.debug("acts of departments wait for Kafka: %r", fault.exceptions[0])
            pause = PAUSE_S[0] if monotonic() - began > 2 * LOOK_S else min(pause * 2, PAUSE_S[1])
            await asyncio.sleep(pause)

    async def _read_and_answer(self) -> None:
        await _reach(self._servers)
        async with AsyncExitStack() as stack:
            producer = kafka_producer(self._servers)
            stack.push_async_callback(stop_quietly, producer)
            await producer.start()
            consumer = kafka_consumer(
                self._servers, group_id=self._group, auto_offset_reset="earliest",
                metadata_max_age_ms=int(LOOK_S * 1000), fetch_max_wait_ms=POLL_MS, session_timeout_ms=6_000,
                heartbeat_interval_ms=2_000,
            )  # fmt: skip
            stack.push_async_callback(stop_quietly, consumer)
            await consumer.start()
            consumer.subscribe(pattern=f"^{re.escape(self._prefix + ACTIONS_PREFIX)}.+$")
            async with asyncio.TaskGroup() as works:
                works.create_task(self._read(consumer, producer))
                works.create_task(self._answer(consumer, producer))
                works.create_task(self._watch(consumer))

    async def _read(self, consumer: AIOKafkaConsumer, producer: AIOKafkaProducer) -> None:
        still, looked = Stillness(), monotonic()
        while True:
            fetched = await consumer.getmany(timeout_ms=POLL_MS, max_records=AT_ONCE)
            for tp, records in fetched.items():
                for record in records:
                    await self._take(record, consumer, producer)
                await _commit(consumer, tp, records[-1].offset + 1)
            if fetched:
                still.moved()
                looked = monotonic()
            elif monotonic() - looked > LOOK_S:
                looked = monotonic()
                await _look(consumer, still)

    async def _watch(self, consumer: AIOKafkaConsumer) -> None:
        """Which departments have both topics, so that they are missed when one is gone, and HTTP is answered there."""
        while True:
            await self._look_for_topics(consumer)
            await asyncio.sleep(LOOK_S)

    async def _look_for_topics(self, consumer: AIOKafkaConsumer) -> None:
        async with asyncio.timeout(ANSWER_S):
            self._present = frozenset(await consumer.topics())
        self._asked = monotonic()
        own = self._prefix + ACTIONS_PREFIX
        codes = [name.removeprefix(own) for name in self._present if name.startswith(own)]
        having = [code for code in codes if self._prefix + answers_topic(code) in self._present]
        await _patiently(partial(self._acts.seen, having, self._gateway.clock()))

    async def _can_answer(self, department: str, consumer: AIOKafkaConsumer) -> bool:
        """Whether it has a topic for answers: to write to one that is not there would hold up everybody."""
        topic = self._prefix + answers_topic(department)
        if topic not in self._present and monotonic() - self._asked > NEW_TOPIC_S:
            await self._look_for_topics(consumer)
        return topic in self._present

    async def _take(self, record: ConsumerRecord, consumer: AIOKafkaConsumer, producer: AIOKafkaProducer) -> None:
        """One act: accepted, or answered with what is wrong."""
        act = self._act_of(record)
        try:
            body = await _patiently(lambda: json_body(record.value or b"", self._gateway.photos))
            body.fields.setdefault("id", act.id)
            action = typed_body(self._gateway, ActionSubmission, body, case=act.case)
            sent = department_act(self._gateway, act.department, action, record.timestamp)
            await _patiently(partial(self._acts.add, act))
            await _patiently(partial(self._accept, sent))
        except Refused as refusal:
            await self._refuse(consumer, producer, act, refusal)
        except Exception:
            number = secrets.token_hex(4)
            log.exception("error %s at %s, partition %d, offset %d", number, record.topic, act.partition, act.offset)
            fault = refused(HTTPStatus.INTERNAL_SERVER_ERROR, "internal", number=number)
            await self._refuse(consumer, producer, act, fault)  # else it would be read without end

    def _act_of(self, record: ConsumerRecord) -> OpenAct:
        """What a record is about. Without an id it gets one of its place and time, the same whenever it is read."""
        department = record.topic.removeprefix(self._prefix + ACTIONS_PREFIX)
        case = (record.key or b"").decode(errors="replace")[:MOST_KEY]
        id = _id_in(record.value) or f"{record.partition}-{record.offset}-{record.timestamp}"
        return OpenAct(department, id, case, record.partition, record.offset)

    async def _refuse(
        self, consumer: AIOKafkaConsumer, producer: AIOKafkaProducer, act: OpenAct, refusal: Refused
    ) -> None:
        if await self._can_answer(act.department, consumer):
            await self._send(producer, unacceptable(act, refusal, self._gateway.clock()))
        else:
            log.warning("%s has no topic of answers, so act %s is refused in silence", act.department, act.id)
        await _patiently(partial(self._acts.answered, act))

    async def _answer(self, consumer: AIOKafkaConsumer, producer: AIOKafkaProducer) -> None:
        """Answer what is decided, as the ledger learns of it."""
        while True:
            await self._acts.news.wait()
            self._acts.news.clear()
            began = monotonic()
            waiting = await _patiently(self._acts.all)
            answerable = [act for act in waiting if await self._can_answer(act.department, consumer)]
            for number, acts in groupby(answerable, attrgetter("case")):
                timeline = partial(Ledger.timeline, number=number)
                events = await _patiently(partial(self._gateway.ask, timeline))
                for act in acts:
                    await self._answer_by(producer, act, events)
            if waiting:
                self._acts.news.set()
                look_s = ANSWER_LOOK_S if answerable else NEW_TOPIC_S
                await asyncio.sleep(max(look_s, 2 * (monotonic() - began)))

    async def _answer_by(self, producer: AIOKafkaProducer, act: OpenAct, events: Sequence[Event]) -> None:
        command = department_act_id(act.department, act.id)
        answer: Answer | None = answer_of([event for event in events if caused_by(command, event)])
        if not events:  # there is no such case, so that events about it stand in no timeline
            answer = await _patiently(partial(answer_to, self._gateway, command))
        if answer is not None and answer.state != "accepted":
            await self._send(producer, decided(act, answer, self._gateway.clock()))
            await _patiently(partial(self._acts.answered, act))

    async def _send(self, producer: AIOKafkaProducer, answer: AnswerRecord) -> None:
        topic = self._prefix + answer.topic
        async with asyncio.timeout(2 * ANSWER_S):
            await producer.send_and_wait(topic, answer.value, answer.key, headers=list(answer.headers))


def _id_in(value: bytes | None) -> str | None:
    """The id that a record gives its act, if it can be read."""
    try:
        fields = from_json(value or b"")
    except ValueError:
        return None
    id = fields.get("id") if isinstance(fields, dict) else None
    return id if isinstance(id, str) and is_id(id) else None


async def _patiently(work: Callable[[], Awaitable[T]]) -> T:
    """Done, however long a file, the ledger or the photos are away. Raises what is wrong with the act itself."""
    while True:
        try:
            return await work()
        except Refused as refusal:
            if refusal.status < HTTPStatus.INTERNAL_SERVER_ERROR:
                raise
            fault: Exception = refusal
        except Retry as error:
            fault = error
        log.warning("acts of departments wait: %s", fault)
        await asyncio.sleep(AWAY_S)


async def _commit(consumer: AIOKafkaConsumer, partition: TopicPartition, offset: int) -> None:
    async with asyncio.timeout(ANSWER_S):
        await consumer.commit({partition: offset})


async def _look(consumer: AIOKafkaConsumer, still: Stillness) -> None:
    """A consumer that lost its broker may not raise, so ask the broker. Raises `TimeoutError` when it stands still."""
    assigned = sorted(consumer.assignment())
    async with asyncio.timeout(ANSWER_S):
        ends = await consumer.end_offsets(assigned) if assigned else {}
        behind = [tp for tp in assigned if await consumer.position(tp) < ends[tp]]
    if still.stuck(behind=bool(behind), now=monotonic()):
        raise TimeoutError(f"no progress in {behind}")


async def _reach(servers: str) -> None:
    """Try a plain connection: a Kafka client without a broker floods the log. Raises `ConnectionRefusedError`."""
    for host, port in addresses(servers):
        if await accepts(host, port, REACH_S):
            return
    raise ConnectionRefusedError("nobody listens there")

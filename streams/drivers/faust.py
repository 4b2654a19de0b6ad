"""The driver of the product: Faust manages the consumer group and delivers records, and does nothing else."""

import asyncio
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any, cast

import faust
from aiokafka import AIOKafkaConsumer
from faust.auth import OAuthCredentials
from faust.transport.consumer import RecordMap
from faust.transport.drivers import aiokafka as faust_kafka
from faust.types import TP, EventT, StreamT
from faust.types.auth import CredentialsArg

from schemas.servers import login_of
from streams.drivers.driver import serve, within
from streams.drivers.wakeup import (
    FETCH_BYTES,
    FETCH_LEAST_BYTES,
    FETCH_WAIT_MS,
    METADATA_AGE_MS,
    QUIET_FETCH_WAIT_MS,
    pace,
    skip_to_end,
)
from streams.kafka.quiet import Quiet
from streams.kafka.settings import EngineSettings
from streams.partition.assignment import Assignment

MAX_RECORDS = 16
APP_STOP_S = 5.0


class FaustDriver:
    """Membership, assignment and delivery by Faust; see `streams.drivers.driver.Driver`."""

    async def run(self, assignment: Assignment, stop: asyncio.Event) -> None:
        """Work until `stop` is set."""
        with tempfile.TemporaryDirectory(prefix="grid36-faust-") as directory:
            app = make_app(assignment, Path(directory))
            ended: asyncio.Task[None] | None = None
            try:
                await app.start()
                ended = asyncio.create_task(_ended(app))
                await serve(assignment, stop, ended)
            finally:
                await within(APP_STOP_S, app.stop(), "Faust")
                if ended is not None:  # it has ended by now; cancelled earlier, it would leave Faust's tasks behind
                    ended.cancel()
                    await asyncio.gather(ended, return_exceptions=True)


def make_app(assignment: Assignment, directory: Path) -> faust.App:
    """A Faust app with one pump per topic; `directory` is for what Faust writes, which nobody reads."""
    app = BellApp(assignment.settings.system, **_app_settings(assignment.settings, directory))
    for name in assignment.topics:
        topic = app.topic(name, key_serializer="raw", value_serializer="raw")
        app.agent(topic, name=f"ring-{name}")(_pump(assignment))

    async def assigned(_: object, /, *args: Any, **__: Any) -> None:
        places: set[TP] = args[0]
        assignment.assign((tp.topic, tp.partition) for tp in places)

    app.on_partitions_assigned.connect(assigned)
    return app


def _app_settings(settings: EngineSettings, directory: Path) -> dict[str, Any]:
    session_s = settings.session_timeout_s
    return {
        "broker": ";".join(f"kafka://{server.strip()}" for server in settings.servers.split(",")),
        "broker_credentials": _credentials(login_of(settings.servers)),
        "store": "memory://",
        "datadir": str(directory),
        "autodiscover": False,
        "web_enabled": False,
        "topic_allow_declare": False,
        "topic_disable_leader": True,
        "table_standby_replicas": 0,
        "stream_wait_empty": False,
        "stream_buffer_maxsize": 4096,
        "consumer_auto_offset_reset": "latest",
        "consumer_max_fetch_size": FETCH_BYTES,
        "consumer_metadata_max_age_ms": METADATA_AGE_MS,
        "broker_max_poll_records": MAX_RECORDS,
        "broker_commit_interval": settings.commit_s,
        "broker_session_timeout": session_s,
        "broker_heartbeat_interval": session_s / 5,
        "broker_rebalance_timeout": max(10.0, session_s),
    }


def _credentials(login: Mapping[str, Any]) -> CredentialsArg | None:
    """The log-in as Faust wants it."""
    context, mechanism = login.get("ssl_context"), login.get("sasl_mechanism")
    if mechanism is None:
        return None if context is None else faust.SSLCredentials(context=context)
    if mechanism == "OAUTHBEARER":
        return OAuthCredentials(oauth_cb=login["sasl_oauth_token_provider"], ssl_context=context)
    return faust.SASLCredentials(
        username=login["sasl_plain_username"],
        password=login["sasl_plain_password"],
        mechanism=mechanism,
        ssl_context=context,
    )


def _pump(assignment: Assignment) -> Callable[[StreamT[bytes]], Awaitable[None]]:
    async def pump(stream: StreamT[bytes]) -> None:
        events = cast("AsyncIterator[EventT[bytes]]", stream.events())
        async for event in events:  # never raises and decides nothing: it only says where records are
            assignment.ring(event.message.topic, event.message.partition, event.message.offset)

    return pump


async def _ended(app: faust.App) -> None:
    await app.wait_until_stopped()
    raise app.crash_reason or RuntimeError("Faust stopped unexpectedly")


class BellThread(faust_kafka.AIOKafkaConsumerThread):
    """Faust's consumer thread, but it reads only committed records, and no more of them than a wake-up call needs."""

    read: Mapping[TP, int] = MappingProxyType({})
    """Up to which offset each of our partitions was rung for: the end of what is committed, markers included."""

    def _create_worker_consumer(self, transport: faust_kafka.Transport) -> AIOKafkaConsumer:
        consumer = super()._create_worker_consumer(transport)
        assert consumer._isolation_level == "read_uncommitted"  # Faust offers no setting for it
        consumer._isolation_level = "read_committed"
        consumer._fetch_min_bytes, consumer._fetch_max_wait_ms = FETCH_LEAST_BYTES, FETCH_WAIT_MS  # read at its start
        consumer._consumer_timeout = QUIET_FETCH_WAIT_MS / 1000  # only how often an idle fetch task wakes up
        self._quiet = Quiet()
        return consumer

    async def _fetch_records(
        self,
        consumer: AIOKafkaConsumer,
        active_partitions: set[TP],
        timeout: float | None = None,  # noqa: ASYNC109  # Faust's signature
        max_records: int | None = None,
    ) -> RecordMap:
        fetched = await super()._fetch_records(consumer, active_partitions, timeout, max_records)
        if fetched:
            self._quiet.moved()
        pace(consumer, self._quiet)
        rung: dict[TP, list[Any]] = {}
        for tp, records in fetched.items():
            skip_to_end(consumer, tp, records[-1].offset)
            rung[tp] = records[-1:]
        self.read = {TP(*tp): end for tp in consumer.assignment() if (end := consumer.last_stable_offset(tp))}
        return rung


class BellConsumer(faust_kafka.Consumer):
    """Faust's consumer with our thread."""

    def _new_consumer_thread(self) -> BellThread:
        return BellThread(self, loop=self.loop, beacon=self.beacon)

    def _filter_committable_offsets(self, tps: Iterable[TP]) -> dict[TP, int]:
        """Commit the offsets that were rung for, not the last offset + 1, so that the lag of the group reaches 0."""
        super()._filter_committable_offsets(tps)  # drops what was acknowledged
        assert isinstance(self._thread, BellThread)
        return {tp: at for tp, at in self._thread.read.items() if self._should_commit(tp, at)}


class BellTransport(faust_kafka.Transport):
    """Faust's transport with our consumer."""

    Consumer = BellConsumer


class BellApp(faust.App):
    """A Faust app with our transport."""

    def _new_transport(self) -> BellTransport:
        return BellTransport(self.conf.broker_consumer, self)

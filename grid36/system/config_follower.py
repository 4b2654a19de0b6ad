"""Keeps a gateway up to date with its system: the mode, and the region and rulebook in force."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from contextlib import suppress

from aiokafka.errors import KafkaError

from connectors.clock import now_ms
from connectors.intake.context import Gateway
from grid36.settings import Settings
from grid36.system.create import KnownSystem, have_topics, keep, whole_in
from schemas.codec import UnreadableError, decode
from schemas.content import content_address
from schemas.errors import ServiceAway, Stop
from schemas.system import System
from schemas.topics import RULEBOOKS, SYSTEM_KEY
from streams.kafka.topic_reader import TopicReader
from streams.rulebooks.topic import ContentChangedError, Records, digests_at, read_rulebooks, switches_in

PAUSE_S = 1.0
LONGEST_WAIT_S = 3_600.0
"""Longest wait, because the clock of the machine may be changed."""

log = logging.getLogger(__name__)


class Following:
    """Applies the log to a running gateway, and stores it for commands and for a start without Kafka."""

    def __init__(
        self,
        settings: Settings,
        servers: str,
        known: KnownSystem,
        gateway: Gateway,
        told: Callable[[Records], Awaitable[None]] | None = None,
    ) -> None:
        """`told` hears all of `rulebooks` at each switch and whenever there is something new in it."""
        self._told = told
        self._settings = settings
        self._servers = servers
        self._known = known
        self._gateway = gateway
        self._shown = content_address(known.region), content_address(known.rulebook)
        self._news = asyncio.Event()

    async def run(self) -> None:
        """Runs without end; raises when the topic cannot be read."""
        async with asyncio.TaskGroup() as both:
            both.create_task(self._listen())
            both.create_task(self._switch())
            both.create_task(self._have_topics())

    async def _have_topics(self) -> None:
        """Create missing topics as soon as Kafka is there: it may have been away when this process started."""
        while True:
            try:
                return await have_topics(self._settings, self._servers, self._known.system, self._known.region)
            except ServiceAway:
                await asyncio.sleep(PAUSE_S)
            except Stop as error:
                return log.warning("topics cannot be made: %s", error)

    async def _listen(self) -> None:
        """A replay makes a history of a new system: from then on the doors must refuse live input."""
        async with TopicReader(self._servers, self._settings.topic_prefix + RULEBOOKS, compacted=True) as tail:
            async for records in tail.follow():
                for record in records:
                    self._news.set()
                    if record.key == SYSTEM_KEY.encode() and record.value is not None:
                        self._hear(record.value)

    def _hear(self, raw: bytes) -> None:
        try:
            self._become(decode(System, raw))
        except UnreadableError as error:
            log.warning("what this system is cannot be read, and stays as it was: %s", error)

    def _become(self, system: System) -> None:
        if system != self._gateway.system:
            log.info("this system is now: %s", system.mode.value)
            self._gateway.system = system
            self._keep(self._known.model_copy(update={"system": system}))

    async def _switch(self) -> None:
        """At each switch, and whenever there is a new one; the first news is what the topic says at the start."""
        wait_s = LONGEST_WAIT_S
        while True:
            with suppress(TimeoutError):
                async with asyncio.timeout(min(wait_s, LONGEST_WAIT_S)):  # wait_for may swallow the end of the gateway
                    await self._news.wait()
            self._news.clear()
            try:
                wait_s = await self._look()
            except (KafkaError, OSError, TimeoutError, ContentChangedError, UnreadableError) as error:
                log.warning("what is in force cannot be read: %r", error)
                wait_s = PAUSE_S if isinstance(error, KafkaError | OSError) else LONGEST_WAIT_S  # until the next news

    async def _look(self) -> float:
        """Apply what is in force; returns the seconds until the next planned switch."""
        records = await read_rulebooks(self._servers, prefix=self._settings.topic_prefix)
        if self._told is not None:
            await self._told(records)
        t_ms = now_ms()
        digests = digests_at(records, t_ms)
        if digests is not None and digests != self._shown:
            known = await asyncio.to_thread(whole_in, records, t_ms)
            if known is not None:
                self._shown = digests
                self._gateway.region, self._gateway.rulebook = known.region, known.rulebook
                self._gateway.past_names = known.past_names
                self._keep(known)
                log.info("in force: rulebook %s, region %s", digests[1][:8], digests[0][:8])
        ahead = [switch.effective_ms for switch in switches_in(records) if switch.effective_ms > t_ms]
        return (min(ahead) - now_ms()) / 1000 + 0.001 if ahead else LONGEST_WAIT_S

    def _keep(self, known: KnownSystem) -> None:
        self._known = known
        keep(self._settings, known)

"""Creates the topics with their settings, and waits for the broker. All functions are idempotent."""

import asyncio
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from time import monotonic
from typing import Final

from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from aiokafka.admin.config_resource import ConfigResource, ConfigResourceType
from aiokafka.errors import KafkaError, for_code

from grid36.kafka.login import knock, silence
from schemas import topics
from schemas.errors import ServiceAway, Stop, WrongInput
from schemas.names import Name
from streams.kafka import clients

DAY_MS: Final = 24 * 3600 * 1000
CENTURY_MS: Final = 36525 * DAY_MS
MAX_RECORD_BYTES: Final = 2 * 1024 * 1024
IRREPLACEABLE: Final = frozenset({topics.INTAKE, topics.CASES, topics.RULEBOOKS})
"""Topics that no other topic can restore. With an empty one, everything in the log would be done again."""
TRY_AGAIN: Final = frozenset({3, 5, 7, 15, 41, 57, 89})
"""Kafka error codes of a broker that is not ready: no leader, time-out, not controller, throttled, ..."""
ALREADY_EXISTS: Final = 36
INVALID_NAME: Final = 17

LOG: Final = {
    "max.message.bytes": str(MAX_RECORD_BYTES),
    "message.timestamp.type": "LogAppendTime",
    "compression.type": "uncompressed",  # the broker unpacks what clients pack, and its limit counts then
}
STATE: Final = LOG | {
    "cleanup.policy": "compact",
    "min.cleanable.dirty.ratio": "0.1",
    "segment.ms": "600000",  # the active segment is never compacted, so its size bounds what a takeover reads
}
DEPARTMENT: Final = LOG | {"cleanup.policy": "compact,delete", "retention.ms": str(180 * DAY_MS)}
ACTIONS: Final = LOG | {"retention.ms": str(30 * DAY_MS)}
STATEMENTS: Final = LOG | {"cleanup.policy": "compact"}
KEPT: Final[dict[str, dict[str, str]]] = {
    topics.REPORTS: LOG | {"retention.ms": str(21 * DAY_MS)},
    topics.INTAKE: STATE,
    topics.COMMANDS: LOG | {"retention.ms": str(180 * DAY_MS)},
    topics.CASES: STATE,
    topics.EVENTS: LOG | {"retention.ms": "-1"},
    topics.TEXTS: LOG | {"cleanup.policy": "compact", "max.compaction.lag.ms": str(DAY_MS)},  # erasing is a tombstone
    topics.MEASURES: STATE,
    topics.RULEBOOKS: LOG | {"cleanup.policy": "compact"},
    topics.PARKED: LOG | {"retention.ms": str(180 * DAY_MS)},
}
HISTORY: Final = {
    "message.timestamp.type": "CreateTime",
    "retention.ms": "-1",  # else records of years ago are gone at the next retention check
    "segment.ms": str(CENTURY_MS),  # segments roll by record time: a past of years would make hundreds of files
}
WITH_TIME: Final = (topics.REPORTS, topics.COMMANDS, topics.EVENTS, topics.PARKED)
"""Topics whose records have the source's time in a history; states have the broker's, for compaction."""


class TopicSizeError(Stop):
    """This topic has another number of partitions than the system. The number is chosen for life: use the system's
    own home, or another `GRID36_TOPIC_PREFIX`."""


class TopicRefusedError(Stop):
    """Kafka refused to make or change a topic. Look at the reason and at the rights of this Kafka user."""


async def wait_for_kafka(servers: str, limit_s: float = 60.0) -> None:
    """Return when a broker of `servers` answers a metadata request with a live broker in it.

    Raises `ServiceAway` after `limit_s` seconds; `LoginRefusedError` and `CertificateRefusedError` at once.
    """
    end = monotonic() + limit_s
    while True:
        if (why := await knock(servers)) is None:
            if await _answers(servers):
                return
            why = silence(servers)
        if monotonic() >= end:
            raise ServiceAway(Name.of("system.kafka.no_answer"), servers=servers, why=why)
        await asyncio.sleep(0.2)


async def create_topics(
    servers: str,
    partitions: int,
    departments: Iterable[str] = (),
    history: bool = False,
    *,
    prefix: str = "",
    replication: int = 1,
    new: bool = True,
    limit_s: float = 60.0,
) -> None:
    """Create the missing ones of the nine topics and one per department code; `rulebooks` has one partition.

    `IRREPLACEABLE` ones are created only for a `new` system.

    Raises `TopicSizeError` when a topic exists with another number of partitions, `WrongInput` for a department code
    that Kafka does not take, `ServiceAway` when the broker does not answer within `limit_s`.
    """
    made = [name for name in KEPT if new or name not in IRREPLACEABLE]
    wanted = {name: 1 if name == topics.RULEBOOKS else partitions for name in made}
    wanted |= {topics.department_topic(code): partitions for code in departments}
    missing = [
        NewTopic(prefix + name, count, replication, topic_configs=topic_settings(name, history, replication))
        for name, count in wanted.items()
    ]
    await _create(servers, missing, limit_s)


async def ensure_department(
    servers: str,
    code: str,
    partitions: int,
    history: bool = False,
    *,
    prefix: str = "",
    replication: int = 1,
    limit_s: float = 60.0,
) -> None:
    """Create the topic of one department if it is missing. Errors as `create_topics`."""
    name = topics.department_topic(code)
    settings = topic_settings(name, history, replication)
    await _create(servers, [NewTopic(prefix + name, partitions, replication, topic_configs=settings)], limit_s)


async def create_action_topics(
    servers: str, code: str, *, prefix: str = "", replication: int = 1, limit_s: float = 60.0
) -> None:
    """Create the two topics by which a department's program acts, if missing. Errors as `create_topics`.

    One partition each: all acts of a department are in one order, and nobody has that many.
    """
    names = topics.actions_topic(code), topics.answers_topic(code)
    copies = {"min.insync.replicas": "2"} if replication > 1 else {}
    new = [NewTopic(prefix + name, 1, replication, topic_configs=ACTIONS | copies) for name in names]
    await _create(servers, new, limit_s)


async def ensure_proofs(servers: str, *, prefix: str = "", replication: int = 1, limit_s: float = 60.0) -> None:
    """Create the topic of statements about partners' days if it is missing. Errors as `create_topics`."""
    copies = {"min.insync.replicas": "2"} if replication > 1 else {}
    new = NewTopic(prefix + topics.PROOFS, 1, replication, topic_configs=STATEMENTS | copies)
    await _create(servers, [new], limit_s)


async def departments_of(servers: str, prefix: str = "", limit_s: float = 15.0) -> set[str]:
    """Codes of the departments that have a topic. Raises `ServiceAway`."""
    async with _admin(servers, limit_s) as admin:
        own = prefix + topics.DEPARTMENT_PREFIX
        return {name.removeprefix(own) for name in await admin.list_topics() if name.startswith(own)}


async def switch_to_history(servers: str, *, prefix: str = "", replication: int = 1, limit_s: float = 60.0) -> None:
    """Change the topics so that records carry their own time and are never deleted. There is no way back.

    Raises `ServiceAway` when the broker does not answer, `TopicRefusedError` when it refuses.
    """
    end = monotonic() + limit_s
    async with _admin(servers, limit_s) as admin:
        present = set(await admin.list_topics())
        departments = {name for name in present if name.startswith(prefix + topics.DEPARTMENT_PREFIX)}
        named = sorted({prefix + name for name in WITH_TIME} & present | departments)
        # A broker shows new settings before its logs follow them. It applies changes in order, so when a second
        # change shows, the logs follow the first: the next record is sure to keep its time.
        for segment_ms in (str(CENTURY_MS - 1), str(CENTURY_MS)):
            wanted = {
                name: topic_settings(name.removeprefix(prefix), True, replication) | {"segment.ms": segment_ms}
                for name in named
            }
            await _alter(admin, wanted)
            while not await _shows(admin, named, "segment.ms", segment_ms):
                await _pause(servers, end)


async def _alter(admin: AIOKafkaAdminClient, wanted: dict[str, dict[str, str]]) -> None:
    # the whole set each time: Kafka's plain "alter" puts what is not named back to its default
    resources = [ConfigResource(ConfigResourceType.TOPIC, name, settings) for name, settings in wanted.items()]
    for response in await admin.alter_configs(resources):
        for code, reason, _kind, name in response.resources:
            if code:
                raise TopicRefusedError(topic=name, reason=reason or for_code(code).__name__)


async def _shows(admin: AIOKafkaAdminClient, names: list[str], setting: str, value: str) -> bool:
    answers = await admin.describe_configs([ConfigResource(ConfigResourceType.TOPIC, name) for name in names])
    shown = [entry[1] for answer in answers for topic in answer.resources for entry in topic[4] if entry[0] == setting]
    return shown == [value] * len(names)


def topic_settings(name: str, history: bool, replication: int) -> dict[str, str]:
    """Settings of the topic `name` (without prefix). With replicas, acknowledged records are on two brokers."""
    past = HISTORY if history and (name in WITH_TIME or name not in KEPT) else {}
    copies = {"min.insync.replicas": "2"} if replication > 1 else {}
    return KEPT.get(name, DEPARTMENT) | past | copies


async def _create(servers: str, new: list[NewTopic], limit_s: float) -> None:
    end = monotonic() + limit_s
    async with _admin(servers, limit_s) as admin:
        missing = new
        while missing := await _still_missing(admin, missing):
            await _pause(servers, end)
        while not await _have_leaders(admin, new):
            await _pause(servers, end)


async def _still_missing(admin: AIOKafkaAdminClient, new: list[NewTopic]) -> list[NewTopic]:
    response = await admin.create_topics(new)
    errors = {name: (code, reason) for name, code, reason in response.topic_errors}
    for name, (code, reason) in errors.items():
        if code == INVALID_NAME:
            raise WrongInput(Name.of("system.kafka.not_a_topic_name"), topic=name)
        if code not in TRY_AGAIN | {0, ALREADY_EXISTS}:
            raise TopicRefusedError(topic=name, reason=reason or for_code(code).__name__)
    return [topic for topic in new if errors[topic.name][0] in TRY_AGAIN]


async def _have_leaders(admin: AIOKafkaAdminClient, new: list[NewTopic]) -> bool:
    described = {topic["topic"]: topic for topic in await admin.describe_topics([topic.name for topic in new])}
    for topic in new:
        seen = described[topic.name]
        if seen["error_code"] or any(part["error_code"] or part["leader"] < 0 for part in seen["partitions"]):
            return False
        if (count := len(seen["partitions"])) != topic.num_partitions:
            raise TopicSizeError(topic=topic.name, partitions=count, wanted=topic.num_partitions)
    return True


async def _pause(servers: str, end: float) -> None:
    if monotonic() >= end:
        raise ServiceAway(Name.of("system.kafka.makes_no_topics"), servers=servers)
    await asyncio.sleep(0.3)


async def _answers(servers: str) -> bool:
    try:
        async with asyncio.timeout(10), clients.admin(servers, 4000) as admin:
            return bool((await admin.describe_cluster())["brokers"])
    except (KafkaError, OSError, TimeoutError):
        return False


@asynccontextmanager
async def _admin(servers: str, limit_s: float) -> AsyncIterator[AIOKafkaAdminClient]:
    await wait_for_kafka(servers, limit_s)
    try:
        async with clients.admin(servers, 20_000) as admin:
            yield admin
    except (KafkaError, OSError) as error:
        raise ServiceAway(Name.of("system.kafka.went_away"), servers=servers) from error

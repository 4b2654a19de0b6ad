"""Kafka: whether it answers, its own settings and those of our topics, its clock, and what is missing or parked."""

from collections.abc import AsyncIterator, Mapping, Sequence
from typing import Any, Final

from aiokafka import TopicPartition
from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.admin.config_resource import ConfigResource, ConfigResourceType
from aiokafka.errors import KafkaError

from connectors.clock import now_ms
from connectors.intake.parked_records import ParkedRecords
from grid36.doctor.finding import Finding, FindingLevel, bad, ok, warn
from grid36.kafka.topics import topic_settings
from grid36.machine.missing_topics import topic_problems, wanted_topics
from grid36.settings import Settings
from grid36.system.create import compare, kept, read_known
from grid36.system.region_files import files_of
from schemas import topics
from schemas.errors import Grid36Error
from schemas.names import Language, Name
from schemas.system import Mode, System
from streams.kafka.clients import admin, consumer, find_topics
from streams.kafka.closing import stop_quietly
from streams.kafka.settings import EngineSettings
from streams.kafka.topic_reader import TopicReader
from streams.loss import losses
from streams.rulebooks.topic import system_name

OFFSETS_MINUTES: Final = 259_200
"""Group offsets are kept as long as the departments' topics, 180 days."""
PRODUCER_MS: Final = 24 * 3_600_000
MAX_BYTES: Final = 1 << 20
AHEAD_MS: Final = 2_000
LIMIT_MS: Final = 8_000


async def check_kafka(settings: Settings, servers: str) -> AsyncIterator[Finding]:
    """All of it; if it does not answer, that alone."""
    problems = {language: await topic_problems(settings, servers, language) for language in Language}
    for zh, en in zip(problems[Language.ZH], problems[Language.EN], strict=False):
        yield Finding("kafka.topics", FindingLevel.BAD, Name(zh=zh, en=en))
    try:
        async with admin(servers, LIMIT_MS) as client:
            described = await client.describe_cluster()
            brokers = [broker["node_id"] for broker in described["brokers"]]
            yield ok("kafka", "doctor.kafka.good", servers=str(servers), n=len(brokers))
            async for finding in _configured(settings, client, brokers):
                yield finding
        async for finding in _content(settings, servers):
            yield finding
    except (KafkaError, OSError, TimeoutError) as fault:
        yield bad("kafka", "doctor.kafka.silent", servers=str(servers), says=type(fault).__name__)
    except Grid36Error as fault:
        yield Finding("kafka", FindingLevel.BAD, Name(zh=fault.say(Language.ZH), en=fault.say(Language.EN)))


async def _configured(
    settings: Settings, client: AIOKafkaAdminClient, brokers: Sequence[int]
) -> AsyncIterator[Finding]:
    """Settings of brokers and topics, and how many partitions our topics have."""
    for finding in broker_findings(await _configs(client, ConfigResourceType.BROKER, [str(brokers[0])]), settings):
        yield finding
    known = kept(settings)
    if known is None:
        yield warn("kafka.system", "doctor.kafka.no_system")
        return
    present = set(await client.list_topics())
    named = [name for name in sorted(wanted_topics(settings.home)) if settings.topic_prefix + name in present]
    found = await _configs(client, ConfigResourceType.TOPIC, [settings.topic_prefix + name for name in named])
    own = {name: found.get(settings.topic_prefix + name, {}) for name in named}
    for finding in topic_findings(own, known.system, settings.replication):
        yield finding
    described = await client.describe_topics([settings.topic_prefix + name for name in named])
    counts = {each["topic"].removeprefix(settings.topic_prefix): len(each["partitions"]) for each in described}
    yield partition_finding(counts, known.system)


def broker_findings(configs: Mapping[str, Mapping[str, str]], settings: Settings) -> list[Finding]:
    """What a broker's own settings mean for us."""
    found = []
    if not any(configs.values()):
        return [warn("kafka.settings", "doctor.kafka.settings_hidden")]
    for of in configs.values():
        offsets = int(of.get("offsets.retention.minutes", OFFSETS_MINUTES))
        if offsets < OFFSETS_MINUTES:
            found.append(warn("kafka.offsets", "doctor.kafka.offsets", days=offsets // 1440))
        if int(of.get("transactional.id.expiration.ms", PRODUCER_MS)) < PRODUCER_MS:
            found.append(warn("kafka.producers", "doctor.kafka.producers"))
        if int(of.get("message.max.bytes", MAX_BYTES)) < MAX_BYTES:
            found.append(bad("kafka.record_size", "doctor.kafka.record_size", bytes=of["message.max.bytes"]))
        if of.get("unclean.leader.election.enable") == "true":
            found.append(bad("kafka.unclean", "doctor.kafka.unclean"))
        copies = int(of.get("transaction.state.log.replication.factor", settings.replication))
        if copies < settings.replication:
            found.append(bad("kafka.copies", "doctor.kafka.copies", copies=copies, wanted=settings.replication))
    return found or [ok("kafka.settings", "doctor.kafka.settings")]


def topic_findings(found: Mapping[str, Mapping[str, str]], system: System, replication: int) -> list[Finding]:
    """Settings of our topics that are not as they were made."""
    findings = []
    if found and not any(found.values()):
        return [warn("kafka.topic", "doctor.kafka.topics_hidden")]
    for name, has in found.items():
        wanted = topic_settings(name, system.mode is Mode.HISTORY, replication)
        for setting, value in wanted.items():
            if setting in has and has[setting] != value:
                level = bad if setting in ("cleanup.policy", "message.timestamp.type") else warn
                facts = {"topic": name, "setting": setting, "has": has[setting], "wanted": value}
                findings.append(level("kafka.topic", "doctor.kafka.topic", **facts))
    return findings or [ok("kafka.topic", "doctor.kafka.topic_good", n=len(found))]


def partition_finding(counts: Mapping[str, int], system: System) -> Finding:
    """Whether each topic has the partitions that the system was created with."""
    wanted = {name: 1 if name == topics.RULEBOOKS else system.partitions for name in counts}
    wrong = [f"{name} {counts[name]}" for name in sorted(counts) if counts[name] != wanted[name]]
    if wrong:
        return bad("kafka.partitions", "doctor.kafka.partitions", topics=", ".join(wrong), n=system.partitions)
    return ok("kafka.partitions", "doctor.kafka.partitions_good", n=system.partitions)


async def _configs(client: AIOKafkaAdminClient, kind: ConfigResourceType, names: Sequence[str]) -> dict[str, Any]:
    """By broker or topic its settings."""
    if not names:
        return {}
    answers = await client.describe_configs([ConfigResource(kind, name) for name in names])
    resources = [each for answer in answers for each in answer.resources]
    return {each[3]: {entry[0]: entry[1] for entry in each[4]} for each in resources}


async def _content(settings: Settings, servers: str) -> AsyncIterator[Finding]:
    """What the log says: the system and its lists, the clock, losses, what is parked."""
    known = await read_known(settings, servers)
    if known is None:
        return
    here = kept(settings)
    if here is not None and here.region.code != known.region.code:
        yield bad("system.region", "doctor.system.other", here=here.region.code, there=known.region.code)
    yield ok("system.version", "doctor.system.good", region=known.region.code, list=known.rulebook.name)
    if settings.region is not None and (differs := compare(known, files_of(settings))) is not None:
        yield Finding("system.files", FindingLevel.WARN, differs)
    yield await _clock(settings, servers)
    engine = EngineSettings(servers, system_name(settings.topic_prefix), known.system.partitions)
    lost = await losses(engine, settings.topic_prefix)
    if lost:
        yield bad("kafka.lost", "doctor.lost.some", n=len(lost))
    else:
        yield ok("kafka.lost", "doctor.lost.none")
    parked = ParkedRecords(most=None)
    async with TopicReader(servers, settings.topic_prefix + topics.PARKED, compacted=True) as reader:
        async for records in reader.to_end():
            for record in records:
                parked.take(record.partition, record.offset, record.value)
    open_ = sum(item.settled is None for item in parked.all())
    yield (warn if open_ else ok)("kafka.parked", "doctor.parked", n=open_)


async def _clock(settings: Settings, servers: str) -> Finding:
    """Whether Kafka's clock is ahead of ours; behind it may only be quiet."""
    newest_ms = await _newest_ms(servers, settings.topic_prefix + topics.COMMANDS)
    if newest_ms is None:
        return ok("kafka.clock", "doctor.clock.unknown")
    ahead_ms = newest_ms - now_ms()
    if ahead_ms > AHEAD_MS:
        return bad("kafka.clock", "doctor.clock.ahead", seconds=round(ahead_ms / 1000))
    return ok("kafka.clock", "doctor.clock.good")


async def _newest_ms(servers: str, topic: str) -> int | None:
    """The time that Kafka gave to the newest record of a topic, as far as each partition still has its last one."""
    client = consumer(servers, auto_offset_reset="latest", isolation_level="read_uncommitted")
    try:
        await client.start()
        await find_topics(client, [topic])
        parts = [TopicPartition(topic, number) for number in client.partitions_for_topic(topic) or ()]
        if not parts:
            return None
        ends = await client.end_offsets(parts)
        begins = await client.beginning_offsets(parts)
        parts = [part for part in parts if ends[part] > begins[part]]
        if not parts:
            return None
        client.assign(parts)
        for part in parts:
            client.seek(
                part, max(begins[part], ends[part] - 2)
            )  # behind the last record is the marker of its transaction
        found = await client.getmany(timeout_ms=1000)
        return max((record.timestamp for records in found.values() for record in records), default=None)
    finally:
        await stop_quietly(client)

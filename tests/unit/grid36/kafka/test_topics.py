import pytest
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.admin.config_resource import ConfigResource, ConfigResourceType
from aiokafka.errors import MessageSizeTooLargeError

from grid36.kafka.topics import (
    MAX_RECORD_BYTES,
    TopicSizeError,
    create_topics,
    ensure_department,
    switch_to_history,
    topic_settings,
    wait_for_kafka,
)
from schemas import topics
from schemas.errors import ServiceAway, WrongInput

pytestmark = pytest.mark.kafka
LONG_AGO_MS = 1_000_000_000_000


async def settings_of(servers: str, topic: str) -> dict[str, str]:
    admin = AIOKafkaAdminClient(bootstrap_servers=servers)
    await admin.start()
    try:
        (answer,) = await admin.describe_configs([ConfigResource(ConfigResourceType.TOPIC, topic)])
        return {entry[0]: entry[1] for entry in answer.resources[0][4]}
    finally:
        await admin.close()


async def partitions_of(servers: str, prefix: str, names: tuple[str, ...]) -> dict[str, int]:
    admin = AIOKafkaAdminClient(bootstrap_servers=servers)
    await admin.start()
    try:
        described = await admin.describe_topics([prefix + name for name in names])
        return {topic["topic"].removeprefix(prefix): len(topic["partitions"]) for topic in described}
    finally:
        await admin.close()


async def written_time(servers: str, topic: str, t_ms: int) -> int:
    """What time a record has that claims to be of `t_ms`, as a reader sees it."""
    async with AIOKafkaProducer(bootstrap_servers=servers) as producer:
        sent = await producer.send_and_wait(topic, b"x", key=b"k", partition=0, timestamp_ms=t_ms)
    async with AIOKafkaConsumer(bootstrap_servers=servers, auto_offset_reset="earliest") as consumer:
        consumer.assign([TopicPartition(topic, 0)])
        consumer.seek(TopicPartition(topic, 0), sent.offset)
        return int((await consumer.getone()).timestamp)


async def test_topics_are_made_as_designed_and_again_without_error(kafka: str, prefix: str) -> None:
    for _ in range(2):
        await create_topics(kafka, 3, ["parks"], prefix=prefix)
    counts = await partitions_of(kafka, prefix, topics.ALL)
    assert counts == {name: 1 if name == topics.RULEBOOKS else 3 for name in topics.ALL}
    cases = await settings_of(kafka, prefix + topics.CASES)
    assert (cases["cleanup.policy"], cases["segment.ms"]) == ("compact", "600000")
    texts = await settings_of(kafka, prefix + topics.TEXTS)
    assert (texts["cleanup.policy"], texts["max.compaction.lag.ms"]) == ("compact", "86400000")
    assert (await settings_of(kafka, prefix + topics.EVENTS))["retention.ms"] == "-1"
    parks = await settings_of(kafka, prefix + "department.parks")
    assert parks["cleanup.policy"] in {"compact,delete", "delete,compact"}
    assert parks["max.message.bytes"] == str(2 * 1024 * 1024)


@pytest.mark.parametrize("history", [False, True])
def test_with_copies_what_is_acknowledged_is_on_two_brokers(history: bool) -> None:
    """Kafka's default is one, and a broker's own setting no longer counts for it in Kafka 4."""
    for name in (*topics.ALL, "department.parks"):
        assert topic_settings(name, history, 3)["min.insync.replicas"] == "2"
        assert "min.insync.replicas" not in topic_settings(name, history, 1)


async def test_the_broker_unpacks_what_clients_pack(kafka: str, prefix: str) -> None:
    """Readers get plain records, and what is too large once it is unpacked is refused at the broker."""
    await create_topics(kafka, 1, ["parks"], prefix=prefix)
    for name in (*topics.ALL, "department.parks"):
        assert (await settings_of(kafka, prefix + name))["compression.type"] == "uncompressed"
    most = MAX_RECORD_BYTES + 1
    packing = {"compression_type": "gzip", "max_request_size": 2 * most, "max_batch_size": 2 * most}
    async with AIOKafkaProducer(bootstrap_servers=kafka, **packing) as producer:
        await producer.send_and_wait(prefix + topics.REPORTS, b" " * 1_000_000, partition=0)
        with pytest.raises(MessageSizeTooLargeError):
            await producer.send_and_wait(prefix + topics.REPORTS, b" " * most, partition=0)


async def test_another_number_of_partitions_is_refused(kafka: str, prefix: str) -> None:
    await create_topics(kafka, 2, prefix=prefix)
    with pytest.raises(TopicSizeError) as refused:
        await create_topics(kafka, 3, prefix=prefix)
    assert refused.value.facts["partitions"] == 2


async def test_a_department_may_come_later_but_needs_a_usable_code(kafka: str, prefix: str) -> None:
    await create_topics(kafka, 2, prefix=prefix)
    await ensure_department(kafka, "roads", 2, prefix=prefix)
    await ensure_department(kafka, "roads", 2, prefix=prefix)
    with pytest.raises(WrongInput, match="a-z"):
        await ensure_department(kafka, "公园 局", 2, prefix=prefix)


async def test_no_client_sets_the_time_of_a_live_topic(kafka: str, prefix: str) -> None:
    await create_topics(kafka, 1, prefix=prefix)
    assert await written_time(kafka, prefix + topics.COMMANDS, LONG_AGO_MS) > LONG_AGO_MS


@pytest.mark.parametrize("topic", [topics.COMMANDS, topics.EVENTS, "department.parks"])
async def test_a_live_system_can_be_switched_to_history(kafka: str, prefix: str, topic: str) -> None:
    """The past keeps its time and nothing of it expires; all other settings stay."""
    await create_topics(kafka, 1, ["parks"], prefix=prefix)
    before = await settings_of(kafka, prefix + topic)
    await switch_to_history(kafka, prefix=prefix)
    after = await settings_of(kafka, prefix + topic)
    assert await written_time(kafka, prefix + topic, LONG_AGO_MS) == LONG_AGO_MS
    changed = {name for name in after if after[name] != before[name]}
    assert changed <= {"message.timestamp.type", "retention.ms", "segment.ms"}
    assert after["retention.ms"] == "-1"


async def test_a_history_can_be_made_from_the_start(kafka: str, prefix: str) -> None:
    await create_topics(kafka, 1, ["parks"], history=True, prefix=prefix)
    await ensure_department(kafka, "roads", 1, history=True, prefix=prefix)
    for topic in (topics.EVENTS, "department.parks", "department.roads"):
        assert await written_time(kafka, prefix + topic, LONG_AGO_MS) == LONG_AGO_MS
    assert (await settings_of(kafka, prefix + topics.CASES))["message.timestamp.type"] == "LogAppendTime"


async def test_an_absent_broker_is_said_in_time() -> None:
    with pytest.raises(ServiceAway, match="grid36 status"):
        await wait_for_kafka("127.0.0.1:9", 0.1)

"""A cluster that lets nobody in without a log-in: the whole system over SASL_SSL, with rights of its own."""

import asyncio
import base64
import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from time import time

import pytest
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition
from aiokafka.errors import TopicAuthorizationFailedError

from connectors.departments.client import orders
from grid36.kafka.login import CertificateRefusedError, LoginRefusedError
from grid36.kafka.topics import create_action_topics, create_topics, departments_of, wait_for_kafka
from grid36.machine.home import Home
from schemas.action import ActionAnswer
from schemas.codec import decode
from schemas.errors import ServiceAway
from schemas.event import EventType
from schemas.servers import reach
from tests.cluster.brokers import KafkaCluster, running_cluster
from tests.cluster.order_flow import flowing
from tests.cluster.system import DEPARTMENT, PREFIX, SecuredSystem, give_rights
from tests.processes.brokers import run_apart
from tests.processes.secured_kafka import NO_USER, SecuredKafka
from tests.processes.system import EXAMPLE
from tests.processes.waiting import wait_until
from tests.worlds.doors import picture

pytestmark = [pytest.mark.kafka, pytest.mark.slow]


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[KafkaCluster]:
    """SASL_SSL, with users `grid36` (rights to `street.*`) and `water` (those of a department)."""
    with running_cluster(tmp_path_factory.mktemp("secured")) as cluster:
        run_apart(give_rights(cluster.kafka))
        yield cluster


@pytest.fixture(scope="module")
def kafka_with_users(cluster: KafkaCluster) -> SecuredKafka:
    """The same, as its users reach it."""
    return cluster.kafka


@pytest.fixture(scope="module")
def street(tmp_path_factory: pytest.TempPathFactory, kafka_with_users: SecuredKafka) -> Iterator[SecuredSystem]:
    """A whole system there."""
    with SecuredSystem(tmp_path_factory.mktemp("street"), kafka_with_users, workers=2) as system:
        yield system


async def test_a_street_lives_on_a_kafka_with_log_in_and_rights(
    tmp_path: Path, street: SecuredSystem, kafka_with_users: SecuredKafka
) -> None:
    """On a Kafka with log-ins a report becomes an order, and its department reads and answers as its own user."""
    told = await asyncio.to_thread(street.answer, "report", "--text", "水管爆裂", "--address", "湖滨南路12号")
    async with orders(kafka_with_users.at("water"), DEPARTMENT, prefix=PREFIX) as stream:
        delivery = await anext(aiter(stream))
    await asyncio.to_thread(street.answer, "department", "topics", DEPARTMENT)
    answer = await acted(kafka_with_users, delivery.case, b'{"id": "1", "act": "acknowledge"}')
    key = await asyncio.to_thread(street.answer, "department", "key", DEPARTMENT, "new")
    (tmp_path / "after.jpg").write_bytes(picture())
    environment = kafka_with_users.environment("water") | {
        "GRID36_TOPIC_PREFIX": PREFIX,
        "PATH": os.environ["PATH"],
    }
    told_by_page = await example(tmp_path, environment | {"API": street.address, "KEY": key["key"]})
    assert [("state='done'" in line) for line in told_by_page] == [True, True]
    assert delivery.case == told["case"]
    assert delivery.order is not None
    assert delivery.order.department.code == DEPARTMENT
    assert (answer.id, answer.state, answer.changed) == ("1", "done", (EventType.ACKNOWLEDGED,))
    looked = await asyncio.to_thread(street.ask, "doctor")
    found = {row["check"]: row for row in looked["findings"]}
    assert [row for row in looked["findings"] if row["level"] == "bad"] == []
    assert {found[name]["level"] for name in ("kafka", "kafka.topic", "kafka.partitions", "kafka.lost")} == {"ok"}
    assert found["kafka.settings"]["level"] == "warn", "our user may not read those of the brokers"


async def test_brokers_die_and_everything_goes_on(
    street: SecuredSystem, cluster: KafkaCluster, kafka_with_users: SecuredKafka
) -> None:
    """Without one broker of three orders go on, without two reports are kept; afterwards all counts are equal."""
    before = await asyncio.to_thread(street.ask, "balance")
    first, second, _ = cluster.brokers
    async with (
        orders(kafka_with_users.at("water"), DEPARTMENT, prefix=PREFIX) as stream,
        flowing(street.address, Home(street.home).make_key(), stream, per_s=1) as flow,
    ):
        await flow.news()
        await cluster.kill([first])
        assert await told(street, "1 of 3 Kafka brokers")
        await flow.news()
        await cluster.kill([second])
        assert await told(street, "2 of 3 Kafka brokers", "wait safely")
        kept = len(flow.accepted)
        await wait_until(lambda: len(flow.accepted) > kept + 3, "reports accepted without Kafka")
        await cluster.start([first, second])
        await flow.news()
    await cluster.whole()
    balance = await asyncio.to_thread(street.settled_balance)
    assert balance["accepted"] - before["accepted"] == len(flow.accepted) == len(flow.ordered)
    assert {len(cases) for cases in flow.cases.values()} == {1}
    assert balance["accepted"] == balance["routed"]
    assert street.status()["problems"] == []
    logs = "".join(file.read_text() for file in (street.home / "logs").glob("*.log"))
    assert "Traceback" not in logs
    assert "secret" not in logs, "no password in any log"


async def told(system: SecuredSystem, *words: str) -> list[str]:
    """What `grid36 status` says as soon as it says this."""

    async def problems() -> list[str]:
        said: list[str] = (await asyncio.to_thread(system.status))["problems"]
        return said if all(any(word in each for each in said) for word in words) else []

    return await wait_until(problems, f"grid36 status says {words}", 60)


async def acted(kafka: SecuredKafka, case: str, act: bytes) -> ActionAnswer:
    """What the water company writes into its topic, and what it is answered."""
    water = reach(kafka.at("water"))
    producer, consumer = AIOKafkaProducer(**water), AIOKafkaConsumer(auto_offset_reset="earliest", **water)
    await producer.start()
    await consumer.start()
    try:
        await producer.send_and_wait(f"{PREFIX}actions.water-supply", act, case.encode())
        consumer.assign([TopicPartition(f"{PREFIX}answers.water-supply", 0)])
        record = await asyncio.wait_for(consumer.getone(), 60)
    finally:
        await consumer.stop()
        await producer.stop()
    assert (record.key, dict(record.headers)["ce_type"]) == (case.encode(), b"grid36.action.answered")
    return decode(ActionAnswer, record.value)


async def example(folder: Path, environment: Mapping[str, str]) -> list[str]:
    """The first two lines of the program on the programmer's page."""
    page = (EXAMPLE.parents[1] / "docs" / "roles" / "programmer.md").read_text(encoding="utf-8")
    (code,) = [each for each in re.findall(r"```python\n(.+?)```", page, re.DOTALL) if "job.done" in each]
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-u", "-c", code, cwd=folder, env=environment, stdout=asyncio.subprocess.PIPE
    )
    assert process.stdout is not None
    try:
        lines = [await asyncio.wait_for(process.stdout.readline(), 60) for _ in range(2)]
    finally:
        process.kill()
        await process.wait()
    return [line.decode() for line in lines]


async def test_a_department_reads_no_other_topic_and_writes_its_acts_only(kafka_with_users: SecuredKafka) -> None:
    """A department's user reads neither another's orders nor answers, and writes its own acts and nothing else."""
    servers, own, other = kafka_with_users.at("grid36"), "water-supply", "drainage"
    await create_topics(servers, 2, [own, other], prefix=PREFIX, replication=3)
    for code in (own, other):
        await create_action_topics(servers, code, prefix=PREFIX, replication=3)
    water = reach(kafka_with_users.at("water"))
    for topic in (f"department.{other}", f"answers.{other}", f"actions.{other}", "events"):
        consumer = AIOKafkaConsumer(PREFIX + topic, group_id=f"{PREFIX}department.{own}", **water)
        with pytest.raises(TopicAuthorizationFailedError):
            await consumer.start()
        await consumer.stop()
    producer = AIOKafkaProducer(**water)
    await producer.start()
    await producer.send_and_wait(f"{PREFIX}actions.{own}", b"{}", b"case")
    for topic in ("commands", f"actions.{other}", f"department.{own}", f"answers.{own}"):
        with pytest.raises(TopicAuthorizationFailedError):
            await producer.send_and_wait(PREFIX + topic, b"{}", partition=0)
    await producer.stop()


async def test_a_wrong_password_is_told_in_one_sentence(tmp_path: Path, kafka_with_users: SecuredKafka) -> None:
    """Every command says in one sentence that a password is wrong, never shows it, and exits with 2."""
    system = SecuredSystem(tmp_path / "home", kafka_with_users)  # not started
    environment = system.environment | {"GRID36_KAFKA_SASL_PASSWORD": "not-it"}
    for words in (["up", "--detach"], ["balance"], ["consume", "water-supply"], ["worker"]):
        command = [sys.executable, "-m", "grid36", "--lang", "en", *words]
        done = await asyncio.to_thread(
            subprocess.run, command, capture_output=True, text=True, env=environment, timeout=120, check=False
        )
        (sentence,) = [line for line in done.stderr.splitlines() if line.startswith("grid36: ")]
        assert "Kafka refuses this log-in" in sentence
        assert "GRID36_KAFKA_SASL_USERNAME" in sentence
        assert done.returncode == 2
        assert "not-it" not in done.stdout + done.stderr
        assert "Traceback" not in done.stderr


async def test_what_is_wrong_with_a_log_in_has_a_sentence_each(kafka_with_users: SecuredKafka, kafka: str) -> None:
    """Mechanism, certificate, encryption, missing user and unknown user each have a message of their own."""
    kafka_of = kafka_with_users
    await wait_for_kafka(kafka_of.at("grid36", sasl_mechanism="PLAIN"), 5)
    with pytest.raises(LoginRefusedError, match="SCRAM-SHA-256"):
        await wait_for_kafka(kafka_of.at("grid36", sasl_mechanism="SCRAM-SHA-256"), 5)
    with pytest.raises(CertificateRefusedError, match="SSL_CA"):
        await wait_for_kafka(kafka_of.at("grid36", ssl_ca=None), 5)
    with pytest.raises(ServiceAway, match="speak TLS"):
        await wait_for_kafka(kafka_of.login("grid36").at(kafka), 1)
    with pytest.raises(ServiceAway, match="GRID36_KAFKA_SASL_USERNAME"):
        await wait_for_kafka(kafka_of.servers, 1)
    with pytest.raises(LoginRefusedError, match="nobody"):
        await wait_for_kafka(kafka_of.at("grid36", sasl_username="nobody"), 5)


async def test_a_token_from_a_file_opens_it(tmp_path: Path, kafka_with_users: SecuredKafka) -> None:
    """An OAUTHBEARER token is read from its file for each connection, so a fresh one needs no restart."""
    file = tmp_path / "token"
    settings = {**NO_USER, "sasl_token_file": file}
    file.write_text(_token("grid36", -60))
    servers = kafka_with_users.at("grid36", **settings)
    with pytest.raises(ServiceAway, match="TOKEN_FILE still good"):
        await wait_for_kafka(servers, 1)
    file.write_text(_token("grid36", 600))
    assert await departments_of(servers, f"{PREFIX}empty.") == set()


async def test_a_certificate_opens_it(kafka_with_users: SecuredKafka) -> None:
    """With mutual TLS a certificate opens the cluster, and without one the message asks for it."""
    kafka = replace(kafka_with_users, servers=kafka_with_users.by_certificate)
    with_certificate = {**NO_USER, "ssl_cert": kafka.folder / "grid36.pem"}
    await wait_for_kafka(kafka.at("grid36", **with_certificate), 5)
    with pytest.raises(ServiceAway, match="GRID36_KAFKA_SSL_CERT"):
        await wait_for_kafka(kafka.at("grid36", **NO_USER), 1)


def _token(user: str, seconds: int) -> str:
    """A token of the kind that Kafka's own test mode believes, good for so many seconds."""
    now = int(time())
    parts = {"alg": "none"}, {"sub": user, "scope": [], "iat": now - 120, "exp": now + seconds}
    return ".".join(base64.urlsafe_b64encode(json.dumps(part).encode()).decode().rstrip("=") for part in parts) + "."

"""A topic that is not there is named with its remedy; an empty one never stands in for what the system knows."""

import json
import socket
from pathlib import Path

import pytest
from aiokafka.admin import AIOKafkaAdminClient

from connectors.clock import now_ms
from connectors.orders.open_acts import MISSED_MS, OpenActs
from grid36.kafka.topics import IRREPLACEABLE, KEPT, create_action_topics, create_topics
from grid36.machine.home import Home
from grid36.machine.missing_topics import topic_problems, wanted_topics
from grid36.settings import Settings
from tests.processes.waiting import wait_until


def home_of_a_system(folder: Path, *departments: str) -> Path:
    """A home that knows its system as far as its topics go."""
    region = {"organisations": [{"code": code} for code in departments], "fallback_department": departments[0]}
    Home(folder).created.write_text(json.dumps({"region": region}))
    return folder


async def delete(servers: str, *topics: str) -> None:
    admin = AIOKafkaAdminClient(bootstrap_servers=servers)
    await admin.start()
    try:
        await admin.delete_topics(list(topics))
    finally:
        await admin.close()


async def told(settings: Settings, servers: str, topic: str) -> list[str]:
    """The problems as soon as they name this topic: a broker shows for a moment what it has deleted."""

    async def naming() -> list[str]:
        problems = await topic_problems(settings, servers)
        return problems if any(topic in each for each in problems) else []

    return await wait_until(naming, f"a problem that names {topic}")


@pytest.mark.kafka
async def test_what_is_missing_is_named(kafka: str, prefix: str, tmp_path: Path) -> None:
    home = home_of_a_system(tmp_path, "parks", "roads")
    settings = Settings(home=home, kafka=kafka, topic_prefix=prefix, lang="en")
    await create_topics(kafka, 1, ["parks", "roads"], prefix=prefix)
    assert await topic_problems(settings, kafka) == []
    await delete(kafka, f"{prefix}events", f"{prefix}department.roads")
    (problem,) = await told(settings, kafka, "events")
    assert f"{prefix}department.roads, {prefix}events." in problem
    assert "grid36 up" in problem
    await delete(kafka, f"{prefix}cases")
    gone, _ = await told(settings, kafka, "cases")
    assert f"{prefix}cases." in gone
    assert "backup" in gone


@pytest.mark.kafka
async def test_topics_of_acts_are_missed_by_whoever_had_them(kafka: str, prefix: str, tmp_path: Path) -> None:
    """One of a pair at once; both, as long as the gateway knows that they were there."""
    home = home_of_a_system(tmp_path, "parks", "roads")
    settings = Settings(home=home, kafka=kafka, topic_prefix=prefix, lang="en")
    await create_topics(kafka, 1, ["parks", "roads"], prefix=prefix)
    await create_action_topics(kafka, "parks", prefix=prefix)
    acts = OpenActs(Home(home).open_acts)
    await acts.seen(["roads"], now_ms() - MISSED_MS - 1)
    assert await topic_problems(settings, kafka) == []
    await acts.seen(["roads"], now_ms())
    await acts.close()
    await delete(kafka, f"{prefix}answers.parks")
    (problem,) = await told(settings, kafka, "answers.parks")
    assert f"{prefix}actions.roads, {prefix}answers.parks, {prefix}answers.roads." in problem
    assert "grid36 department topics" in problem


@pytest.mark.kafka
async def test_only_a_new_system_gets_what_nothing_else_tells(kafka: str, prefix: str) -> None:
    """Made anew and empty, `cases` would let every command in the log count once more."""
    await create_topics(kafka, 1, prefix=prefix, new=False)
    admin = AIOKafkaAdminClient(bootstrap_servers=kafka)
    await admin.start()
    try:
        made = {name.removeprefix(prefix) for name in await admin.list_topics() if name.startswith(prefix)}
    finally:
        await admin.close()
    assert made == KEPT.keys() - IRREPLACEABLE


async def test_a_kafka_that_takes_connections_and_says_nothing(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        servers = f"127.0.0.1:{listening.getsockname()[1]}"
        (problem,) = await topic_problems(Settings(home=tmp_path, kafka=servers), servers)
    assert servers in problem
    assert "grid36 status" in problem


def test_topics_are_wanted_as_far_as_the_region_is_known(tmp_path: Path) -> None:
    assert wanted_topics(tmp_path) == set(KEPT)
    assert wanted_topics(home_of_a_system(tmp_path, "parks", "roads")) == {
        *KEPT,
        "department.parks",
        "department.roads",
    }

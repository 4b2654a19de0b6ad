"""Asks Kafka what an idle process may not notice: topics missing or without leader, brokers away, too few copies."""

import asyncio
from collections.abc import Iterable
from pathlib import Path
from typing import Final

from aiokafka.errors import KafkaError

from connectors.clock import now_ms
from connectors.orders.open_acts import departments_with_topics
from grid36.kafka.login import knock, with_login
from grid36.kafka.topics import IRREPLACEABLE, KEPT
from grid36.machine.home import Home, read_json
from grid36.machine.kafka_copies import CONNECT_S, Brokers, TopicCopies, copy_problems, look_at
from grid36.settings import Settings
from schemas.errors import Grid36Error
from schemas.names import Language
from schemas.servers import Servers, login_of
from schemas.topics import ACTIONS_PREFIX, ANSWERS_PREFIX, actions_topic, answers_topic, department_topic
from streams.kafka.clients import admin
from streams.kafka.listening import accepts, addresses
from texts.catalogue import say

ANSWER_S: Final = 1.2


async def topic_problems(settings: Settings, servers: str, language: Language = Language.EN) -> list[str]:
    """Problems of this system's topics, each with a remedy; asks Kafka once, for at most 1.2 s."""
    address = servers
    try:
        servers = servers if settings.kafka is None else with_login(servers)
        brokers, copies = await brokers_and_copies(servers)
    except (KafkaError, OSError, TimeoutError):
        return [say(language, "system.kafka.silent", kafka=address, seconds=ANSWER_S)]
    except Grid36Error as error:
        return [error.say(language)]
    prefix, wanted = settings.topic_prefix, wanted_topics(settings.home)
    missing = {name for name in wanted if prefix + name not in copies}
    gone = missing & IRREPLACEABLE
    unled = {name for name in wanted - missing if not copies[prefix + name].led}
    acts = _half_pairs(name.removeprefix(prefix) for name in copies if name.startswith(prefix))
    acts |= {name for name in _action_topics(settings.home) if prefix + name not in copies}
    found = (
        ("irreplaceable_missing", gone), ("missing", missing - gone), ("acts_missing", acts), ("without_leader", unled),
    )  # fmt: skip
    ours = {name: has for name, has in copies.items() if name.startswith((prefix, "__"))}
    return [
        *copy_problems(brokers, ours, language),
        *(say(language, f"system.topics.{what}", topics=_list(prefix, names)) for what, names in found if names),
    ]


def wanted_topics(home: Path) -> set[str]:
    """Names (without prefix) of all topics that the system of this home should have, as far as known here."""
    region = read_json(Home(home).created).get("region") or {}
    codes = {str(each["code"]) for each in region.get("organisations", [])}
    if (fallback := region.get("fallback_department")) is not None:
        codes.add(str(fallback))
    return {*KEPT, *map(department_topic, codes)}


def _action_topics(home: Path) -> set[str]:
    """Topics of the departments that act by topic, or did not long ago."""
    codes = departments_with_topics(Home(home).open_acts, now_ms())
    return {of(code) for code in codes for of in (actions_topic, answers_topic)}


def _half_pairs(names: Iterable[str]) -> set[str]:
    """Acts without a topic for their answers, or the other way round: what is missing."""
    there = set(names)
    missing = set()
    for one, other in ((ACTIONS_PREFIX, answers_topic), (ANSWERS_PREFIX, actions_topic)):
        missing |= {other(name.removeprefix(one)) for name in there if name.startswith(one)}
    return missing - there


async def brokers_and_copies(servers: str) -> tuple[Brokers, dict[str, TopicCopies]]:
    """Brokers and topics, asked of whoever answers first: a broker that is away is not waited for.

    Takes 1.2 s at most. Raises `KafkaError`, `OSError`, `TimeoutError`, and what is wrong with our log-in.
    """
    async with asyncio.timeout(ANSWER_S):
        return await _asked(servers)


async def _asked(servers: str) -> tuple[Brokers, dict[str, TopicCopies]]:
    named = list(addresses(servers))
    listening = await asyncio.gather(*(accepts(host, port, CONNECT_S) for host, port in named))
    there = ",".join(f"{host}:{port}" for (host, port), answers in zip(named, listening, strict=True) if answers)
    reachable = Servers(there, login_of(servers))
    if (why := await knock(reachable)) is not None:
        raise ConnectionError(why)
    async with admin(reachable, int(ANSWER_S * 1000)) as client:
        return await look_at(await client._client.fetch_all_metadata())  # of all topics: naming one may create it


def _list(prefix: str, names: Iterable[str]) -> str:
    return ", ".join(prefix + name for name in sorted(names))

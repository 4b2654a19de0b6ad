"""Topics that are not there, or that nobody leads: asked of Kafka itself, because a quiet process may not notice."""

import asyncio
from collections.abc import Iterable
from pathlib import Path
from typing import Final

from aiokafka.errors import KafkaError

from grid36.kafka.login import knock, with_login
from grid36.kafka.topics import IRREPLACEABLE, KEPT
from grid36.machine.home import Home, read_json
from grid36.settings import Settings
from schemas.errors import Grid36Error
from schemas.names import Language, Name
from schemas.topics import department_topic
from streams.kafka.clients import admin

ANSWER_S: Final = 1.2
MISSING: Final = Name(
    zh="Kafka 里缺少主题：{topics}。若被人删除，请先从备份恢复；否则重新启动网关（grid36 down，再 grid36 up）会建"
    "空的新主题，随后用 grid36 lost 查看缺了什么、如何继续。",
    en="Topics are missing in Kafka: {topics}. If somebody deleted them, restore them from a backup first; else a "
    "gateway that is started again (grid36 down, then grid36 up) makes them anew, empty, and `grid36 lost` says what "
    "that costs and how to go on.",
)
FOR_GOOD: Final = Name(
    zh="Kafka 里缺少主题：{topics}。其中是系统的现状，不能建空的代替：请从备份恢复；没有备份，"
    "就用新的 GRID36_HOME 建新系统。",
    en="Topics are missing in Kafka: {topics}. They hold what the system knows, and no empty one can stand in for "
    "them: restore them from a backup. Without one, begin a new system in another GRID36_HOME.",
)
UNLED: Final = Name(
    zh="这些主题在 Kafka 中暂时无法读写：{topics}。请检查该集群是否有节点停机。",
    en="These topics can be neither read nor written in Kafka now: {topics}. See whether a broker of the cluster "
    "is down.",
)
SILENT: Final = Name(
    zh="{kafka} 处的 Kafka 接受连接，但{seconds}秒内没有回答。它是否过载或被暂停？其日志会说明；再查 grid36 status。",
    en="Kafka at {kafka} accepts connections, but did not answer within {seconds} s. Is it overloaded or stopped? Its "
    "log says more; then ask again: grid36 status",
)


async def topic_problems(settings: Settings, servers: str, language: Language = Language.EN) -> list[str]:
    """What is wrong with the topics of this system, each with a remedy; Kafka is asked once, for 1.2 s at the most."""
    told = servers
    try:
        servers = servers if settings.kafka is None else with_login(servers)
        async with asyncio.timeout(ANSWER_S):
            leads = await _leads(servers)
    except (KafkaError, OSError, TimeoutError):
        return [SILENT.to(language).format(kafka=told, seconds=ANSWER_S)]
    except Grid36Error as error:
        return [error.say(language)]
    prefix, wanted = settings.topic_prefix, wanted_topics(settings.home)
    missing = {name for name in wanted if prefix + name not in leads}
    gone = missing & IRREPLACEABLE
    unled = {name for name in wanted if not leads.get(prefix + name, True)}
    found = ((FOR_GOOD, gone), (MISSING, missing - gone), (UNLED, unled))
    return [what.to(language).format(topics=_list(prefix, names)) for what, names in found if names]


def wanted_topics(home: Path) -> set[str]:
    """Names without prefix of all topics of the system of this home, as far as it is known here."""
    region = read_json(Home(home).created).get("region") or {}
    codes = {str(each["code"]) for each in region.get("organisations", [])}
    if (fallback := region.get("fallback_department")) is not None:
        codes.add(str(fallback))
    return {*KEPT, *map(department_topic, codes)}


async def _leads(servers: str) -> dict[str, bool]:
    """Every topic there is, and whether each of its partitions has a leader."""
    if (why := await knock(servers)) is not None:
        raise ConnectionError(why)
    async with admin(servers, int(ANSWER_S * 1000)) as client:
        described = await client.describe_topics()  # all of them: to ask for one by name may create it
    return {
        each["topic"]: bool(each["partitions"]) and all(part["leader"] >= 0 for part in each["partitions"])
        for each in described
        if not each["error_code"]
    }


def _list(prefix: str, names: Iterable[str]) -> str:
    return ", ".join(prefix + name for name in sorted(names))

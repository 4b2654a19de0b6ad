"""What Kafka tells of its own brokers and copies: who is away, and which topics have too few copies because of it."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from schemas.names import Language
from streams.kafka.listening import accepts
from texts.catalogue import say

CONNECT_S: Final = 0.4
LEAST_IN_STEP: Final = 2
"""`min.insync.replicas` of our topics in a cluster: with fewer copies in step Kafka accepts no records."""


@dataclass(frozen=True, slots=True)
class TopicCopies:
    """The worst of the partitions of a topic."""

    led: bool
    """Whether each partition has a leader."""
    in_step: int
    """Copies that are up to date."""
    wanted: int
    """Copies that there should be."""


@dataclass(frozen=True, slots=True)
class Brokers:
    """Brokers by id, with `host:port` as far as Kafka still tells it, and who of them is away."""

    known: Mapping[int, str]
    away: frozenset[int]


async def look_at(metadata: Any) -> tuple[Brokers, dict[str, TopicCopies]]:
    """Brokers and topics (with internal ones) of aiokafka's `ClusterMetadata`; tries a connection to each broker.

    Kafka forgets a broker that is away, but not that it has copies; without a quorum it still names all of them.
    """
    topics = {name: list(parts.values()) for name, parts in metadata._partitions.items() if parts}
    listed = {broker.nodeId: (broker.host, broker.port) for broker in metadata.brokers()}
    listening = await asyncio.gather(*(accepts(host, port, CONNECT_S) for host, port in listed.values()))
    silent = {number for number, answers in zip(listed, listening, strict=True) if not answers}
    having = {number for parts in topics.values() for part in parts for number in part.replicas}
    known = dict.fromkeys(having, "") | {number: f"{host}:{port}" for number, (host, port) in listed.items()}
    copies = {
        name: TopicCopies(
            all(part.leader >= 0 for part in parts),
            min(len(part.isr) for part in parts),
            max(len(part.replicas) for part in parts),
        )
        for name, parts in topics.items()
    }
    return Brokers(known, frozenset(silent | (having - listed.keys()))), copies


def copy_problems(brokers: Brokers, copies: Mapping[str, TopicCopies], language: Language) -> list[str]:
    """What a person should know of them, each with what it means and what to do; `copies` of our own topics."""
    problems = []
    if brokers.away:
        key = "few_brokers" if 2 * len(brokers.away) >= len(brokers.known) else "broker_away"
        names = ", ".join(f"{number} {brokers.known[number]}".strip() for number in sorted(brokers.away))
        problems.append(say(language, f"system.kafka.{key}", n=len(brokers.away), of=len(brokers.known), names=names))
    stopped = sorted(name for name, has in copies.items() if has.wanted >= LEAST_IN_STEP > has.in_step)
    if stopped:
        problems.append(say(language, "system.topics.too_few_in_step", topics=", ".join(stopped)))
    behind = [name for name, has in copies.items() if has.in_step < has.wanted and name not in stopped]
    if behind and not brokers.away:
        problems.append(say(language, "system.topics.copies_behind", n=len(behind)))
    return problems

"""What a department's user may do on a Kafka with rights: its own topics and its own group, nothing else."""

from collections.abc import Iterable
from shlex import quote
from typing import Literal, NamedTuple

from schemas import topics


class KafkaRight(NamedTuple):
    """One row: these operations on the topic or the group of exactly this name."""

    kind: Literal["topic", "group"]
    name: str
    operations: tuple[str, ...]


def department_rights(code: str, prefix: str = "") -> list[KafkaRight]:
    """Read orders and answers, write acts; `commands` is for nobody outside."""
    orders = prefix + topics.department_topic(code)
    return [
        KafkaRight("topic", orders, ("Read", "Describe")),
        KafkaRight("group", orders, ("Read", "Describe")),
        KafkaRight("topic", prefix + topics.answers_topic(code), ("Read", "Describe")),
        KafkaRight("topic", prefix + topics.actions_topic(code), ("Write", "Describe")),
    ]


def proof_rights(prefix: str = "") -> list[KafkaRight]:
    """Read the statements of all partners' days: for an auditor, and for a department that may see others' counts."""
    return [KafkaRight("topic", prefix + topics.PROOFS, ("Read", "Describe"))]


def as_commands(rights: Iterable[KafkaRight], user: str, servers: str) -> list[str]:
    """The same as commands of Kafka's own tool, for whoever administers the cluster."""
    tool = f"kafka-acls.sh --bootstrap-server {quote(servers)} --command-config admin.properties --add"
    return [
        f"{tool} --allow-principal {quote(f'User:{user}')} "
        + " ".join(f"--operation {operation}" for operation in right.operations)
        + f" --{right.kind} {quote(right.name)}"
        for right in rights
    ]

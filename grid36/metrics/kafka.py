"""Figures of Kafka's side as the gateway sees it: who answers, and whether topics have their copies and leaders."""

from collections.abc import Callable
from time import monotonic
from typing import Final

from aiokafka.errors import KafkaError

from grid36.machine.kafka_copies import Brokers, TopicCopies
from grid36.machine.missing_topics import brokers_and_copies
from grid36.metrics.department_lag import department_lags
from grid36.metrics.families import Families, gauge, gauges
from schemas.errors import Grid36Error

AGAIN_S: Final = 30.0
"""How long an answer counts: asking costs Kafka a connection."""


class KafkaFigures:
    """Of the Kafka at `servers`, for the topics that begin with `prefix` and Kafka's own."""

    def __init__(self, servers: str, prefix: str, clock: Callable[[], float] = monotonic) -> None:
        self._servers, self._prefix, self._clock = servers, prefix, clock
        self._asked_s, self._found = float("-inf"), Families()

    async def collect(self) -> Families:
        """All figures; Kafka is asked every half a minute at most, and a silent one costs a second."""
        if self._clock() - self._asked_s >= AGAIN_S:
            self._found, self._asked_s = await self._ask(), self._clock()
        return self._found

    async def _ask(self) -> Families:
        meaning = "1: Kafka answered the gateway within the last half a minute; 0: it did not."
        try:
            brokers, copies = await brokers_and_copies(self._servers)
        except (KafkaError, OSError, TimeoutError, Grid36Error):
            return [gauge("grid36_kafka_reachable", meaning, 0)]
        return [*_topics(brokers, copies, self._prefix, meaning), *await self._departments()]

    async def _departments(self) -> Families:
        """Left out where Kafka does not tell, as without the right to describe groups."""
        try:
            lags = await department_lags(self._servers, self._prefix)
        except (KafkaError, OSError, TimeoutError):
            return []
        meaning = "Records of a department's topic that its program has not confirmed, by its consumer group."
        values = {each: float(behind) for each, behind in lags.items()}
        return [gauges("grid36_department_behind_records", meaning, ("department", "group"), values)]


def _topics(brokers: Brokers, copies: dict[str, TopicCopies], prefix: str, meaning: str) -> Families:
    ours = [has for name, has in copies.items() if name.startswith((prefix, "__"))]
    away = len(brokers.away)
    return [
        gauge("grid36_kafka_reachable", meaning, 1),
        gauges(
            "grid36_kafka_brokers",
            "Brokers that have copies of topics, by whether they answer.",
            ("answers",), {("yes",): float(len(brokers.known) - away), ("no",): float(away)},
        ),
        gauge(
            "grid36_kafka_topics_behind",
            "Topics with a partition that has fewer copies up to date than it should have.",
            sum(has.in_step < has.wanted for has in ours),
        ),
        gauge(
            "grid36_kafka_topics_without_leader",
            "Topics with a partition that nobody leads: it can be neither read nor written.",
            sum(not has.led for has in ours),
        ),
    ]  # fmt: skip

import socket

import pytest
from aiokafka.cluster import ClusterMetadata
from aiokafka.protocol.metadata import MetadataResponse_v1

from grid36.machine.kafka_copies import Brokers, TopicCopies, copy_problems, look_at
from schemas.names import Language

ALL = {1: "kafka-1:9093", 2: "kafka-2:9093", 3: ""}
WELL = TopicCopies(True, 3, 3)


@pytest.mark.parametrize(
    ("away", "copies", "said"),
    [
        (set(), {"events": WELL}, []),
        (set(), {"events": TopicCopies(True, 1, 1)}, []),
        ({3}, {"events": TopicCopies(True, 2, 3)}, ["1 of 3 Kafka brokers does not answer: 3. Everything goes on"]),
        ({1, 2}, {"events": WELL}, ["2 of 3 Kafka brokers do not answer: 1 kafka-1:9093, 2 kafka-2:9093."]),
        (set(), {"events": TopicCopies(True, 2, 3), "cases": WELL}, ["In 1 topics not all copies are up to date."]),
        (
            {2, 3},
            {"events": TopicCopies(True, 1, 3), "cases": TopicCopies(True, 1, 3)},
            ["2 of 3 Kafka brokers", "Too few copies are up to date, so Kafka accepts nothing for: cases, events."],
        ),
    ],
)
def test_what_is_away_is_told_with_what_it_means(
    away: set[int], copies: dict[str, TopicCopies], said: list[str]
) -> None:
    told = copy_problems(Brokers(ALL, frozenset(away)), copies, Language.EN)
    assert len(told) == len(said)
    assert all(words in problem for words, problem in zip(said, told, strict=True))
    assert len(copy_problems(Brokers(ALL, frozenset(away)), copies, Language.ZH)) == len(said)


async def test_who_is_away_is_seen_from_the_list_and_from_the_copies() -> None:
    """Kafka takes a broker that is away off its list at some time; until then it does not answer there."""
    with socket.create_server(("127.0.0.1", 0)) as listening, socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))  # taken, but nobody listens
        ports = listening.getsockname()[1], silent.getsockname()[1]
        listed = [(number, "127.0.0.1", port, None) for number, port in enumerate(ports, 1)]
        parts = [(0, 0, 1, [1, 2, 3], [1, 2]), (0, 1, -1, [2, 3, 1], [2])]
        seen = ClusterMetadata(bootstrap_servers="127.0.0.1:1")
        seen.update_metadata(MetadataResponse_v1(listed, 1, [(0, "events", False, parts)]))
        brokers, copies = await look_at(seen)
    assert brokers == Brokers({1: f"127.0.0.1:{ports[0]}", 2: f"127.0.0.1:{ports[1]}", 3: ""}, frozenset({2, 3}))
    assert copies == {"events": TopicCopies(False, 1, 3)}

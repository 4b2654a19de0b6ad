import pytest
from aiokafka import AIOKafkaProducer

from streams.partition.batches import check_size, pack
from streams.partition.contract import Effects, Output
from streams.partition.errors import TooLargeError


class SmallBatch:
    """Takes two records."""

    def __init__(self) -> None:
        self.keys: list[bytes | None] = []

    def append(
        self, *, timestamp: int | None, key: bytes | None, value: bytes | None, headers: object = ()
    ) -> object | None:
        if len(self.keys) == 2:
            return None
        self.keys.append(key)
        return self

    def close(self) -> None:
        pass


class SmallBatches:
    def create_batch(self) -> SmallBatch:
        return SmallBatch()


def output(key: bytes, topic: str = "t", partition: int = 0, size: int = 1) -> Output:
    return Output(topic, partition, key, b"x" * size)


def test_batches_keep_the_order_of_each_topic_and_partition() -> None:
    outputs = [output(b"%d" % i) for i in range(5)] + [output(b"a", "u"), output(b"b", "t", 1)]

    packed = pack(SmallBatches(), outputs)

    found = [(topic, partition, batch.keys) for topic, partition, batch in packed if isinstance(batch, SmallBatch)]
    assert found == [
        ("t", 0, [b"0", b"1"]),
        ("t", 0, [b"2", b"3"]),
        ("t", 0, [b"4"]),
        ("u", 0, [b"a"]),
        ("t", 1, [b"b"]),
    ]


async def test_a_real_batch_takes_headers_times_and_tombstones() -> None:
    producer = AIOKafkaProducer(bootstrap_servers="127.0.0.1:1", max_batch_size=900_000)
    told = Output("t", 0, b"k", None, (("ce_id", b"0-1"),), t_ms=1_448_000_000_000)

    ((_, _, batch),) = pack(producer, [told, output(b"k")])

    assert batch.record_count() == 2  # type: ignore[attr-defined]  # aiokafka's own batch has more than we use
    await producer.stop()


def test_the_size_of_effects_is_the_sum_of_what_they_write() -> None:
    effects = Effects([output(b"k", size=100)], {"key": b"y" * 50, "gone": None})

    assert 150 < check_size(effects) < 300


@pytest.mark.parametrize("effects", [Effects([output(b"k", size=890_001)]), Effects(changes={"k": b"x" * 890_001})])
def test_a_record_larger_than_a_batch_is_found_before_it_is_sent(effects: Effects) -> None:
    with pytest.raises(TooLargeError, match="bytes: 8900"):
        check_size(effects)

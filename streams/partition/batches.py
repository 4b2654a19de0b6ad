"""Checks sizes, and packs what a transaction writes into few large Kafka batches."""

from collections.abc import Iterable
from typing import Protocol

from streams.partition.contract import Effects, Output, size_of
from streams.partition.errors import TooLargeError


def check_size(effects: Effects) -> int:
    """Bytes of `effects`; raises `TooLargeError` when one record of it cannot be written.

    A step calls this **before** it changes its memory, so that nothing has to be undone.
    """
    return effects.size


class Batch(Protocol):
    """The interface of aiokafka's batch builder that we use."""

    def append(
        self,
        *,
        timestamp: int | None,
        key: bytes | None,
        value: bytes | None,
        headers: Iterable[tuple[str, bytes]] = ...,
    ) -> object | None:
        """Add one record; None when the batch is full."""

    def close(self) -> None:
        """Take no more records."""


class BatchMaker(Protocol):
    """The interface of aiokafka's producer that we use."""

    def create_batch(self) -> Batch:
        """An empty batch."""


def pack(maker: BatchMaker, outputs: Iterable[Output]) -> list[tuple[str, int, Batch]]:
    """(topic, partition, batch) for all `outputs`; keeps the order within each topic and partition."""
    full: list[tuple[str, int, Batch]] = []
    filling: dict[tuple[str, int], Batch] = {}
    for output in outputs:
        target = (output.topic, output.partition)
        batch = filling.get(target)
        if batch is None or _append(batch, output) is None:
            if batch is not None:
                full.append((*target, batch))
            filling[target] = batch = maker.create_batch()
            if _append(batch, output) is None:
                raise TooLargeError(topic=output.topic, bytes=size_of(output.key, output.value, output.headers))
    last = [(*target, batch) for target, batch in filling.items()]
    for _, _, batch in last:
        batch.close()
    return full + last


def _append(batch: Batch, output: Output) -> object | None:
    return batch.append(timestamp=output.t_ms, key=output.key, value=output.value, headers=list(output.headers))

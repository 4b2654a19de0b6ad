"""Embedded brokers for tests, started and ended outside of the loop of any test."""

import asyncio
from collections.abc import Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any, TypeVar

from grid36.machine.broker import Broker

T = TypeVar("T")
B = TypeVar("B", bound=Broker)


def run_apart(work: Coroutine[Any, Any, T]) -> T:
    """Run to the end on a loop of its own, whatever loop the test has."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(asyncio.run, work).result()


@contextmanager
def running_broker(broker: B) -> Iterator[B]:
    """Start it, and end it by force afterwards."""
    try:
        run_apart(broker.start())
        yield broker
    finally:
        run_apart(broker.kill())

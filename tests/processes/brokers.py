"""Embedded brokers for tests, started and ended outside of the loop of any test."""

import asyncio
import shutil
import tempfile
from collections.abc import Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

from grid36.machine.broker import Broker

T = TypeVar("T")
B = TypeVar("B", bound=Broker)


def run_apart(work: Coroutine[Any, Any, T]) -> T:
    """Run to the end on a loop of its own, whatever loop the test has."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(asyncio.run, work).result()


def with_storage(home: Path) -> None:
    """Give a home the empty storage of its Kafka, which takes Java a second and a half of a processor to make."""
    data = home / "kafka" / "data"
    if not data.exists():
        shutil.copytree(_storage(), data)


@cache
def _storage() -> Path:
    broker = Broker(Path(tempfile.mkdtemp(prefix="storage-")))
    broker.prepare()
    return broker.folder / "data"


@contextmanager
def running_broker(broker: B) -> Iterator[B]:
    """Start it, and end it by force afterwards."""
    try:
        if not broker.format_options():  # else it has log-ins of its own from the beginning
            with_storage(broker.folder.parent)
        run_apart(broker.start())
        yield broker
    finally:
        run_apart(broker.kill())

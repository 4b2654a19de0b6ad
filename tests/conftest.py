"""Fixtures for all tests: a scrubbed environment and a real Kafka."""

import asyncio
import os
from collections.abc import Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, TypeVar
from uuid import uuid4

import hypothesis
import pytest

from grid36.broker import Broker

T = TypeVar("T")

TESTS = Path(__file__).parent

for _name in [name for name in os.environ if name.startswith("GRID36_")]:
    del os.environ[_name]

IN_A_ROW = ("acceptance", "contract")
"""Folders whose tests start systems of their own: side by side only with those of the other one, and with units."""

if "PYTEST_XDIST_WORKER" in os.environ:
    # tests are measured, the systems that they start are not: it made those half as fast
    os.environ.pop("COVERAGE_PROCESS_CONFIG", None)

# shared machines are slow at times: a law is broken or not, however long the example took
hypothesis.settings.register_profile("dev", deadline=None)
hypothesis.settings.register_profile("ci", deadline=None, derandomize=True)
hypothesis.settings.load_profile("ci" if os.environ.get("CI") else "dev")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """With `-n 2 --dist loadgroup`: what one process takes as a whole."""
    for item in items:
        where = item.path.relative_to(TESTS)
        item.add_marker(pytest.mark.xdist_group(where.parts[0] if where.parts[0] in IN_A_ROW else str(where)))


def _run_apart(work: Coroutine[Any, Any, T]) -> T:
    """Run to the end on a loop of its own, whatever loop the test has."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(asyncio.run, work).result()


@pytest.fixture(scope="session")
def kafka(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """`host:port` of one Kafka for the whole session; use `prefix` for topics of your own, never stop it."""
    broker = Broker(tmp_path_factory.mktemp("kafka"))
    try:
        yield _run_apart(broker.start())
    finally:
        _run_apart(broker.kill())


@pytest.fixture
def broker(tmp_path: Path) -> Iterator[Broker]:
    """A running Kafka of this test alone, to be killed and started again at will."""
    own = Broker(tmp_path / "broker-home")
    try:
        _run_apart(own.start())
        yield own
    finally:
        _run_apart(own.kill())


@pytest.fixture
def prefix() -> str:
    """A prefix for topics and groups that no other test uses."""
    return f"t{uuid4().hex[:10]}."

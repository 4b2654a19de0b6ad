"""Fixtures for all tests: a scrubbed environment and a real Kafka."""

import os
from collections.abc import Iterator
from typing import TYPE_CHECKING
from uuid import uuid4

import hypothesis
import pytest
from xdist.scheduler import LoadFileScheduling

from grid36.machine.broker import Broker
from tests.memory_folder import memory_folder
from tests.processes.brokers import run_apart, running_broker
from tests.processes.matrix_server import MatrixServer, end_shared_server, shared_server

if TYPE_CHECKING:
    from tests.processes.postgres_server import PostgresServer

for _name in [name for name in os.environ if name.startswith(("GRID36_", "LC_")) or name in {"LANG", "LANGUAGE"}]:
    del os.environ[_name]

if "PYTEST_XDIST_WORKER" in os.environ:
    # tests are measured, the systems that they start are not: it made those half as fast
    os.environ.pop("COVERAGE_PROCESS_CONFIG", None)

memory_folder()

# shared machines are slow at times: a law is broken or not, however long the example took
hypothesis.settings.register_profile("dev", deadline=None)
hypothesis.settings.register_profile("ci", deadline=None, derandomize=True)
hypothesis.settings.load_profile("ci" if os.environ.get("CI") else "dev")


def pytest_xdist_make_scheduler(config: pytest.Config, log: object) -> LoadFileScheduling:
    """Deal out whole files, in their order: those that start systems come first."""
    return LoadFileScheduling(config, log)


@pytest.fixture(scope="session")
def kafka(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """`host:port` of one Kafka for the whole session; use `prefix` for topics of your own, never stop it.

    Systems of stories that do nothing to Kafka share it, too: starting one takes nine seconds of a processor.
    """
    with running_broker(Broker(tmp_path_factory.mktemp("kafka"))) as broker:
        yield broker.servers


@pytest.fixture(scope="session")
def _broker_to_kill(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Broker]:
    with running_broker(Broker(tmp_path_factory.mktemp("broker"))) as broker:
        yield broker


@pytest.fixture
def broker(_broker_to_kill: Broker) -> Broker:
    """A running Kafka to be killed and started again at will; use `prefix`, it has topics of other tests."""
    run_apart(_broker_to_kill.start())
    return _broker_to_kill


@pytest.fixture(scope="session", autouse=True)
def _matrix() -> Iterator[None]:
    yield
    run_apart(end_shared_server())


@pytest.fixture
def matrix_server() -> MatrixServer:
    """A running Matrix server for the whole session, with accounts of other tests; kill and start it at will."""
    return run_apart(shared_server())


@pytest.fixture(scope="session")
def postgres() -> "Iterator[PostgresServer]":
    """A running PostgreSQL for the whole session, to be killed and started again at will; take a `database()` of it."""
    from tests.processes.postgres_server import running_postgres

    with running_postgres() as server:
        yield server


@pytest.fixture
def prefix() -> str:
    """A prefix for topics and groups that no other test uses."""
    return f"t{uuid4().hex[:10]}."

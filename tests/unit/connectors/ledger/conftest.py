"""Queries are tested on both databases: whatever test makes a ledger by `ledger_of` runs on each.

Laws that draw hundreds of ledgers run on files alone; `tests/contract/test_ledger_databases.py` draws for both.
"""

from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest
from hypothesis import is_hypothesis_test

from tests.worlds.builders import ELSEWHERE

MOST: Final = 3
DATABASES: Final = list[str]()
"""Each test takes as many of them as it makes ledgers, and replaces what the one before left."""


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Twice, unless it is about files."""
    about_files = any(mark.name == "of_files" for mark in metafunc.definition.iter_markers())
    if hasattr(metafunc.module, "ledger_of") and not is_hypothesis_test(metafunc.function) and not about_files:
        metafunc.parametrize("database", ["sqlite", "postgresql"], indirect=True)


def _database_of(item: pytest.Function) -> object:
    return item.callspec.params.get("database") if hasattr(item, "callspec") else None


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Of a test that asks the same of many values, a few ask the database: each has to make its ledger there."""
    several = defaultdict[tuple[Path, str], list[pytest.Item]](list)
    for item in items:
        if isinstance(item, pytest.Function) and _database_of(item) == "postgresql":
            several[item.path, item.originalname].append(item)
    left_out = {id(item) for same in several.values() for n, item in enumerate(same) if n % -(-len(same) // MOST)}
    config.hook.pytest_deselected(items=[item for item in items if id(item) in left_out])
    items[:] = [item for item in items if id(item) not in left_out]


@pytest.fixture(autouse=True)
def database(request: pytest.FixtureRequest) -> Iterator[None]:
    """Where ledgers are made."""
    if getattr(request, "param", "sqlite") == "sqlite":
        yield
        return
    server, known = request.getfixturevalue("postgres"), dict[Path, str]()

    def address(path: Path) -> str:
        if path not in known:
            if len(known) == len(DATABASES):
                DATABASES.append(server.database())
            known[path] = DATABASES[len(known)]
        return known[path]

    ELSEWHERE.append(address)
    yield
    ELSEWHERE.pop()

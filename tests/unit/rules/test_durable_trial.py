"""Tables on which the engine fails or hangs are found in a process of their own; the guards are lifted to get there."""

from typing import Any

import pytest

from rules import durable_envelope, durable_process
from rules.durable_trial import try_tables
from schemas.table import Table
from tests.broken_books import example


def table(whens: list[dict[str, Any]]) -> Table:
    rows = [{"id": f"r{i}", "when": when} for i, when in enumerate(whens)]
    return Table.model_validate({"name": "routing", "hit_policy": "F", "inputs": ["road", "hour"], "rows": rows})


async def test_the_example_passes() -> None:
    assert await try_tables(example()[1].tables) == []


async def test_an_error_of_the_engine_is_a_failure(monkeypatch: pytest.MonkeyPatch) -> None:
    """More than 64 conditions that are true at once: no rule fires."""
    monkeypatch.setattr(durable_envelope, "MAX_TRUE", 1_000)
    failures = await try_tables([table([{"hour": {"le": 24 + i}} for i in range(70)])])
    assert [failure.table for failure in failures] == ["routing"]
    assert "303" in failures[0].detail.en


async def test_a_hang_is_a_failure(monkeypatch: pytest.MonkeyPatch) -> None:
    """512 conditions on one node are never loaded."""
    monkeypatch.setattr(durable_envelope, "MAX_ON_NODE", 1_000)
    monkeypatch.setattr(durable_process, "START_LIMIT_S", 2.0)
    failures = await try_tables([table([{"road": f"road {i}"} for i in range(512)])])
    assert [failure.table for failure in failures] == ["routing"]
    assert "late" in failures[0].detail.en


async def test_what_is_outside_the_envelope_is_not_tried() -> None:
    assert await try_tables([table([{"road": f"road {i}"} for i in range(512)])]) == []

"""Tables on which the engine fails or is late are found in a process of their own."""

from functools import partial
from typing import Any

from rules.durable.envelope import MAX_ON_NODE
from rules.durable.process import EngineProcess
from rules.review.durable_trial import try_tables
from schemas.table import Table
from tests.strategies.broken_books import example

failing = partial(EngineProcess, child="tests.unit.rules.failing_engine")


def table(whens: list[dict[str, Any]]) -> Table:
    rows = [{"id": f"r{i}", "when": when} for i, when in enumerate(whens)]
    return Table.model_validate({"name": "routing", "hit_policy": "F", "inputs": ["road", "hour"], "rows": rows})


async def test_the_example_passes() -> None:
    assert await try_tables(example()[1].tables) == []


async def test_an_error_of_the_engine_is_a_failure() -> None:
    failures = await try_tables([table([{"hour": {"le": 24}}])], start=failing)
    assert [failure.table for failure in failures] == ["routing"]
    assert "it failed" in failures[0].detail.en


async def test_a_load_that_takes_too_long_is_a_failure() -> None:
    failures = await try_tables([table([{"road": "road 1"}])], start=partial(EngineProcess, start_limit_s=0.0))
    assert [failure.table for failure in failures] == ["routing"]
    assert "late" in failures[0].detail.en


async def test_what_is_outside_the_envelope_is_not_tried() -> None:
    too_many = [{"road": f"road {i}"} for i in range(MAX_ON_NODE + 1)]
    assert await try_tables([table(too_many)], start=failing) == []

"""How far a department's program is behind, as operators see it."""

import pytest

from connectors.departments.client import orders
from grid36.metrics.department_lag import department_lags
from grid36.metrics.kafka import KafkaFigures
from tests.unit.grid36.metrics.test_figures import values
from tests.worlds.subscribed_city import city

pytestmark = pytest.mark.kafka


async def test_what_a_program_has_not_confirmed_is_its_lag(kafka: str, prefix: str) -> None:
    """Who never read has no group, so that nothing is said; who confirmed everything is at 0."""
    async with city(kafka, prefix) as writes:
        for case in ("c0", "c1", "c2"):
            await writes.change(case)
        assert await department_lags(kafka, prefix) == {}
        async with orders(kafka, "water", prefix=prefix) as stream:
            await anext(stream)
        group = f"{prefix}department.water"
        (behind,) = (await department_lags(kafka, prefix)).values()
        assert behind >= 2
        told = values(await KafkaFigures(kafka, prefix).collect())
        assert told[f"grid36_department_behind_records{{'department': 'water', 'group': '{group}'}}"] == behind

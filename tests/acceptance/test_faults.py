"""Kill anything, in short; `make faults` is the long form."""

import logging
from pathlib import Path

import pytest

from tests.faults.run import broken_stage
from tests.faults.storm import storm

pytestmark = [pytest.mark.kafka, pytest.mark.slow]

KINDS = (
    "worker killed", "zombie with other rules woken", "broker killed", "gateway killed", "ledger killed",
    "rules child killed", "rules child hung", "worker added",
)  # fmt: skip


@pytest.fixture(autouse=True)
def quiet(caplog: pytest.LogCaptureFixture) -> None:
    """Kafka's clients tell of every broker that is away, thousands of times."""
    caplog.set_level(logging.CRITICAL, "aiokafka")


async def test_nothing_is_lost_doubled_or_different(tmp_path: Path) -> None:
    """A street that loses processes and brokers and receives garbage has every case once, and as planned."""
    run = await broken_stage(tmp_path, faults=len(KINDS), reports=90, over_s=20, seed=36, kinds=KINDS)
    assert run.verdict.wrong == []
    assert set(run.outside) <= set(KINDS)  # a child that is just being replaced cannot be killed again
    assert len(run.outside) >= 6
    assert run.inside["failed send"] > 0
    assert run.inside["lost ring"] > 0


async def test_thousands_of_deadlines_at_once(tmp_path: Path) -> None:
    """Thousands of deadlines that pass together each fire once, although workers are killed meanwhile."""
    counts, verdict = await storm(tmp_path, number=2_000, kills=2, seed=36, limit_s=120)
    assert verdict.wrong == []
    assert counts["worker killed in the storm"] == 2


async def test_a_careless_engine_is_found_out(tmp_path: Path) -> None:
    """The same verdict finds the lost records of an engine that does not wait for its sends.

    The await on its sends is taken out, so that single failed sends lose records.
    """
    run = await broken_stage(
        tmp_path, faults=0, reports=40, over_s=4, seed=36, flags="careless", limit_s=15, patience_s=5
    )
    assert run.inside["failed send"] > 0
    assert any("lost" in wrong or "times instead of" in wrong for wrong in run.verdict.wrong)

"""The short form of the fuzzing of `make faults`: drawn rulebooks decided by both matchers, from facts to events."""

from rules.durable.matcher import DurableMatcher
from schemas.table import Facts
from tests.oracles.rule_fuzz import fuzz

DECISIONS = 10_000
"""A hundred times as many in `make faults`."""


def test_drawn_rulebooks_are_decided_equally_by_both_matchers() -> None:
    """Drawn rulebooks are decided alike by durable-rules and by the index."""
    found = fuzz(36, DECISIONS, of_each=2_500, whole=150)
    assert found.differences == []
    assert found.counts["decided by the engine"] >= DECISIONS
    assert found.counts["several rows matched"] > DECISIONS / 10
    assert found.counts["whole decisions"] >= 600


def test_all_hit_policies_are_drawn() -> None:
    """All hit policies are drawn; tables beyond the engine's limits are decided by the index."""
    found = fuzz(1, 10_000, of_each=400, whole=100)
    assert {f"tables of hit policy {policy}" for policy in "UFPAC"} <= set(found.counts)
    assert found.differences == []


class Forgetful(DurableMatcher):
    """Forgets the last of several rows."""

    def matches(self, table: str, facts: Facts) -> tuple[str, ...]:
        rows = super().matches(table, facts)
        return rows[:-1] if len(rows) > 1 else rows


def test_a_single_lost_row_is_found() -> None:
    """The comparison notices an engine that forgets a single row."""
    assert fuzz(36, 5_000, of_each=500, engine=Forgetful).differences

from random import Random
from typing import Any

import pytest
from hypothesis import given, settings

from rules.tables.index import IndexMatcher, TableIndex
from rules.tables.matcher import UnknownTableError, WrongFactError
from schemas.table import MAX_INT, Facts, Table
from tests.strategies.drawn_tables import Drawn, draw, drawn_tables, scan


def table(rows: list[dict[str, Any]]) -> Table:
    return Table.model_validate({"name": "t", "hit_policy": "C", "inputs": ["road", "hour"], "rows": rows})


@settings(max_examples=150, deadline=None)
@given(drawn_tables(most=1, rows=120))
def test_the_index_finds_what_a_scan_finds(drawn: list[Drawn]) -> None:
    for one in drawn:
        index = IndexMatcher([one.table])
        for facts in one.facts:
            assert index.matches(one.table.name, facts) == scan(one.table, facts)


def test_drawn_facts_meet_several_rows_about_every_second_time() -> None:
    """The share that makes the comparison worth something."""
    drawn = [draw(Random(seed), "t", rows=3 + seed % 40, facts=20) for seed in range(100)]
    hits = [len(scan(one.table, facts)) for one in drawn for facts in one.facts]
    several = sum(1 for hit in hits if hit > 1) / len(hits)
    assert 0.35 < several < 0.65
    assert 0.1 < hits.count(0) / len(hits) < 0.5


def test_rows_come_by_priority_then_in_table_order() -> None:
    rows = [{"id": "c", "priority": 2}, {"id": "a", "priority": 1}, {"id": "b", "priority": 1}]
    assert IndexMatcher([table(rows)]).matches("t", {}) == ("a", "b", "c")
    assert TableIndex(table(rows)).ordered([2, 0, 1, 0]) == ("a", "b", "c")


def test_numbers_beyond_the_engine_are_matched_exactly() -> None:
    index = IndexMatcher(
        [table([{"id": "up", "when": {"hour": {"ge": MAX_INT}}}, {"id": "it", "when": {"hour": MAX_INT}}])]
    )
    found = [index.matches("t", {"hour": MAX_INT + more}) for more in (-1, 0, 1)]
    assert found == [(), ("up", "it"), ("up",)]
    assert index.matches("t", {"hour": 10**40}) == ("up",)


@pytest.mark.parametrize(
    "facts", [{"hour": "7"}, {"hour": True}, {"hour": 7.0}, {"road": 7}, {"road": ""}, {"road": None}]
)
def test_a_fact_of_another_kind_is_named_and_not_just_unmatched(facts: Facts) -> None:
    with pytest.raises(WrongFactError, match=r"fact: (hour|road)"):
        IndexMatcher([table([])]).matches("t", facts)


def test_an_unknown_table_is_named() -> None:
    with pytest.raises(UnknownTableError, match="table: u, known: t"):
        IndexMatcher([table([])]).matches("u", {})

"""Overlaps and unreachable rows, against every input there is."""

from itertools import combinations, product
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rules.check.boxes import Boxes
from rules.check.overlaps import MOST_LISTED, overlaps
from rules.check.problem import Problem
from rules.tables.index import IndexMatcher
from schemas.table import Fact, Table

VALUES: dict[str, list[Fact | None]] = {
    "category": ["a", "b", "c", None],
    "kind": ["problem", "question", "suggestion", "complaint", "service_request"],
    "distance_m": [-2, -1, 0, 1, 2, 3, 4, 5, None],  # the outermost two stand in no cell
}
EVERYTHING: list[dict[str, Fact]] = [
    {name: value for name, value in zip(VALUES, values, strict=True) if value is not None}
    for values in product(*VALUES.values())
]


def drawn(seed: int, policy: str) -> Table:
    """A small table; every value between the ends of its ranges stands in `VALUES`."""
    random = Random(seed)
    rows = [
        {
            "id": f"r{i}",
            "priority": random.randint(1, 3),
            "when": {name: _cell(random, name) for name in VALUES if random.random() < 0.6},
            "then": {"assign": random.choice(["x", "y"])},
        }
        for i in range(random.randint(1, 8))
    ]
    return Table.model_validate({"name": "t", "hit_policy": policy, "inputs": list(VALUES), "rows": rows})


def _cell(random: Random, name: str) -> Any:
    if name == "distance_m" and random.random() < 0.6:
        low, high = sorted(random.choices([0, 1, 2, 3], k=2))
        return random.choice([{"ge": low}, {"le": high}, {"ge": low, "le": high}])
    return random.sample([value for value in VALUES[name] if value not in {None, -2, 5}], random.randint(1, 3))


def by_code(table: Table) -> dict[str, list[Problem]]:
    found: dict[str, list[Problem]] = {}
    for problem in overlaps(Boxes(table)):
        found.setdefault(problem.code, []).append(problem)
    return found


@settings(max_examples=150)
@given(st.integers(0, 2**32), st.sampled_from("UAFPC"))
def test_conflicts_and_unreachable_rows_are_those_that_every_input_shows(seed: int, policy: str) -> None:
    """Tried: all facts. Two rows conflict when some facts hit both; a row is unreachable when it is never first."""
    table = drawn(seed, policy)
    matcher = IndexMatcher([table])
    hits = [matcher.matches("t", facts) for facts in EVERYTHING]
    conflicts = {
        tuple(sorted((table.numbers[a], table.numbers[b])))
        for found in hits
        for a, b in combinations(found, 2)
        if _conflict(table, a, b)
    }
    found = by_code(table)
    told = [p for code, problems in found.items() if code.startswith("overlap_") for p in problems]
    assert {problem.rows for problem in told} == conflicts
    for problem in told:
        both = [table.rows[number - 1].id for number in problem.rows]
        assert set(both) <= set(matcher.matches("t", problem.facts)), "the example hits both rows"
    if policy in "FP":
        first = {rows[0] for rows in hits if rows}
        hidden = {number for row, number in table.numbers.items() if row not in first}
        assert {problem.rows[0] for problem in found.get("unreachable_row", ())} == hidden


def _conflict(table: Table, a: str, b: str) -> bool:
    one, other = (table.rows[table.numbers[row] - 1] for row in (a, b))
    if table.hit_policy == "U":
        return True
    return (
        table.hit_policy != "C"
        and one.then != other.then
        and (table.hit_policy == "A" or one.priority == other.priority)
    )


def large(rows: int, roads: int) -> Table:
    """Like a city's routing table."""
    random = Random(rows)
    return Table.model_validate(
        {
            "name": "routing",
            "hit_policy": "P",
            "inputs": ["category", "road", "hour"],
            "rows": [
                {
                    "id": f"r{i}",
                    "priority": random.randint(1, 9),
                    "when": {
                        "category": f"c{random.randrange(60)}",
                        "road": f"road {random.randrange(roads)}",
                        **({"hour": {"ge": random.randrange(12), "le": 12 + random.randrange(12)}} if i % 3 else {}),
                    },
                    "then": {"assign": f"p{random.randrange(50)}"},
                }
                for i in range(rows)
            ],
        }
    )


@pytest.mark.parametrize("roads", [20, 2_000])
def test_ten_thousand_rows_are_checked(roads: int) -> None:
    """Pair by pair it would take longer than anybody waits; `python -m bench.rules` measures it."""
    found = by_code(large(10_000, roads))
    assert len(found["overlap_priority"]) == (MOST_LISTED if roads == 20 else len(found["overlap_priority"]))
    assert ("more_overlaps" in found) == (roads == 20)
    assert len(found["shadowed_rows"]) == 20, "notes that nobody would read are only counted"
    assert len(found["more_shadowed"]) == 1

from typing import Any

import pytest

from rules.durable.envelope import check_envelope, in_envelope, loadable, plan
from schemas.table import MAX_INT, Fact, Table


def table(rows: list[dict[str, Any]], name: str = "t") -> Table:
    inputs = ["category", "road", "segment", "grid", "hour", "distance_m"]
    numbered = [{"id": f"r{i}", "when": when} for i, when in enumerate(rows, 1)]
    return Table.model_validate({"name": name, "hit_policy": "C", "inputs": inputs, "rows": numbered})


def values(name: str, count: int) -> list[str]:
    return [f"{name}{i}" for i in range(count)]


def distinct(count: int) -> list[dict[str, Any]]:
    return [{"road": f"s{i}"} for i in range(count)]


def identical(count: int) -> list[dict[str, Any]]:
    return [{"road": "x", "hour": 7}] * count


def overlapping(count: int) -> list[dict[str, Any]]:
    return [{"distance_m": {"ge": i}} for i in range(count)]


def many(count: int) -> list[dict[str, Any]]:
    """`count` engine rules from 80 times 50, and single rows for the rest."""
    full, rest = divmod(count, 50)
    rows: list[dict[str, Any]] = [{"road": f"s{i}", "grid": values("g", 50)} for i in range(full)]
    return rows + [{"road": "s0", "segment": f"t{i}"} for i in range(rest)]


@pytest.mark.parametrize(
    ("rows", "limit", "text"),
    [
        (distinct, 500, "501 different conditions on one node, at most 500 (rows 1, 2, 3"),
        (identical, 200, "201 rows with the same conditions, at most 200 (rows 1, 2, 3"),
        (overlapping, 60, "61 conditions can be true at once, at most 60 (rows 1, 2, 3"),
        (many, 4_000, "4001 engine rules, at most 4000 (rows 1, 2, 3"),
    ],
)
def test_a_table_at_a_limit_is_taken_and_one_more_is_refused_with_rows(rows: Any, limit: int, text: str) -> None:
    assert check_envelope(table(rows(limit))) == []
    problems = [str(problem) for problem in check_envelope(table(rows(limit + 1)))]
    assert [problem[: len(text)] for problem in problems] == [text]


def test_limits_hold_for_each_category_alone() -> None:
    rows = [{**row, "category": f"c{i % 3}"} for i, row in enumerate(distinct(1_500))]
    assert check_envelope(table(rows)) == []
    problems = check_envelope(table([*rows, {"category": "c1", "road": "one more"}]))
    assert [problem.text.en[:16] for problem in problems] == ["category c1: 501"]
    assert all(number % 3 == 2 for number in problems[0].rows[:-1])


def test_another_order_of_the_inputs_is_tried_before_a_table_is_refused() -> None:
    """Every road stands under one of two grids, so that no node has more than 300 conditions."""
    rows = [{"road": f"s{i}", "grid": f"g{i % 2}"} for i in range(600)]
    assert check_envelope(table(rows)) == []
    assert next(iter(plan(table(rows)).rulesets.values())).rules[0][1][0].name == "grid"


def test_what_can_be_true_at_once_follows_the_numbers() -> None:
    """Stretches beside each other are never true together; those around one number are."""
    beside = [{"distance_m": {"ge": 10 * i, "le": 10 * i + 9}} for i in range(30)]
    assert check_envelope(table(beside)) == []
    context = [{"distance_m": {"ge": -i, "le": i}} for i in range(31)]
    assert [problem.text.en for problem in check_envelope(table(context))] == [
        "62 conditions can be true at once, at most 60"
    ]


def test_rows_of_all_categories_are_not_multiplied() -> None:
    rows: list[dict[str, Any]] = [{"category": values("c", 50), "road": "x"}, {"road": "y"}, {"category": "c1"}, {}]
    rulesets = plan(table(rows)).rulesets
    assert len(rulesets) == 51
    assert [row for row, _ in rulesets[None].rules] == [1]
    assert rulesets[None].always == (3,)
    assert rulesets["c1"].always == (2,)


@pytest.mark.parametrize(
    ("facts", "inside"),
    [
        ((), True),
        (("长" * 200, None, MAX_INT, -MAX_INT), True),
        (("长" * 201,), False),
        (("a\nb",), False),
        (("\ud800",), False),
        ((MAX_INT + 1,), False),
        ((-MAX_INT - 1,), False),
    ],
)
def test_only_facts_that_were_measured_right_are_asked(facts: tuple[Fact | None, ...], inside: bool) -> None:
    assert in_envelope(facts) is inside


def test_tables_that_are_too_many_together_are_left_out() -> None:
    plans = {f"t{i}": plan(table(many(4_000))) for i in range(6)}
    plans["bad"] = plan(table(distinct(501)))
    assert list(loadable(plans)) == ["t0", "t1", "t2", "t3", "t4"]

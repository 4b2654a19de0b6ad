"""Any table explained row by row; by construction what is shown is what `choose` decides."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.review.explaining.rows import Ruling, explain_rows, matching, shown
from rules.tables.index import IndexMatcher
from rules.tables.matcher import Conflict, choose
from schemas.table import Cell, Facts, Table

LATE: Facts = {"category": "tree", "hour": 23, "kind": "problem"}


def table(policy: str, *rows: dict[str, Any], default: dict[str, Any] | None = None) -> Table:
    return Table.model_validate(
        {
            "name": "limits",
            "hit_policy": policy,
            "inputs": ["category", "hour", "kind"],
            "rows": rows,
            "default": default,
        }
    )


def row(name: str, priority: int = 1_000, then: str = "3h", **when: Any) -> dict[str, Any]:
    return {"id": name, "priority": priority, "when": when, "then": {"resolve": then}, "note": f"note of {name}"}


def whys(ruling: Ruling) -> list[tuple[int, str]]:
    return [(lost.number, lost.why.en) for lost in ruling.lost]


def test_the_first_by_priority_wins_and_the_others_say_why_not() -> None:
    rows = [row("later", 500), row("night", 100, hour={"ge": 22}), row("all", 100), row("cars", 50, category="car")]
    found = explain_rows("limits", table("F", *rows), LATE)
    assert [(won.row, won.number, won.then, won.note) for won in found.won] == [
        ("night", 2, {"resolve": "3h"}, "note of night")
    ]
    assert [(met.fact, met.value, met.cell) for met in found.facts] == [
        ("category", "tree", "-"),
        ("hour", 23, "≥ 22"),
        ("kind", "problem", "-"),
    ]
    assert whys(found) == [
        (3, "it has the same priority and stands later in the table"),
        (1, "its priority 500 comes after 100"),
    ]
    assert (found.near, found.others, found.default) == ((), 1, None)


def test_rows_that_cells_kept_out_are_near_the_fewest_cells_first() -> None:
    """Only those that would have won; those of another category are merely counted."""
    rows = [
        row("two", 1, hour={"le": 8}, kind=["question"]),
        row("one", 2, hour={"le": 8}),
        row("car", 3, category="car"),
        row("won", 4),
        row("after", 5, hour=1),
    ]
    found = explain_rows("limits", table("F", *rows), {"category": "tree", "kind": "problem"})
    assert [(near.row, near.number) for near in found.near] == [("one", 2), ("two", 1)]
    assert found.near[0].why.en == "hour is not known, and the row asks for ≤ 8"
    assert found.near[1].why.zh == "hour 为 未知，此行要求 ≤ 8；kind 为 problem，此行要求 question"
    assert found.others == 2


@pytest.mark.parametrize(("policy", "near"), [("U", ["after"]), ("A", ["after"]), ("C", ["after"]), ("P", [])])
def test_only_where_the_first_wins_is_a_later_row_without_a_say(policy: str, near: list[str]) -> None:
    found = explain_rows("limits", table(policy, row("won"), row("after", 2_000, hour=1)), LATE)
    assert [each.row for each in found.near] == near


def test_collected_rows_all_count() -> None:
    found = explain_rows("joint", table("C", row("b", 2), row("a", 1), row("c", hour=1)), LATE)
    assert [won.row for won in found.won] == ["a", "b"]
    assert (found.lost, [near.row for near in found.near]) == ((), ["c"])


def test_rows_that_agree_and_rows_that_contradict() -> None:
    agree = explain_rows("limits", table("A", row("a"), row("b")), LATE)
    assert ([won.row for won in agree.won], whys(agree)) == (["a"], [(2, "it says the same as the row that counts")])
    for policy, second in (("U", "3h"), ("A", "4h")):
        found = explain_rows("limits", table(policy, row("a"), row("b", then=second), default={"resolve": "9h"}), LATE)
        assert (found.conflict, found.won, found.then) == (True, (), {}), "the default is for no row at all"
        assert whys(found) == [(1, "it contradicts the others"), (2, "it contradicts the others")]


def test_the_default_and_nothing_at_all() -> None:
    found = explain_rows("limits", table("F", row("a", hour=1), default={"resolve": "9h"}), LATE)
    assert (found.won, found.default, found.then) == ((), {"resolve": "9h"}, {"resolve": "9h"})
    assert [near.row for near in found.near] == ["a"]
    empty = explain_rows("limits", table("F"), LATE)
    assert (empty.won, empty.default, empty.then, empty.others) == ((), None, {}, 0)


def test_what_is_on_record_counts_and_rows_that_are_gone_do_not() -> None:
    found = explain_rows("limits", table("F", row("a"), row("b")), {}, ("b", "gone"))
    assert ([won.row for won in found.won], found.lost) == (["b"], ())


_CELLS = st.one_of(st.just("-"), st.integers(0, 5), st.builds(lambda a: {"ge": a}, st.integers(0, 5)))
_ROWS = st.lists(st.tuples(_CELLS, _CELLS, st.integers(1, 3), st.sampled_from(["1h", "2h"])), max_size=12)


@given(st.sampled_from("UFPAC"), _ROWS, st.dictionaries(st.sampled_from(["hour", "month"]), st.integers(0, 5)))
def test_every_row_is_told_of_once_and_the_decision_is_that_of_the_matcher(
    policy: str, rows: list[tuple[Any, Any, int, str]], facts: dict[str, int]
) -> None:
    made = Table.model_validate(
        {
            "name": "t",
            "hit_policy": policy,
            "inputs": ["hour", "month"],
            "rows": [
                {"id": f"r{i}", "priority": first, "when": {"hour": hour, "month": month}, "then": {"resolve": then}}
                for i, (hour, month, first, then) in enumerate(rows)
            ],
            "default": {"resolve": "9h"},
        }
    )
    ids = IndexMatcher((made,)).matches("t", facts)
    assert matching(made, facts) == ids
    found, hit = explain_rows("limits", made, facts), choose(made, ids)
    told = [*(won.row for won in found.won), *(lost.row for lost in (*found.lost, *found.near))]
    assert len(set(told)) == len(told) == len(made.rows) - found.others
    assert found.conflict == isinstance(hit, Conflict)
    if not isinstance(hit, Conflict):
        assert found.then == (hit.then or {})
        assert [won.row for won in found.won][:1] == ([hit.row.id] if hit.row else [])


def test_cells_as_people_read_them() -> None:
    cells = ["-", "a", [1, 2], {"ge": 7}, {"le": 9}, {"ge": 7, "le": 9}]
    assert [shown(Cell.model_validate(cell)) for cell in cells] == ["-", "a", "1, 2", "≥ 7", "≤ 9", "7–9"]

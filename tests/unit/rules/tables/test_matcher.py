from typing import Any

import pytest

from rules.tables.matcher import Conflict, Hit, choose
from schemas.table import Table


def table(policy: str, *thens: dict[str, Any], default: dict[str, Any] | None = None) -> Table:
    rows = [{"id": f"r{i}", "then": then} for i, then in enumerate(thens, 1)]
    return Table.model_validate(
        {"name": "t", "hit_policy": policy, "inputs": ["road"], "rows": rows, "default": default}
    )


@pytest.mark.parametrize("policy", ["F", "P", "C", "U", "A"])
def test_one_row_is_the_hit_under_every_policy(policy: str) -> None:
    one = table(policy, {"to": "x"}, {"to": "y"})
    assert choose(one, ["r2"]) == Hit(one.rows[1], 2, {"to": "y"})


@pytest.mark.parametrize("policy", ["F", "P", "C"])
def test_the_first_row_is_the_hit_and_the_others_are_kept(policy: str) -> None:
    one = table(policy, {"to": "x"}, {"to": "y"}, {"to": "z"})
    assert choose(one, ["r3", "r1"]) == Hit(one.rows[2], 3, {"to": "z"}, also=("r1",))


def test_unique_and_any_refuse_rows_that_disagree() -> None:
    assert choose(table("U", {"to": "x"}, {"to": "x"}), ["r1", "r2"]) == Conflict(("r1", "r2"), (1, 2))
    assert choose(table("A", {"to": "x"}, {"to": "y"}), ["r1", "r2"]) == Conflict(("r1", "r2"), (1, 2))
    assert isinstance(choose(table("A", {"both": True}, {"both": 1}), ["r1", "r2"]), Conflict), "true is not 1"
    same = table("A", {"to": "x"}, {"to": "x"})
    assert choose(same, ["r1", "r2"]) == Hit(same.rows[0], 1, {"to": "x"}, also=("r2",))


def test_without_a_row_the_default_holds_and_says_so() -> None:
    hit = choose(table("U", default={"to": "z"}), [])
    assert isinstance(hit, Hit)
    assert hit == Hit(None, None, {"to": "z"})
    assert hit.default
    assert choose(table("U"), []) == Hit(None, None, None)

"""Tables that the rule engine may not be given."""

from typing import Any

from rules.check.all import check
from rules.check.engine import fnv1a
from rules.check.problem import Problem, Severity
from schemas.names import Language
from tests.strategies.broken_books import example, patched


def breaches(rows: list[dict[str, Any]]) -> list[Problem]:
    """What the check says of the engine's limits when the example has these routing rows."""
    region, rulebook = example()
    patch = {"set": {"routing.rows": rows, "routing.inputs": ["category", "road", "hour"]}}
    book = type(rulebook).model_validate(patched(rulebook.model_dump(mode="json"), patch))
    return [problem for problem in check(region, book) if problem.code == "outside_envelope"]


def row(i: int, **when: Any) -> dict[str, Any]:
    return {"id": f"r{i}", "priority": 1 + i, "when": when, "then": {"assign": "grid_head"}}


def test_a_table_outside_the_envelope_is_refused_with_rows_and_reason() -> None:
    found = breaches([row(i, category="tree", road=f"road {i}") for i in range(501)])
    assert [(problem.severity, problem.sheet) for problem in found] == [(Severity.ERROR, "routing")]
    assert found[0].rows == tuple(range(1, 502))
    assert "category tree: 501 different conditions on one node, at most 500" in found[0].say(Language.EN)
    assert "类别 tree：同一层有 501 个不同条件，至多 500 个" in found[0].say(Language.ZH)


def test_a_table_at_the_limit_is_fine() -> None:
    assert breaches([row(i, category="tree", road=f"road {i}") for i in range(500)]) == []


def test_every_reason_of_the_envelope_has_chinese_words() -> None:
    same = breaches([row(i, category="tree", road="road") for i in range(201)])
    true = breaches([row(i, category="tree", hour={"ge": i % 24, "le": 23}, road=f"r{i}") for i in range(24)] * 1)
    many = breaches([row(i, hour={"ge": 0, "le": i}) for i in range(70)])
    for problem in [*same, *true, *many]:
        reason = problem.text.zh.split("：", 1)[1]
        assert not any(word in reason for word in ("at most", "engine", "conditions", "rows")), reason
    assert same
    assert many


def test_the_hash_is_the_engines() -> None:
    assert fnv1a("costarring") == fnv1a("liquid")

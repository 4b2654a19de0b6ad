"""Rulebooks with drawn decision tables: every hit policy, rules out of order, all kinds of outputs, odd texts."""

from random import Random
from typing import Any

from hypothesis import strategies as st

from schemas.names import Name
from schemas.rulebook import Category, Rulebook
from schemas.table import FACTS, Facts, Table
from tests.strategies.drawn_tables import NAMES, NUMBERS, TEXTS

ODD = [*TEXTS, "-", "not(1)", "[1..2]", " x ", "\ufffe", "'", "<&>", "\\u0041", "]]>"]
NOTES = [None, "", '注 <&> "note"', "two\nlines"]
OUTPUTS: dict[str, list[Any]] = {
    "assign": ["grid_head", "p-1", *ODD[:6]],
    "department": ["parks", "drainage"],
    "steps": [["a", "b"], [], ['"', "\\"]],
    "count": [0, -7, 2**53],
    "joint": [True, False],
    "mixed": [True, 1, "1", ["1"]],
}


def drawn_table(random: Random, name: str, policy: str, rows: int) -> Table:
    """A table of so many rows; `joint` always names a department, `routing` always somebody."""
    names = random.sample(NAMES, random.randint(0, 4))
    outputs = random.sample(sorted(OUTPUTS), random.randint(0, 4))
    needed = {"routing": "assign", "joint": "department"}.get(name)

    def then() -> dict[str, Any]:
        said = {each: random.choice(OUTPUTS[each]) for each in outputs if random.random() < 0.7}
        return said | ({needed: random.choice(OUTPUTS[needed])} if needed else {})

    return Table.model_validate(
        {
            "name": name if random.random() < 0.8 else f"own_{name}",
            "hit_policy": policy,
            "inputs": names,
            "rows": [
                {
                    "id": f"行{n}<&",
                    "priority": random.choice([1, 5, 5, 1000, 60_000]),
                    "when": {each: _cell(random, each) for each in names if random.random() < 0.75},
                    "then": then(),
                    "note": random.choice(NOTES),
                }
                for n in range(rows)
            ],
            "default": random.choice([None, {}, then()]),
        }
    )


def _cell(random: Random, fact: str) -> Any:
    values: list[Any] = ODD if FACTS[fact] == "text" else NUMBERS
    form = random.random()
    if form < 0.1:
        return "-"
    if FACTS[fact] == "number" and form < 0.5:
        low, high = sorted(random.choices(NUMBERS, k=2))
        return random.choice([{"ge": low}, {"le": high}, {"ge": low, "le": high}])
    return random.sample(values, random.randint(1, 3))


def facts_for(random: Random, table: Table) -> Facts:
    """Facts most of whose values stand in the table; some are absent."""
    found: dict[str, Any] = {}
    for each in table.inputs:
        listed = [value for row in table.rows for value in row.cell(each.name).one_of or ()]
        values: list[Any] = ODD if each.kind == "text" else NUMBERS
        if random.random() < 0.85:
            found[each.name] = random.choice(listed or values) if random.random() < 0.8 else random.choice(values)
    return found


def drawn_rulebook_of(random: Random, rows: int) -> Rulebook:
    """A rulebook whose three tables are drawn, of up to so many rows each."""
    joint = drawn_table(random, "joint", "C", random.randint(0, rows)) if random.random() < 0.7 else None
    limits = drawn_table(random, "limits", random.choice("UFPAC"), random.randint(0, rows))
    routing = drawn_table(random, "routing", random.choice("UFPAC"), random.randint(0, rows))
    return with_tables(routing, joint, limits)


def drawn_lists(rows: int = 12) -> st.SearchStrategy[Rulebook]:
    """Any of them."""
    return st.integers(0, 2**64 - 1).map(lambda seed: drawn_rulebook_of(Random(seed), rows))


def with_tables(routing: Table, joint: Table | None = None, limits: Table | None = None) -> Rulebook:
    """A rulebook of one category with these tables."""
    return Rulebook(
        name="drawn",
        default_category="other",
        categories=(Category(id="other", name=Name(zh="其他", en="Other")),),
        routing=routing,
        joint=joint,
        limits=limits,
    )

"""Tables and facts drawn together, so that facts meet cells often, and the plainest matcher there is."""

from dataclasses import dataclass
from random import Random
from typing import Any

from hypothesis import strategies as st

from schemas.table import FACTS, MAX_INT, Fact, Facts, Table

TEXTS = [
    "渣土",
    "垃圾",
    "soil",
    "1",
    "true",
    "null",
    '"',
    "\\",
    "{",
    "长" * 200,
    "🚧" * 200,
    "x" * 199 + '"',
    "a b:c,d",
]
NUMBERS = [-MAX_INT, -MAX_INT + 1, -1, 0, 1, 6, 7, 8, 19, 1_000_000, MAX_INT - 1, MAX_INT]
NAMES = ["category", "road", "urgency", "hour", "level", "distance_m"]


@dataclass(frozen=True)
class Drawn:
    """A table and facts to match with it."""

    table: Table
    facts: tuple[Facts, ...]

    @property
    def questions(self) -> list[tuple[str, Facts]]:
        return [(self.table.name, facts) for facts in self.facts]


def draw(random: Random, name: str, rows: int, facts: int) -> Drawn:
    """A table of so many rows with so many facts, most of whose values stand in the table."""
    names = sorted(random.sample(NAMES, random.randint(3, 5)))
    values: dict[str, list[Fact]] = {
        n: random.sample(TEXTS, 6) if FACTS[n] == "text" else random.sample(NUMBERS, 7) for n in names
    }
    table = Table.model_validate(
        {
            "name": name,
            "hit_policy": "C",
            "inputs": names,
            "rows": [_row(random, i, values) for i in range(rows)],
        }
    )
    return Drawn(table, tuple(_facts(random, values) for _ in range(facts)))


def _row(random: Random, i: int, values: dict[str, list[Fact]]) -> dict[str, Any]:
    when = {name: _cell(random, FACTS[name], values[name]) for name in values if random.random() < 0.75}
    return {"id": f"行{i}", "priority": random.randint(1, 5), "when": when}


def _cell(random: Random, kind: str, values: list[Fact]) -> Any:
    form = random.random()
    if kind == "number" and form < 0.4:
        low, high = sorted(random.choices(values, k=2))
        return random.choice([{"ge": low}, {"le": high}, {"ge": low, "le": high}])
    return "-" if form > 0.9 else random.sample(values, random.randint(1, 3))


def _facts(random: Random, values: dict[str, list[Fact]]) -> Facts:
    facts: dict[str, Fact] = {"weather": "not an input"}
    for name, listed in values.items():
        form = random.random()
        if form < 0.8:
            facts[name] = random.choice(listed)
        elif form < 0.9:
            facts[name] = random.choice(TEXTS) if FACTS[name] == "text" else random.randint(-MAX_INT, MAX_INT)
    return facts


def drawn_tables(most: int, rows: int = 40, facts: int = 20) -> st.SearchStrategy[list[Drawn]]:
    """1 to `most` tables of 1 to `rows` rows."""

    def build(seeds: list[int]) -> list[Drawn]:
        return [draw(random, f"t{i}", random.randint(1, rows), facts) for i, random in enumerate(map(Random, seeds))]

    return st.lists(st.integers(0, 2**64 - 1), min_size=1, max_size=most).map(build)


def scan(table: Table, facts: Facts) -> tuple[str, ...]:
    """Look at every cell of every row: slow, and too simple to be wrong."""
    met = [row for row in table.rows if all(cell.meets(facts.get(name)) for name, cell in row.when.items())]
    return tuple(row.id for row in sorted(met, key=lambda row: row.priority))

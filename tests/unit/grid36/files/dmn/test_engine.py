"""An independent engine accepts what is written as DMN 1.5, and decides by it as we do.

`DMN_TABLES=2000` asks it about so many rulebooks (`make dmn`).
"""

import os
from collections.abc import Mapping
from random import Random
from typing import Any

from grid36.files.dmn.write import write_dmn
from grid36.files.rulebook import load_rulebook
from grid36.settings import data_folder
from rules.tables.matcher import Conflict, choose
from schemas.rulebook import Rulebook
from schemas.table import Fact, Outputs, Table
from tests.oracles.dmn_engine.engine import DmnAnswer, DmnQuestion, ask_engine
from tests.strategies.drawn_dmn import drawn_rulebook_of, facts_for
from tests.strategies.drawn_tables import scan

TABLES = int(os.environ.get("DMN_TABLES", "60"))
QUESTIONS = 8
"""For each table."""
SEED = int(os.environ.get("DMN_SEED", "36"))


def questions(random: Random, rulebook: Rulebook) -> list[DmnQuestion]:
    tables = [(name, getattr(rulebook, name)) for name in ("routing", "joint", "limits")]
    return [
        DmnQuestion(name, {**dict.fromkeys(table.kinds()), **facts_for(random, table)})
        for name, table in tables
        if table is not None
        for _ in range(QUESTIONS)
    ]


def expected(table: Table, facts: Mapping[str, Fact | None]) -> Any:
    """What our table answers: rows for `C`, outputs for the others, None where it gives nothing."""
    known = {name: value for name, value in facts.items() if value is not None}
    ids = scan(table, known)
    hit = choose(table, ids)
    if isinstance(hit, Conflict):
        return "conflict"
    if table.hit_policy == "C" and ids:
        return [dict(table.rows[table.numbers[id] - 1].then) for id in ids]
    return hit.then or None


def told(table: Table, answer: DmnAnswer) -> Any:
    """The same of the engine."""
    if answer.status == "FAILED":
        return "conflict"
    value = answer.value
    if isinstance(value, list) and table.hit_policy == "C":
        return [_row(each) for each in value] or None
    return _row(value) or None


def _row(value: Any) -> Outputs:
    found = value if isinstance(value, dict) else {"department": value}  # the only column of a joint table
    return {name: each for name, each in found.items() if each is not None}


def test_an_independent_engine_gives_the_same_answers() -> None:
    """Every file is valid DMN 1.5; each question has the same answer, and a conflict is one for both."""
    random = Random(SEED)
    street = load_rulebook(data_folder("regions") / "example")
    drawn = [street, *(drawn_rulebook_of(random, 12) for _ in range(TABLES))]
    asked = [(write_dmn(each), questions(random, each)) for each in drawn]
    answered = ask_engine(asked)
    assert [each.faults for each in answered] == [[]] * len(drawn)
    seen = set()
    for rulebook, (_, questions_), found in zip(drawn, asked, answered, strict=True):
        for question, answer in zip(questions_, found.answers, strict=True):
            table = getattr(rulebook, question.decision)
            right = expected(table, question.facts)
            if table.hit_policy in "UAC" and table.default and right == table.default:
                continue  # this engine passes over a default that leaves an output open
            assert told(table, answer) == right, (question, answer, table)
            seen.add((table.hit_policy, "conflict" if right == "conflict" else right is not None))
    assert seen >= {(policy, hit) for policy in "UFPAC" for hit in (True, False)}
    assert {("U", "conflict"), ("A", "conflict")} <= seen

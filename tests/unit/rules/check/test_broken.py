"""Each of the deliberately broken rulebooks: its mistake is found and named, and nothing else is said."""

from datetime import date
from pathlib import Path

import pytest

from rules.check.all import check
from rules.check.problem import Problem, Severity
from rules.check.severities import IN_FLIGHT, SEVERITIES
from schemas.names import Language
from tests.strategies.broken_books import FILES, broken, example, read

TODAY = date(2026, 11, 22)


def told(problems: tuple[Problem, ...]) -> set[str]:
    """Codes of everything that is more than a note."""
    return {problem.code for problem in problems if problem.severity is not Severity.NOTE}


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_the_mistake_is_found_and_named(file: Path) -> None:
    """Code, sheet, rows, column and example as the file says; besides them only what it says under `also`."""
    patch = read(file)
    expected = patch["expect"]
    problems = check(*broken(patch), TODAY)
    found = [problem for problem in problems if problem.code == expected["code"]]
    assert any(_is(problem, expected) for problem in found), [(p.code, p.rows, p.column, p.example) for p in problems]
    named = {expected["code"]} if SEVERITIES[expected["code"]] is not Severity.NOTE else set()
    assert told(problems) - {*patch.get("also", ())} == named
    for problem in found:
        assert problem.say(Language.ZH) != problem.say(Language.EN)


def _is(problem: Problem, expected: dict[str, object]) -> bool:
    """Whether it is the problem that was expected; an example may tell more facts than it must."""
    wanted = expected.get("example", {})
    assert isinstance(wanted, dict)
    return (
        problem.sheet == expected["sheet"]
        and list(problem.rows) == expected.get("rows", list(problem.rows))
        and problem.column == expected.get("column", problem.column)
        and problem.severity.value == expected.get("severity", problem.severity.value)
        and wanted.items() <= problem.facts.items()
    )


def test_no_false_alarm_on_the_example() -> None:
    problems = check(*example(), TODAY)
    assert [problem.say(Language.EN) for problem in problems if problem.severity is not Severity.NOTE] == []


def test_there_are_enough_kinds_and_every_kind_of_problem_has_its_broken_rulebook() -> None:
    """What cannot be written as a small patch has a test of its own."""
    kinds = {read(file)["expect"]["code"] for file in FILES}
    assert len(kinds) >= 40
    elsewhere = {"more_overlaps", "more_shadowed", "outside_envelope", "engine_failed", "engine_differs", *IN_FLIGHT}
    assert set(SEVERITIES) - kinds == elsewhere

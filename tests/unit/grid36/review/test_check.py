"""`grid36 rules check`, with the engine's part."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from grid36.cli.rules.check import check as command
from grid36.review.check import as_lines, as_rows, check_rulebook, has_errors
from rules.check.all import check
from rules.check.problem import Problem, Severity
from rules.review.durable_trial import Failure
from schemas.names import Language, Name
from tests.strategies.broken_books import EXAMPLE, FOLDER, broken, example, read


def test_the_example_street_is_clean() -> None:
    ran = CliRunner().invoke(command, [str(EXAMPLE)], env={"GRID36_LANG": "en"})
    assert (ran.exit_code, ran.stdout.splitlines()[-1]) == (0, "0 errors, 0 warnings, 16 notes")


async def test_notes_can_be_counted_without_being_listed() -> None:
    (line,) = as_lines(await check_rulebook(*example()), Language.EN, notes=False)
    assert line.startswith("0 errors, 0 warnings, ")
    assert not line.startswith("0 errors, 0 warnings, 0")


def test_json_has_both_languages() -> None:
    ran = CliRunner().invoke(command, [str(EXAMPLE), "--json"])
    problems = json.loads(ran.stdout)["problems"]
    assert {problem["severity"] for problem in problems} == {"note"}
    assert all(problem["text"]["zh"] != problem["text"]["en"] for problem in problems)


def test_errors_come_first_and_are_counted() -> None:
    region, rulebook = broken(read(FOLDER / "unknown-person.yaml"))
    problems = check(region, rulebook)
    lines = as_lines(problems, Language.EN)
    assert lines[0].startswith("error   routing, row 16, column assign: the region has no person duty-deks")
    assert "duty-desk" in lines[0], "the remedy names what was probably meant"
    assert lines[-1].startswith("1 error, 0 warnings")
    assert as_lines(problems, Language.ZH)[0].startswith("错误")
    assert as_rows(problems)[0]["rows"] == [16]
    assert has_errors(problems)


@pytest.mark.parametrize("language", list(Language))
def test_one_thing_is_said_once_with_its_number_and_first_examples(language: Language) -> None:
    """A misspelled head of a hundred grids is one mistake of a steward; programs get every cell."""
    text = {"zh": "没有这个人", "en": "there is no such person"}
    remedy = {"zh": "写上人员", "en": "name a person"}
    alike = [
        Problem("unknown", Severity.ERROR, "routing", Name(**text), Name(**remedy), rows=(row,))
        for row in range(1, 101)
    ]
    other = Problem("gap", Severity.WARNING, "routing", Name(**text), Name(**remedy), rows=(7,))
    lines = as_lines([*alike, other], language)
    assert len(lines) == 6
    assert "97" in lines[3]
    assert all(str(row) in lines[3] for row in (4, 5, 6, 7, 8))
    assert "100" not in lines[3]
    assert lines[-1].startswith("100 ")
    assert len(as_rows(alike)) == 100


async def test_what_the_engine_does_wrong_is_an_error() -> None:
    async def failing(tables: object) -> list[Failure]:
        facts = {"category": "tree"}
        return [Failure("routing", Name(zh="坏", en="bad")), Failure("routing", Name(zh="错", en="wrong"), facts)]

    problems = await check_rulebook(*example(), try_on_engine=failing)
    assert [(p.code, p.facts) for p in problems[:2]] == [
        ("engine_differs", {"category": "tree"}),
        ("engine_failed", {}),
    ]
    assert "it crashed" not in problems[1].say(Language.EN)
    assert "bad" in problems[1].say(Language.EN)


def test_a_path_that_is_not_there_is_wrong_use(tmp_path: Path) -> None:
    assert CliRunner().invoke(command, [str(tmp_path / "nothing")]).exit_code == 2

"""The command says all it says in one language at a time: help, wrong use, errors."""

import ast
import importlib
import pkgutil
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

import grid36 as program
from grid36.cli import grid36, run
from schemas.errors import FILE, Grid36Error
from schemas.names import Language, Name
from tests.oracles.one_language import not_chinese, not_english
from texts.catalogue import catalogue

ROOT = Path(program.__file__).parent.parent
PACKAGES = ("schemas", "rules", "streams", "connectors", "grid36")
WRONG = {
    "no such option": ["report", "--nope"],
    "an option that is nearly right": ["report", "--adress", "x"],
    "no such command": ["nope"],
    "no such command of a group": ["rules", "nope"],
    "a missing argument": ["case"],
    "a missing choice": ["schema"],
    "a missing option": ["act", "X", "resolve"],
    "one argument too many": ["status", "x"],
    "two arguments too many": ["status", "x", "y"],
    "not one of the values": ["stats", "--by", "colour"],
    "not one of the actions": ["act", "X", "dance", "--by", "y"],
    "not a number": ["up", "--workers", "many"],
    "a number out of range": ["up", "--workers", "0"],
    "no upper end": ["consume", "x", "--limit", "0"],
    "not a measure": ["report", "--lat", "north"],
    "not a date": ["rules", "check", "regions/example", "--on", "soon"],
    "no such file": ["replay", "no-such.csv", "--mapping", "no-such.yaml"],
    "a folder where a file belongs": ["rules", "simulate", "."],
    "no such folder": ["region", "check", "no-such"],
    "no such path": ["rules", "diff", "active", "no-such"],
    "an option without its value": ["report", "--text"],
    "a flag with a value": ["report", "--urgent=yes"],
    "no pair": ["report", "--attribute", "land"],
    "a pair given twice": ["report", "--attribute", "a=b", "--attribute", "a=c"],
    "a mark nobody gives": ["act", "X", "rate-report-in", "--by", "y", "--score", "speed=3"],
    "a speed that is none": ["replay", "README.md", "--mapping", "README.md", "--speed", "slow"],
    "json without check": ["replay", "README.md", "--mapping", "README.md", "--json"],
    "a time that is none": ["stats", "--from", "soon"],
    "a file of what no page has": ["stats", "--parquet", "no-such.parquet"],
    "days around nothing": ["stats", "--days", "3"],
    "a version of two kinds of days": ["stats", "--since-version", "newest", "--to", "2026-11-01"],
    "a version of no rows": ["stats", "--since-version", "newest", "--duties"],
    "a year nobody lives in": ["stats", "--from", "0001-01-01"],
    "two shapes": ["rules", "new", "no-such", "--empty", "--shape", "village"],
    "a file for a folder": ["rules", "convert", "regions/example", "list.xlsx"],
    "remarks nowhere": ["rules", "check", "regions/example", "--comments", "remarks.txt"],
    "no source": ["region", "new", "no-such"],
    "a tile that is none": ["region", "new", "no-such", "--tile", "1,2"],
    "a tile the wrong way round": ["region", "new", "no-such", "--tile", "3,3,1,1"],
    "no time zone": ["region", "new", "no-such", "--tile", "1,1,2,2", "--zone", "Mars"],
    "a folder in use": ["region", "new", "docs", "--tile", "118.0,24.4,118.05,24.43"],
    "no draft": ["rules", "activate"],
    "nothing proposed about": ["rules", "propose", "--item", "X", "--set", "a=b", "--by", "y"],
    "no such field": ["rules", "propose", "--item", "X", "--set", "colour=red", "--by", "y", "--grid", "G001"],
    "a name for a worker": ["worker", "--name", "a b"],
    "half a position": ["rules", "explain", "--lat", "1"],
    "an item without who": ["rules", "explain", "--item", "P01"],
    "no such category": ["rules", "explain", "--category", "elephant"],
    "no such rulebook": ["rules", "explain", "--rulebook", "no-such"],
    "no such old rulebook": ["rules", "diff", "no-such", "regions/example"],
    "columns nobody knows": ["rules", "simulate", "pyproject.toml"],
    "no rulebook": ["rules", "check", "pyproject.toml"],
    "a mapping that is none": ["replay", "README.md", "--mapping", "pyproject.toml", "--check"],
    "no report to ask": ["rules", "explain", "--code", "G001", "--attribute", "nope=x"],
    "nothing up: case": ["case", "350203006-G001-2611-00001"],
    "nothing up: report": ["report", "--text", "x"],
    "nothing up: act": ["act", "350203006-G001-2611-00001", "resolve", "--by", "x"],
    "nothing up: cover": ["cover", "a", "--by", "b", "--from", "2026-01-01", "--until", "2026-01-02"],
    "nothing up: balance": ["balance"],
    "nothing up: stats": ["stats"],
    "nothing up: stats since a version": ["stats", "--since-version", "newest"],
    "nothing up: parked": ["parked"],
    "nothing up: lost": ["lost"],
    "nothing up: consume": ["consume", "sanitation"],
    "nothing up: status": ["status"],
    "nothing up: down": ["down"],
    "nothing up: ledger": ["ledger", "verify"],
    "nothing up: versions": ["rules", "versions"],
    "nothing up: proposals": ["rules", "proposals"],
    "nothing up: approve": ["rules", "approve", "X", "--by", "y"],
    "nothing up: backtest": ["rules", "backtest", "regions/example"],
}


def commands(command: click.Command, path: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    """The command and all below it."""
    yield path
    if isinstance(command, click.Group):
        context = click.Context(command)
        for name in command.list_commands(context):
            found = command.get_command(context, name)
            assert found is not None
            yield from commands(found, (*path, name))


@pytest.fixture(autouse=True)
def nothing_is_up(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(ROOT)
    monkeypatch.setenv("GRID36_HOME", str(tmp_path / "home"))


def said(capsys: pytest.CaptureFixture[str], language: Language, arguments: list[str]) -> str:
    capsys.readouterr()
    run(["--lang", language.value, *arguments])
    out, err = capsys.readouterr()
    return out + err


@pytest.mark.parametrize("path", [*commands(grid36)], ids=lambda path: " ".join(path) or "grid36")
def test_help_is_there_in_each_language(capsys: pytest.CaptureFixture[str], path: tuple[str, ...]) -> None:
    zh, en = (said(capsys, language, [*path, "--help"]) for language in Language)
    assert "用法：" in zh
    assert not_chinese(zh) is None
    assert "Usage: " in en
    assert not_english(en) is None


@pytest.mark.parametrize("arguments", WRONG.values(), ids=WRONG)
def test_wrong_use_is_told_in_one_language(capsys: pytest.CaptureFixture[str], arguments: list[str]) -> None:
    zh, en = (said(capsys, language, arguments) for language in Language)
    assert not_chinese(zh) is None
    assert any("\u4e00" <= character <= "\u9fff" for character in zh)
    assert not_english(en) is None
    assert "fault of Grid36" not in en


def errors(kind: type[Grid36Error] = Grid36Error) -> Iterator[type[Grid36Error]]:
    """Every kind of error there is, once its module is imported."""
    if kind is Grid36Error:
        for package in PACKAGES:
            for module in pkgutil.walk_packages([str(ROOT / package)], f"{package}."):
                if not module.name.endswith("__main__"):
                    importlib.import_module(module.name)
    for each in kind.__subclasses__():
        if each.__module__.split(".")[0] in PACKAGES:
            yield each
            yield from errors(each)


def test_every_error_has_a_message_in_each_language() -> None:
    """A kind without words of its own would say its docstring to a reader of Chinese."""
    kinds = {"Grid36Error"} | {kind.__name__ for kind in errors()}
    said = {language: catalogue(FILE, language).under("") for language in Language}
    for texts in said.values():
        assert {key for key in texts if not key.startswith("fact.")} == kinds
    assert [kind for kind in kinds if not_chinese(said[Language.ZH][kind])] == []
    assert [kind for kind in kinds if not_english(said[Language.EN][kind])] == []


def test_every_fact_of_an_error_has_a_name() -> None:
    names = {kind.__name__ for kind in errors()}
    calls = (
        node
        for package in PACKAGES
        for file in (ROOT / package).rglob("*.py")
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in names
    )
    given = {keyword.arg for call in calls for keyword in call.keywords if keyword.arg}
    assert given == catalogue(FILE, Language.ZH).under("fact.").keys()


def test_an_error_is_told_in_the_language_that_was_asked_for() -> None:
    class TooLong(Grid36Error):
        """It is too long."""

    assert TooLong(Name(zh="太长。", en="Too long."), most=3).say(Language.ZH) == "太长。（最多：3）"
    assert TooLong(most=3).say(Language.EN) == str(TooLong(most=3)) == "It is too long. (most: 3)"

"""Which language the command speaks."""

from pathlib import Path

import pytest

from grid36.cli import run
from grid36.cli.terminal.language import spoken
from schemas.names import Language


@pytest.mark.parametrize(
    ("environment", "language"),
    [
        ({}, None),
        ({"LANG": "zh_CN.UTF-8"}, Language.ZH),
        ({"LANG": "zh"}, Language.ZH),
        ({"LANG": "en_US.UTF-8"}, Language.EN),
        ({"LANG": "de_DE@euro"}, Language.EN),
        ({"LANG": "C.UTF-8"}, None),
        ({"LC_ALL": "POSIX", "LANG": "en_US.UTF-8"}, None),
        ({"LC_ALL": "", "LC_MESSAGES": "en_GB.UTF-8", "LANG": "zh_CN.UTF-8"}, Language.EN),
        ({"LANG": "en_US.UTF-8", "GRID36_LANG": "zh-CN"}, None),
    ],
)
def test_the_terminal_counts_where_nobody_said_it(environment: dict[str, str], language: Language | None) -> None:
    """The first of LC_ALL, LC_MESSAGES, LANG that is set; C is no language; our own setting stands above it."""
    assert spoken(environment) is language


def test_what_is_asked_for_counts_most(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: object
) -> None:
    monkeypatch.setenv("GRID36_HOME", str(tmp_path))
    monkeypatch.setenv("GRID36_LANG", "zh-CN")
    assert run(["--lang", "en", "down"]) == 0
    assert capsys.readouterr().out == "Nothing was up.\n"
    assert run(["down"]) == 0
    assert capsys.readouterr().out == "没有正在运行的系统。\n"


def test_errors_are_said_in_the_language_that_was_asked_for(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("GRID36_LANG", "zh-CN")
    (tmp_path / "something").touch()
    new = ["region", "new", str(tmp_path), "--tile", "118,24,118.02,24.02"]
    said = []
    for more in (["--lang", "en"], ["--lang", "zh-CN"], []):
        assert run([*more, *new]) == 2
        said.append(capsys.readouterr().err)
    assert said[0].startswith("grid36: The folder already holds something.")
    assert said[1] == said[2]
    assert said[1].startswith("grid36: 这个文件夹里已有内容。")

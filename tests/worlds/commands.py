"""Commands of grid36 within the process of a test."""

import json
from typing import Any

import pytest

from grid36.cli import run


def answer_of(command: str, capsys: pytest.CaptureFixture[str], *words: str, code: int = 0) -> dict[str, Any]:
    """What `grid36 COMMAND WORDS... --json` prints; it has to end with this code."""
    assert run([*command.split(), *words, "--json"]) == code
    answer: dict[str, Any] = json.loads(capsys.readouterr().out)
    return answer

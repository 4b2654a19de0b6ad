"""Asks the engine: one Java process for all files."""

import json
import subprocess
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from schemas.table import Fact

ROOT = Path(__file__).resolve().parents[3]
JARS = ROOT / ".dmn"
PATIENCE_S = 600


class DmnQuestion(NamedTuple):
    """Facts for a decision; those that are not known are None."""

    decision: str
    facts: Mapping[str, Fact | None]


class DmnAnswer(NamedTuple):
    """SUCCEEDED, FAILED or SKIPPED, the result, and what the engine says."""

    status: str
    value: Any
    said: list[str]


class DmnAnswers(NamedTuple):
    """What one file gave."""

    faults: list[str]
    """By the schema and by the engine; empty for a good file."""
    answers: list[DmnAnswer]


def ask_engine(files: Iterable[tuple[bytes, Sequence[DmnQuestion]]]) -> list[DmnAnswers]:
    """The answers for each file, in order."""
    lines = [
        json.dumps({"xml": xml.decode(), "questions": [each._asdict() for each in questions]})
        for xml, questions in files
    ]
    command = ["java", "-XX:TieredStopAtLevel=1", "-cp", f"{JARS}/*", str(Path(__file__).with_name("DmnEngine.java"))]
    done = subprocess.run(
        command, input="\n".join(lines) + "\n", capture_output=True, encoding="utf-8", timeout=PATIENCE_S, check=False
    )
    assert done.returncode == 0, done.stderr[-2000:]
    told = [json.loads(line) for line in done.stdout.splitlines()]
    return [DmnAnswers(each["faults"], [DmnAnswer(**answer) for answer in each["answers"]]) for each in told]

"""Builds a problem from its code and facts; the checks build sentences nowhere else."""

from collections.abc import Collection, Iterable
from difflib import get_close_matches
from typing import Final

from rules.check.problem import Example, Problem
from rules.check.severities import SEVERITIES
from schemas.names import Name


def problem(
    code: str,
    sheet: str,
    rows: Iterable[int] = (),
    column: str | None = None,
    example: Example = (),
    /,
    **facts: object,
) -> Problem:
    """The problem of this code; its sentence may use `column`, and a `Name` appears in each language."""
    facts = {"column": column, "near": "", **facts}
    return Problem(
        code=code,
        severity=SEVERITIES[code],
        sheet=sheet,
        text=Name.of(f"checks.{code}", **facts),
        remedy=Name.of(f"checks.{code}.remedy", **facts),
        rows=tuple(rows),
        column=column,
        example=example,
    )


def near(value: object, known: Collection[str]) -> Name | str:
    """`, such as X` with a known name similar to what was written; empty without one."""
    found = get_close_matches(str(value), known, 1) if len(known) <= _FEW else []
    return Name.of("checks.near", known=found[0]) if found else ""


_FEW: Final = 3_000  # comparing more names takes longer than a steward waits


def listed(values: Iterable[object], most: int = 10) -> str:
    """Values separated by commas, the rest as dots."""
    each = [str(value) for value in values]
    return ", ".join(each[:most]) + (" …" if len(each) > most else "")

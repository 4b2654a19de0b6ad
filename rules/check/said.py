"""From a code and its facts to a problem in words; nothing else in the checks builds sentences."""

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
    """The problem of this code; its `column` may be used in its words, a `Name` is said in each language."""
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
    """`, such as X` when a known name looks like what was written; else nothing."""
    found = get_close_matches(str(value), known, 1) if len(known) <= _FEW else []
    return Name.of("checks.near", known=found[0]) if found else ""


_FEW: Final = 3_000  # looking through more names takes longer than a steward waits


def listed(values: Iterable[object], most: int = 10) -> str:
    """Values with commas between; the rest as dots."""
    each = [str(value) for value in values]
    return ", ".join(each[:most]) + (" …" if len(each) > most else "")

"""From a code and its facts to a problem in words; nothing else in the checks builds sentences."""

from collections.abc import Collection, Iterable, Mapping
from difflib import get_close_matches
from typing import Final

from rules.check.problem import Example, Problem, Said
from rules.check.words_flight import FLIGHT
from rules.check.words_kinds import KINDS
from rules.check.words_lists import LISTS
from rules.check.words_places import PLACES
from rules.check.words_proofs import PROOFS
from rules.check.words_tables import TABLES
from schemas.names import Language, Name

SAID: Final[Mapping[str, Said]] = {**TABLES, **KINDS, **PROOFS, **LISTS, **PLACES, **FLIGHT}
"""Of every kind of problem that can be found."""


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
    severity, text_zh, text_en, remedy_zh, remedy_en = SAID[code]
    facts = {"column": column, "near": "", **facts}
    zh, en = _in(facts, Language.ZH), _in(facts, Language.EN)
    return Problem(
        code=code,
        severity=severity,
        sheet=sheet,
        text=Name(zh=text_zh.format(**zh), en=text_en.format(**en)),
        remedy=Name(zh=remedy_zh.format(**zh), en=remedy_en.format(**en)),
        rows=tuple(rows),
        column=column,
        example=example,
    )


def _in(facts: dict[str, object], language: Language) -> dict[str, object]:
    return {name: fact.to(language) if isinstance(fact, Name) else fact for name, fact in facts.items()}


def near(value: object, known: Collection[str]) -> Name | str:
    """`, such as X` when a known name looks like what was written; else nothing."""
    found = get_close_matches(str(value), known, 1) if len(known) <= _FEW else []
    return Name(zh=f"，如 {found[0]}", en=f", such as {found[0]}") if found else ""


_FEW: Final = 3_000  # looking through more names takes longer than a steward waits


def listed(values: Iterable[object], most: int = 10) -> str:
    """Values with commas between; the rest as dots."""
    each = [str(value) for value in values]
    return ", ".join(each[:most]) + (" …" if len(each) > most else "")

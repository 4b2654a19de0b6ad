"""Builds reasons: a code and its sentence in both languages. Decisions get sentences nowhere else."""

from collections.abc import Hashable, Mapping
from functools import lru_cache
from typing import Final

from rules.tables.matcher import Hit
from schemas.event import Because
from schemas.names import Language, Name
from schemas.table import Facts
from texts.catalogue import catalogue

FILE: Final = "reasons"


def because(code: str, **facts: Hashable) -> Because:
    """The reason `code` with its sentence in both languages; a `Name` among `facts` is said in each language."""
    return _because(code, **facts)


@lru_cache(4096, typed=True)  # 1, 1.0 and True are equal and not said alike
def _because(code: str, **facts: Hashable) -> Because:
    """Made once for the same facts: most reasons name one of few people, places and items."""
    return Because(code=code, zh=_said(Language.ZH, code, facts), en=_said(Language.EN, code, facts))


def _said(language: Language, code: str, facts: Mapping[str, object]) -> str:
    """The sentence of `code`; a fact that is None is left out."""
    shown = {
        name: "" if fact is None else fact.to(language) if isinstance(fact, Name) else fact
        for name, fact in facts.items()
    }
    return catalogue(FILE, language).template(code).format_map(shown).strip()


def explained(reason: Because, version: str, hit: Hit, facts: Facts) -> Because:
    """`reason` with the rule behind it: version, row, the facts matched and the rows that lost."""
    return reason.model_copy(
        update={
            "version": version,
            "row": hit.row.id if hit.row else None,
            "row_number": hit.row_number,
            "facts": dict(facts),
            "also": hit.also,
        }
    )


def ruled(reason: Because, rule: Because) -> Because:
    """`reason` with the rule behind `rule`."""
    return reason.model_copy(update={name: getattr(rule, name) for name in _OF_RULE})


_OF_RULE = ("version", "row", "row_number", "facts", "also")

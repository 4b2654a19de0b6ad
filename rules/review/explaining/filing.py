"""Explains how a report got its category: by its words, by its sender, or by a correction."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, get_args

from schemas.names import Name

How = Literal["words", "named", "default", "corrected"]

HOW_NAMES: Mapping[How, Name] = {how: Name.of(f"explain.how.{how}") for how in get_args(How)}


@dataclass(frozen=True, slots=True)
class Filed:
    """The category that the rules used, and what led to it."""

    category: str
    subcategory: str | None
    how: How | None
    """None: early releases did not record it."""
    words: tuple[str, ...] = ()
    """Words of the category and of its subcategories."""
    urgent_by: tuple[str, ...] = ()
    urgent_words: tuple[str, ...] = ()
    lost: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Other categories whose words were found, with those words."""
    doubtful_words: tuple[str, ...] = ()
    """Words of danger that were found but seem to be negated or to mean something else."""


def explain_filing(opened: Mapping[str, Any], facts: Mapping[str, Any], case: Mapping[str, Any]) -> Filed | None:
    """Explain it from the fields and facts of the first event and the present fields, in their JSON forms."""
    category, subcategory = case.get("category"), case.get("subcategory")
    if category is None:
        return None
    urgent, danger, doubtful = (
        tuple(found or ()) for found in (case.get("urgent_by"), facts.get("urgent_words"), facts.get("doubtful_words"))
    )
    if (category, subcategory) != (opened.get("category"), opened.get("subcategory")):
        return Filed(category, subcategory, "corrected", (), urgent, danger, doubtful_words=doubtful)
    words = facts.get("words")
    how: How | None = ("named" if words is None else "words" if words else "default") if "words" in facts else None
    every = dict.fromkeys((*(words or ()), *facts.get("subcategory_words", ())))
    lost = {name: tuple(words) for name, words in facts.get("words_lost", {}).items()}
    return Filed(category, subcategory, how, tuple(every), urgent, danger, lost, doubtful)

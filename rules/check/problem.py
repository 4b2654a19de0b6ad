"""A problem of a rulebook: where it is, facts that show it, and what to do about it."""

from dataclasses import dataclass
from typing import TypeAlias

from schemas.models import ChoiceEnum
from schemas.names import Language, Name
from schemas.table import Facts
from texts.catalogue import say

Example: TypeAlias = tuple[tuple[str, str | int], ...]
"""Facts that show the problem, in the order of the table's inputs."""

MOST_SHOWN = 10


class Severity(ChoiceEnum):
    """What a problem means for the rulebook."""

    ERROR = "error"  # it cannot be activated
    WARNING = "warning"  # it can be activated, but probably should not
    NOTE = "note"  # worth knowing, perhaps intended


@dataclass(frozen=True, slots=True)
class Problem:
    """One problem.

    `sheet` is the field of the rulebook (`routing`, `items`, `policy`, …) or of the region (`grids`, `segments`, …).
    `rows` count the rows of a list from 1, without a header; in the region there are none.
    """

    code: str
    severity: Severity
    sheet: str
    text: Name
    remedy: Name
    rows: tuple[int, ...] = ()
    column: str | None = None
    example: Example = ()

    @property
    def facts(self) -> Facts:
        """The example as facts."""
        return dict(self.example)

    def where(self, language: Language) -> str:
        """`routing, rows 3, 7, column hour`."""
        shown = ", ".join(map(str, self.rows[:MOST_SHOWN])) + (" …" if len(self.rows) > MOST_SHOWN else "")
        parts = [self.sheet]
        if self.rows:
            parts.append(say(language, "checks.where.rows", n=len(self.rows), rows=shown))
        if self.column:
            parts.append(say(language, "checks.where.column", column=self.column))
        return say(language, "checks.where.comma").join(parts)

    def say(self, language: Language) -> str:
        """One line for people: where, what, for which facts, and what to do."""
        given = ", ".join(f"{name}={value}" for name, value in self.example)
        shown = say(language, "checks.where.example", given=given) if given else ""
        return f"{self.where(language)}: {self.text.to(language)}{shown} → {self.remedy.to(language)}"

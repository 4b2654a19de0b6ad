"""What a bench found: rows with a target, printed as one table; a miss is shown, never hidden."""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Row:
    """One figure. `good` None: it is shown beside the others and has no target of its own."""

    what: str
    found: str
    target: str = ""
    good: bool | None = None

    @classmethod
    def at_most(cls, what: str, value: float, limit: float, unit: str, digits: int = 1) -> "Row":
        """A figure that should be small."""
        return cls(what, f"{value:,.{digits}f} {unit}".strip(), f"≤ {limit:,.{digits}f} {unit}".strip(), value <= limit)

    @classmethod
    def at_least(cls, what: str, value: float, limit: float, unit: str, digits: int = 0) -> "Row":
        """A figure that should be large."""
        return cls(what, f"{value:,.{digits}f} {unit}".strip(), f"≥ {limit:,.{digits}f} {unit}".strip(), value >= limit)

    @classmethod
    def plain(cls, what: str, value: float, unit: str, digits: int = 1) -> "Row":
        """A figure without a target."""
        return cls(what, f"{value:,.{digits}f} {unit}".strip())

    @property
    def verdict(self) -> str:
        """One word."""
        return {True: "met", False: "MISSED", None: ""}[self.good]


def markdown(rows: Iterable[Row]) -> str:
    """The table, readable as it stands and as Markdown."""
    heads = ("measured", "found", "target", "")
    cells = [heads, *((row.what, row.found, row.target, row.verdict) for row in rows)]
    wide = [max(len(row[column]) for row in cells) for column in range(4)]
    lines = ["| " + " | ".join(cell.ljust(w) for cell, w in zip(row, wide, strict=True)) + " |" for row in cells]
    lines.insert(1, "|" + "|".join("-" * (w + 2) for w in wide) + "|")
    return "\n".join(lines)

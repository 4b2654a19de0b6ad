"""Finds after-photos used for more than one case: one picture cannot prove two jobs. It is shown and blocks nothing."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from connectors.ledger.queries.cases import Ledger

SHOWN: Final = 3
"""How many earlier uses are listed; the rest are counted."""
REUSED: Final = """
SELECT number, digest, other, t_ms, uses FROM (
    SELECT mine.number AS number, mine.digest AS digest, theirs.number AS other, theirs.t_ms AS t_ms,
        COUNT(*) OVER (PARTITION BY mine.number) AS uses,
        ROW_NUMBER() OVER (PARTITION BY mine.number ORDER BY theirs.t_ms, theirs.number) AS place
    FROM proofs AS mine JOIN proofs AS theirs ON theirs.digest = mine.digest AND theirs.number <> mine.number
    WHERE mine.number IN ({marks}) AND (theirs.t_ms, theirs.number) < (mine.t_ms, mine.number)
) WHERE place <= {shown} ORDER BY number, place
"""


@dataclass(frozen=True, slots=True)
class Reuse:
    """An earlier use of a case's after-photo for another case; `first_ms` is when (ms UTC)."""

    digest: str
    case: str
    first_ms: int


@dataclass(frozen=True, slots=True)
class Reuses:
    """The first earlier uses of a case's after-photos, and how many there are in all."""

    shown: tuple[Reuse, ...]
    count: int

    @property
    def more(self) -> int:
        """How many are not listed."""
        return self.count - len(self.shown)


def reused(ledger: Ledger, numbers: Sequence[str]) -> dict[str, Reuses]:
    """The cases among these whose after-photo was used for another case earlier."""
    found: dict[str, Reuses] = {}
    query = REUSED.format(marks=", ".join("?" * len(numbers)), shown=SHOWN)
    for number, digest, other, t_ms, uses in ledger.rows(query, *numbers):
        before = found[number].shown if number in found else ()
        found[number] = Reuses((*before, Reuse(digest, other, t_ms)), uses)
    return found


def reuse_json(reuse: Reuse) -> dict[str, Any]:
    """As JSON."""
    return {"photo": reuse.digest, "case": reuse.case, "first_ms": reuse.first_ms}

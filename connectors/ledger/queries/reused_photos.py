"""Finds after-photos used for more than one case, as they were or changed a little: one picture cannot prove two jobs.

It is shown to people and blocks nothing. Which of two cases was earlier is decided by the events alone, in whichever
order the partitions were read.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from connectors.ledger.queries.cases import Ledger

SHOWN: Final = 3
"""How many earlier uses are listed; the rest are counted."""
MATCHING: Final = """
SELECT mine.number AS number, mine.digest AS digest, theirs.number AS other, theirs.t_ms AS t_ms, {alike} AS alike
FROM proofs AS mine {joined} JOIN proofs AS theirs ON {same} AND theirs.number <> mine.number
WHERE mine.number IN ({marks}) AND (theirs.t_ms, theirs.number) < (mine.t_ms, mine.number)
"""
WAYS: Final = (
    {"alike": 0, "joined": "", "same": "theirs.digest = mine.digest"},
    {"alike": 1, "joined": "", "same": "theirs.dhash = mine.dhash AND theirs.digest <> mine.digest"},
    {"alike": 1, "joined": "JOIN alike ON alike.one = mine.dhash", "same": "theirs.dhash = alike.other"},
)
"""The same photo, another one of the same hash, and one of a hash that resembles it."""
REUSED: Final = """
SELECT number, digest, other, t_ms, alike, uses, copies FROM (
    SELECT *, COUNT(*) OVER (PARTITION BY number) AS uses,
        COUNT(*) FILTER (WHERE alike = 0) OVER (PARTITION BY number) AS copies,
        ROW_NUMBER() OVER (PARTITION BY number ORDER BY t_ms, other) AS place
    FROM (
        SELECT *, ROW_NUMBER() OVER (PARTITION BY number, other ORDER BY alike, t_ms, digest) AS way FROM ({matching})
    ) WHERE way = 1
) WHERE place <= {shown} ORDER BY number, place
"""


@dataclass(frozen=True, slots=True)
class Reuse:
    """An earlier use of a case's after-photo for another case; `first_ms` is when (ms UTC).

    With `alike`, it was another file, which resembles this one.
    """

    digest: str
    case: str
    first_ms: int
    alike: bool = False


@dataclass(frozen=True, slots=True)
class Reuses:
    """The first earlier uses of a case's after-photos, and how many there are in all."""

    shown: tuple[Reuse, ...]
    count: int
    copies: bool = True
    """Whether one of them is of the very same file."""

    @property
    def more(self) -> int:
        """How many are not listed."""
        return self.count - len(self.shown)


def reused(ledger: Ledger, numbers: Sequence[str]) -> dict[str, Reuses]:
    """The cases among these whose after-photo was used for another case earlier."""
    found: dict[str, Reuses] = {}
    matching = " UNION ALL ".join(MATCHING.format(marks=", ".join("?" * len(numbers)), **way) for way in WAYS)
    query = REUSED.format(matching=matching, shown=SHOWN)
    for number, digest, other, t_ms, alike, uses, copies in ledger.rows(query, *(list(numbers) * len(WAYS))):
        before = found[number].shown if number in found else ()
        found[number] = Reuses((*before, Reuse(digest, other, t_ms, bool(alike))), uses, copies > 0)
    return found


def reuse_json(reuse: Reuse) -> dict[str, Any]:
    """As JSON."""
    same = {"photo": reuse.digest, "case": reuse.case, "first_ms": reuse.first_ms}
    return same | ({"alike": True} if reuse.alike else {})

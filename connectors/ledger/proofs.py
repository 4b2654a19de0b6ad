"""After-photos that were used for more than one case: one picture cannot prove two works. Shown, never blocking."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from connectors.ledger.read import Ledger

REUSED: Final = """
SELECT mine.number, mine.digest, theirs.number, theirs.t_ms FROM proofs AS mine
JOIN proofs AS theirs ON theirs.digest = mine.digest AND theirs.number <> mine.number
WHERE mine.number IN ({marks}) AND (theirs.t_ms, theirs.number) < (mine.t_ms, mine.number)
ORDER BY mine.number, theirs.t_ms, theirs.number
"""


@dataclass(frozen=True, slots=True)
class Reuse:
    """A case's after-photo that proved another case before; `first_ms` is when (UTC)."""

    digest: str
    case: str
    first_ms: int


def proof_rows(event: Mapping[str, Any]) -> Iterable[tuple[object, ...]]:
    """Rows of `proofs` for one event: digest, case, time. Only what an event says is proof is one."""
    number, photos = event.get("case"), event.get("now", {}).get("photos")
    return [(photo["digest"], number, event["t_ms"]) for photo in photos] if number and photos else ()


def reused(ledger: Ledger, numbers: Sequence[str]) -> dict[str, list[Reuse]]:
    """Of these cases those whose after-photo was used for another case earlier, wherever that lies."""
    found: dict[str, list[Reuse]] = {}
    query = REUSED.format(marks=", ".join("?" * len(numbers)))
    for number, digest, other, t_ms in ledger.rows(query, *numbers):
        found.setdefault(number, []).append(Reuse(digest, other, t_ms))
    return found


def reuse_json(reuse: Reuse) -> dict[str, Any]:
    """For scripts and other programs."""
    return {"photo": reuse.digest, "case": reuse.case, "first_ms": reuse.first_ms}

"""What people erased, and of which cases, in the order of the log."""

from dataclasses import dataclass, replace
from typing import Final

from pydantic_core import from_json

from connectors.ledger.queries.cases import Ledger

ERASED: Final = (
    "SELECT seq, event FROM timeline INDEXED BY timeline_erased"
    " WHERE seq > ? AND seq <= ? AND type = 'text_erased' ORDER BY seq"
)


@dataclass(frozen=True, slots=True)
class ErasedText:
    """Texts that somebody erased in one act."""

    seq: int
    """Its place in the ledger."""
    texts: tuple[str, ...]
    cases: tuple[str, ...]
    """The case, and the numbers that it had before."""
    t_ms: int
    """When it was done, or seen."""

    def seen(self, t_ms: int) -> "ErasedText":
        """The same, seen at this time."""
        return replace(self, t_ms=t_ms)


def erased_after(ledger: Ledger, after_seq: int, upto: int) -> list[ErasedText]:
    """Of the events after `after_seq` up to `upto`."""
    found: list[ErasedText] = []
    for seq, raw in ledger.rows(ERASED, after_seq, upto):
        event = from_json(raw)
        numbers = _numbers(ledger, event["case"])
        found.append(ErasedText(seq, tuple(event["facts"]["texts"]), numbers, event["t_ms"]))
    return found


def last_erased(ledger: Ledger, number: str) -> int:
    """Where in the ledger the last erasure of this case is; 0 without one."""
    sql = "SELECT max(seq) FROM timeline INDEXED BY timeline_number WHERE number = ? AND type = 'text_erased'"
    row = ledger.row(sql, number)
    return int(row[0] or 0) if row else 0


def _numbers(ledger: Ledger, number: str) -> tuple[str, ...]:
    numbers = [number]
    while (case := ledger.case(numbers[-1])) is not None and case.moved_from and case.moved_from not in numbers:
        numbers.append(case.moved_from)
    return tuple(numbers)

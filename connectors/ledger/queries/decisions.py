"""The first decision on every report, in log order, for trying other rules on past reports."""

from collections.abc import Callable, Iterator
from typing import Any, Final, NamedTuple

from pydantic_core import from_json

from connectors.ledger.fold import Doc, fold
from connectors.ledger.queries.cases import Ledger
from schemas.event import EventType

BATCH: Final = 5000
DECIDED: Final = frozenset({EventType.DISPATCHED, EventType.REFUSED, EventType.OFFERED, EventType.ADMISSION_REQUESTED})
ENDED: Final = frozenset({EventType.MERGED, EventType.MOVED, EventType.CLOSED})
"""How a report can end without a routing decision."""
_ENDS: Final = (
    "SELECT number, resolved_ms, on_time, due_ms, CASE WHEN open = 1 AND dispatched_ms IS NOT NULL AND master IS NULL"
    " AND state <> 'resolved' THEN CASE WHEN suspended_ms < ?1 THEN suspended_ms ELSE ?1 END END FROM cases"
)


class FirstDecision(NamedTuple):
    """A case after its first decision, the event of that decision, and the current results of the case.

    `renamed`: a person chose another category while it waited.
    """

    doc: Doc
    opened: dict[str, Any]
    event: dict[str, Any]
    renamed: bool
    resolved_ms: int | None
    on_time: bool | None
    due_ms: int | None
    open_ms: int | None
    """For an open case: the time up to which its resolution clock has run, in the log's time."""


def first_decisions(
    ledger: Ledger,
    progress: Callable[[int, int], None] = lambda _done, _all: None,
    count: Callable[[dict[str, Any]], None] = lambda _event: None,
) -> Iterator[FirstDecision]:
    """All first decisions; `progress` gets the events read and the total, `count` each event that opens a case."""
    ends = {row[0]: row[1:] for row in ledger.rows(_ENDS, ledger.last_ms())}
    waiting: dict[str, tuple[Doc, dict[str, Any], bool]] = {}
    last, newest = 0, ledger.last_seq()
    while rows := ledger.rows(
        "SELECT seq, number, event FROM timeline WHERE seq > ? ORDER BY seq LIMIT ?", last, BATCH
    ):
        for _, number, raw in rows:
            if number is None:
                continue
            event = from_json(raw)
            kind = event["type"]
            if kind == EventType.OPENED:
                waiting[number] = fold(None, event), event, False
                count(event)
            elif number in waiting:
                doc, opened, renamed = waiting[number]
                doc, renamed = fold(doc, event), renamed or _renames(event)
                waiting[number] = doc, opened, renamed
                if kind in DECIDED:
                    resolved_ms, on_time, due_ms, open_ms = ends.get(number, (None, None, None, None))
                    in_time = None if on_time is None else bool(on_time)
                    yield FirstDecision(doc, opened, event, renamed, resolved_ms, in_time, due_ms, open_ms)
                if kind in DECIDED or kind in ENDED:
                    del waiting[number]
        last = rows[-1][0]
        progress(last, newest)


def _renames(event: dict[str, Any]) -> bool:
    named = event["type"] == EventType.CORRECTED and event["by"] != "system"
    return named and not {"category", "subcategory"}.isdisjoint(event["now"])


def words_of(ledger: Ledger, doc: Doc) -> str | None:
    """All texts of a case, joined as the rules read them; None when some were erased."""
    found = list[str]()
    for ref in doc.get("texts", ()):
        rows = ledger.rows("SELECT written FROM texts WHERE id = ?", ref["id"])
        if not rows:
            return None
        found.append(str(from_json(rows[0][0]).get("text", "")))
    return "\n".join(filter(None, found))

"""Calls to departments 吹哨、报到 as rows, one for each department that was called for a case. Pure."""

from collections.abc import Mapping
from typing import Any, Final

from pydantic_core import to_json

from connectors.ledger.fold import kind_of, storable
from schemas.case import State
from schemas.command import Outcome
from schemas.joint import ASSISTS, ReportInStep

RATED: Final = ("cooperation", "professionalism", "responsibility")
_OF_CASE: Final = ("grid", "segment", "category", "kind")
"""What figures group calls by, of their case as it is now."""
_NUMBERS: Final = (
    "released",
    *(f"{step}_{what}" for step in ReportInStep for what in ("due", "done", "missed")), "rate_until_ms", *RATED,
)  # fmt: skip
CALL_COLUMNS: Final = ("id", "n", "called_ms", "cause", "code", "name", *_OF_CASE, *_NUMBERS)
"""`id` is that of the case, `n` the place of the call in it; times are ms UTC, `released` and `_missed` 0 or 1."""
TABLES: Final = f"""
CREATE TABLE calls (
    id INTEGER NOT NULL,
    n INTEGER NOT NULL,
    called_ms INTEGER NOT NULL,
    cause TEXT NOT NULL,
    code TEXT NOT NULL,
    name TEXT NOT NULL,
    grid TEXT,
    segment TEXT,
    category TEXT NOT NULL,
    kind TEXT NOT NULL,
    released INTEGER NOT NULL,
    {" ".join(f"{name} INTEGER," for name in _NUMBERS[1:])}
    PRIMARY KEY (id, n)
) WITHOUT ROWID;
CREATE INDEX calls_made ON calls (called_ms);
"""


def call_rows(id: int, doc: dict[str, Any]) -> list[tuple[object, ...]]:
    """The calls for a case (plain JSON); none for what moved to another home, where they go on."""
    if not doc.get("assists") or doc["state"] == State.MOVED:
        return []
    rows, place, free = list[tuple[object, ...]](), doc.get("place") or {}, released(doc)
    of_case = (place.get("grid"), place.get("segment"), storable(doc.get("category", "")), kind_of(doc))
    for n, call in enumerate(ASSISTS.validate_json(to_json(doc["assists"]))):
        steps = (
            value for step in ReportInStep for value in (call.due.get(step), call.done.get(step), step in call.missed)
        )
        scores = (None,) * len(RATED) if call.scores is None else (getattr(call.scores, name) for name in RATED)
        of, name, cause = call.department, storable(call.department.name), str(call.cause)
        rows.append((id, n, call.called_ms, cause, of.code, name, *of_case, free, *steps, call.rate_until_ms, *scores))
    return rows


def released(doc: Mapping[str, Any]) -> bool:
    """True if the case leaves nothing for a department to come for."""
    ended = doc["state"] in {State.REFUSED, State.MERGED} or doc.get("master") is not None
    return ended or doc.get("outcome") == Outcome.WITHDRAWN


def was_due(step: ReportInStep, at_ms: str) -> str:
    """Whether a step was due, as a condition on a row: it was done or missed, or its limit had passed at `at_ms`."""
    over = f"({step}_due < {at_ms} AND released = 0)"
    return f"{step}_due IS NOT NULL AND ({step}_done IS NOT NULL OR {step}_missed = 1 OR {over})"


def was_in_time(step: ReportInStep) -> str:
    """Whether a step was done in time, as a condition on a row."""
    return f"{step}_due IS NOT NULL AND {step}_done <= {step}_due"

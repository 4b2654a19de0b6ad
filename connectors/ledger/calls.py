"""Calls to departments 吹哨、报到 as rows, one for each department that was called for a case. Pure."""

from collections.abc import Mapping
from typing import Any, Final

from pydantic_core import to_json

from schemas.case import State
from schemas.command import Outcome
from schemas.joint import ASSISTS, ReportInStep

RATED: Final = ("cooperation", "professionalism", "responsibility")
CALL_COLUMNS: Final = (
    "id", "n", "called_ms", "cause", "code", "name", "grid", "released",
    *(f"{step}_{what}" for step in ReportInStep for what in ("due", "done", "missed")), "rate_until_ms", *RATED,
)  # fmt: skip
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
    released INTEGER NOT NULL,
    {" ".join(f"{name} INTEGER," for name in CALL_COLUMNS[8:])}
    PRIMARY KEY (id, n)
) WITHOUT ROWID;
CREATE INDEX calls_made ON calls (called_ms);
"""


def call_rows(id: int, doc: Mapping[str, Any]) -> list[tuple[object, ...]]:
    """The calls for a case (plain JSON); none for what moved to another home, where they go on."""
    if not doc.get("assists") or doc["state"] == State.MOVED:
        return []
    rows, grid, free = list[tuple[object, ...]](), (doc.get("place") or {}).get("grid"), released(doc)
    for n, call in enumerate(ASSISTS.validate_json(to_json(doc["assists"]))):
        steps = (
            value for step in ReportInStep for value in (call.due.get(step), call.done.get(step), step in call.missed)
        )
        scores = (None,) * len(RATED) if call.scores is None else (getattr(call.scores, name) for name in RATED)
        of, cause = call.department, str(call.cause)
        rows.append((id, n, call.called_ms, cause, of.code, of.name, grid, free, *steps, call.rate_until_ms, *scores))
    return rows


def released(doc: Mapping[str, Any]) -> bool:
    """True if the case leaves nothing for a department to come for."""
    ended = doc["state"] in {State.REFUSED, State.MERGED} or doc.get("master") is not None
    return ended or doc.get("outcome") == Outcome.WITHDRAWN

"""The durable log of the lists page: who did what to which draft or activation, when, and why."""

import sqlite3
from typing import Final, NamedTuple

from schemas.models import ChoiceEnum

SHOWN: Final = 50
SYSTEM: Final = "system"
"""Who does what follows from an approval."""


class ListStep(ChoiceEnum):
    """What somebody did, or what the system did after them."""

    UPLOADED = "uploaded"
    EDITED = "edited"
    ERASED = "erased"
    PROPOSED = "proposed"
    PROPOSED_BACK = "proposed_back"
    APPROVED = "approved"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"
    SWITCHED = "switched"
    FAILED = "failed"
    CHANGED = "changed"
    """An approved change of a case is on the log."""
    STUCK = "stuck"
    """An approved change of a case cannot come into force as things are."""


class ListStepTaken(NamedTuple):
    """One line of the log; the time in ms UTC."""

    at_ms: int
    by: str
    step: ListStep
    about: str
    why: str


def note_step(db: sqlite3.Connection, at_ms: int, by: str, step: ListStep, about: str, why: str = "") -> None:
    """Write it down, in the transaction that does it."""
    row = at_ms, by, step.value, about, why
    db.execute("INSERT INTO steps (at_ms, by, what, about, why) VALUES (?, ?, ?, ?, ?)", row)


def last_steps(db: sqlite3.Connection, about: str | None = None) -> list[ListStepTaken]:
    """The newest first, all or those about one thing."""
    where, values = ("", ()) if about is None else ("WHERE about = ? ", (about,))
    query = f"SELECT at_ms, by, what, about, why FROM steps {where}ORDER BY n DESC LIMIT {SHOWN}"  # noqa: S608  # ours
    return [ListStepTaken(at, by, ListStep(what), about, why) for at, by, what, about, why in db.execute(query, values)]

"""Words that were erased are taken out of what waits for subscribers. To run inside a transaction."""

import sqlite3
from collections.abc import Collection
from typing import Any, Final

from pydantic_core import from_json, to_json

ERASED: Final = b'"text_erased"'
"""In the bytes of an order that names what changed."""
_TABLES: Final = (("documents", "seq"), ("dead_letters", "n"))


def strip_words(db: sqlite3.Connection, subject: str, left: Collection[str]) -> int:
    """Of a case, leave only the texts of these ids in what waits and in dead letters; how many documents changed."""
    changed = 0
    for table, key in _TABLES:
        sql = f"SELECT {key}, body FROM {table} WHERE subject = ?"  # noqa: S608  # our own names
        for row, body in db.execute(sql, (subject,)).fetchall():
            new = _stripped(from_json(body), left)
            if new is not None:
                db.execute(f"UPDATE {table} SET body = ? WHERE {key} = ?", (to_json(new), row))  # noqa: S608
                changed += 1
    return changed


def _stripped(event: dict[str, Any], left: Collection[str]) -> dict[str, Any] | None:
    """None where nothing is to be taken out."""
    written = event.get("data", {}).get("written", [])
    kept = [each for each in written if each["id"] in left]
    if len(kept) == len(written):
        return None
    return event | {"data": event["data"] | {"written": kept}}

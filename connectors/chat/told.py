"""Who was told of a case by which chat door and when, as far as the doors' files know.

A file knows its messages for a while (`keep_days`) and keeps no words of what was sent. It does not know whether
somebody read a message, and a digest of several cases belongs to none of them.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Final, Literal, NamedTuple

from connectors.chat.runtime.storage.store import FILE
from connectors.outbox.group_commit import open_to_read

MessageState = Literal["sent", "waiting", "held", "parked", "postponed"]
"""The platform took it; it is on its way; nobody can be reached there; it cannot be sent; it waits for the morning."""
_MESSAGES: Final = "SELECT sender, state, t_ms FROM outgoing WHERE number = ? AND number != ''"
_POSTPONED: Final = "SELECT sender, 'postponed', due_ms FROM postponed WHERE json_extract(waiting, '$.reply.case') = ?"


class ToldMessage(NamedTuple):
    """One message about a case. `sender` is the platform's id of the account, which never leaves the gateway."""

    door: str
    sender: str
    state: MessageState
    t_ms: int
    """When it was sent, or stored; of a postponed one, when it will be."""


def told(doors: Path, number: str) -> list[ToldMessage]:
    """Messages about a case at all chat doors, oldest first. `doors` holds the folders of the doors."""
    return sorted(_told(doors, number), key=lambda each: each.t_ms)


def _told(doors: Path, number: str) -> Iterator[ToldMessage]:
    for file in sorted(doors.glob(f"*/{FILE}")):
        with closing(open_to_read(file)) as db:
            for query in (_MESSAGES, _POSTPONED):
                try:
                    rows = db.execute(query, (number,)).fetchall()
                except sqlite3.OperationalError:  # of an earlier release, and not opened since
                    continue
                yield from (ToldMessage(file.parent.name, *row) for row in rows)

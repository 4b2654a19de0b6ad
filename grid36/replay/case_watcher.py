"""What the ledger shows of a replay through `reports`: which reports are cases, which follow-ups were answered."""

import sqlite3
from typing import Final

from connectors.ledger.address import LedgerAddress
from connectors.ledger.queries.cases import EpochChanged, Ledger
from schemas.case import State
from schemas.errors import ServiceAway
from schemas.event import EventType

MOST: Final = 4000


class Watch:
    """Follows the ledger's changes. A rebuilt ledger is read from its beginning; one that is away shows nothing new."""

    def __init__(self, ledger: LedgerAddress) -> None:
        self._ledger = Ledger(ledger)
        self._forget()

    def _forget(self, epoch: str | None = None) -> None:
        self._epoch, self._seq = epoch, 0
        self.numbers: dict[str, str] = {}
        """Case number by report id."""
        self.states: dict[str, State] = {}
        """State by report id, as of the last change read."""
        self.answered: set[str] = set()
        """Ids of commands that gave an event of any kind."""
        self.refused: set[str] = set()
        """Those of them that were refused or parked."""

    def read(self) -> int:
        """Take in the next changes; how many there were. Blocks: call it in a thread."""
        try:
            if self._epoch is None:
                self._epoch = self._ledger.epoch()
            changes = self._ledger.changes(self._seq, MOST, epoch=self._epoch)
        except EpochChanged:
            self._forget()
            return 0
        except (ServiceAway, sqlite3.Error):
            return 0
        for change in changes:
            self.answered.add(change.event.command)
            if change.event.type in {EventType.ACTION_REFUSED, EventType.COMMAND_PARKED}:
                self.refused.add(change.event.command)
            if change.case is not None and change.case.state is not State.MOVED:
                self.numbers[change.case.report] = change.case.number
                self.states[change.case.report] = change.case.state
        if changes:
            self._seq = changes[-1].seq
        return len(changes)

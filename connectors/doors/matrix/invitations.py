"""Accepts invitations, each as often as it takes; what a far server keeps waiting holds up nothing else."""

import asyncio
import logging
from contextlib import suppress
from typing import Final

from connectors.doors.matrix.client import V3, MatrixClient, MatrixError, part_of_path
from connectors.doors.matrix.store import Invite, MatrixStore

LOOK_S: Final = 30.0
AT_ONCE: Final = 20
"""Invitations that are answered side by side; anybody may send any number."""
FIRST_PAUSE_S: Final = 2.0
MOST_TRIES: Final = 16
"""With pauses that double: about two days."""
log = logging.getLogger(__name__)


class InvitationQueue:
    """Works off the invitations in the store."""

    def __init__(self, client: MatrixClient, store: MatrixStore) -> None:
        self._client = client
        self._store = store
        self._news = asyncio.Event()

    def wake(self) -> None:
        """There are new ones."""
        self._news.set()

    async def run(self) -> None:
        """Until cancelled."""
        while True:
            self._news.clear()
            due = await self._store.invites(AT_ONCE)
            await asyncio.gather(*map(self._accept, due))
            if len(due) == AT_ONCE:
                continue
            with suppress(TimeoutError):
                await asyncio.wait_for(self._news.wait(), LOOK_S)

    async def _accept(self, invite: Invite) -> None:
        room = part_of_path(invite.room)
        try:
            await self._client.call("POST", f"{V3}/join/{room}", {}, wait_s=LOOK_S)
        except MatrixError as fault:
            if (fault.passes or fault.token_refused) and invite.tries < MOST_TRIES:
                await self._later(invite, fault)
                return
            log.warning("an invitation on Matrix cannot be accepted: %s", fault)
            await self._decline(room)
        await self._store.answered(invite)

    async def _later(self, invite: Invite, fault: MatrixError) -> None:
        pause_s = max(FIRST_PAUSE_S * 2**invite.tries, fault.after_s or 0.0)
        await self._store.put_off(invite, pause_s)
        if pause_s < LOOK_S:
            asyncio.get_running_loop().call_later(pause_s, self.wake)

    async def _decline(self, room: str) -> None:
        try:
            await self._client.call("POST", f"{V3}/rooms/{room}/leave", {})
        except MatrixError as fault:
            log.info("nor declined: %s", fault)

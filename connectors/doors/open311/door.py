"""The door: a hook for other systems, until cancelled. Clients ask what became of their requests; nothing is sent."""

import asyncio
from datetime import UTC, datetime

from connectors.doors.contract import Accept, Capabilities, DoorSetup, Replies
from connectors.doors.open311.hook import Open311Hook
from connectors.doors.open311.options import Open311Options


class Open311Door:
    """A `Door`."""

    capabilities = Capabilities(photos=True, positions=True, replies=False)

    def __init__(self, setup: DoorSetup, options: Open311Options) -> None:
        self._setup, self._options = setup, options
        self.log_names = (setup.name,)

    async def run(self, accept: Accept, replies: Replies | None) -> None:
        """Answer until cancelled."""
        setup = self._setup
        since = datetime.fromtimestamp(setup.gateway.clock() / 1000, UTC).isoformat(timespec="seconds")
        setup.hooks[setup.name] = Open311Hook(setup.name, self._options, setup.gateway, accept, since).handle
        try:
            await asyncio.Event().wait()
        finally:
            setup.hooks.pop(setup.name, None)

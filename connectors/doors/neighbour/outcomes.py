"""The way back: what became of a neighbour's request here is posted to their server as an update, once."""

import asyncio
import logging
from collections.abc import Mapping
from datetime import UTC, datetime
from hashlib import sha256
from typing import Final

from connectors.chat.runtime.backoff import Backoff
from connectors.doors.contract import Replies
from connectors.doors.neighbour.client import NeighbourClient
from connectors.doors.neighbour.errors import NeighbourAwayError
from connectors.doors.neighbour.imports import Imports
from connectors.intake.context import Gateway
from connectors.replies.reply import Reply
from schemas.case import State
from schemas.event import EventType
from texts.catalogue import say

ENDS: Final = frozenset({EventType.CLOSED, EventType.REFUSED, EventType.REOPENED})
"""What a neighbour is told: an end, and that it was none."""

log = logging.getLogger(__name__)


class NeighbourOutcomes:
    """Each reply is posted under an id of its own, and remembered when the server answered."""

    def __init__(self, client: NeighbourClient, imports: Imports, gateway: Gateway, pauses: Backoff) -> None:
        self._client, self._imports, self._gateway, self._pauses = client, imports, gateway, pauses

    async def run(self, replies: Replies) -> None:
        """Until cancelled; what they do not accept is written down with its reason, and holds nothing up."""
        async for reply in replies:
            await self._post(reply)
            await replies.sent(reply)

    async def _post(self, reply: Reply) -> None:
        update = f"u-{sha256(reply.id.encode()).hexdigest()[:32]}"
        theirs = await self._imports.theirs(reply.recipient.report)
        if reply.event.type not in ENDS or theirs is None or await self._imports.was_posted(update):
            return
        why = await self._answered(self._fields(reply, update, theirs))
        if why:
            log.warning("update %s of request %s is refused by the neighbour: %s", update, theirs, why)
        await self._imports.posted(update, theirs, why)

    async def _answered(self, fields: Mapping[str, str]) -> str:
        """Why it is refused; empty if it is not."""
        while True:
            try:
                why = await self._client.post_update(fields)
            except NeighbourAwayError as fault:
                log.warning("an update for the neighbour waits: %s", fault)
                await asyncio.sleep(self._pauses.next_s())
            else:
                self._pauses.over()
                return why

    def _fields(self, reply: Reply, update: str, theirs: str) -> dict[str, str]:
        event, language = reply.event, self._gateway.language
        again = event.type is EventType.REOPENED
        state = State(event.now.get("state", State.CLOSED))
        said = say(language, f"pages.state.{state}")
        if outcome := event.now.get("outcome"):
            said = say(language, "open311.ended", state=said, outcome=say(language, f"pages.outcome.{outcome}"))
        return {
            "update_id": update,
            "service_request_id": theirs,
            "service_request_id_ext": reply.case,
            "status": "OPEN" if again else "CLOSED",
            "updated_datetime": datetime.fromtimestamp(event.t_ms / 1000, UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
            "description": said,
        }

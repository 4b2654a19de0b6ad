"""The way out: each chat's messages in order, as fast as the platform allows, until it has them or never will."""

import asyncio
import logging
from typing import Final

from connectors.chat.platform import TryLater, Unreachable, Unsendable
from connectors.chat.runtime.backoff import Backoff
from connectors.chat.runtime.context import ChatContext
from connectors.chat.runtime.lanes import AGAIN
from connectors.chat.runtime.rate_limit import RateLimit
from connectors.chat.runtime.side_by_side import where
from connectors.chat.runtime.signing_in import with_link
from connectors.chat.runtime.storage.outgoing import Allowance, OutgoingRow
from schemas.errors import Retry, Stop

MOST_FAULTS: Final = 5
"""How often a message is tried on which the platform's code fails, before it is parked."""
GRACE_S: Final = 2.0
"""How long a gateway that stops waits for messages on their way."""
HOUR_MS: Final = 3_600_000

log = logging.getLogger(__name__)


class Sending:
    """Sends what is stored. `step` is what `Lanes` call for a chat.

    A message is marked as sent after the platform has it: after a crash it is sent again under the same id.
    """

    def __init__(self, chat: ChatContext) -> None:
        self._chat = chat
        self._limit = RateLimit(chat.platform.features)
        self._pauses: dict[str, Backoff] = {}
        self._faults: dict[int, int] = {}
        self._on_their_way: set[asyncio.Task[float | None]] = set()

    async def step(self, place: str) -> float | None:
        """Send the next message to a chat. Seconds until there may be another, None when there is none.

        Raises what the platform raises as a `Stop`.
        """
        wait_s = self._limit.wait_s(place)
        if wait_s > 0:
            return wait_s
        found = await self._chat.store.next_outgoing(place)
        if found is None:
            return None
        row, allowance = found
        if not self._may(allowance):
            log.info("the door %s may not write to somebody before they write again", self._chat.name)
            held = await self._chat.store.hold(place, self._chat.gateway.clock())
            return None if held else AGAIN
        await self._limit.turn(place)
        send = asyncio.create_task(self._send(row, place))
        self._on_their_way.add(send)
        send.add_done_callback(self._on_their_way.discard)
        return await asyncio.shield(send)

    async def close(self) -> None:
        """Let what is on its way arrive, for a while: else it would be sent again."""
        if self._on_their_way:
            _, late = await asyncio.wait(self._on_their_way, timeout=GRACE_S)
            for send in late:
                send.cancel()
            await asyncio.gather(*late, return_exceptions=True)

    async def _send(self, row: OutgoingRow, place: str) -> float | None:
        chat, clock = self._chat, self._chat.gateway.clock
        began_ms = clock()
        try:
            found = [await chat.gateway.photos.find(digest) for digest in row.message.photos]
            message = await with_link(chat, row)
            platform_id = await chat.platform.send(message, [photo for photo in found if photo is not None])
        except TryLater as later:
            return self._later(place, later.after_s)
        except Unreachable:
            return await self._unreachable(row, place, began_ms)
        except Unsendable as fault:
            log.warning("message %s cannot be sent by the door %s and is parked: %s", row.message.id, chat.name, fault)
            await chat.store.park_outgoing(row, str(fault), clock())
            return AGAIN
        except Stop:
            raise
        except Retry as fault:
            log.warning("message %s at the door %s waits: %s", row.message.id, chat.name, fault)
            return self._later(place, None)
        except Exception as fault:  # noqa: BLE001 - whatever it is, other chats go on
            return await self._failed(row, place, fault)
        sent_ms = clock()
        await chat.store.sent(row, platform_id, sent_ms, chat.occasion(sent_ms))
        self._went(row, place)
        return AGAIN

    async def _unreachable(self, row: OutgoingRow, place: str, t_ms: int) -> float | None:
        chat = self._chat
        log.info("somebody cannot be reached by the door %s until they write again", chat.name)
        contacts = chat.gateway.contacts
        contact = await contacts.find(chat.name, row.sender)
        alone = contact is not None and contact.chat == place  # from a group, we may have been sent away
        if alone:
            await contacts.left(chat.name, row.sender, t_ms)
        if await chat.store.hold(place, t_ms):
            return None
        if alone:  # they wrote meanwhile, maybe before it was said that they left
            await contacts.heard(chat.name, row.sender, t_ms=chat.gateway.clock(), chat=place)
        return AGAIN

    def _may(self, allowance: Allowance) -> bool:
        """Whether the platform lets us write to this chat now."""
        features = self._chat.platform.features
        if features.most_unasked is not None and allowance.sent >= features.most_unasked:
            return False
        within_h, now = features.unasked_within_h, self._chat.gateway.clock()
        return within_h is None or now - allowance.heard_ms < within_h * HOUR_MS

    def _later(self, place: str, after_s: float | None) -> float:
        self._limit.refused(place, after_s)
        pause_s = self._pauses.setdefault(place, Backoff()).next_s()
        return pause_s if after_s is None else after_s

    async def _failed(self, row: OutgoingRow, place: str, fault: Exception) -> float:
        faults = self._faults[row.seq] = self._faults.get(row.seq, 0) + 1
        log.error("sending %s by the door %s failed: %s", row.message.id, self._chat.name, where(fault))
        if faults < MOST_FAULTS:
            return self._later(place, None)
        del self._faults[row.seq]
        await self._chat.store.park_outgoing(row, where(fault), self._chat.gateway.clock())
        return AGAIN

    def _went(self, row: OutgoingRow, place: str) -> None:
        self._limit.went()
        self._pauses.pop(place, None)
        self._faults.pop(row.seq, None)

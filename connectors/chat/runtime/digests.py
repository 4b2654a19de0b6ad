"""What waited comes when its time has come: for each person in one transaction, which also removes what waited."""

import logging
from collections.abc import Callable, Sequence
from hashlib import sha256
from typing import Final

from connectors.chat.conversation.digest import Morning, PostponedReply, current
from connectors.chat.runtime.backoff import Backoff
from connectors.chat.runtime.context import ChatContext
from connectors.chat.runtime.side_by_side import where
from connectors.chat.runtime.storage.burden import DIGESTED, DROPPED
from connectors.chat.runtime.storage.conversations import StoredConversation
from connectors.chat.runtime.storage.store import Told
from connectors.chat.runtime.turns import Turns
from schemas.errors import Retry
from schemas.names import Language

MOST_TRIES: Final = 5
"""How often it is tried when our code fails, before what waited is dropped."""

log = logging.getLogger(__name__)


def counted(mornings: Sequence[Morning], called: Sequence[str]) -> dict[str, int]:
    """How many of those that waited became lines of a digest, and how many were over."""
    left = current(mornings, called)
    gathered = sum(not each.is_work for each in left)
    return {DIGESTED: gathered if gathered > 1 else 0, DROPPED: len(mornings) - len(left)}


class Digests:
    """Tells people what waited. `step` is what `Lanes` call for a sender whose time has come."""

    def __init__(self, chat: ChatContext, turns: Turns, said: Callable[[str], None]) -> None:
        """`said` is called with a chat for which there is something to send."""
        self._chat, self._turns, self._said = chat, turns, said
        self._pauses: dict[str, Backoff] = {}

    async def step(self, sender: str) -> float | None:
        """Tell one person. Seconds until to try again, None when it is done."""
        try:
            async with self._turns.alone(sender):
                await self._tell(sender)
        except Retry:
            return self._pauses.setdefault(sender, Backoff()).next_s()
        except Exception as fault:  # noqa: BLE001 - what we cannot say may not hold up what follows
            return await self._failed(sender, fault)
        self._pauses.pop(sender, None)
        return None

    async def _failed(self, sender: str, fault: Exception) -> float | None:
        pauses = self._pauses.setdefault(sender, Backoff())
        log.error("what waited cannot be told at the door %s: %s", self._chat.name, where(fault))
        if pauses.tries < MOST_TRIES:
            return pauses.next_s()
        postponed = await self._chat.store.postponed(sender, self._chat.gateway.clock())
        if postponed is not None:
            await self._chat.store.drop_postponed(sender, postponed.upto)
        del self._pauses[sender]
        return None

    async def _tell(self, sender: str) -> None:
        chat, now_ms = self._chat, self._chat.gateway.clock()
        postponed = await chat.store.postponed(sender, now_ms)
        if postponed is None:
            return
        contact = await chat.gateway.contacts.find(chat.name, sender)
        before = await chat.store.conversation(sender)
        place = before.chat if contact is None else contact.chat or before.chat
        if contact is None or not place:  # forgotten
            await chat.store.drop_postponed(sender, postponed.upto)
            return
        knowledge = chat.insight.who(contact)
        mornings = [await self._now(each, knowledge.language) for each in postponed.waiting]
        source = sha256("\0".join(each.reply.id for each in postponed.waiting).encode()).hexdigest()
        turn = chat.engine.digest(before.state, mornings, knowledge, source)
        says = chat.messages(turn.say, source, place, knowledge.language)
        after = StoredConversation(sender, contact.person, before.chat or place, turn.state, before.wake_ms)
        held = bool(contact.chat) and not contact.reachable
        told = Told(postponed.upto, counted(mornings, knowledge.called), chat.occasion(now_ms))
        await chat.store.add_digest(after, says, now_ms, told, held=held)
        if says and not held:
            self._said(place)

    async def _now(self, waiting: PostponedReply, language: Language) -> Morning:
        return Morning(waiting, await self._chat.insight.view_now(waiting.reply, language))

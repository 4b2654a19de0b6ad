"""The way in: a turn of the conversation for each message, for each person in order, for many people side by side."""

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from typing import Final, Literal
from weakref import WeakValueDictionary

from connectors.chat.conversation.engine import invitation
from connectors.chat.conversation.turn import Heard, Knowledge, Say, Turn
from connectors.chat.messages import Incoming, LeftChat
from connectors.chat.platform import SendsInParts
from connectors.chat.runtime import decided
from connectors.chat.runtime.backoff import Backoff
from connectors.chat.runtime.context import ChatContext
from connectors.chat.runtime.fetching import Fetching
from connectors.chat.runtime.lanes import AGAIN
from connectors.chat.runtime.side_by_side import where
from connectors.chat.runtime.storage.conversations import StoredConversation
from connectors.chat.runtime.storage.inbox import InboxRow, key_of
from connectors.chat.runtime.traced import made, submission_id
from connectors.contacts.contact import Binding, Contact
from connectors.intake.accept import Accept
from connectors.intake.refusal import Refused
from schemas.errors import Retry
from schemas.names import Language
from texts.catalogue import say

MOST_TRIES: Final = 3
"""How often a message is tried that we fail on, before it is parked."""
SERVER_FAULT: Final = 500
"""A refusal from this status on is not for the person: the same is accepted later."""

Invited = Literal["", "bound", "team", "unknown"]
"""What became of an invitation; "" where there was none."""

log = logging.getLogger(__name__)


class Turns:
    """Takes the turns of a door. `step` is what `Lanes` call for a sender."""

    def __init__(self, chat: ChatContext, accept: Accept, fetching: Fetching, said: Callable[[str], None]) -> None:
        """`said` is called with a chat for which there is something to send."""
        self._chat, self._accept, self._fetching, self._said = chat, accept, fetching, said
        self._alone: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()
        self._pauses: dict[str, Backoff] = {}
        self._tries: dict[int, int] = {}
        self.changed = asyncio.Event()
        """Set when a conversation may want to be woken earlier."""

    def alone(self, sender: str) -> asyncio.Lock:
        """Held while the conversation of this person changes."""
        lock = self._alone.get(sender)
        if lock is None:
            lock = self._alone[sender] = asyncio.Lock()
        return lock

    async def step(self, sender: str) -> float | None:
        """Take the next turn of a person. Seconds until there may be another, None when there is none."""
        row = await self._chat.store.next_turn(sender)
        if row is None:
            self._pauses.pop(sender, None)
            return None
        if self._fetching.waits(row):
            return None
        try:
            await self._turn(row)
        except Retry as fault:
            log.warning("a message at the door %s waits: %s", self._chat.name, fault)
        except Exception as fault:  # noqa: BLE001 - a message that we fail on may not hold up those behind it
            await self._failed(row, fault)
        else:
            self._tries.pop(row.seq, None)
            self._pauses.pop(sender, None)
            return AGAIN
        return self._pauses.setdefault(sender, Backoff()).next_s()

    async def _turn(self, row: InboxRow) -> None:
        async with self.alone(row.sender):
            before = await self._chat.store.conversation(row.sender)
            contact, invited = await self._who(row, row.incoming)
            if contact is None:  # forgotten meanwhile
                await self._chat.store.drop_turn(row, self._chat.gateway.clock())
            else:
                await self._answer(_Input(row, before, contact, invited))

    async def _who(self, row: InboxRow, incoming: Incoming | None) -> tuple[Contact | None, Invited]:
        """Who it is, and what became of an invitation."""
        book, door = self._chat.gateway.contacts, self._chat.name
        if incoming is None:
            return await book.find(door, row.sender), ""
        if isinstance(incoming.content, LeftChat):
            await book.left(door, row.sender, row.t_ms)
            await self._chat.store.hold(incoming.chat, row.t_ms)
            return await book.find(door, row.sender), ""
        chat = "" if incoming.group else incoming.chat
        contact = await book.heard(door, row.sender, t_ms=row.t_ms, chat=chat, language=incoming.language)
        token = invitation(incoming)
        if not token:
            return contact, ""
        bound = await book.bind(door, row.sender, token, row.t_ms)
        became: dict[Binding, Invited] = {Binding.BOUND: "bound", Binding.JOINED: "team"}
        return bound.contact, became.get(bound.binding, "unknown")

    async def _answer(self, heard: "_Input") -> None:
        """All that follows, in the order that never changes."""
        chat, row, before, place = self._chat, heard.row, heard.before, heard.place
        quoted = await self._quoted(place, heard.incoming.quotes) if heard.incoming is not None else ""
        knowledge = await chat.insight.about(heard.contact, heard.incoming, quoted)
        source = f"{chat.name}-{row.key[:24]}"
        turn = self._follows(heard, source, knowledge)
        if turn.submit and row.decided is None:
            signed = [await chat.insight.signed(heard.contact, each) for each in turn.submit]
            turn = replace(turn, submit=tuple(signed))
            await chat.store.decide(row, decided.to_json(turn))
        refusal = await self._submit(turn, source)
        if refusal is not None:
            turn = chat.engine.refused(before.state, reason(refusal, knowledge.language), knowledge, source)
        spoken = turn.state.language
        if spoken is not None and spoken is not before.state.language:
            await chat.gateway.contacts.choose_language(chat.name, row.sender, spoken)
        says = chat.messages(turn.say, row.key, place, spoken or knowledge.language, answers=heard.answers)
        after = StoredConversation(row.sender, heard.contact.person, place, turn.state, heard.wakes_at(turn))
        of = made(before.state, turn, source, partial(key_of, chat.name))
        await chat.store.end_turn(row, after, says, chat.gateway.clock(), held=heard.held, made=of)
        if after.wake_ms is not None:
            self.changed.set()
        if says:
            self._said(place)

    async def _quoted(self, place: str, platform_id: str) -> str:
        """The case of the message that is answered, be it on its way yet."""
        store, platform = self._chat.store, self._chat.platform
        known = await store.case_of(place, platform_id)
        if known or not platform_id or not isinstance(platform, SendsInParts):
            return known
        sending = await store.next_outgoing(place)
        if sending is None or await platform.begun(sending[0].message) != platform_id:
            return ""
        return sending[0].message.case

    def _follows(self, heard: "_Input", source: str, knowledge: Knowledge) -> Turn:
        if heard.row.decided is not None:
            return decided.from_json(heard.row.decided)
        if heard.incoming is None:
            return self._chat.engine.tick(heard.before.state, source, knowledge)
        return self._chat.engine.take(heard.before.state, Heard(heard.incoming, source, heard.invited), knowledge)

    async def _submit(self, turn: Turn, source: str) -> Refused | None:
        """Submit all in order; the first refusal that is the person's to hear ends it. Raises `Retry`."""
        for n, submission in enumerate(turn.submit):
            try:
                await self._accept(submission.model_copy(update={"id": submission_id(submission.id, source, n)}))
            except Refused as refusal:
                if any(fault.code == "other_content" for fault in refusal.faults):
                    continue  # it was accepted before a crash
                if refusal.status >= SERVER_FAULT:
                    raise NotNow(str(refusal)) from refusal
                return refusal
        return None

    async def _failed(self, row: InboxRow, fault: Exception) -> None:
        tries = self._tries[row.seq] = self._tries.get(row.seq, 0) + 1
        log.error("a message at the door %s failed %d times: %s", self._chat.name, tries, where(fault))
        if tries < MOST_TRIES:
            return
        del self._tries[row.seq]
        place = row.incoming.chat if row.incoming is not None else ""
        language = (row.incoming and row.incoming.language) or self._chat.gateway.language
        sorry = [Say(say(language, "delivery.failed"))] if place else []
        says = self._chat.messages(sorry, row.key, place, language)
        await self._chat.store.park_turn(row, where(fault), says, self._chat.gateway.clock())
        if place:
            self._said(place)


@dataclass(frozen=True, slots=True)
class _Input:
    """What a turn answers: a message, or time that passed (`incoming` None)."""

    row: InboxRow
    before: StoredConversation
    contact: Contact
    invited: Invited

    @property
    def incoming(self) -> Incoming | None:
        """The message."""
        return self.row.incoming

    @property
    def place(self) -> str:
        """Where the answer is said."""
        return self.before.chat if self.incoming is None else self.incoming.chat

    @property
    def answers(self) -> str:
        """Which message it is said in answer to, where others read along."""
        if self.incoming is not None:
            return self.incoming.id if self.incoming.group else ""
        return self.before.last_in_group(self.contact.chat)

    @property
    def held(self) -> bool:
        """Whether what is said waits, because nobody is there any more."""
        if self.incoming is not None:
            return isinstance(self.incoming.content, LeftChat)
        return bool(self.contact.chat) and not self.contact.reachable

    def wakes_at(self, turn: Turn) -> int | None:
        """When the conversation is woken next: not again for the moment at which it was just now."""
        wake_ms = turn.state.wake_ms
        return None if self.incoming is None and wake_ms == self.before.state.wake_ms else wake_ms


class NotNow(Retry):
    """This cannot be accepted now; it is submitted again."""


def reason(refusal: Refused, language: Language) -> str:
    """All that is wrong, a line each."""
    return "\n".join(dict.fromkeys(fault.to_json(language)["message"] for fault in refusal.faults))

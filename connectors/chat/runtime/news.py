"""What happened to cases, on its way to people: each reply becomes messages in one transaction, then it is `sent`."""

import logging
from collections.abc import Callable
from dataclasses import replace
from hashlib import sha256
from typing import Final, Literal

from connectors.chat.conversation.case_view import CaseView
from connectors.chat.conversation.digest import PostponedReply
from connectors.chat.conversation.quiet_hours import Availability, quiet_until_ms, waits_until_ms, why_woken
from connectors.chat.conversation.turn import Knowledge, Turn
from connectors.chat.messages import SayKind
from connectors.chat.runtime.backoff import Backoff
from connectors.chat.runtime.context import ChatContext
from connectors.chat.runtime.side_by_side import where
from connectors.chat.runtime.storage.conversations import StoredConversation
from connectors.chat.runtime.turns import Turns
from connectors.replies.recipients import HANDLERS
from connectors.replies.reply import Replies, Reply
from schemas.days import day_of
from schemas.errors import Retry
from schemas.quiet import is_within, rule_for

CAP_S: Final = 5.0
"""The longest pause before the ledger is asked again for a case that it has not read yet."""
MOST_TRIES: Final = 5

log = logging.getLogger(__name__)


class News:
    """Tells people of their cases. `step` is what `Lanes` call for a person: a person has one open reply at most."""

    def __init__(self, chat: ChatContext, replies: Replies, turns: Turns, said: Callable[[str], None]) -> None:
        """`said` is called with a chat for which there is something to send."""
        self._chat, self._replies, self._turns, self._said = chat, replies, turns, said
        self._open: dict[str, Reply] = {}
        self._pauses: dict[str, Backoff] = {}

    async def read(self, wake: Callable[[str], None]) -> None:
        """Take replies as they come, until cancelled; `wake` is called with the person of each."""
        async for reply in self._replies:
            self._open[reply.recipient.person] = reply
            wake(reply.recipient.person)

    async def step(self, person: str) -> float | None:
        """Tell a person of the event that is open. Seconds until to try again, None when it is done."""
        reply = self._open.get(person)
        if reply is None:
            return None
        pauses = self._pauses.setdefault(person, Backoff(0.05, CAP_S))
        try:
            await self._tell(reply)
        except Retry:
            return pauses.next_s()
        except Exception as fault:  # noqa: BLE001 - what we cannot say of a case may not hold up what follows
            log.error("an event of a case cannot be told at the door %s: %s", self._chat.name, where(fault))  # noqa: TRY400 - a traceback may show a token or words
            if pauses.tries < MOST_TRIES:
                return pauses.next_s()
        del self._open[person], self._pauses[person]
        await self._replies.sent(reply)
        return None

    async def _tell(self, reply: Reply) -> None:
        chat = self._chat
        contact = await chat.gateway.contacts.to(chat.name, reply.recipient.person)
        if contact is None:  # forgotten, or never seen here
            return
        knowledge = chat.insight.who(contact)
        view = await chat.insight.view(reply, knowledge.language)
        async with self._turns.alone(contact.sender):
            before = await chat.store.conversation(contact.sender)
            person = self._availability(reply, knowledge)
            view = replace(view, woken=_why_woken(reply, view, person))
            turn = chat.engine.notice(before.state, reply, view, knowledge)
            if any(each.kind is SayKind.NEWS for each in turn.say):
                today = await chat.store.unasked(contact.sender, day_of(person.now_ms, chat.zone))
                person = replace(person, sent_today=today)
            place = contact.chat or before.chat
            source = sha256(reply.id.encode()).hexdigest()
            held = not contact.reachable and bool(contact.chat)
            until_ms = None if held or not view.known else _waits_until_ms(turn, reply, view, person)
            if until_ms is not None:
                waiting = PostponedReply(reply, turn.say[0].kind)
                await chat.store.postpone(source, contact.sender, waiting, chat.gateway.clock(), until_ms)
                self._turns.changed.set()
                return
            in_group = not contact.chat and reply.recipient.report == before.state.report
            answers = before.last_in_group(contact.chat) if in_group else ""
            says = chat.messages(turn.say, source, place, knowledge.language, answers=answers) if place else []
            wake_ms = before.wake_ms if turn.state.wake_ms == before.state.wake_ms else turn.state.wake_ms
            after = StoredConversation(contact.sender, contact.person, before.chat or place, turn.state, wake_ms)
            await chat.store.add_notice(source, after, says, chat.gateway.clock(), held=held)
        if wake_ms is not None:
            self._turns.changed.set()
        if says and not held:
            self._said(place)

    def _availability(self, reply: Reply, knowledge: Knowledge) -> Availability:
        """Without what they were sent today."""
        gateway, now_ms, zone = self._chat.gateway, self._chat.gateway.clock(), self._chat.zone
        rule = rule_for(knowledge.roles, gateway.region.messages)
        on_duty = is_within(rule.quiet, now_ms, zone) and (
            reply.recipient.to == "on_duty" or gateway.rota.is_on_duty(knowledge.person, now_ms)
        )
        return Availability(now_ms, zone, rule, on_duty=on_duty)


def _why_woken(reply: Reply, view: CaseView, person: Availability) -> Literal["", "urgent", "due"]:
    until_ms = quiet_until_ms(person) if reply.recipient.to in HANDLERS else None
    return "" if until_ms is None else why_woken(view.case, until_ms)


def _waits_until_ms(turn: Turn, reply: Reply, view: CaseView, person: Availability) -> int | None:
    """Until when what is said of a reply waits; None: it goes out now, or there is nothing."""
    waits = [waits_until_ms(each.kind, reply.recipient.to, view.case, person) for each in turn.say]
    return min((each for each in waits if each is not None), default=None) if None not in waits else None

"""The file of one chat door: inbox, conversations and way out, in transactions that leave nothing half done."""

import sqlite3
from collections.abc import Mapping, Sequence
from datetime import date
from functools import partial
from pathlib import Path
from typing import Final, NamedTuple

from connectors.chat.conversation.digest import PostponedReply
from connectors.chat.messages import Incoming, LeftChat, Outgoing
from connectors.chat.runtime.storage import burden, conversations, erasing, inbox, outgoing, postponed, sources
from connectors.chat.runtime.storage.at_hand import Next
from connectors.chat.runtime.storage.burden import Occasion
from connectors.chat.runtime.storage.conversations import StoredConversation
from connectors.chat.runtime.storage.erasing import ErasedUpto, Erasure, Keys, Words
from connectors.chat.runtime.storage.inbox import InboxRow
from connectors.chat.runtime.storage.outgoing import Allowance, OutgoingRow
from connectors.chat.runtime.storage.postponed import Postponed
from connectors.chat.runtime.storage.sources import Made
from connectors.outbox.group_commit import GroupCommit

FILE: Final = "chat.sqlite"
MOST_WOKEN: Final = 500
TABLES: Final = "".join(each.TABLES for each in (inbox, outgoing, conversations, postponed, sources, erasing, burden))
QUEUES: Final = " UNION ALL ".join((inbox.QUEUE, outgoing.QUEUES, postponed.QUEUE))
"""By the name of a queue how many wait, and since when the oldest (ms UTC; None for nothing); asked with `now_ms`."""

_NextSend = tuple[OutgoingRow, Allowance] | None
_Said = tuple[str, _NextSend] | None
"""In which chat something was said, and what is sent next to it; None: nothing was said."""


class Told(NamedTuple):
    """What waited, up to this place, and what of it is counted."""

    upto: int
    counts: Mapping[str, int]
    when: Occasion


class ChatStore:
    """Whatever a method wrote is on disk when it returns.

    Raises `OutboxUnwritableError` when the file cannot be used; nothing was written then. Close it when done.
    """

    def __init__(self, folder: Path) -> None:
        self._file = GroupCommit(folder / FILE, TABLES)
        self._turns = Next[InboxRow]()
        self._sends = Next[tuple[OutgoingRow, Allowance]]()
        self.close = self._file.close

    async def take(self, key: str, incoming: Incoming, t_ms: int) -> tuple[bool, bool]:
        """Store a message. Whether it is new, and whether held messages can be sent to its chat now."""

        def work(db: sqlite3.Connection) -> tuple[InboxRow | None, bool, bool]:
            row = inbox.put(db, key, incoming, t_ms)
            if row is None:
                return None, False, False
            released = not isinstance(incoming.content, LeftChat) and outgoing.heard(db, incoming.chat, t_ms)
            return row, inbox.is_next(db, row), released

        def then(done: tuple[InboxRow | None, bool, bool]) -> None:
            row, is_next, _ = done
            if row is not None and is_next:
                self._turns.put(row.sender, row)
            self._sends.drop(incoming.chat)  # how much may be sent there has changed

        row, _, released = await self._file.do(work, then)
        return row is not None, released

    async def senders(self) -> list[str]:
        """Whose turns are not over."""
        return await self._file.read(inbox.senders)

    async def next_turn(self, sender: str) -> InboxRow | None:
        """What this person said next; None when all their turns are over."""
        known, row = self._turns.take(sender)
        return row if known else await self._file.read(lambda db: inbox.oldest(db, sender))

    async def conversation(self, sender: str) -> StoredConversation:
        """The conversation of one person."""
        return await self._file.read(lambda db: conversations.find(db, sender))

    async def fetched(self, row: InboxRow, incoming: Incoming) -> None:
        """The files of this message are here."""
        await self._file.do(lambda db: inbox.fetched(db, row.seq, incoming))

    async def decide(self, row: InboxRow, decided: str) -> None:
        """This turn follows from the message, also if it is taken again after a crash."""
        await self._file.do(lambda db: inbox.decide(db, row.seq, decided))

    async def end_turn(
        self,
        row: InboxRow,
        after: StoredConversation,
        say: Sequence[Outgoing],
        t_ms: int,
        *,
        held: bool = False,
        made: Made | None = None,
    ) -> None:
        """All that follows from a message, once what it submits is accepted, at once.

        `made` is what was submitted and of which messages.
        """

        def work(db: sqlite3.Connection) -> tuple[InboxRow | None, _Said]:
            inbox.done(db, row.seq, t_ms)
            said = _add(db, after, say, t_ms, held=held)
            if made is not None:
                sources.put(db, row.sender, row.key, made, t_ms)
            return inbox.oldest(db, row.sender), said

        def then(done: tuple[InboxRow | None, _Said]) -> None:
            self._turns.put(row.sender, done[0])
            self._said(done[1])

        await self._file.do(work, then)

    async def drop_turn(self, row: InboxRow, t_ms: int) -> None:
        """Nothing follows from this message."""
        await self._file.do(lambda db: inbox.done(db, row.seq, t_ms))

    async def park_turn(self, row: InboxRow, reason: str, say: Sequence[Outgoing], t_ms: int) -> None:
        """We cannot deal with this message: keep it and the reason, and say so."""

        def work(db: sqlite3.Connection) -> None:
            inbox.park(db, row.seq, reason, t_ms)
            outgoing.put(db, row.sender, say, t_ms, held=False)

        def then(_: None) -> None:
            for each in say:
                self._sends.drop(each.chat)

        await self._file.do(work, then)

    async def add_notice(
        self, source: str, after: StoredConversation, say: Sequence[Outgoing], t_ms: int, *, held: bool = False
    ) -> None:
        """All that follows from an event of a case, at once; nothing when `source` was handled before."""

        def work(db: sqlite3.Connection) -> _Said:
            return _add(db, after, say, t_ms, held=held) if postponed.is_new(db, source, t_ms) else None

        await self._file.do(work, self._said)

    async def postpone(self, source: str, sender: str, waiting: PostponedReply, t_ms: int, due_ms: int) -> None:
        """An event of a case waits until `due_ms`, unless `source` was handled before."""

        def work(db: sqlite3.Connection) -> None:
            if postponed.is_new(db, source, t_ms):
                postponed.put(db, sender, waiting, due_ms)

        await self._file.do(work)

    async def due_digests(self, now_ms: int) -> list[str]:
        """Who is told now what waited."""
        return await self._file.read(lambda db: postponed.due(db, now_ms))

    async def postponed(self, sender: str, now_ms: int) -> Postponed | None:
        """What waited and is told now; None: nothing, or not yet."""
        return await self._file.read(lambda db: postponed.of(db, sender, now_ms))

    async def add_digest(
        self, after: StoredConversation, say: Sequence[Outgoing], t_ms: int, told: Told, *, held: bool = False
    ) -> None:
        """What waited becomes these messages, at once."""

        def work(db: sqlite3.Connection) -> _Said:
            postponed.done(db, after.sender, told.upto)
            said = _add(db, after, say, t_ms, held=held)
            burden.add(db, after.sender, told.counts, told.when)
            return said

        await self._file.do(work, self._said)

    async def drop_postponed(self, sender: str, upto: int) -> None:
        """Nobody is told it any more."""
        await self._file.do(lambda db: postponed.done(db, sender, upto))

    async def unasked(self, sender: str, day: date) -> int:
        """How many messages that they did not ask for somebody was sent on a day, or will be."""
        return await self._file.read(lambda db: burden.unasked(db, sender, day))

    async def wake(self, now_ms: int) -> list[str]:
        """Give a turn to everybody who wanted to be woken by now; who they are."""

        def work(db: sqlite3.Connection) -> list[str]:
            senders = conversations.due(db, now_ms, MOST_WOKEN)
            for sender in senders:
                inbox.put_wake(db, sender, now_ms)
            return senders

        def then(senders: list[str]) -> None:
            for sender in senders:
                self._turns.drop(sender)

        return await self._file.do(work, then)

    async def next_wake_ms(self, now_ms: int) -> int | None:
        """When somebody wants to be woken next, or is told what waited."""
        times = await self._file.read(lambda db: (conversations.next_ms(db), postponed.next_ms(db, now_ms)))
        return min((each for each in times if each is not None), default=None)

    async def chats(self) -> list[str]:
        """Where something waits to be sent."""
        return await self._file.read(outgoing.chats)

    async def next_outgoing(self, chat: str) -> tuple[OutgoingRow, Allowance] | None:
        """What is sent next to this chat."""
        known, found = self._sends.take(chat)
        return found if known else await self._file.read(lambda db: outgoing.oldest(db, chat))

    async def sent(self, row: OutgoingRow, platform_id: str, t_ms: int, when: Occasion) -> None:
        """The platform has it, and it is counted, once."""
        chat = row.message.chat

        def work(db: sqlite3.Connection) -> _NextSend:
            if outgoing.sent(db, row.seq, chat, platform_id, t_ms):
                burden.add(db, row.sender, {row.message.kind.value: 1}, when)
            return outgoing.oldest(db, chat)

        await self._file.do(work, partial(self._sends.put, chat))

    async def park_outgoing(self, row: OutgoingRow, reason: str, t_ms: int) -> None:
        """The platform will never take it."""
        chat = row.message.chat
        await self._file.do(lambda db: outgoing.park(db, row.seq, reason, t_ms), lambda _: self._sends.drop(chat))

    async def hold(self, chat: str, t_ms: int) -> bool:
        """Nobody can be reached there until they write again; False when they wrote after this time."""
        return await self._file.do(lambda db: outgoing.hold(db, chat, t_ms), lambda _: self._sends.drop(chat))

    async def case_of(self, chat: str, platform_id: str) -> str:
        """The case that a message of ours was about, else ""."""
        return await self._file.read(lambda db: outgoing.case_of(db, chat, platform_id)) if platform_id else ""

    async def forget(self, person: str, accounts: Mapping[str, str]) -> None:
        """Remove everything of a person, and of these accounts: sender to chat."""

        def work(db: sqlite3.Connection) -> None:
            for sender, chat in {**conversations.chats_of(db, person), **accounts}.items():
                inbox.forget(db, sender)
                outgoing.forget(db, sender, chat)
                conversations.forget(db, sender)
                postponed.forget(db, sender)
                sources.forget(db, sender)
            burden.forget(db, person)

        await self._file.do(work, self._read_all)
        await self._file.scrub()

    async def erased_upto(self, epoch: str) -> int | None:
        """From where of the ledger `epoch` to go on erasing; None when that is not known."""
        return await self._file.read(lambda db: erasing.position(db, epoch))

    async def keys_of(self, door: str, erasure: Erasure) -> Keys:
        """How the keys of the messages begin that erased texts were made of, by sender."""
        return await self._file.read(lambda db: erasing.keys_of(db, door, erasure))

    async def looked_upto(self, epoch: str) -> int:
        """Up to where of the ledger `epoch` all that was erased is erased here."""
        return await self._file.read(lambda db: erasing.looked(db, epoch))

    async def erase(self, keys: Keys, erasure: Erasure, words: Words, upto: ErasedUpto) -> int:
        """Erase it, and remember up to where that is; how many rows changed. Done again, nothing changes."""

        def work(db: sqlite3.Connection) -> int:
            changed = erasing.erase(db, keys, erasure, words)
            erasing.put_position(db, upto)
            return changed

        changed = await self._file.do(work, self._read_all)
        await self._file.scrub()
        return changed

    async def prune(self, before_ms: int, today: date) -> int:
        """Remove what was over before; how many rows."""

        def work(db: sqlite3.Connection) -> int:
            pruned: int = sum(each.prune(db, before_ms) for each in (inbox, outgoing, postponed, sources))
            return pruned + burden.prune(db, today)

        return await self._file.do(work)

    def _said(self, said: _Said) -> None:
        if said is not None:
            self._sends.put(*said)

    def _read_all(self, _: object) -> None:
        self._turns.clear()
        self._sends.clear()


def _add(db: sqlite3.Connection, after: StoredConversation, say: Sequence[Outgoing], t_ms: int, *, held: bool) -> _Said:
    conversations.put(db, after)
    outgoing.put(db, after.sender, say, t_ms, held=held)
    return (say[0].chat, outgoing.oldest(db, say[0].chat)) if say and not held else None

import asyncio
import sqlite3
from collections.abc import Sequence
from contextlib import closing
from dataclasses import replace
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import given, settings
from hypothesis import strategies as st

from connectors.chat.conversation.state import Asking, Conversation
from connectors.chat.messages import Incoming, LeftChat, Outgoing, Wrote
from connectors.chat.runtime.storage import conversations, inbox, outgoing
from connectors.chat.runtime.storage.at_hand import Next
from connectors.chat.runtime.storage.burden import Occasion
from connectors.chat.runtime.storage.conversations import StoredConversation
from connectors.chat.runtime.storage.store import FILE, ChatStore
from schemas.names import Language

PEOPLE = ("ana", "ben")
DOINGS = ("says", "says", "turn", "turn", "told", "sends", "sends", "leaves", "unreachable", "woken", "parks")
steps = st.lists(st.tuples(st.sampled_from(DOINGS), st.sampled_from(PEOPLE)), max_size=30)

WHEN = Occasion(date(2026, 11, 30), night=False, works_here=lambda person: person == "ana")


def message(who: str, n: int) -> Incoming:
    return Incoming(id=f"m{n}", sender=who, chat=f"chat-{who}", t_ms=n, content=Wrote(text=f"words {n}"))


def answer(who: str, n: int) -> Outgoing:
    return Outgoing(id=f"o{n}", chat=f"chat-{who}", text=f"answer {n}", language=Language.EN)


class Door:
    """A store as a door uses it; whatever it answers is compared with the file."""

    def __init__(self, folder: Path) -> None:
        self.store, self.file, self.n = ChatStore(folder), folder / FILE, 0

    async def does(self, doing: str, who: str) -> None:
        self.n += 1
        store, chat, n = self.store, f"chat-{who}", self.n
        match doing:
            case "says":
                assert await store.take(str(n), message(who, n), n) in {(True, False), (True, True)}
            case "leaves":
                await store.take(str(n), message(who, n).model_copy(update={"content": LeftChat()}), n)
            case "unreachable":
                await store.hold(chat, n)
            case "woken":
                await store.wake(n)
            case "told":
                await store.add_notice(f"reply {n}", await self.after(who), [answer(who, n)], n)
            case "turn":
                await self.turn(who, [answer(who, n)])
            case "sends" | "parks":
                await self.send(chat, sent=doing == "sends")

    async def turn(self, who: str, say: Sequence[Outgoing]) -> None:
        row = await self.store.next_turn(who)
        with closing(sqlite3.connect(self.file)) as db:
            assert row == inbox.oldest(db, who)
        if row is not None:
            await self.store.end_turn(row, await self.after(who), say, self.n)

    async def send(self, chat: str, *, sent: bool) -> None:
        found = await self.store.next_outgoing(chat)
        with closing(sqlite3.connect(self.file)) as db:
            assert found == outgoing.oldest(db, chat)
        if found is None:
            return
        if sent:
            await self.store.sent(found[0], f"p{self.n}", self.n, WHEN)
            await self.store.sent(found[0], f"p{self.n}", self.n, WHEN)  # after a crash
        else:
            await self.store.park_outgoing(found[0], "no", self.n)

    async def after(self, who: str) -> StoredConversation:
        before = await self.store.conversation(who)
        with closing(sqlite3.connect(self.file)) as db:
            assert before == conversations.find(db, who)
        state = Conversation(asking=Asking.WHAT, draft_ms=self.n, wake_ms=self.n + 3)
        return replace(before, person=who, chat=f"chat-{who}", state=state, wake_ms=self.n + 3)


@settings(max_examples=40)
@given(steps)
def test_what_is_at_hand_is_what_the_file_has(doings: list[tuple[str, str]]) -> None:
    async def all_of_them(folder: Path) -> None:
        door = Door(folder)
        for doing, who in doings:
            await door.does(doing, who)
        for who in PEOPLE:
            await door.turn(who, ())
            await door.send(f"chat-{who}", sent=True)
        await door.store.close()
        with closing(sqlite3.connect(door.file)) as db:
            sent = db.execute("SELECT count(*) FROM outgoing WHERE state = 'sent'").fetchone()
            assert db.execute("SELECT coalesce(sum(n), 0) FROM burden").fetchone() == sent, "each sent one counts once"

    with TemporaryDirectory() as folder:
        asyncio.run(all_of_them(Path(folder)))


async def test_whoever_writes_and_is_gone_is_next_all_the_same(tmp_path: Path) -> None:
    """The message is on disk: nobody may believe that nothing is open."""
    door = Door(tmp_path)
    await door.does("says", "ana")
    await door.does("turn", "ana")
    gone = asyncio.create_task(door.store.take("77", message("ana", 77), 77))
    await asyncio.sleep(0)
    gone.cancel()
    await door.does("says", "ben")
    row = await door.store.next_turn("ana")
    assert row is not None
    assert row.key == "77"
    await door.store.close()


def test_what_is_not_fresh_has_to_be_read() -> None:
    """And what is known is known once."""
    fresh, old = Next[int](60), Next[int](0)
    for each in (fresh, old):
        each.put("a", 1)
        each.put("b", None)
    assert [fresh.take(key) for key in "abca"] == [(True, 1), (True, None), (False, None), (False, None)]
    assert [old.take(key) for key in "ab"] == [(False, None)] * 2

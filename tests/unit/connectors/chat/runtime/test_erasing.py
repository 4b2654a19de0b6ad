"""What belongs to an erased text goes from the files of a door, and nothing else does."""

import signal
from pathlib import Path

import pytest

from connectors.chat.conversation.state import Conversation, DraftPart
from connectors.chat.messages import Incoming, Outgoing, Wrote
from connectors.chat.runtime.storage.conversations import StoredConversation
from connectors.chat.runtime.storage.inbox import key_of
from connectors.chat.runtime.storage.sources import Made
from connectors.chat.runtime.storage.store import FILE, ChatStore
from connectors.doors.browser.posted import file_of
from connectors.doors.browser.transcript import Line, Transcript
from schemas.event import EventType
from schemas.names import Language
from tests.processes.erasing_process import STEPS, erase
from tests.processes.forked import Forked
from tests.worlds.doors import CASE, T0, LedgerFile, event, opened

RIDER, CLEANER, OTHER = "browser-rider", "browser-cleaner", "T-G01-2511-00002"
GONE = b"gone"
STAYS = b"stays"


def key(sender: str, id: str) -> str:
    return key_of("browser", f"{sender}/{id}")


REPORT = f"browser-{key(RIDER, 'last')[:24]}"


class Door:
    """The browser door of a home, in which two cases were talked about."""

    def __init__(self, home: Path) -> None:
        self.home, self.folder = home, home / "doors" / "browser"
        self.ledger = LedgerFile(home / "ledger.sqlite")
        self.ledger.take(opened(report=REPORT), opened(1, OTHER, "r2"))

    async def fill(self) -> None:
        """A report of two messages, a job, and the same of another case."""
        store, pages = ChatStore(self.folder), Transcript(self.folder / "transcript.sqlite")
        for n, (id, words) in enumerate((("first", "gone 1"), ("last", "gone 2"), ("other", "stays 1"))):
            await pages.add(RIDER, Line(id, ours=False, t_ms=T0 + n, body={"text": words, "file": "photo"}))
            file = file_of(self.folder / "files", f"{RIDER}/{id}")
            file.parent.mkdir(exist_ok=True)
            file.write_bytes(f"picture {words}".encode())
        await self.turn(store, "first", Made(waiting=(key(RIDER, "first"),)))
        await self.turn(store, "last", Made((REPORT,), (key(RIDER, "first"),)))
        await self.turn(store, "other", Made(("browser-other",)))
        answers = [(f"{key(RIDER, 'first')[:24]}-0", ""), ("job", CASE), ("job-2", OTHER)]
        for n, (id, case) in enumerate(answers):
            words = "stays" if case == OTHER else "gone"
            said = Outgoing(id=id, chat=CLEANER, text=words, photos=(words,), case=case, language=Language.EN)
            after = StoredConversation(CLEANER, "c", CLEANER, Conversation())
            await store.add_notice(f"n{n}", after, [said], T0 + n)
            body = {"text": words, "case": case, "lang": "en"} if case else {"text": words}
            await pages.add(CLEANER if case else RIDER, Line(id, ours=True, t_ms=T0 + n, body=body))
        await store.close()
        await pages.close()

    async def turn(self, store: ChatStore, id: str, made: Made) -> None:
        """A message of the rider, whose turn is over."""
        message = Incoming(id=f"{RIDER}/{id}", sender=RIDER, chat=RIDER, t_ms=T0, content=Wrote(text="gone"))
        await store.take(key(RIDER, id), message, T0)
        row = await store.next_turn(RIDER)
        assert row is not None
        await store.end_turn(row, StoredConversation(RIDER, "p", RIDER), (), T0, made=made)

    def erase(self) -> None:
        """Somebody erases the report."""
        facts = {"texts": [f"{REPORT}/moved"]}
        self.ledger.take(event(2, EventType.TEXT_ERASED, facts=facts, now={"texts": []}))

    def stored(self) -> bytes:
        """All that is in its files."""
        return b"".join(file.read_bytes() for file in self.folder.rglob("*") if file.is_file())


@pytest.fixture
async def door(tmp_path: Path) -> Door:
    made = Door(tmp_path)
    await made.fill()
    return made


async def test_words_and_files_go_and_those_of_others_stay(door: Door) -> None:
    assert (await erase(door.home, ""), door.stored().count(GONE) > 0) == (0, True)
    stays = door.stored().count(STAYS)
    door.erase()
    assert await erase(door.home, "") == 2
    assert (door.stored().count(GONE), door.stored().count(STAYS)) == (0, stays)
    assert not file_of(door.folder / "files", f"{RIDER}/first").exists()
    assert await erase(door.home, "") in (0, 2), "once more, for what was on its way"
    assert (door.stored().count(GONE), door.stored().count(STAYS)) == (0, stays)


@pytest.mark.parametrize("step", STEPS)
async def test_whoever_is_killed_goes_on(door: Door, step: str) -> None:
    door.erase()
    assert await Forked("tests.processes.erasing_process", str(door.home), step).wait() == -signal.SIGKILL
    await erase(door.home, "")
    assert (GONE in door.stored(), STAYS in door.stored()) == (False, True)


async def test_a_turn_that_a_kill_left_open_is_over_when_its_report_is_erased(door: Door) -> None:
    """It would be taken again, and would submit the words again."""
    store = ChatStore(door.folder)
    message = Incoming(id=f"{RIDER}/last2", sender=RIDER, chat=RIDER, t_ms=T0, content=Wrote(text="gone 3"))
    await store.take(key(RIDER, "last2"), message, T0)
    draft = Conversation(draft=(DraftPart(message=f"{RIDER}/first2", text="gone 4"),))
    await store.add_notice("n", StoredConversation(RIDER, "p", RIDER, draft), (), T0)
    await store.close()
    door.ledger.take(
        event(2, EventType.TEXT_ERASED, facts={"texts": [f"browser-{key(RIDER, 'last2')[:24]}"]}, now={"texts": []})
    )
    await erase(door.home, "")
    assert b"gone 3" not in door.stored()
    assert b"gone 4" not in door.stored()


async def test_a_file_that_cannot_be_used_is_tried_again(door: Door, caplog: pytest.LogCaptureFixture) -> None:
    door.erase()
    file = door.folder / FILE
    content = file.read_bytes()
    file.write_bytes(b"no database, but long enough to be taken for a file of one" * 10)
    assert await erase(door.home, "") == 0
    assert "erased later" in caplog.text
    file.write_bytes(content)
    await erase(door.home, "")
    assert GONE not in door.stored()

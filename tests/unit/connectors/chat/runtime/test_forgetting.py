from pathlib import Path

from connectors.chat.conversation.state import Conversation, DraftPart
from connectors.chat.messages import Incoming, Media, MediaKind, SentMedia, Wrote
from connectors.chat.runtime.forgetting import Retention, forget_chats
from connectors.chat.runtime.storage.conversations import StoredConversation
from connectors.chat.runtime.storage.inbox import key_of
from connectors.chat.runtime.storage.store import FILE, ChatStore
from connectors.contacts.contact import Contact
from connectors.contacts.rows import ContactRows
from connectors.intake.recordings.store import RecordingStore
from grid36.gateway.forgetting import forget_accounts
from grid36.machine.home import Home
from schemas.command import Act
from tests.unit.connectors.chat.knowledge.people import DOOR, bound, report_by, stranger
from tests.worlds.small_town import Town
from tests.worlds.town_life import OWNER, Life

DAYS = 30


async def wrote(doors: Path, contact: Contact, text: str = "a secret place") -> None:
    store = ChatStore(doors / contact.door)
    message = Incoming(id=text, sender=contact.sender, chat=contact.chat, t_ms=1, content=Wrote(text=text))
    await store.take(key_of(DOOR, text), message, 1)
    await store.close()


def stored(folder: Path) -> bytes:
    return b"".join(file.read_bytes() for file in folder.rglob("*.sqlite*"))


async def known(town: Town) -> list[str]:
    return sorted(each.sender for each in await town.gateway.contacts.ask(ContactRows.everybody))


async def test_what_a_door_stored_of_somebody_goes_and_the_rest_stays(town: Town, tmp_path: Path) -> None:
    gone, stays = await stranger(town, "sender-1"), await stranger(town, "sender-2")
    await wrote(tmp_path / "doors", gone, "words of one")
    await wrote(tmp_path / "doors", stays, "words of two")
    await forget_chats(tmp_path / "doors", [gone])
    left = stored(tmp_path / "doors")
    assert [word in left for word in (b"words of one", b"sender-1", b"words of two", b"sender-2")] == [
        False, False, True, True,
    ]  # fmt: skip


async def test_voice_messages_that_were_not_submitted_go_too(town: Town, tmp_path: Path) -> None:
    """Of a draft, and of a message that waits for its turn; what a report names stays, and what others said."""
    gone, stays, doors = await stranger(town, "sender-1"), await stranger(town, "sender-2"), tmp_path / "doors"
    recordings = RecordingStore(Home(tmp_path).recordings)
    drafted, waits, named, others = (recordings.add(f"OggS {n}".encode()) for n in range(4))
    recordings.keep([named])
    await wrote(doors, gone)
    store = ChatStore(doors / DOOR)
    row = await store.next_turn(gone.sender)
    assert row is not None
    state = Conversation(draft=(DraftPart(message="m", recording=drafted),))
    await store.end_turn(row, StoredConversation(gone.sender, gone.person, gone.chat, state), [], 1)
    for who, spoken in ((gone, waits), (gone, named), (stays, others)):
        content = SentMedia(media=Media(kind=MediaKind.VOICE, ref="x"), recording=spoken)
        message = Incoming(id=spoken.digest, sender=who.sender, chat=who.chat, t_ms=1, content=content)
        await store.take(key_of(DOOR, spoken.digest), message, 1)
    await store.close()
    await forget_accounts(doors, [gone])
    left = [recordings.find(each.digest, "ogg") is not None for each in (drafted, waits, named, others)]
    assert left == [False, False, True, True]


async def test_a_door_that_stored_nothing_is_left_alone(town: Town, tmp_path: Path) -> None:
    await forget_chats(tmp_path / "doors", [await stranger(town)])
    assert not (tmp_path / "doors" / DOOR / FILE).exists()


async def test_who_was_silent_for_long_is_forgotten_unless_something_is_open(town: Town, tmp_path: Path) -> None:
    life, doors = Life(town), tmp_path / "doors"
    idle, reporter, joined = await stranger(town, "1"), await stranger(town, "2"), await stranger(town, "3")
    await bound(town, OWNER, "4")
    number = life.numbers["one"] = report_by(town, reporter.person, "one")
    assert town.street.cases[report_by(town, joined.person, "two")].master == number
    await wrote(doors, idle)
    retention = Retention(town.gateway, doors, DAYS)
    assert await retention.look() == 0, "they were heard just now"
    town.clock.wait(DAYS * 24 * 60 + 10)
    assert await retention.look() == 1
    assert await known(town) == ["2", "3", "4"]
    assert b"a secret place" not in stored(doors)
    life.act("one", Act.RESOLVE, photos=(life.proof(1),))
    life.act("one", Act.VERIFY, reporter.person)
    assert await retention.look() == 3
    assert await known(town) == []


async def test_whoever_writes_again_is_silent_no_more(town: Town, tmp_path: Path) -> None:
    before = await stranger(town, "1")
    town.clock.wait(DAYS * 24 * 60 + 10)
    assert await stranger(town, "1") != before
    assert await Retention(town.gateway, tmp_path, DAYS).look() == 0

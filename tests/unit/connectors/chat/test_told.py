"""Who was told of a case is read from the files of the doors: who, where, when, and how far it came."""

from datetime import date
from pathlib import Path

from connectors.chat.conversation.digest import PostponedReply
from connectors.chat.conversation.state import Conversation
from connectors.chat.messages import Outgoing, SayKind
from connectors.chat.runtime.storage.burden import Occasion
from connectors.chat.runtime.storage.conversations import StoredConversation
from connectors.chat.runtime.storage.store import ChatStore
from connectors.chat.told import told
from connectors.replies.reply import Recipient, Reply
from schemas.codec import decode
from schemas.event import Event
from schemas.names import Language
from streams.cases.event_writer import event_value
from tests.worlds.street import Street

CASE = "R1-G1-2611-00001"
TODAY = Occasion(date(2026, 11, 30), False, lambda _: True)


async def say(store: ChatStore, person: str, number: str, t_ms: int, *, held: bool = False) -> None:
    """Store one message to a person about a case."""
    says = [
        Outgoing(id=f"{person}-{number}-{t_ms}", chat=f"chat-{person}", text="words", kind=SayKind.JOB, case=number)
    ]
    conversation = StoredConversation(f"sender-{person}", person, f"chat-{person}", Conversation())
    await store.add_notice(f"s-{person}-{t_ms}", conversation, says, t_ms, held=held)


async def test_what_was_sent_waits_or_is_held_at_all_doors(tmp_path: Path) -> None:
    telegram, matrix = ChatStore(tmp_path / "telegram"), ChatStore(tmp_path / "matrix")
    await say(telegram, "cleaner", CASE, 1)
    found = await telegram.next_outgoing("chat-cleaner")
    assert found is not None
    await telegram.sent(found[0], "platform-1", 5, TODAY)
    await say(telegram, "cleaner", CASE, 2)
    await say(matrix, "rider", CASE, 3, held=True)
    await say(matrix, "rider", "R1-G1-2611-00002", 4)
    assert told(tmp_path, CASE) == [
        ("telegram", "sender-cleaner", "waiting", 2),
        ("matrix", "sender-rider", "held", 3),
        ("telegram", "sender-cleaner", "sent", 5),
    ]
    assert told(tmp_path, "") == []
    assert told(tmp_path / "nowhere", CASE) == []
    await telegram.close()
    await matrix.close()


async def test_what_waits_for_the_morning_is_told_when_it_will_be_sent(tmp_path: Path) -> None:
    street, store = Street(), ChatStore(tmp_path / "telegram")
    case = street.report()
    event = decode(Event, event_value(street.drafts[0], 0, ""))
    reply = Reply("r1", Recipient("telegram", "owner-1", "assignee", "r", Language.ZH), case.number, event)
    await store.postpone("source", "sender-owner", PostponedReply(reply, SayKind.NEWS), 10, 900)
    assert told(tmp_path, case.number) == [("telegram", "sender-owner", "postponed", 900)]
    await store.close()


async def test_a_file_of_an_earlier_release_says_nothing(tmp_path: Path) -> None:
    (tmp_path / "telegram").mkdir()
    (tmp_path / "telegram" / "chat.sqlite").touch()
    assert told(tmp_path, CASE) == []

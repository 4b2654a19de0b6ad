"""Messages are counted once, by day, person and kind; who does not work here has no name."""

from datetime import date
from itertools import count
from pathlib import Path

from connectors.chat.burden_figures import UNASKED, burden
from connectors.chat.conversation.state import Conversation
from connectors.chat.messages import Outgoing, SayKind
from connectors.chat.runtime.storage.burden import DAYS, Occasion
from connectors.chat.runtime.storage.conversations import StoredConversation
from connectors.chat.runtime.storage.store import ChatStore, Told

MONDAY, TUESDAY = date(2026, 11, 30), date(2026, 12, 1)
numbers = count()


def when(day: date, *, night: bool = False) -> Occasion:
    return Occasion(day, night, lambda person: person == "cleaner")


async def send(store: ChatStore, person: str, kind: SayKind, occasion: Occasion, *, times: int = 1) -> None:
    """Somebody is sent something, and a crash lets it be marked as sent again."""
    n, chat = next(numbers), f"chat-{person}"
    says = [Outgoing(id=f"o{n}", chat=chat, text="words", kind=kind)]
    await store.add_notice(f"s{n}", StoredConversation(f"sender-{person}", person, chat, Conversation()), says, n)
    found = await store.next_outgoing(chat)
    assert found is not None
    for _ in range(times):
        await store.sent(found[0], "p", n, occasion)


async def test_messages_are_counted_once_over_all_doors(tmp_path: Path) -> None:
    for door in ("telegram", "matrix"):
        store = ChatStore(tmp_path / door)
        await send(store, "cleaner", SayKind.JOB, when(MONDAY), times=2)
        await send(store, "cleaner", SayKind.NEWS, when(TUESDAY, night=True))
        await send(store, "cleaner", SayKind.ANSWER, when(TUESDAY))
        await send(store, "p-rider", SayKind.VERIFY, when(MONDAY))
        await store.close()
    figures = burden(tmp_path)
    cleaner, others = figures["rows"]
    assert cleaner == figures["total"] | {"person": "cleaner"}
    shown = {key: cleaner[key] for key in ("unasked", "night", "days", "a_day", "most", "job", "news", "answer")}
    assert shown == {"unasked": 4, "night": 2, "days": 2, "a_day": 2.0, "most": 2, "job": 2, "news": 2, "answer": 2}
    assert (others["person"], others["verify"]) == ("", 2)
    assert sum(cleaner[kind.value] for kind in UNASKED) == cleaner["unasked"]
    assert burden(tmp_path, TUESDAY, TUESDAY)["total"]["unasked"] == 2
    assert burden(tmp_path / "nowhere")["rows"] == []


async def test_who_is_forgotten_has_no_name_and_the_sum_stays(tmp_path: Path) -> None:
    store = ChatStore(tmp_path / "telegram")
    await send(store, "cleaner", SayKind.JOB, when(MONDAY))
    await send(store, "p-rider", SayKind.JOB, when(MONDAY))
    await store.forget("cleaner", {"sender-cleaner": "chat-cleaner"})
    (row,) = burden(tmp_path)["rows"]
    assert (row["person"], row["job"]) == ("", 2)
    await store.prune(0, date.fromordinal(MONDAY.toordinal() + DAYS + 1))
    await store.close()
    assert burden(tmp_path)["rows"] == []


async def test_the_budget_counts_what_nobody_asked_for(tmp_path: Path) -> None:
    """Sent today, or waiting; not the day before, and no answers."""
    store = ChatStore(tmp_path / "telegram")
    for kind in (SayKind.JOB, SayKind.ANSWER, SayKind.NEWS):
        await send(store, "cleaner", kind, when(MONDAY))
    await send(store, "cleaner", SayKind.NEWS, when(TUESDAY), times=0)
    assert await store.unasked("sender-cleaner", MONDAY) == 3
    assert await store.unasked("sender-cleaner", TUESDAY) == 1
    assert await store.unasked("sender-rider", MONDAY) == 0
    await store.close()


async def test_what_a_digest_held_and_what_was_over_is_counted(tmp_path: Path) -> None:
    store = ChatStore(tmp_path / "telegram")
    after = StoredConversation("sender-cleaner", "cleaner", "c", Conversation())
    await store.add_digest(after, (), 1, Told(9, {"digested": 3, "dropped": 1}, when(MONDAY)))
    await store.close()
    (row,) = burden(tmp_path)["rows"]
    assert (row["digested"], row["dropped"], row["unasked"], row["a_day"]) == (3, 1, 0, None)

"""What waits in the files of the doors is told by door and queue, with the age of the oldest."""

from pathlib import Path

from connectors.chat.conversation.digest import PostponedReply
from connectors.chat.conversation.state import Conversation
from connectors.chat.messages import Incoming, Outgoing, SayKind, Wrote
from connectors.chat.runtime.storage.conversations import StoredConversation
from connectors.chat.runtime.storage.store import FILE, ChatStore
from connectors.doors.webhook.deliveries import Deliveries
from connectors.replies.store import ReplyFile
from grid36.machine.home import Home
from grid36.metrics.door_queues import DoorQueues
from schemas.chain import Position
from tests.unit.grid36.metrics.test_figures import values
from tests.worlds.builders import START, LogBuilder, logged

NOW = START + 100_000


async def told(home: Home, *doors: str) -> dict[str, tuple[float, float]]:
    """By door and queue how many wait, and for how many seconds the oldest has."""
    found = values(await DoorQueues(home, doors, lambda: NOW).collect())
    rows, age = "grid36_door_queue_rows", "grid36_door_queue_age_seconds"
    labels = [name.removeprefix(rows) for name in found if name.startswith(rows)]
    assert len(found) == 2 * len(labels)
    return {_words(each): (found[rows + each], found[age + each]) for each in labels}


def _words(labels: str) -> str:
    """`door queue`, of `{'door': ..., 'queue': ...}`."""
    return " ".join(labels.split("'")[3::4])


def message(n: int) -> Incoming:
    return Incoming(id=f"m{n}", sender="ana", chat="c-ana", t_ms=n, content=Wrote(text="words"))


async def test_a_chat_tells_what_was_not_answered_sent_or_told_yet(tmp_path: Path) -> None:
    home, log = Home(tmp_path), LogBuilder(1)
    log.open(t_ms=START, door="telegram", reporter="rider")
    file = ReplyFile(home.replies, {"telegram": "telegram", "matrix": "matrix"}, START)
    file.take(logged(log.records), {0: Position(1, 1, log.last[0])})
    (waiting,) = file.pending("telegram", 0, 9)
    assert await told(home, "telegram") == {"telegram replies": (1, 100)}
    store = ChatStore(home.doors / "telegram")
    nothing = dict.fromkeys(("incoming", "outgoing", "held", "postponed"), (0.0, 0.0))
    nothing_waits = {f"telegram {queue}": none for queue, none in nothing.items()}
    assert await told(home, "telegram") == nothing_waits | {"telegram replies": (1, 100)}
    await store.take("k1", message(1), NOW - 30_000)
    await store.take("k2", message(2), NOW - 20_000)
    after = StoredConversation("bob", "rider", "c-bob", Conversation())
    say = [Outgoing(id=f"o{n}", chat="c-bob", text="words", kind=SayKind.JOB) for n in range(3)]
    await store.add_notice("s1", after, say[:2], NOW - 9_000)
    await store.add_notice("s2", after, say[2:], NOW - 8_000, held=True)
    postponed = PostponedReply(waiting.reply, SayKind.NEWS)
    await store.postpone("s3", "eve", postponed, NOW - 9_000, NOW - 4_000)
    await store.postpone("s4", "joe", postponed, NOW - 9_000, NOW + 4_000)
    file.sent([waiting.reply])
    assert await told(home, "telegram", "matrix") == {
        "telegram replies": (0, 0),
        "matrix replies": (0, 0),
        "telegram incoming": (2, 30),
        "telegram outgoing": (2, 9),
        "telegram held": (1, 8),
        "telegram postponed": (1, 4),
    }
    assert await told(home, "http") == {}, "what an earlier run left of other doors is not told"
    file.close()
    await store.close()


async def test_a_webhook_tells_what_its_receiver_did_not_take(tmp_path: Path) -> None:
    home = Home(tmp_path)
    deliveries = Deliveries(home.doors / "webhook")
    assert await told(home, "webhook") == {"webhook deliveries": (0, 0)}
    await deliveries.put("a", "lane", b"{}", NOW - 60_000)
    await deliveries.put("b", "lane", b"{}", NOW - 50_000)
    assert await told(home, "webhook") == {"webhook deliveries": (2, 60)}
    (first,) = await deliveries.due(NOW, 9)
    await deliveries.delivered(first, NOW)
    assert await told(home, "webhook") == {"webhook deliveries": (1, 50)}
    await deliveries.close()


async def test_a_file_that_cannot_be_read_leaves_out_its_figures_alone(tmp_path: Path) -> None:
    home = Home(tmp_path)
    store = ChatStore(home.doors / "matrix")
    (home.doors / "telegram").mkdir()
    (home.doors / "telegram" / FILE).write_bytes(b"no database" * 100)
    assert {name.split()[0] for name in await told(home, "telegram", "matrix")} == {"matrix"}
    assert not (home.replies).exists(), "asking makes no file"
    await store.close()

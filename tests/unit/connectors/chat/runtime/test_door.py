"""The way from a message to its answer, and what may go wrong on it."""

import asyncio
import sqlite3
from collections import deque
from collections.abc import Sequence
from dataclasses import replace
from itertools import count
from pathlib import Path

import pytest

from connectors.chat.conversation.case_view import CaseView
from connectors.chat.conversation.state import Conversation
from connectors.chat.conversation.turn import Heard, Knowledge, Say, Turn
from connectors.chat.messages import LeftChat, Media, MediaKind, Outgoing, SayKind, SentMedia, SharedPosition
from connectors.chat.platform import Features, PhotoFile, TryLater, Unreachable
from connectors.chat.runtime.forgetting import forget_chats
from connectors.chat.runtime.needs import ENGINE
from connectors.chat.runtime.storage.outgoing import MOST_HELD
from connectors.clock import now_ms
from connectors.intake.accept import Accepted
from connectors.intake.refusal import refused
from connectors.intake.submission import Submission
from connectors.replies.reply import Recipient, Reply, ReplyTo
from schemas.datum import Datum
from schemas.errors import Stop
from schemas.event import EventType
from schemas.names import Language
from schemas.quiet import MessageRule
from tests.contract.plain_engine import NEWS, NOTICE, REPORT, TROUBLE, WAIT, PlainEngine
from tests.processes.waiting import wait_until
from tests.unit.connectors.chat.runtime.running import LoopPlatform, Running, running
from tests.worlds.builders import event


def rows(folder: Path, sql: str) -> list[tuple[object, ...]]:
    with sqlite3.connect(folder / "chat.sqlite") as db:
        return db.execute(sql).fetchall()


def reply(person: str, n: int = 0, kind: EventType = EventType.OPENED, to: ReplyTo = "reporter") -> Reply:
    case = "T-G01-2511-00001"
    return Reply(f"0-{n}/chat/{person}", Recipient("chat", person, to, "r-1", Language.EN), case, event(kind, n=n))


async def contact_of(chat: Running, who: str) -> str:
    contact = await chat.gateway.contacts.heard("chat", who, t_ms=chat.gateway.clock(), chat=f"chat-{who}")
    return contact.person


async def test_what_is_not_for_us_in_a_group_is_not_stored(tmp_path: Path) -> None:
    async with running(tmp_path) as chat:
        assert not await chat.platform.brings("ana", "lunch?", chat="room", group=True, addressed=False)
        assert await chat.platform.brings("ana", "@bot pothole #1", chat="room", group=True, id="asked")
        await wait_until(lambda: chat.platform.sent, "an answer", 10)
    (answer,) = chat.platform.sent
    assert (answer.chat, answer.answers) == ("room", "asked")
    assert rows(chat.folder, "SELECT count(*) FROM inbox") == [(1,)]


async def test_in_a_group_what_time_and_cases_bring_quotes_its_person(tmp_path: Path) -> None:
    """The question after a pause, and what becomes of the report; alone with us, nobody is quoted."""
    passed_ms = 0
    async with running(tmp_path, engine=ENGINE, clock=lambda: now_ms() + passed_ms) as chat:
        await chat.platform.brings("ana", "@bot oil on the road", chat="room", group=True, id="asked")
        await chat.platform.brings("ben", "oil on the road", id="alone")
        await wait_until(
            lambda: len(rows(chat.folder, "SELECT 1 FROM conversations WHERE wake_ms > 0")) == 2, "drafts", 10
        )
        passed_ms = 20_000
        await chat.platform.brings("cy", "a lamp is broken")  # whoever writes lets the door look at its clock
        await wait_until(lambda: len(chat.platform.sent) >= 2, "questions", 10)
        questions = {message.chat: message.answers for message in chat.platform.sent[:2]}
        assert questions == {"room": "asked", "chat-ben": ""}
        here = SharedPosition(lon=118.08, lat=24.46, datum=Datum.WGS84)
        await chat.platform.brings("ana", here, chat="room", group=True, id="here")
        passed_ms = 40_000
        await chat.platform.brings("dan", "a lamp is broken")
        await wait_until(chat.reports, "a report", 10)
        contact = await chat.gateway.contacts.find("chat", "ana")
        assert contact is not None
        (report,) = chat.reports()
        told = reply(contact.person, 1, EventType.REFUSED)
        await chat.tell(replace(told, recipient=replace(told.recipient, report=report.id)))
        await wait_until(lambda: [each for each in chat.platform.sent if each.answers == "here"], "the notice", 10)


async def test_a_message_is_answered_while_its_last_parts_are_on_their_way(tmp_path: Path) -> None:
    """The answer is about its case; that of another message is not."""

    class InParts(LoopPlatform):
        async def begun(self, message: Outgoing) -> str:
            return "words" if message.case else ""

        async def send(self, message: Outgoing, photos: Sequence[PhotoFile]) -> str:
            sent = await super().send(message, photos)
            if message.case:
                await rest.wait()
            return sent

    class Quoting(PlainEngine):
        def take(self, state: Conversation, heard: Heard, knowledge: Knowledge) -> Turn:
            answered.append(knowledge.quoted_case)
            return super().take(state, heard, knowledge)

    rest, answered = asyncio.Event(), list[str]()
    async with running(tmp_path, InParts(), Quoting()) as chat:
        person = await contact_of(chat, "ana")
        await chat.tell(told := reply(person))
        await wait_until(lambda: chat.platform.sent, "the first part", 10)
        await chat.platform.brings("ana", "done #1", quotes="words")
        await chat.platform.brings("ana", "done #2", quotes="another")
        await wait_until(lambda: len(answered) == 2, "both", 10)
        rest.set()
    assert answered == [told.case, ""]


async def test_what_is_over_leaves_no_words_and_no_account_behind(tmp_path: Path) -> None:
    """But for ids of messages as digests, and which of ours was about which case."""
    async with running(tmp_path) as chat:
        await chat.platform.brings("ana", "pothole at my door #1")
        await chat.until_said("ana", REPORT)
        await wait_until(lambda: rows(chat.folder, "SELECT 1 FROM outgoing WHERE state = 'sent'"), "marked", 10)
    assert rows(chat.folder, "SELECT sender, incoming, decided, state FROM inbox") == [("", None, None, "done")]
    assert rows(chat.folder, "SELECT message, state FROM outgoing") == [(None, "sent")]


async def test_a_message_on_which_we_fail_is_parked_and_answered(tmp_path: Path) -> None:
    """The next one has its turn; what the failure said is not in the file."""

    class Failing(PlainEngine):
        def take(self, state: Conversation, heard: Heard, knowledge: Knowledge) -> Turn:
            if "odd" in str(heard.incoming.content):
                raise ValueError("odd words")
            return super().take(state, heard, knowledge)

    async with running(tmp_path, engine=Failing()) as chat:
        await chat.platform.brings("ana", "odd #1")
        await chat.platform.brings("ana", "pothole #2")
        await chat.until_said("ana", "Sorry, something went wrong", REPORT)
    ((state, reason),) = rows(chat.folder, "SELECT state, reason FROM inbox WHERE state != 'done'")
    assert state == "parked"
    assert str(reason).startswith("ValueError at test_door.py:")


async def test_what_cannot_be_accepted_now_is_accepted_later(tmp_path: Path) -> None:
    """Nobody is told of a full disk of ours; the answer comes when it is true."""
    tries = 0

    async def accepting(submission: Submission, wrong: object = ()) -> Accepted:
        nonlocal tries
        tries += 1
        if tries == 1:
            raise refused(503, "outbox_unwritable")  # type: ignore[arg-type]
        return Accepted(str(submission.id), True)

    async with running(tmp_path, accepting=accepting) as chat:
        await chat.platform.brings("ana", "pothole #1")
        await chat.until_said("ana", REPORT)
    assert tries == 2


async def test_a_repeated_turn_that_finds_its_id_used_counts_as_accepted(tmp_path: Path) -> None:
    async def accepting(submission: Submission, wrong: object = ()) -> Accepted:
        raise refused(409, "other_content", "id")  # type: ignore[arg-type]

    async with running(tmp_path, accepting=accepting) as chat:
        await chat.platform.brings("ana", "pothole #1")
        await chat.until_said("ana", REPORT)


async def test_voice_is_stored_by_its_digest(tmp_path: Path) -> None:
    class Listening(PlainEngine):
        def take(self, state: Conversation, heard: Heard, knowledge: Knowledge) -> Turn:
            heard_voices.append(heard.incoming.content)
            return super().take(state, heard, knowledge)

    heard_voices: list[object] = []
    platform = LoopPlatform(files={"v": b"OggS hello"})
    async with running(tmp_path, platform, Listening()) as chat:
        await platform.brings("ana", SentMedia(media=Media(kind=MediaKind.VOICE, ref="v")))
        await wait_until(lambda: heard_voices, "a turn", 10)
    (content,) = heard_voices
    assert isinstance(content, SentMedia)
    assert content.recording is not None
    path = chat.gateway.recordings.find(content.recording.digest, "ogg")
    assert path is not None
    assert path.read_bytes() == b"OggS hello"


async def test_a_file_that_does_not_come_is_given_up(tmp_path: Path) -> None:
    """After a time that is a setting; the person hears it."""
    platform = LoopPlatform(files={"f": TryLater("slow", 0.2)})
    async with running(tmp_path, platform, options={"fetch_patience_s": "0.5"}) as chat:
        await platform.brings("ana", SentMedia(media=Media(kind=MediaKind.PHOTO, ref="f")))
        await chat.until_said("ana", f"{TROUBLE} file_not_fetched")
    assert 2 <= platform.tries <= 5


async def test_news_of_a_case_is_told_once_and_said_to_be_sent(tmp_path: Path) -> None:
    """Handed out again after a crash, it is the same message; who answers it means the case."""
    async with running(tmp_path) as chat:
        person = await contact_of(chat, "ana")
        await chat.tell(reply(person), reply(person))
        await chat.until_said("ana", f"{NOTICE} 0-0/chat/{person}")
        await wait_until(lambda: rows(chat.folder, "SELECT 1 FROM outgoing WHERE platform_id = 'p1'"), "marked", 10)
        await chat.platform.brings("ana", "like this one #1", quotes="p1")
        await chat.until_said("ana", NOTICE, REPORT)
        assert chat.platform.said("ana")[1].endswith("#1 T-G01-2511-00001")
        assert len(chat.platform.sent) == 2


async def test_news_for_somebody_unknown_is_dropped(tmp_path: Path) -> None:
    """Whoever was forgotten hears nothing, and holds up nothing."""
    async with running(tmp_path) as chat:
        await chat.tell(reply("p-forgotten"))
    assert chat.platform.tries == 0


class Gossip(PlainEngine):
    """Each event is of the kind that its id says."""

    def notice(self, state: Conversation, reply: Reply, view: CaseView, knowledge: Knowledge) -> Turn:
        kind = KINDS[int(reply.id.partition("/")[0].partition("-")[2]) % len(KINDS)]
        return Turn(state, say=(Say(f"{kind} {reply.id}", kind=kind),))


KINDS = (SayKind.NEWS, SayKind.JOB, SayKind.REFUSAL)


async def test_what_comes_at_night_waits_for_the_morning_and_is_told_once(tmp_path: Path) -> None:
    """A refusal comes at once; nothing is lost when the gateway is away in the morning, and nothing said again when a
    reply is brought again afterwards."""
    night = 1_763_735_400_000  # 22:30 in Shanghai
    clock = [night]
    async with running(tmp_path, engine=Gossip(), clock=lambda: clock[0]) as chat:
        person = await contact_of(chat, "ana")
        waiting = [reply(person, n, to="assignee") for n in range(6)]
        await chat.tell(*waiting, *waiting[:3])
        await chat.until_said("ana", "refusal 0-2/", "refusal 0-5/")
    clock[0] = night + 9 * 3_600_000
    async with running(tmp_path, engine=Gossip(), clock=lambda: clock[0]) as chat:
        ids = " ".join(f"0-{n}/chat/{person}" for n in (0, 1, 3, 4))
        await chat.until_said("ana", f"{NEWS} {ids}")
        await chat.tell(*waiting, reply(person, 6, to="assignee"))
        await chat.until_said("ana", NEWS, "news 0-6/")
        assert len(chat.platform.said("ana")) == 2
    assert rows(chat.folder, "SELECT count(*) FROM postponed") == [(0,)]


async def test_what_waits_for_somebody_who_is_forgotten_is_dropped(tmp_path: Path) -> None:
    night = 1_763_735_400_000
    clock = [night]
    async with running(tmp_path, engine=Gossip(), clock=lambda: clock[0]) as chat:
        person = await contact_of(chat, "ana")
        await chat.tell(reply(person, 0, to="assignee"))
        assert rows(chat.folder, "SELECT count(*) FROM postponed") == [(1,)]
        await forget_chats(chat.folder.parent, [await chat.gateway.contacts.find("chat", "ana") or pytest.fail("who?")])
        assert rows(chat.folder, "SELECT count(*) FROM postponed") == [(0,)]


async def test_news_over_the_budget_of_a_day_is_gathered(tmp_path: Path) -> None:
    now = 1_763_694_000_000  # 11:00 in Shanghai
    async with running(tmp_path, engine=Gossip(), clock=lambda: now) as chat:
        rule = MessageRule(budget=3, gather_h=2)
        chat.gateway.region = chat.gateway.region.model_copy(update={"messages": (rule,)})
        person = await contact_of(chat, "ana")
        token = (await chat.gateway.contacts.invite(person="p1", now_ms=now)).token
        person = (await chat.gateway.contacts.bind("chat", "ana", token, now)).contact.person
        await chat.tell(*(reply(person, n, to="assignee") for n in range(7)))
        said = ["news 0-0", "job 0-1", "refusal 0-2", "job 0-4", "refusal 0-5"]
        await chat.until_said("ana", *said)
        assert rows(chat.folder, "SELECT due_ms FROM postponed") == [(now + 2 * 3_600_000,)] * 2
        assert len(chat.platform.said("ana")) == len(said)


async def test_for_somebody_who_left_the_latest_news_waits(tmp_path: Path) -> None:
    """A few of them, until they write again; none is tried meanwhile."""
    async with running(tmp_path) as chat:
        await chat.platform.brings("ana", "pothole #1")
        await chat.until_said("ana", REPORT)
        person = await contact_of(chat, "ana")
        await chat.platform.brings("ana", LeftChat())
        await wait_until(lambda: not rows(chat.folder, "SELECT 1 FROM inbox WHERE state = 'open'"), "its turn", 10)
        tries = chat.platform.tries
        await chat.tell(*(reply(person, n) for n in range(MOST_HELD + 3)))
        assert chat.platform.tries == tries
        await asyncio.sleep(0.002)  # left and heard are told apart by milliseconds
        await chat.platform.brings("ana", "I am back #2")
        await chat.until_said("ana", REPORT, *[f"{NOTICE} 0-{n + 3}/" for n in range(MOST_HELD)], REPORT)


async def test_who_cannot_be_reached_is_marked_and_not_tried_again(tmp_path: Path) -> None:
    platform = LoopPlatform(answers={"chat-ana": deque([Unreachable()])})
    async with running(tmp_path, platform) as chat:
        await platform.brings("ana", "pothole #1")
        await wait_until(lambda: platform.tries == 1, "a try", 10)

        async def marked() -> bool:
            contact = await chat.gateway.contacts.find("chat", "ana")
            return contact is not None and not contact.reachable

        await wait_until(marked, "marked", 10)
        await asyncio.sleep(0.3)
        assert platform.tries == 1


async def test_what_is_on_its_way_when_the_gateway_stops_arrives(tmp_path: Path) -> None:
    """It is marked as sent, so that the next run does not send it again."""
    began = asyncio.Event()

    class Slow(LoopPlatform):
        async def send(self, message: Outgoing, photos: Sequence[PhotoFile]) -> str:
            began.set()
            await asyncio.sleep(0.3)
            return await super().send(message, photos)

    async with running(tmp_path, Slow()) as chat:
        await chat.platform.brings("ana", "pothole #1")
        await asyncio.wait_for(began.wait(), 10)
    assert rows(chat.folder, "SELECT state, platform_id FROM outgoing") == [("sent", "p1")]


async def test_who_writes_while_a_message_fails_is_reachable(tmp_path: Path) -> None:
    """They unblocked us in that moment: what they were to be sent goes out."""

    class Slow(LoopPlatform):
        async def send(self, message: Outgoing, photos: Sequence[PhotoFile]) -> str:
            if not self.tries:
                self.tries += 1
                await self.brings("ana", "unblocked #2")
                raise Unreachable
            return await super().send(message, photos)

    platform, times = Slow(), count(1_763_694_000_000)
    async with running(tmp_path, platform, clock=lambda: next(times)) as chat:
        await platform.brings("ana", "pothole #1")
        await chat.until_said("ana", REPORT, REPORT)
        contact = await chat.gateway.contacts.find("chat", "ana")
    assert contact is not None
    assert contact.reachable


async def test_a_group_that_sends_us_away_makes_nobody_unreachable(tmp_path: Path) -> None:
    platform = LoopPlatform(answers={"room": deque([Unreachable()])})
    async with running(tmp_path, platform) as chat:
        await platform.brings("ana", "hello #0")
        await chat.until_said("ana", REPORT)
        await platform.brings("ana", "pothole #1", chat="room", group=True)
        await wait_until(lambda: rows(chat.folder, "SELECT 1 FROM outgoing WHERE state = 'held'"), "held", 10)
        contact = await chat.gateway.contacts.find("chat", "ana")
    assert contact is not None
    assert contact.reachable


async def test_a_platform_that_limits_what_nobody_asked_for(tmp_path: Path) -> None:
    """What is over it waits for the person's next message."""
    platform = LoopPlatform(Features(per_second=1000, per_chat_per_minute=1000, unasked_within_h=48, most_unasked=2))
    async with running(tmp_path, platform) as chat:
        await platform.brings("ana", "pothole #1")
        await chat.until_said("ana", REPORT)
        person = await contact_of(chat, "ana")
        await chat.tell(*(reply(person, n) for n in range(3)))
        await chat.until_said("ana", REPORT, f"{NOTICE} 0-0/")
        await asyncio.sleep(0.2)
        assert len(platform.said("ana")) == 2
        await platform.brings("ana", "and? #2")
        await chat.until_said("ana", REPORT, f"{NOTICE} 0-0/", f"{NOTICE} 0-1/", f"{NOTICE} 0-2/")


async def test_a_platform_whose_code_fails_parks_what_it_fails_on(tmp_path: Path) -> None:
    platform = LoopPlatform(answers={"chat-ana": deque([KeyError("token")] * 5)})
    async with running(tmp_path, platform) as chat:
        await platform.brings("ana", "pothole #1")
        await platform.brings("ben", "pothole #b")
        await chat.until_said("ben", REPORT)
        await wait_until(lambda: rows(chat.folder, "SELECT 1 FROM outgoing WHERE state = 'parked'"), "parked", 30)
    ((reason,),) = rows(chat.folder, "SELECT reason FROM outgoing WHERE state = 'parked'")
    assert str(reason).startswith("KeyError at running.py:")


async def test_a_stop_of_the_platform_ends_the_door(tmp_path: Path) -> None:
    """Also when it comes while sending."""
    platform = LoopPlatform(answers={"chat-ana": deque([Stop("token refused")])})
    async with running(tmp_path, platform) as chat:
        await platform.brings("ana", "pothole #1")
        with pytest.raises(Stop, match="token refused"):
            await asyncio.wait_for(asyncio.shield(chat.run), 10)


async def test_a_conversation_that_asks_for_the_same_moment_again_is_not_woken_for_ever(tmp_path: Path) -> None:
    class Stubborn(PlainEngine):
        def tick(self, state: Conversation, submission_id: str, knowledge: Knowledge) -> Turn:
            woken.append(submission_id)
            return Turn(state)

    woken: list[str] = []
    async with running(tmp_path, engine=Stubborn()) as chat:
        await chat.platform.brings("ana", WAIT)
        await wait_until(lambda: woken, "woken", 10)
        await asyncio.sleep(0.6)
    assert len(woken) == 1


async def test_what_is_old_is_forgotten(tmp_path: Path) -> None:
    """As the setting says; what waits stays however old it is."""
    platform = LoopPlatform(answers={"chat-ben": deque([TryLater("busy", 60.0)] * 2)})
    async with running(tmp_path, platform) as chat:
        await platform.brings("ana", "pothole #1")
        await platform.brings("ben", "pothole #2")
        await chat.until_said("ana", REPORT)
        await wait_until(lambda: platform.tries == 2, "both tried", 10)
    await asyncio.sleep(0.02)
    async with running(tmp_path, platform, options={"keep_days": "0.0000001"}):
        await wait_until(lambda: rows(chat.folder, "SELECT count(*) FROM inbox") == [(0,)], "forgotten", 10)
    assert rows(chat.folder, "SELECT chat, state FROM outgoing") == [("chat-ben", "waiting")]


async def test_nothing_of_somebody_stays_who_is_forgotten(tmp_path: Path) -> None:
    """In no file of the door, not even in its write-ahead log, while the gateway runs; of others all stays."""
    platform = LoopPlatform(answers={"chat-secretly-ana": deque([TryLater("busy", 60.0)] * 2)})
    async with running(tmp_path, platform) as chat:
        await platform.brings("secretly-ana", "pothole at my-own-door #1")
        await platform.brings("ben", "pothole #2")
        await wait_until(lambda: platform.tries == 2, "both tried", 10)
        await wait_until(lambda: rows(chat.folder, "SELECT 1 FROM outgoing WHERE state = 'sent'"), "marked", 10)
        (accounts,) = [await chat.gateway.contacts.find("chat", "secretly-ana")]
        assert accounts is not None
        await forget_chats(tmp_path / "doors", [accounts])
        raw = b"".join(file.read_bytes() for file in chat.folder.glob("chat.sqlite*"))
        assert b"secretly-ana" not in raw
        assert b"my-own-door" not in raw
        assert b"ben" in raw
        assert not await platform.brings("secretly-ana", "again", id="m0")

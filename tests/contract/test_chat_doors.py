"""What every chat promises, whatever is said in it: held against a stub, and each platform that has a world."""

import asyncio
import re
from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp
import pytest

from connectors.accounts.store import with_accounts
from connectors.clock import now_ms
from connectors.contacts.book import ContactBook
from connectors.intake.recordings.store import RecordingStore
from connectors.outbox.store import OutboxFile
from grid36.machine.home import Home
from grid36.machine.status import status
from grid36.settings import Settings
from schemas.codec import decode
from schemas.report import Report
from tests.contract.chat_worlds import PAGES, WORLDS, ChatWorld, StubWorld, environment_of
from tests.contract.chosen_doors import chosen
from tests.contract.door_people import HttpPerson, Said
from tests.contract.plain_engine import REFUSED, REPORT, SIGN_IN, TROUBLE, WAIT, WOKEN
from tests.contract.test_doors import NOBODY, gateway, process
from tests.processes.door_process import known_system
from tests.processes.waiting import wait_until
from tests.worlds.doors import picture

KILLS = ("stored", "fetching", "fetched", "turned", "accepted", "sending", "posted")
"""Between which two steps the gateway is killed: see `tests.processes.door_process`."""
NUMBERS = [str(n) for n in range(len(KILLS))]
KILLED = 2
"""How often, in each of these tests."""
PEOPLE = ("ana", "ben")
WORDS_ALONE = ("wecom_robot",)
"""Platforms that write down what was said, and keep the sound."""
troubled = pytest.mark.parametrize("door", [name for name in chosen(WORLDS) if name not in PAGES], indirect=True)
"""For what a test makes a platform refuse; a page of our own refuses nothing."""


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path


@pytest.fixture(params=chosen(WORLDS))
def door(request: pytest.FixtureRequest) -> str:
    name: str = request.param
    return name


@pytest.fixture
async def world(door: str, home: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[ChatWorld]:
    async with WORLDS[door](home / "world") as found:
        for name, value in environment_of(door, found).items():
            monkeypatch.setenv(name, value)
        yield found


def reports(home: Path) -> list[Report]:
    """What was accepted, in order."""
    if not Home(home).outbox.exists():
        return []
    file = OutboxFile(Home(home).outbox)
    try:
        return [decode(Report, each.row.value) for each in file.pending(0, 10_000)]
    finally:
        file.close()


def marks(world: ChatWorld, who: str, verb: str = REPORT) -> list[str]:
    """The marks of the messages that somebody was answered, in the order of the answers."""
    answers = [shown.text for shown in world.shown(who) if shown.text.startswith(f"{verb} ")]
    return [answer.partition("#")[2].split(" ")[0] for answer in answers]


async def answered(world: ChatWorld, who: str, *expected: str) -> None:
    """Wait until somebody was answered to all these messages."""
    await wait_until(lambda: set(expected) <= set(marks(world, who)), f"answers to {who}", 60)


@pytest.mark.parametrize("door", list(WORLDS), indirect=True)
async def test_a_message_is_taken_once_however_often_it_is_brought(world: ChatWorld, door: str, home: Path) -> None:
    """Before and after its turn, and after a restart: one report, one answer."""
    async with gateway(home, door):
        message = await world.writes("ana", "pothole #1")
        await world.again(message)
        await answered(world, "ana", "1")
        await world.again(message)
    async with gateway(home, door):
        await world.again(message)
        await world.writes("ana", "lamp #2")
        await answered(world, "ana", "2")
    assert [report.text for report in reports(home)] == ["pothole", "lamp"]
    assert marks(world, "ana") == ["1", "2"]


@troubled
async def test_each_person_is_answered_in_order_and_nobody_waits_for_another(
    world: ChatWorld, door: str, home: Path
) -> None:
    """One person's files do not come for a while; what they wrote after them waits, the others go on."""
    async with gateway(home, door):
        world.plan_files(("later", 5.0))
        await world.sends_photo("ana", picture())
        await world.writes("ana", "with photo #a0")
        for n in range(1, 5):
            for who in PEOPLE:
                await world.writes(who, f"hole {n} #{who[0]}{n}")
        await answered(world, "ben", "b4")
        assert marks(world, "ana") == []
        await answered(world, "ana", "a4")
    assert marks(world, "ana") == ["a0", "a1", "a2", "a3", "a4"]
    assert marks(world, "ben") == ["b1", "b2", "b3", "b4"]
    first = next(report for report in reports(home) if report.text == "with photo")
    assert len(first.photos) == 1


@troubled
async def test_a_file_that_never_comes_is_said_to_be_missing(world: ChatWorld, door: str, home: Path) -> None:
    """Neither it nor a picture that is none holds up what follows."""
    async with gateway(home, door):
        world.plan_files(("never", "expired"))
        await world.sends_photo("ana", picture())
        await world.sends_photo("ana", b"no picture at all")
        await world.writes("ana", "pothole #1")
        await answered(world, "ana", "1")
    said = [shown.text for shown in world.shown("ana")]
    assert said[:2] == [f"{TROUBLE} file_not_fetched", f"{TROUBLE} photo_unreadable"]


@pytest.mark.parametrize("door", [name for name in chosen(WORLDS) if name not in WORDS_ALONE], indirect=True)
async def test_a_voice_message_goes_along_with_its_report(world: ChatWorld, door: str, home: Path) -> None:
    """As it came, and kept before the report is accepted; what is no sound is said to be none."""
    spoken = b"#!AMR\n" + bytes(range(200))
    async with gateway(home, door):
        await world.sends_voice("ana", spoken)
        await world.sends_voice("ana", b"no sound at all")
        await world.writes("ana", "pothole #1")
        await answered(world, "ana", "1")
    assert world.shown("ana")[0].text == f"{TROUBLE} not_a_recording"
    (report,) = reports(home)
    (recording,) = report.recordings
    kept = RecordingStore(Home(home).recordings).find(recording.digest, "amr")
    assert kept is not None
    assert (kept.parent.name, kept.read_bytes()) == (recording.digest[:2], spoken)


async def test_what_is_refused_is_said(world: ChatWorld, door: str, home: Path) -> None:
    """Nothing is accepted, and the next message is."""
    async with gateway(home, door):
        await world.writes("ana", "#1")
        await world.writes("ana", "pothole #2")
        await answered(world, "ana", "2")
    assert world.shown("ana")[0].text.startswith(REFUSED)
    assert [report.text for report in reports(home)] == ["pothole"]


async def test_who_answers_a_message_means_its_case(world: ChatWorld, door: str, home: Path) -> None:
    """What we sent is found again by the platform's id, after a restart, too; of no case there is none."""
    async with gateway(home, door):
        await world.writes("ana", "pothole #1")
        await answered(world, "ana", "1")
    async with gateway(home, door):
        await world.writes("ana", "lamp #2", quotes=world.shown("ana")[0].message)
        await answered(world, "ana", "2")


@troubled
async def test_a_platform_that_asks_for_patience_gets_each_message_once(
    world: ChatWorld, door: str, home: Path
) -> None:
    """In order; other chats are not held up by one."""
    async with gateway(home, door):
        world.plan("ana", ("later", 4.0), ("later", 0.1))
        for n in range(3):
            await world.writes("ana", f"hole {n} #a{n}")
        await world.writes("ben", "hole #b")
        await answered(world, "ben", "b")
        assert marks(world, "ana") == []
        await answered(world, "ana", "a2")
    assert marks(world, "ana") == ["a0", "a1", "a2"]


@troubled
async def test_a_message_that_never_goes_holds_up_nothing(world: ChatWorld, door: str, home: Path) -> None:
    """It is parked with its reason."""
    async with gateway(home, door):
        world.plan("ana", ("never", "too odd"))
        await world.writes("ana", "hole #1")
        await world.writes("ana", "hole #2")
        await answered(world, "ana", "2")
    assert marks(world, "ana") == ["2"]
    assert len(reports(home)) == 2


@troubled
async def test_who_blocked_us_gets_nothing_until_they_write_again(world: ChatWorld, door: str, home: Path) -> None:
    """Nothing is tried again and again meanwhile; what waited comes first, in order."""
    async with gateway(home, door):
        world.plan("ana", ("blocked", ""))
        await world.writes("ana", "hole #1")
        await wait_until(lambda: len(reports(home)) == 1, "a report")
        await world.writes("ben", "hole #b")
        await answered(world, "ben", "b")
        assert marks(world, "ana") == []
        await world.writes("ana", "hole #2")
        await answered(world, "ana", "2")
    assert marks(world, "ana") == ["1", "2"]


async def test_a_conversation_is_woken_at_its_time(world: ChatWorld, door: str, home: Path) -> None:
    """Once, and by the next run if the gateway was away then."""
    async with gateway(home, door):
        await world.writes("ana", WAIT)
        await wait_until(lambda: world.shown("ana"), "a word")
        await world.writes("ben", WAIT)
        await world.writes("ben", "hole #b")
        await answered(world, "ben", "b")
    await asyncio.sleep(0.6)
    async with gateway(home, door):
        await wait_until(lambda: len(world.shown("ben")) == 2, "a word")
        await asyncio.sleep(0.7)
    assert [len([each for each in world.shown(who) if each.text.startswith(WOKEN)]) for who in PEOPLE] == [1, 1]


async def bind(home: Path, door: str, world: ChatWorld, who: str) -> str:
    """The account of somebody who wrote becomes that of a person of the region; who that is."""
    person = known_system(Settings(home=home)).region.persons[0].id
    book, sender = ContactBook(Home(home).contacts), world.account(who)[0]
    try:
        token = (await book.invite(person=person, now_ms=now_ms())).token
        await book.bind(door, sender, token, now_ms())
    finally:
        await book.close()
    return person


def links(world: ChatWorld, who: str) -> list[str]:
    """The tokens of the links to sign in that somebody was sent."""
    return [token for shown in world.shown(who) for token in re.findall(r"/sign-in/([\w-]{20,})", shown.text)]


def who_signs_in(home: Path, token: str) -> str | None:
    return with_accounts(Home(home).accounts, lambda rows: rows.linked(token, now_ms()))


def clear_text(home: Path, door: str) -> bytes:
    """What the chat's own file holds."""
    return b"".join(file.read_bytes() for file in (Home(home).doors / door).glob("chat.sqlite*"))


async def test_who_is_known_gets_a_link_that_signs_in_once(world: ChatWorld, door: str, home: Path) -> None:
    """The whole link, for them alone, one for each time they ask; what the platform brings again is no asking."""
    async with gateway(home, "http", door):
        await world.writes("ana", "pothole #1")
        await answered(world, "ana", "1")
        person = await bind(home, door, world, "ana")
        asked = await world.writes("ana", SIGN_IN)
        await wait_until(lambda: links(world, "ana"), "a link", 60)
        await world.again(asked)
        await world.writes("ana", "lamp #2")
        await answered(world, "ana", "2")
        await world.writes("ben", SIGN_IN)
        await world.writes("ben", "hole #b")
        await answered(world, "ben", "b")
    (token,) = links(world, "ana")
    assert (who_signs_in(home, token), links(world, "ben")) == (person, [])
    assert token.encode() not in clear_text(home, door)


@pytest.mark.parametrize("door", ["chat"])
@pytest.mark.parametrize("step", ["stored", "sending", "posted"])
async def test_killed_on_the_way_a_link_comes_all_the_same(step: str, world: ChatWorld, door: str, home: Path) -> None:
    """Where nobody knows whether it went, another one goes; a few at a time work."""
    async with gateway(home, "http", door):
        await world.writes("ana", "pothole #1")
        await answered(world, "ana", "1")
        person = await bind(home, door, world, "ana")
    await world.writes("ana", SIGN_IN)
    for _ in range(KILLED):
        async with process(home, f"http,{door}", f"{step}:1") as running:
            if step == "stored":
                await world.writes("ana", SIGN_IN)
            assert await running.wait() == -9
    async with gateway(home, "http", door):
        await world.writes("ana", "lamp #2")
        await answered(world, "ana", "2")
    tokens = links(world, "ana")
    assert 1 <= len(tokens) <= 1 + KILLED
    assert [who_signs_in(home, each) for each in tokens] == [person] * len(tokens)
    assert not any(each.encode() in clear_text(home, door) for each in tokens)


async def test_a_platform_that_refuses_us_closes_its_door_alone(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The gateway goes on, and `grid36 status` says what to change."""
    world = StubWorld(home / "world")
    for name, value in environment_of("chat", world).items():
        monkeypatch.setenv(name, value)
    async with gateway(home, "http", "chat"):
        await world.writes("ana", "pothole #1")
        await answered(world, "ana", "1")
        world.refuse_us()
        await wait_until(lambda: degraded(home), "a closed door")
        status_now = await asyncio.to_thread(status, Settings(home=home, kafka=NOBODY))
        assert any("chat is closed" in problem and "Ask it why" in problem for problem in status_now["problems"])
        assert "report" in await HttpPerson(home).says(Said("m"))
    assert len(reports(home)) == 2


async def degraded(home: Path) -> bool:
    """Whether the gateway says that a door is closed."""
    address = Home(home).said()["gateway"]["address"]
    async with aiohttp.ClientSession() as session, session.get(f"{address}/health") as response:
        return "closed_doors" in await response.json()


async def test_killed_at_each_step_in_turn_no_word_and_no_photo_is_lost(
    world: ChatWorld, door: str, home: Path
) -> None:
    """Seven gateways, each killed at another moment, while people go on writing; each person is answered in order."""
    for n, step in enumerate(KILLS):
        await world.sends_photo("ana", picture())
        for who in PEOPLE:
            await world.writes(who, f"hole {n} #{n}")
        async with process(home, door, f"{step}:1") as running:
            assert await running.wait() == -9
    async with process(home, door):
        for who in PEOPLE:
            await answered(world, who, *NUMBERS)
    accepted = reports(home)
    people = {report.reporter.id for report in accepted}
    said = {who: [report.text for report in accepted if report.reporter.id == who] for who in people}
    assert list(said.values()) == [[f"hole {n}" for n in NUMBERS]] * len(PEOPLE)
    assert sorted(len(report.photos) for report in accepted) == [0] * len(KILLS) + [1] * len(KILLS)
    for who in PEOPLE:
        assert list(dict.fromkeys(marks(world, who))) == NUMBERS


@pytest.mark.parametrize("door", ["chat"])
@pytest.mark.parametrize("step", KILLS)
async def test_killed_between_any_two_steps_nothing_is_lost_or_submitted_twice(
    step: str, world: ChatWorld, door: str, home: Path
) -> None:
    """Killed at the first such moment, then at the second of the next run; each person is answered in order."""
    await world.sends_photo("ana", picture())
    for n in range(4):
        for who in PEOPLE:
            await world.writes(who, f"hole {n} #{n}")
    for time in range(1, KILLED + 1):
        async with process(home, door, f"{step}:{time}") as running:
            if time == 2 and step in {"fetching", "fetched"}:
                await world.sends_photo("ana", picture())
                await world.sends_photo("ana", picture())
            assert await running.wait() == -9
    async with process(home, door):
        for who in PEOPLE:
            await answered(world, who, *"0123")
    accepted = [(report.reporter.id, report.text) for report in reports(home)]
    assert sorted(text for _, text in accepted) == sorted(f"hole {n}" for n in range(4) for _ in PEOPLE)
    for reporter in {reporter for reporter, _ in accepted}:
        assert [text for who, text in accepted if who == reporter] == [f"hole {n}" for n in range(4)]
    for who in PEOPLE:
        assert list(dict.fromkeys(marks(world, who))) == list("0123")
        assert len(marks(world, who)) <= 4 + KILLED, "again only what was on its way when the gateway was killed"
    assert sum(len(report.photos) for report in reports(home)) >= 1

"""What every door promises, held against each door of the registry and a stub that is one line in it."""

import asyncio
import re
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from pathlib import Path

import pytest

from connectors.clock import now_ms
from connectors.doors.contract import Door
from connectors.outbox.store import OutboxFile, Stored
from grid36.gateway.doors import DOORS, Opener, UnknownDoorError
from grid36.gateway.run import serve
from grid36.kafka.topics import create_topics
from grid36.machine.home import Home
from grid36.settings import Settings
from schemas import topics
from schemas.codec import decode
from schemas.report import Report
from tests.contract.chat_worlds import with_http
from tests.contract.chosen_doors import chosen
from tests.contract.door_people import DoorPerson, Said, people
from tests.processes.door_process import PARTITIONS, REGISTRY, known_system
from tests.processes.forked import Forked
from tests.processes.waiting import wait_until
from tests.worlds.builders import Built, LogBuilder, publish

ROOT = Path(__file__).resolve().parent.parent.parent
NOBODY = "127.0.0.1:1"
REPLYING = ["browser", "feishu", "matrix", "telegram", "wechat", "wecom", "wecom_robot", "webhook", "stub", "chat"]
"""Doors that send replies; a test holds it against what they say of themselves."""


People = Mapping[str, DoorPerson]


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path


@pytest.fixture
async def at_doors(home: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[People]:
    """Somebody at each door."""
    async with people(home) as (found, environment):
        for name, value in environment.items():
            monkeypatch.setenv(name, value)
        yield found


@pytest.fixture(params=list(REGISTRY))
async def at_the_door(request: pytest.FixtureRequest, home: Path, at_doors: People) -> AsyncIterator[DoorPerson]:
    """Somebody at each door in turn; Kafka is away."""
    async with gateway(home, request.param):
        yield at_doors[request.param]


@asynccontextmanager
async def gateway(home: Path, *doors: str, servers: str = NOBODY, prefix: str = "") -> AsyncIterator[dict[str, Door]]:
    """The gateway in this loop, with some doors; they are there when they were opened."""
    doors = tuple(dict.fromkeys(name for door in doors for name in with_http(door)))
    settings = Settings(home=home, kafka=servers, topic_prefix=prefix, doors=",".join(doors))
    stop, found = asyncio.Event(), dict[str, Door]()

    def shown(name: str) -> Opener:
        return lambda settings, setup: found.setdefault(name, REGISTRY[name](settings, setup))

    registry = {name: shown(name) for name in REGISTRY}
    running = asyncio.create_task(serve(settings, servers, known_system(settings), stop, registry))
    try:
        await wait_until(lambda: len(found) == len(doors) or running.done(), "open doors")
        yield found
    finally:
        stop.set()
        await running


@asynccontextmanager
async def process(
    home: Path, door: str, kill: str = "never", servers: str = NOBODY, prefix: str = ""
) -> AsyncIterator[Forked]:
    """The same as a process, which is killed at the end if it is not yet."""
    doors = ",".join(with_http(door))
    running = Forked("tests.processes.door_process", str(home), servers, prefix, doors, kill)
    try:
        yield running
    finally:
        with suppress(ProcessLookupError):
            running.kill()
        await running.wait()


def stored(home: Path) -> list[Stored]:
    """What is in the outbox, seen by another reader of its file."""
    file = OutboxFile(Home(home).outbox)
    try:
        return file.pending(0, 1000)
    finally:
        file.close()


def reports(home: Path) -> list[Report]:
    return [decode(Report, each.row.value) for each in stored(home)]


async def test_what_is_accepted_is_on_disk(at_the_door: DoorPerson, home: Path) -> None:
    """At the moment of the answer another process sees it in the file, under the id that was answered."""
    for n in range(3):
        answer = await at_the_door.says(Said(f"m{n}", f"hole {n}"))
        assert [report.id for report in reports(home)][-1] == answer["report"]
    assert [report.text for report in reports(home)] == ["hole 0", "hole 1", "hole 2"]


async def test_the_log_knows_each_door_by_names_of_its_own(home: Path, at_doors: People) -> None:
    """No two doors share one, else a reply would go to the wrong place."""
    async with gateway(home, *REGISTRY) as doors:
        for name in doors:
            await at_doors[name].says(Said(f"from-{name}", f"from {name}"))
    names = [name for door in doors.values() for name in door.log_names]
    assert len(names) == len(set(names))
    came_by = {report.text: report.door for report in reports(home)}
    assert {name for name, door in doors.items() if came_by[f"from {name}"] in door.log_names} == set(REGISTRY)


async def test_a_message_that_comes_again_is_accepted_once(at_the_door: DoorPerson, home: Path) -> None:
    """Platforms deliver again what they think was not acknowledged; the answer is the same."""
    answers = [await at_the_door.says(Said("m")) for _ in range(3)]
    assert len({answer["report"] for answer in answers}) == 1
    assert len(stored(home)) == 1


async def test_messages_at_the_same_time_are_all_accepted(at_the_door: DoorPerson, home: Path) -> None:
    """Several people and several messages of one of them: none is lost, none is doubled."""
    await asyncio.gather(*(at_the_door.says(Said(f"m{n}", who=f"rider-{n % 3}")) for n in range(20)))
    assert len(stored(home)) == 20


@pytest.mark.parametrize(("language", "words"), [("zh-CN", "请至少写一句话"), ("en", "Write a few words")])
async def test_a_refusal_is_told_in_the_language_of_the_sender(
    at_the_door: DoorPerson, home: Path, language: str, words: str
) -> None:
    """With what to do, and nothing is stored."""
    answer = await at_the_door.says(Said("m", text="", language=language))
    assert answer["error"] == "nothing_said"
    assert words in answer["message"]
    assert stored(home) == []


@pytest.mark.parametrize("door", REGISTRY)
async def test_what_a_door_says_it_can_carry_arrives(door: str, home: Path, at_doors: People) -> None:
    """A position and a photo, where the door has them."""
    async with gateway(home, door) as doors:
        can = doors[door].capabilities
        said = Said("m", position=(118.08, 24.46) if can.positions else None, photo=can.photos)
        assert "report" in await at_doors[door].says(said)
    (report,) = reports(home)
    assert (report.place.coordinates is not None, len(report.photos)) == (can.positions, int(can.photos))


@pytest.mark.parametrize("door", chosen(REGISTRY))
async def test_killed_after_storing_and_before_answering_nothing_is_lost_or_doubled(
    door: str, home: Path, at_doors: People
) -> None:
    """The platform brings the message again, as it was never acknowledged; the person gets one answer."""
    person = at_doors[door]
    async with process(home, door, "accepted:1") as first:
        saying = asyncio.create_task(person.says(Said("m")))
        assert await first.wait() == -9
    assert len(stored(home)) == 1
    async with process(home, door):
        answer = await saying
    assert [report.id for report in reports(home)] == [answer["report"]]


def a_log(cases: int, door: str, person: DoorPerson, riders: int = 2) -> tuple[LogBuilder, dict[str, list[str]]]:
    """Cases of riders who came by a door, of one who came by another, and what each rider has to hear, in order."""
    log, told, now = LogBuilder(PARTITIONS), dict[str, list[str]](), now_ms()
    for n in range(cases):
        rider = f"rider-{n % riders}"
        known = person.known_as(rider)
        number = log.open(t_ms=now + n, door=door, reporter=known, language="en")
        elsewhere = log.open(t_ms=now + n, door="post", reporter=known)
        for case in (number, elsewhere):
            log.dispatch(case, now + n)
        made = [each for each in events(log) if each.headers and dict(each.headers)["ce_subject"] == number.encode()]
        told.setdefault(rider, []).extend(reply_id(each, door, known) for each in made)
    return log, told


def events(log: LogBuilder) -> list[Built]:
    return [each for each in log.records if each.topic == topics.EVENTS]


def reply_id(event: Built, door: str, rider: str) -> str:
    return f"{dict(event.headers)['ce_id'].decode()}/{door}/{rider}"


async def heard(person: DoorPerson, told: dict[str, list[str]]) -> None:
    """Wait until each rider heard all there is."""

    def complete() -> bool:
        return all({each["id"] for each in person.heard(who)} == set(ids) for who, ids in told.items())

    await wait_until(complete, "all replies", 60)


def first_times(ids: Sequence[str]) -> list[str]:
    return list(dict.fromkeys(ids))


@pytest.mark.kafka
@pytest.mark.parametrize("door", chosen(REPLYING))
async def test_replies_arrive_once_and_in_order(
    door: str, home: Path, at_doors: People, kafka: str, prefix: str
) -> None:
    """Of the cases that came by this door, in the reporter's language; also those of before a restart."""
    await create_topics(kafka, PARTITIONS, prefix=prefix)
    person = at_doors[door]
    log, told = a_log(10, door, person)
    async with gateway(home, door, servers=kafka, prefix=prefix):
        await publish(kafka, events(log)[:20], prefix=prefix, size=7)
        await wait_until(lambda: person.heard("rider-1"), "the first replies")
    async with gateway(home, door, servers=kafka, prefix=prefix):
        await publish(kafka, events(log)[20:], prefix=prefix, size=3)
        await heard(person, told)
    for rider, ids in told.items():
        assert [each["id"] for each in person.heard(rider)] == ids
        assert {each["language"] for each in person.heard(rider)} == {"en"}


@pytest.mark.kafka
@pytest.mark.parametrize("kill", ["handed:2", "sent:2"])
@pytest.mark.parametrize("door", chosen(REPLYING))
async def test_killed_while_sending_no_reply_is_lost(
    door: str, kill: str, home: Path, at_doors: People, kafka: str, prefix: str
) -> None:
    """Killed three times between reading and sending, or between sending and saying so: the same ids come again."""
    await create_topics(kafka, PARTITIONS, prefix=prefix)
    person = at_doors[door]
    log, told = a_log(4, door, person)
    await publish(kafka, events(log), prefix=prefix, size=5)
    for _ in range(3):
        async with process(home, door, kill, kafka, prefix) as running:
            assert await running.wait() == -9
    async with process(home, door, "never", kafka, prefix):
        await heard(person, told)
    for rider, ids in told.items():
        sent = [each["id"] for each in person.heard(rider)]
        assert first_times(sent) == ids
        assert len(sent) == len(ids) or kill == "sent:2"


def test_every_door_has_a_person_who_uses_it(at_doors: People) -> None:
    """A door that nobody tries here has promised nothing."""
    assert set(at_doors) == set(REGISTRY)


@pytest.mark.usefixtures("at_doors")
async def test_the_doors_that_reply_are_those_that_say_so(home: Path) -> None:
    """The list above is what the tests of replies run over."""
    async with gateway(home, *REGISTRY) as doors:
        assert [name for name, door in doors.items() if door.capabilities.replies] == REPLYING


def test_a_new_door_is_one_line_and_its_folder() -> None:
    """The stubs work in every test above, and no file of ours knows them but for the lines that register them here."""
    assert set(REGISTRY) - set(DOORS) == {"stub", "chat"}
    ours = [
        file for package in ("connectors", "grid36", "streams", "schemas") for file in (ROOT / package).rglob("*.py")
    ]
    assert [str(file) for file in ours if re.search("stub_(door|chat)", file.read_text(encoding="utf-8"))] == []


async def test_a_door_that_nobody_knows_is_named(home: Path) -> None:
    """A slip in the settings ends the gateway with what to write."""
    settings = Settings(home=home, doors="http, fax")
    with pytest.raises(UnknownDoorError, match="GRID36_DOORS"):
        await serve(settings, NOBODY, known_system(settings), asyncio.Event(), REGISTRY)

"""Words and pictures of a case go from every file and topic once they are erased."""

import re
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path

import pytest
from aiokafka import AIOKafkaConsumer

from connectors.chat.runtime.storage.store import ChatStore
from connectors.clock import now_ms
from connectors.contacts.store import ContactFile
from grid36.machine.home import Home
from schemas import topics
from tests.acceptance.test_chat_stories import Phone, at, binds
from tests.contract.chat_worlds import WORLDS, environment_of
from tests.contract.door_people import Said, WebhookPerson
from tests.processes.chat_gateway import chat_gateway
from tests.processes.forked import Forked
from tests.processes.own_door import Clock
from tests.processes.system import System
from tests.processes.waiting import wait_until
from tests.worlds.doors import picture
from tests.worlds.webhook_partner import SECRET as WEBHOOK_SECRET
from tests.worlds.webhook_partner import partner

pytestmark = [pytest.mark.kafka, pytest.mark.slow]

CHATS = ("chat", "browser")
SECRET = "路面有油污，是邻居老王倒的"
OTHER_SECRET = "路面有油污，老王不肯让开"
STAYS = "路面有油污，很滑"
ROADS = {"chat": "湖滨南路", "browser": "云帆路"}
"""A stretch for each: nobody has to do with the other stories."""
ON_THE_WAY = (topics.REPORTS, topics.COMMANDS)
"""They carry what was sent, for weeks (ADR 5)."""


@pytest.fixture(scope="module")
def system(tmp_path_factory: pytest.TempPathFactory, kafka: str) -> Iterator[System]:
    with System(tmp_path_factory.mktemp("system"), kafka=kafka) as running:
        yield running


def files_with(folders: list[Path], *sought: bytes) -> list[str]:
    """Files that hold one of these, but those of Kafka and of the platform outside."""
    every = [file for folder in folders for file in folder.rglob("*") if file.is_file()]
    ours = [file for file in every if not {"kafka", "world"} & set(file.parts)]
    return [str(file) for file in ours if any(each in content_of(file) for each in sought)]


def content_of(file: Path) -> bytes:
    """Nothing, once it is gone: databases remove files of theirs while they are looked for."""
    with suppress(FileNotFoundError):
        return file.read_bytes()
    return b""


async def last_values(system: System) -> dict[str, list[bytes]]:
    """What compaction leaves of each topic of the system: the last value of each key; of events, each."""
    consumer = AIOKafkaConsumer(
        bootstrap_servers=system.servers, isolation_level="read_committed", enable_auto_commit=False
    )
    await consumer.start()
    try:
        names = [name for name in await consumer.topics() if name.startswith(system.prefix)]
        consumer.subscribe(names)
        while not consumer.assignment():
            await consumer.getmany(timeout_ms=200)
        await consumer.seek_to_beginning()
        end = await consumer.end_offsets(consumer.assignment())
        found: dict[str, dict[object, bytes]] = {name: {} for name in names}
        while any([await consumer.position(part) < end[part] for part in end]):
            for part, records in (await consumer.getmany(timeout_ms=200)).items():
                for record in records:
                    key = (part.partition, record.offset) if part.topic == system.prefix + topics.EVENTS else record.key
                    found[part.topic][key] = record.value or b""
        return {name.removeprefix(system.prefix): list(values.values()) for name, values in found.items()}
    finally:
        await consumer.stop()


async def nothing_is_left(system: System, home: Path, *sought: bytes) -> None:
    """Neither in a file nor in a topic."""
    folders = [home, system.home]
    with suppress(AssertionError):  # which would not say where
        await wait_until(lambda: not files_with(folders, *sought), "erased files", 60, 0.5)
    assert files_with(folders, *sought) == []
    values = await last_values(system)
    left = [name for name, every in values.items() for value in every if any(each in value for each in sought)]
    assert set(left) <= set(ON_THE_WAY)


@asynccontextmanager
async def chatting(door: str, folder: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[tuple[Phone, Phone]]:
    """Two phones, and the settings by which the door finds them."""
    async with WORLDS[door](folder / "world") as world:
        for name, value in environment_of(door, world).items():
            monkeypatch.setenv(name, value)
        yield Phone(world, "rider"), Phone(world, "cleaner")


async def others_write(phone: Phone, count: int) -> None:
    """So that no message has an id that one of another test had: it would be the same message."""
    for _ in range(count):
        await phone.world.writes("somebody", "帮助")


async def reports(rider: Phone, words: str, content: bytes, address: str) -> str:
    """In three messages; the number of the case."""
    await rider.sends_photo(content)
    await rider.writes(words)
    await rider.writes("提交")
    await rider.reads("地点")
    await rider.writes(address)
    receipt = await rider.reads("已受理", "负责")
    found = re.search(r"编号 (\S+?)，", receipt.text)
    assert found is not None
    return found[1]


@pytest.mark.parametrize("door", CHATS)
async def test_a_case_that_is_erased_leaves_no_words_at_its_door(
    system: System, door: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of the reporter, of who handles it, and of what both were told; another case of the same people stays."""
    home, clock, content = tmp_path, Clock(at(7, 21)), picture(64, 48)
    async with chatting(door, home, monkeypatch) as (rider, cleaner):
        async with chat_gateway(system, home, door, clock):
            await binds(cleaner, home, clock.now, 5 if door == "browser" else 0)
            number = await reports(rider, SECRET, content, f"{ROADS[door]}12号")
            await cleaner.reads("新任务", SECRET)
            clock.now += 60_000
            other = await reports(rider, STAYS, picture(62, 44), f"{ROADS[door]}60号")
            assert other != number
            assert files_with([home], SECRET.encode())
            system.run("act", number, "erase", "--by", "street-chief")
            await nothing_is_left(system, home, SECRET.encode(), content)
        assert files_with([system.home], STAYS.encode()), "the other case stays"
        if door == "browser":
            assert files_with([home], STAYS.encode()), "and so does what was said of it"
    assert system.settled_balance()["balanced"]


@pytest.mark.parametrize("door", CHATS)
async def test_what_was_erased_while_the_gateway_was_down_goes_when_it_starts(
    system: System, door: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody has to be there, and nothing has to be asked again."""
    home, clock, content = tmp_path, Clock(at(9, 21)), picture(66, 48)
    async with chatting(door, home, monkeypatch) as (rider, _):
        await others_write(rider, 20)
        async with chat_gateway(system, home, door, clock):
            number = await reports(rider, OTHER_SECRET, content, f"{ROADS[door]}190号")
        system.run("act", number, "erase", "--by", "street-chief")
        async with chat_gateway(system, home, door, clock):
            await nothing_is_left(system, home, OTHER_SECRET.encode(), content)


async def test_a_case_of_a_program_leaves_no_words(
    system: System, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It has a number of its own there; nothing else is stored of it here."""
    secret = "路面有油污，是王某某倒的"
    async with partner() as other:
        for name, value in {"SECRET": WEBHOOK_SECRET, "URL": other.address}.items():
            monkeypatch.setenv(f"GRID36_DOOR_WEBHOOK_{name}", value)
        async with chat_gateway(system, tmp_path, "webhook", Clock(now_ms())):
            person = WebhookPerson(tmp_path, other)
            await person.says(Said("m-1", secret, photo=True, position=(118.0808, 24.46)))
            await wait_until(lambda: other.got, "its case")
            system.run("act", other.got[0].body["data"]["case"], "erase", "--by", "street-chief")
            await nothing_is_left(system, tmp_path, secret.encode(), picture())


@pytest.mark.parametrize("door", CHATS)
async def test_whoever_is_forgotten_leaves_nothing_of_themselves(
    system: System, door: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither account nor conversation is in a file; no topic ever had the account. Their case goes on."""
    home, clock, draft = tmp_path, Clock(at(11, 21)), "这句话还没有提交"
    async with WORLDS[door](home / "world") as world:
        for name, value in environment_of(door, world).items():
            monkeypatch.setenv(name, value)
        rider, other = Phone(world, "rider"), Phone(world, "other")
        account = world.account("rider")[0]
        if account == "rider":
            account = "chat-rider"
        await others_write(rider, 40)
        async with chat_gateway(system, home, door, clock):
            await reports(rider, STAYS, picture(58, 42), f"{ROADS[door]}140号")
            await rider.writes(draft)
            await other.writes("帮助")
            await other.reads("上报")
            sent = (account.encode(), draft.encode())
            await wait_until(lambda: files_with([home], sent[1]), "a draft")
            await forget(system, home, world.account("rider")[0])
            assert files_with([home], *sent) == []
        assert files_with([home], world.account("other")[0].encode())
    values = await last_values(system)
    assert [name for name, every in values.items() for value in every if sent[0] in value] == []


async def forget(system: System, home: Path, sender: str) -> None:
    """By the command, beside the gateway that runs."""
    file = ContactFile(Home(home).contacts)
    ((contact,),) = file.together([lambda rows: [each for each in rows.everybody() if each.sender == sender]])
    file.close()
    environment = system.environment | {"GRID36_HOME": str(home), "GRID36_REGION": str(system.region)}
    assert await Forked("grid36", "person", "forget", contact.person, environment=environment).wait() == 0


async def test_the_command_says_at_which_doors_it_is_done(
    system: System, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also where a door's file cannot be used for now: then it is done later, by itself."""
    words = "路面有油污，是老李倒的"
    told = system.answer("report", "--text", words, "--address", f"{ROADS['chat']}170号", "--as", "p-9")
    number = str(told["case"])
    file = system.home / "doors" / "chat" / "chat.sqlite"
    file.parent.mkdir(parents=True)
    file.write_bytes(b"not a database, and long enough to be refused as one by whoever opens it" * 20)
    answer = system.answer("redact", number, "--by", "street-chief")
    assert (answer["state"], answer["doors"]["browser"], answer["doors"]["chat"]) == ("done", "done", "later")
    file.unlink()
    await ChatStore(file.parent).close()
    again = system.ask("redact", number, "--by", "street-chief")
    assert again["doors"] == {"browser": "done", "chat": "done"}

"""A link that signs in is made when its message goes out: for one person alone, and in no file of the chat."""

from collections import deque
from pathlib import Path

from connectors.accounts.rows import MOST_LINKS
from connectors.chat.platform import TryLater
from tests.contract.plain_engine import SIGN_IN
from tests.processes.waiting import wait_until
from tests.unit.connectors.chat.runtime.running import LoopPlatform, Running, running

PAGES = "https://city.example"


async def bound(chat: Running, who: str, person: str = "p1") -> None:
    """This account is that person's."""
    chat.gateway.address = PAGES
    book, now = chat.gateway.contacts, chat.gateway.clock()
    await book.heard("chat", who, t_ms=now, chat=f"chat-{who}")
    token = (await book.invite(person=person, now_ms=now)).token
    await book.bind("chat", who, token, now)


async def whose(chat: Running, link: str) -> str | None:
    assert link.startswith(f"{PAGES}/sign-in/")
    token = link.rpartition("/")[2]
    return await chat.gateway.accounts.look(lambda rows: rows.linked(token, chat.gateway.clock()))


def all_bytes(folder: Path) -> bytes:
    return b"".join(file.read_bytes() for file in folder.rglob("*") if file.is_file())


async def test_it_works_once_and_is_in_no_file(tmp_path: Path) -> None:
    async with running(tmp_path) as chat:
        await bound(chat, "ana")
        await chat.platform.brings("ana", SIGN_IN, id="asked")
        await chat.until_said("ana", SIGN_IN)
        assert not await chat.platform.brings("ana", SIGN_IN, id="asked")
        (message,) = chat.platform.sent
        assert await whose(chat, message.link) == "p1"
        token = message.link.rpartition("/")[2]
        assert token.encode() not in all_bytes(tmp_path)
        assert await chat.gateway.accounts.use_link(token, chat.gateway.clock())
        assert await whose(chat, message.link) is None


async def test_it_lasts_from_when_it_is_sent(tmp_path: Path) -> None:
    """However long the platform was away; each try has its own link, and only so many work."""
    platform = LoopPlatform(answers={"chat-ana": deque([TryLater("busy", 0.01)] * (MOST_LINKS + 2))})
    async with running(tmp_path, platform) as chat:
        await bound(chat, "ana")
        await platform.brings("ana", SIGN_IN)
        await chat.until_said("ana", SIGN_IN)
        (message,) = platform.sent
        assert await whose(chat, message.link) == "p1"
        assert platform.tries == MOST_LINKS + 3


async def test_who_is_no_longer_that_person_gets_none(tmp_path: Path) -> None:
    """Between the question and the answer the account may be taken from them."""
    platform = LoopPlatform(answers={"chat-ana": deque([TryLater("busy", 0.2)])})
    async with running(tmp_path, platform) as chat:
        await bound(chat, "ana")
        await platform.brings("ana", SIGN_IN)
        await wait_until(lambda: platform.tries == 1, "one try", 10)
        chat.gateway.region = chat.gateway.region.model_copy(update={"persons": ()})
        await wait_until(lambda: platform.sent, "an answer", 10)
        assert (platform.sent[0].link, "without signing in" in platform.sent[0].text) == ("", True)


async def test_it_never_goes_to_a_group(tmp_path: Path) -> None:
    """Whatever the conversation says."""
    async with running(tmp_path) as chat:
        await bound(chat, "ana")
        await chat.platform.brings("ana", SIGN_IN, chat="room", group=True)
        await wait_until(lambda: chat.platform.sent, "an answer", 10)
        assert chat.platform.sent[0].link == ""

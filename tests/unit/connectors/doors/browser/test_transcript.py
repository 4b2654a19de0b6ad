"""What was said stays readable, in order."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from connectors.doors.browser.transcript import Line, Transcript


@pytest.fixture
async def transcript(tmp_path: Path) -> AsyncIterator[Transcript]:
    opened = Transcript(tmp_path / "a" / "t.sqlite")
    yield opened
    await opened.close()


def line(id: str, t_ms: int = 1, text: str = "好") -> Line:
    return Line(id, ours=True, t_ms=t_ms, body={"text": text})


async def ids(transcript: Transcript, chat: str, after: int = 0, most: int = 10) -> list[str]:
    return [each.id for each in await transcript.after(chat, after, most)]


async def test_messages_of_a_chat_come_in_order_and_once(transcript: Transcript) -> None:
    """The same id of another chat is another message."""
    assert [await transcript.add("a", line(id)) for id in ("1", "2", "1")] == [True, True, False]
    assert await transcript.add("b", line("1", text="other"))
    assert await ids(transcript, "a") == ["1", "2"]
    (first, _) = await transcript.after("a", 0, 10)
    assert await ids(transcript, "a", first.seq) == ["2"]
    found = await transcript.find("b", "1")
    assert found is not None
    assert found.body == {"text": "other"}
    assert await transcript.find("b", "2") is None


async def test_only_the_last_are_shown_of_many(transcript: Transcript) -> None:
    for n in range(5):
        await transcript.add("a", line(str(n)))
    assert await ids(transcript, "a", most=2) == ["3", "4"]


async def test_what_is_old_goes_and_numbers_are_not_used_again(transcript: Transcript) -> None:
    """A page that was away must not take a new message for one that it has."""
    await transcript.add("a", line("1", t_ms=10))
    (old,) = await transcript.after("a", 0, 10)
    await transcript.prune(11)
    await transcript.add("a", line("2", t_ms=20))
    (new,) = await transcript.after("a", 0, 10)
    assert (new.id, new.seq > old.seq) == ("2", True)


async def test_it_is_there_again_after_it_was_closed(transcript: Transcript) -> None:
    """With the same name, so that positions go on to mean the same."""
    await transcript.add("a", line("1"))
    epoch = await transcript.epoch()
    await transcript.close()
    assert await ids(transcript, "a") == ["1"]
    assert await transcript.epoch() == epoch

"""The queue that a door gets its replies from, without a Kafka."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress
from functools import partial
from pathlib import Path

import pytest

from connectors.replies.feed import MOST_EACH, ReplyFeed, ReplyQueue
from connectors.replies.reply import Reply
from connectors.replies.store import ReplyFile
from schemas.chain import Position
from tests.worlds.builders import START, LogBuilder, logged


@pytest.fixture
async def feed(tmp_path: Path) -> AsyncIterator[ReplyFeed]:
    made = a_feed(tmp_path)
    yield made
    await made.close()


def a_feed(folder: Path) -> ReplyFeed:
    return ReplyFeed(folder / "replies.sqlite", {"chat": "chat"}, lambda: START)


async def add(feed: ReplyFeed, log: LogBuilder, seen: int = 0) -> int:
    """Take what is new of a log; how long it is."""
    positions = {p: Position(n, n, log.last[p]) for p, n in log.next_n.items()}
    await feed.call(partial(ReplyFile.take, batch=logged(log.records)[seen:], positions=positions))
    feed.of("chat").wake()
    return len(log.records)


async def at_hand(queue: ReplyQueue) -> list[Reply]:
    """What the door gets without saying that it sent anything."""
    got = []
    with suppress(TimeoutError):
        while True:
            got.append(await asyncio.wait_for(anext(queue), 0.2))
    return got


def names(replies: list[Reply]) -> list[tuple[str, str]]:
    return [(reply.recipient.person, reply.event.type.value) for reply in replies]


async def test_everybody_is_served_at_once_and_each_in_order(feed: ReplyFeed) -> None:
    """Whoever cannot be reached holds up nobody else."""
    log = LogBuilder(1)
    for rider in ("a", "b"):
        log.dispatch(log.open(t_ms=START, door="chat", reporter=rider), START)
    await add(feed, log)
    queue = feed.of("chat")
    first = await at_hand(queue)
    assert names(first) == [("a", "opened"), ("b", "opened")]
    await queue.sent(first[1])
    second = await at_hand(queue)
    assert names(second) == [("b", "dispatched")]
    await queue.sent(second[0])
    assert await at_hand(queue) == []
    await queue.sent(first[0])
    assert names(await at_hand(queue)) == [("a", "dispatched")]


async def test_what_comes_while_the_door_waits_is_handed_out(feed: ReplyFeed) -> None:
    log, queue = LogBuilder(1), feed.of("chat")
    waiting = asyncio.create_task(anext(queue))
    number = log.open(t_ms=START, door="chat", reporter="a")
    seen = await add(feed, log)
    await queue.sent(await waiting)
    log.dispatch(number, START)
    waiting = asyncio.create_task(anext(queue))
    await add(feed, log, seen)
    assert (await waiting).event.type == "dispatched"


async def test_what_was_not_said_to_be_sent_comes_again_after_a_restart(tmp_path: Path) -> None:
    """Under the same id, and in the same order."""
    log = LogBuilder(1)
    number = log.open(t_ms=START, door="chat", reporter="a")
    log.dispatch(number, START)
    first = a_feed(tmp_path)
    await add(first, log)
    handed = await at_hand(first.of("chat"))
    await first.close()
    again = a_feed(tmp_path)
    assert await at_hand(again.of("chat")) == handed
    await again.close()


async def test_more_than_fits_at_once_is_loaded_as_it_is_sent(feed: ReplyFeed) -> None:
    log, queue = LogBuilder(1), feed.of("chat")
    for n in range(1200):
        log.open(t_ms=START, door="chat", reporter=f"rider-{n % 7}")
    await add(feed, log)
    sent = []
    for _ in range(1200):
        reply = await asyncio.wait_for(anext(queue), 5)
        sent.append(reply.id)
        await queue.sent(reply)
    assert len(set(sent)) == 1200


async def test_of_somebody_who_cannot_be_reached_little_is_in_memory(feed: ReplyFeed) -> None:
    """And when they can be, they get all of it in order, what came meanwhile last."""
    log, queue = LogBuilder(1), feed.of("chat")
    away = [log.open(t_ms=START, door="chat", reporter="away" if n % 11 else "here") for n in range(1100)]
    away = [number for n, number in enumerate(away) if n % 11]
    seen = await add(feed, log)
    replies = [await asyncio.wait_for(anext(queue), 5) for _ in range(2)]
    (open_one,) = (reply for reply in replies if reply.recipient.person == "away")
    (here,) = (reply for reply in replies if reply.recipient.person == "here")
    for _ in range(99):
        await queue.sent(here)
        here = await asyncio.wait_for(anext(queue), 5)
    assert sum(len(waiting) for waiting in queue._waiting.values()) <= 2 * MOST_EACH
    away += [log.open(t_ms=START, door="chat", reporter="away") for _ in range(10)]
    await add(feed, log, seen)
    got = []
    for _ in away:
        got.append(open_one.case)
        await queue.sent(open_one)
        if len(got) < len(away):
            open_one = await asyncio.wait_for(anext(queue), 5)
    assert got == away

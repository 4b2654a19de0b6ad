"""What waits for the morning is told once, wherever the gateway is killed in the night and in the morning."""

import json
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path

import pytest

from connectors.chat.burden_figures import burden
from connectors.chat.messages import SayKind
from connectors.replies.recipients import Handler
from connectors.replies.store import ReplyFile
from schemas.event import EventType
from schemas.names import Language
from tests.contract.plain_engine import NEWS
from tests.processes.forked import Forked
from tests.processes.night_process import DOOR, PERSON, kind_of
from tests.processes.waiting import wait_until
from tests.worlds.builders import LogBuilder, logged

NIGHT = 1_763_735_400_000
"""22:30 in Shanghai."""
MORNING = NIGHT + 9 * 3_600_000
EVENTS = 6
STEPS = ("handed:1", "handed:4", "sent:1", "sent:3", "sent:5", "digested:1", "sending:1", "posted:1")


def replies(home: Path) -> list[str]:
    """Events of one case for one person, who is off; the ids of their replies."""
    log = LogBuilder(2)
    number = log.open(t_ms=NIGHT, assignee=PERSON)
    for _ in range(EVENTS - 1):
        log.add(EventType.DEADLINE_MISSED, number, t_ms=NIGHT)
    file = ReplyFile(home / "replies.sqlite", {DOOR: DOOR}, NIGHT, lambda _: Handler(DOOR, Language.EN))
    file.take(logged(log.records), {})
    found = [each.reply.id for each in file.pending(DOOR, 0, 99)]
    file.close()
    return found


def out(home: Path) -> dict[str, str]:
    """The texts that the platform was sent, by the id of the message: one that comes again is shown once."""
    file = home / "out.jsonl"
    lines = [json.loads(line) for line in file.read_text().splitlines()] if file.exists() else []
    return {line["id"]: line["text"] for line in lines}


def told(home: Path) -> Counter[str]:
    """How often each reply was told."""
    return Counter(word for text in out(home).values() for word in text.split()[1:])


@asynccontextmanager
async def door(home: Path, now_ms: int, kill: str = "never") -> AsyncIterator[Forked]:
    """The door as a process, killed at the end."""
    running = Forked("tests.processes.night_process", str(home), str(now_ms), kill)
    try:
        yield running
    finally:
        with suppress(ProcessLookupError):
            running.kill()
        await running.wait()


async def pending(home: Path) -> int:
    """Replies that nobody said were handled."""
    file = ReplyFile(home / "replies.sqlite", {}, NIGHT)
    try:
        return len(file.pending(DOOR, 0, 99))
    finally:
        file.close()


@pytest.mark.parametrize("step", STEPS)
async def test_killed_anywhere_each_reply_is_told_once(step: str, tmp_path: Path) -> None:
    """Killed in the night, then in the morning; refusals come at once, all else in one digest, and it is counted."""
    ids = replies(tmp_path)
    at_once = {each for each in ids if kind_of(each) is SayKind.REFUSAL}
    name = step.partition(":")[0]
    if name != "digested":
        async with door(tmp_path, NIGHT, step) as running:
            assert await running.wait() == -9
    async with door(tmp_path, NIGHT):

        async def handled() -> bool:
            return await pending(tmp_path) == 0 and at_once <= told(tmp_path).keys()

        await wait_until(handled, "the night", 30)
        assert set(told(tmp_path)) == at_once, "what waits is not told before the morning"
    if name not in {"handed", "sent"}:
        async with door(tmp_path, MORNING, step) as running:
            assert await running.wait() == -9
    async with door(tmp_path, MORNING):
        await wait_until(lambda: len(told(tmp_path)) == EVENTS, "the morning", 30)
        counted = len(out(tmp_path))
        await wait_until(lambda: burden(tmp_path / "doors")["total"]["refusal"] == len(at_once), "counts", 30)
    assert told(tmp_path) == Counter(ids)
    (digest,) = [text for text in out(tmp_path).values() if text.startswith(NEWS)]
    assert digest.split()[1:] == [each for each in ids if each not in at_once], "in their order"
    assert len(out(tmp_path)) == counted == len(at_once) + 1

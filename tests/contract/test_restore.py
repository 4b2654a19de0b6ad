"""A file that was copied while it was written, and put back later: nothing that Kafka has is lost or counts twice."""

import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from functools import partial
from pathlib import Path

import pytest

from connectors.doors.http.context import LISTS
from connectors.lists.activation import ActivationState
from connectors.outbox.store import Outbox
from connectors.subscriptions.subscription import Selection
from grid36.kafka.topics import create_topics
from schemas.topics import REPORTS
from tests.contract.test_lists import approve, proposed, state, switches, town  # noqa: F401
from tests.contract.test_relay import emptied, records, relaying, report, values_by_key
from tests.contract.test_subscriptions import nothing_waits, subscribed
from tests.processes.waiting import wait_until
from tests.worlds.live_work import working
from tests.worlds.small_town import Town
from tests.worlds.subscribed_city import city, works
from tests.worlds.subscribers import Subscriber, subscribers

pytestmark = pytest.mark.kafka


def backed_up(file: Path) -> Path:
    """A copy as `sqlite3 FILE ".backup COPY"` makes it, while the file is in use."""
    copy = file.with_suffix(".copy")
    with closing(sqlite3.connect(file)) as source, closing(sqlite3.connect(copy)) as target:
        source.backup(target)
    return copy


def put_back(copy: Path, file: Path) -> None:
    """In place of a file that nobody has open, without what belonged to that one."""
    for beside in ("-wal", "-shm"):
        file.with_name(file.name + beside).unlink(missing_ok=True)
    copy.replace(file)


@asynccontextmanager
async def opened(path: Path) -> AsyncIterator[Outbox]:
    outbox = Outbox(path)
    try:
        yield outbox
    finally:
        await outbox.close()


async def test_an_older_outbox_repeats_by_the_same_ids_and_misses_only_what_kafka_never_had(
    kafka: str, prefix: str, tmp_path: Path
) -> None:
    """What waited in the copy is sent again by its ids; what was confirmed later is safe only if Kafka has it."""
    await create_topics(kafka, 4, prefix=prefix)
    path = tmp_path / "outbox.sqlite"
    async with opened(path) as outbox:
        for n in range(3):
            await outbox.put(report("r", n))
        copy = backed_up(path)
        await outbox.put(report("r", 3))
        async with relaying(outbox, kafka, prefix):
            await emptied(path)
        await outbox.put(report("late", 0))  # Kafka never has it, as if it was away
    put_back(copy, path)
    async with opened(path) as outbox:
        assert not await outbox.put(report("r", 2)), "the copy knows it"
        assert await outbox.put(report("r", 3)), "the copy does not know it, so its sender's repetition is sent again"
        async with relaying(outbox, kafka, prefix):
            await emptied(path)
        found = await records(kafka, prefix + REPORTS)
        assert len(found) == 8, "each of the four twice"
        assert values_by_key(found) == {"r": [0, 1, 2, 3]}
        assert await outbox.put(report("late", 0)), "lost with the file, until its sender repeats it"
        async with relaying(outbox, kafka, prefix):
            await emptied(path)
        assert values_by_key(await records(kafka, prefix + REPORTS)) == {"r": [0, 1, 2, 3], "late": [0]}


async def test_older_files_of_lists_make_no_second_switch(town: Town, kafka: str, prefix: str) -> None:  # noqa: F811
    """A list that waits again in the copy, and is approved again, is found on the log and stays as it was."""
    file, lists = town.folder / "lists.sqlite", town.app[LISTS]
    id = await proposed(town, "园林已设窗口")
    waiting = backed_up(file)
    await approve(town, id)
    await lists.keeper.soon()
    (made,) = await switches(kafka, prefix)
    put_back(waiting, file)
    assert (await state(town, id)).state is ActivationState.PROPOSED
    await approve(town, id)
    await lists.keeper.soon()
    assert await switches(kafka, prefix) == [made]
    done = await state(town, id)
    assert (done.state, done.effective_ms) == (ActivationState.DONE, made.effective_ms)


async def test_older_files_of_subscriptions_post_again_and_miss_nothing(
    tmp_path: Path, kafka: str, prefix: str
) -> None:
    """Subscribers get what came since the copy again, by the ids of before, then what is new."""
    one, file = Subscriber(), tmp_path / "subscriptions.sqlite"
    async with city(kafka, prefix) as writes, subscribers(one):
        async with works(tmp_path, kafka, prefix) as (running, store), working(*running):
            await subscribed(store, one, Selection("water"))
            wanted = [await writes.change("c0"), await writes.change("c1")]
            await wait_until(lambda: len(one.ids) == 2, "both")
            await wait_until(partial(nothing_waits, store), "a note of both")
            copy = backed_up(file)
            wanted += [await writes.change("c0"), await writes.change("c1")]
            await wait_until(lambda: len(one.ids) == 4, "all four")
        put_back(copy, file)
        async with works(tmp_path, kafka, prefix) as (running, store), working(*running):
            wanted.append(await writes.change("c0"))
            await wait_until(lambda: wanted[-1] in one.ids, "the new one")
            await wait_until(lambda: all(one.ids.count(id) > 1 for id in wanted[2:4]), "those since the copy again")
        assert set(one.ids) == set(wanted)

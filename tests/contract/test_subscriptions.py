"""What subscribers are promised on a real Kafka: everything from when it is active, at least once, in order."""

import asyncio
import json
import sqlite3
import sys
from collections.abc import Sequence
from functools import partial
from pathlib import Path

import pytest

from connectors.subscriptions.rows import SubscriptionRows
from connectors.subscriptions.store import SubscriptionStore
from connectors.subscriptions.subscription import Receiver, Selection, StopReason, Subscription
from tests.processes.waiting import wait_until
from tests.worlds.live_work import working
from tests.worlds.subscribed_city import city, works
from tests.worlds.subscribers import Subscriber, subscribers

pytestmark = pytest.mark.kafka


async def subscribed(store: SubscriptionStore, who: Subscriber, selection: Selection) -> Subscription:
    """Once it is active."""
    add = partial(_add, selection=selection, receiver=Receiver(who.url, batch=True, inside=True))
    made = await store.do(add)
    who.secrets = (made.secret,)
    await wait_until(partial(_is, store, made.id, "active"), "active")
    return made


def _add(db: sqlite3.Connection, selection: Selection, receiver: Receiver) -> Subscription:
    return SubscriptionRows(db).add(selection, receiver, 0)


async def _is(store: SubscriptionStore, id: str, state: str) -> bool:
    found = await store.look(lambda db: SubscriptionRows(db).one(id))
    return found is not None and found.state == state


async def nothing_waits(store: SubscriptionStore) -> bool:
    return await store.look(lambda db: db.execute("SELECT NOT EXISTS (SELECT 1 FROM waiting)").fetchone() == (1,))


async def test_each_subscriber_gets_what_it_subscribed_to(tmp_path: Path, kafka: str, prefix: str) -> None:
    """Orders of its own department, or facts of cases; what was before it is not sent, and what it missed is."""
    water, parks, facts = Subscriber(), Subscriber(), Subscriber()
    async with city(kafka, prefix) as writes, works(tmp_path, kafka, prefix) as (running, store):
        await writes.change("c0")
        async with subscribers(water, parks, facts), working(*running):
            of_water = await subscribed(store, water, Selection("water"))
            await subscribed(store, parks, Selection("parks"))
            await subscribed(store, facts, Selection(category="leak"))
            wanted = [await writes.change(f"c{n % 4}") for n in range(8)]
            wanted.append(await writes.change("c1", over=True))
            other = await writes.change("p1", "parks", category="tree")
            await wait_until(lambda: len(water.ids) == 9 and len(facts.ids) == 9 and parks.ids, "all of it")
            assert sorted(water.ids) == sorted(wanted)
            assert parks.ids == [other]
            assert {each["type"] for each in facts.took} == {"grid36.case"}
            await store.do(lambda db: SubscriptionRows(db).stop(of_water.n, StopReason.FULL))
            missed = [await writes.change(f"c{n}") for n in range(3)]
            await wait_until(lambda: len(facts.ids) == 12, "the facts of these")
            assert len(water.ids) == 9
            await store.do(lambda db: SubscriptionRows(db).resume(of_water.n))
            missed.append(await writes.change("c1"))
            await wait_until(lambda: len(water.ids) == 13 and len(facts.ids) == 13, "what it missed")
            assert set(water.ids) == set(wanted + missed)
            assert len(facts.ids) == 13


async def test_a_kill_between_post_and_note_loses_nothing_and_repeats_by_the_same_id(
    tmp_path: Path, kafka: str, prefix: str
) -> None:
    """By kill -9 when a subscriber has taken a request and nobody knows it yet."""
    one, two = Subscriber(), Subscriber()
    async with city(kafka, prefix) as writes, subscribers(one, two):
        async with works(tmp_path, kafka, prefix) as (running, store), working(*running):
            for each in (one, two):
                await subscribed(store, each, Selection("water"))
        wanted = [await writes.change(f"c{n % 5}") for n in range(40)]
        command = [sys.executable, "-m", "tests.processes.subscriptions_process", str(tmp_path), kafka, prefix, "2"]
        killed = await asyncio.create_subprocess_exec(*command)
        for n in range(40, 60):
            wanted.append(await writes.change(f"c{n % 5}"))  # while it runs
        assert await asyncio.wait_for(killed.wait(), 60) == -9
        async with works(tmp_path, kafka, prefix) as (running, store), working(*running):
            wanted.append(await writes.change("c0"))
            await wait_until(lambda: min(len(set(each.ids)) for each in (one, two)) == 61, "all of it")
            await wait_until(partial(nothing_waits, store), "a note of all of it")
    for each in (one, two):
        check(each, wanted)
    assert len(one.ids) + len(two.ids) > 2 * 61, "something was repeated"


def check(who: Subscriber, wanted: Sequence[str]) -> None:
    """All, in the order of each case; what came again has the id of before."""
    first = list(dict.fromkeys(who.ids))
    assert set(first) == set(wanted)
    for case in {each["subject"] for each in who.took}:
        of_case = [int(id.rpartition("/")[2]) for id in first if f"/{case}/" in id]
        assert of_case == sorted(of_case)
    requests: dict[str, set[str]] = {}
    for id, events in who.tried:
        for event in events:
            requests.setdefault(event, set()).add(id)
    assert {event: ids for event, ids in requests.items() if len(ids) > 1} == {}, json.dumps(who.tried)

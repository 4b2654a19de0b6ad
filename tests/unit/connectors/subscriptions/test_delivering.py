"""Subscribers over real HTTP: signed, in order, and nobody waits for another."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path
from time import time

import pytest

from connectors.subscriptions.arrivals import Arrivals, save_positions
from connectors.subscriptions.deliveries import DeliveryLimits
from connectors.subscriptions.delivering import SubscriberPosts
from connectors.subscriptions.posting import verdict_of
from connectors.subscriptions.rows import SubscriptionRows
from connectors.subscriptions.store import SubscriptionStore, with_subscriptions
from connectors.subscriptions.subscription import Receiver, Selection, Subscription
from tests.processes.waiting import wait_until
from tests.unit.connectors.subscriptions.subscribed import WATER, Written, order
from tests.worlds.subscribers import Answer, Subscriber, subscribers

QUICK = DeliveryLimits(first_pause_s=0.02, longest_pause_s=0.05, answer_s=1.0, gather_s=0.01)


def now_ms() -> int:
    return int(time() * 1000)


class Post:
    """A file of subscriptions and who delivers from it."""

    def __init__(self, store: SubscriptionStore, delivering: SubscriberPosts) -> None:
        self.store, self.delivering = store, delivering

    async def arrive(self, *records: Written) -> None:
        positions = {0: records[-1].offset + 1}
        work = lambda db: Arrivals(db, WATER).take(records, {}, positions, {})  # noqa: E731
        self.delivering.wake(await self.store.do(work))

    async def one(self, id: str) -> Subscription:
        found = await self.store.look(lambda db: SubscriptionRows(db).one(id))
        assert found is not None
        return found


@asynccontextmanager
async def delivering(
    path: Path, *who: Subscriber, batch: bool = True, inside: bool = True, hosts: tuple[str, ...] = (),
    limits: DeliveryLimits = QUICK,
) -> AsyncIterator[tuple[Post, list[Subscription]]]:  # fmt: skip
    """All orders of `water` for each of them."""
    async with subscribers(*who):
        store = SubscriptionStore(path / "subscriptions.sqlite")
        made = []
        for each in who:
            add = partial(_add, receiver=Receiver(each.url, batch=batch, inside=inside))
            made.append(await store.do(add))
            each.secrets = (made[-1].secret,)
        post = Post(store, SubscriberPosts(store, now_ms, limits, hosts=hosts))
        task = asyncio.create_task(post.delivering.run())
        try:
            yield post, made
        finally:
            task.cancel()
            await asyncio.wait({task})
            await store.close()


def _add(db: object, receiver: Receiver) -> Subscription:
    rows = SubscriptionRows(db)  # type: ignore[arg-type]
    made = rows.add(Selection("water"), receiver, 0)
    save_positions(db, WATER, {0: 0})  # type: ignore[arg-type]
    db.execute("UPDATE subscriptions SET state = 'active', since_ms = 0")  # type: ignore[attr-defined]
    return made


def orders(count: int, first: int = 0) -> list[Written]:
    return [order(n, f"c{n % 5}", category="x") for n in range(first, first + count)]


@pytest.mark.parametrize("batch", [True, False])
async def test_each_gets_all_in_order_with_one_request_at_a_time(tmp_path: Path, batch: bool) -> None:
    """Signed with its own secret; the file is for its owner alone."""
    ann, bob = Subscriber(), Subscriber()
    async with delivering(tmp_path, ann, bob, batch=batch) as (post, _):
        for n in range(0, 30, 3):
            await post.arrive(*orders(3, n))
        wanted = [f"water/c{n % 5}/{n}" for n in range(30)]
        await wait_until(lambda: ann.ids == wanted and bob.ids == wanted, "all 30")
    assert ann.most_at_once == 1
    assert (len(ann.tried) < 30) == batch
    assert (tmp_path / "subscriptions.sqlite").stat().st_mode & 0o777 == 0o600


async def test_one_that_is_away_slow_or_refuses_harms_nobody(tmp_path: Path) -> None:
    """The others have everything while it still fails; it gets everything when it is back, by the same ids."""
    well, away, slow, hard = Subscriber(), Subscriber(always=503), Subscriber(slow_s=0.3), Subscriber()
    hard.refuses = frozenset({"c1"})
    async with delivering(tmp_path, well, away, slow, hard) as (post, made):
        await post.arrive(*orders(20))
        await wait_until(lambda: len(well.ids) == 20, "the one that is well")
        await wait_until(lambda: len(away.tried) > 3, "several tries")
        assert away.took == []
        await wait_until(lambda: len(hard.ids) == 16, "all but one case")
        assert "status 503" in (await post.one(made[1].id)).why
        first, *others = away.tried
        away.always = 204
        hard.refuses = frozenset()
        await wait_until(lambda: min(len(each.ids) for each in (away, slow, hard)) == 20, "all in the end")
        assert set(others[:2]) == {first}, "the same request"
        for each in (away, slow):
            assert each.ids == well.ids
        for n in range(5):
            of_case = [id for id in hard.ids if f"/c{n}/" in id]
            assert of_case == [id for id in well.ids if f"/c{n}/" in id]
        assert (await post.one(made[1].id)).why == ""


async def test_what_a_command_changes_is_noticed(tmp_path: Path) -> None:
    """One that waits for long is tried at once when a command resumes it in another process."""
    away = Subscriber(always=503)
    patient = QUICK._replace(first_pause_s=900, longest_pause_s=900)
    async with delivering(tmp_path, away, limits=patient) as (post, made):
        await post.arrive(*orders(1))

        async def waits() -> bool:
            return (await post.one(made[0].id)).tries == 1

        await wait_until(waits, "its long pause")
        away.always = 204
        with_subscriptions(tmp_path / "subscriptions.sqlite", lambda db: SubscriptionRows(db).resume(made[0].n))
        await wait_until(lambda: len(away.ids) == 1, "the second try")


async def test_posts_that_ended_by_a_fault_begin_again(tmp_path: Path) -> None:
    """With a secret that cannot be read nothing is posted; as soon as it can be, everything is."""
    one = Subscriber()
    async with delivering(tmp_path, one) as (post, made):
        await post.store.do(lambda db: db.execute("UPDATE subscriptions SET secret = 'none'").rowcount)
        await post.arrive(*orders(1))
        await asyncio.sleep(0.1)
        await post.store.do(lambda db: db.execute("UPDATE subscriptions SET secret = ?", (made[0].secret,)).rowcount)
        await wait_until(lambda: len(one.ids) == 1, "the order")


async def test_redirects_are_not_followed_and_410_ends_it(tmp_path: Path) -> None:
    elsewhere, moved, gone = Subscriber(), Subscriber(), Subscriber(always=410)
    async with delivering(tmp_path, elsewhere, moved, gone) as (post, made):
        moved.answers.extend([Answer(302, {"Location": elsewhere.url}), Answer(301, {"Location": elsewhere.url})])
        await post.arrive(*orders(3))
        await wait_until(lambda: len(moved.ids) == 3, "after two redirects")
        assert len(elsewhere.ids) == 3

        async def stopped() -> bool:
            return (await post.one(made[2].id)).state == "stopped"

        await wait_until(stopped, "stopped")
        assert len(gone.tried) == 1


async def test_patience_is_given(tmp_path: Path) -> None:
    """Although our own pause would be shorter."""
    busy = Subscriber(answers=Subscriber().answers)
    busy.answers.append(Answer(429, {"Retry-After": "1"}))
    async with delivering(tmp_path, busy) as (post, _):
        await post.arrive(*orders(1))
        await wait_until(lambda: len(busy.tried) == 1, "the first try")
        began = asyncio.get_running_loop().time()
        await wait_until(lambda: len(busy.ids) == 1, "the second one")
        assert asyncio.get_running_loop().time() - began > 0.7


async def test_an_address_in_a_private_network_is_not_connected_to(tmp_path: Path) -> None:
    """Unless the operator named the host; what was said of the name when it was subscribed does not count."""
    inner = Subscriber()
    async with delivering(tmp_path, inner, inside=False) as (post, made):
        await post.arrive(*orders(1))

        async def tried() -> bool:
            return (await post.one(made[0].id)).tries > 0

        await wait_until(tried, "a try")
        assert (await post.one(made[0].id)).why == "not_public"
        assert inner.tried == []
    inner = Subscriber()
    async with delivering(tmp_path / "b", inner, inside=False, hosts=("127.0.0.1",)) as (post, _):
        await post.arrive(*orders(1))
        await wait_until(lambda: len(inner.ids) == 1, "an allowed host")


async def test_both_secrets_sign_while_they_change(tmp_path: Path) -> None:
    """And after that only the new one."""
    one = Subscriber()
    async with delivering(tmp_path, one) as (post, made):
        fresh = await post.store.do(lambda db: SubscriptionRows(db).rotate(made[0].n, now_ms() + 60_000))
        one.secrets = (made[0].secret, fresh)
        await post.arrive(*orders(1))
        await wait_until(lambda: len(one.ids) == 1, "signed by both")
        await post.store.do(lambda db: SubscriptionRows(db).rotate(made[0].n, now_ms() - 1))
        of = await post.one(made[0].id)
        assert len(of.keys(now_ms())) == 1
        assert of.secret not in one.secrets


@pytest.mark.parametrize(
    ("status", "kind"),
    [(200, "taken"), (299, "taken"), (301, "down"), (400, "refused"), (401, "down"), (404, "down"), (409, "refused"),
     (410, "gone"), (413, "refused"), (429, "down"), (500, "down"), (503, "down")],
)  # fmt: skip
def test_what_an_answer_means(status: int, kind: str) -> None:
    verdict = verdict_of(status, "", 0)
    said = "taken" if not verdict.why else "gone" if verdict.gone else "refused" if verdict.refused else "down"
    assert said == kind

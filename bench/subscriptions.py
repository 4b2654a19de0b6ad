"""From an event to its subscribers: 50 of them at 100 events a second, one dead, one slow.

`python -m bench.subscriptions [SUBSCRIBERS] [EVENTS_A_SECOND] [SECONDS]` (50, 100, 30). The gateway is a process of its
own, and so are the subscribers. An event is an order and its case, written in one transaction as the step `cases` does.
Half of the subscribers get all orders of the department, half the facts of all cases of a category; so each gets every
event, and takes several in one request. The dead one never answers, the slow one takes two seconds for each answer. An
event's lag is from before its transaction to when a subscriber has read it.
"""

import asyncio
import json
import os
import re
import sys
import time
from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import partial
from multiprocessing import get_context
from multiprocessing.connection import Connection
from pathlib import Path
from statistics import median, quantiles
from typing import Any, Final

import psutil
from aiohttp import web
from aiokafka import AIOKafkaProducer

from bench.filled_ledger import fill
from bench.lab import PARTITIONS, kafka, machine
from bench.pages import gateway
from bench.table import Row, markdown
from connectors.subscriptions.rows import SubscriptionRows
from connectors.subscriptions.standing import every_standing
from connectors.subscriptions.store import with_subscriptions
from connectors.subscriptions.subscription import Receiver, Selection
from grid36.machine.home import Home
from schemas.codec import cloud_event
from schemas.names import Language
from schemas.order import ORDER_KIND
from schemas.topics import CASE_KEY, CASES, department_topic, partition_of

DEPARTMENT: Final = "water-supply"
CATEGORY: Final = "burst-pipe"
LAG_MS, CORES = 1000.0, 1.0
SLOW_S, DEAD_S = 2.0, 3600.0
ARRIVE_S: Final = 30.0
"""How long the last events may take, at most."""
BATCHES_PER_S: Final = 20
CASES_OPEN: Final = 500
FILLING: Final = "x" * 1200
"""An order has about so many bytes beside."""
EVENT: Final = re.compile(rb'"id":"([^"]+)",[^{}]*?"time":"([^"]+)"')
DEAD, SLOW = 0, 1


class Taken:
    """What one subscriber took: ids, and lags in ms."""

    def __init__(self, wait_s: float) -> None:
        self._wait_s = wait_s
        self.ids: list[bytes] = []
        self.lags: list[float] = []

    async def handle(self, request: web.Request) -> web.Response:
        """One request."""
        body = await request.read()
        now = time.time()
        for id, sent in EVENT.findall(body):
            self.ids.append(id)
            self.lags.append(1000 * (now - datetime.fromisoformat(sent.decode()).timestamp()))
        await asyncio.sleep(self._wait_s)
        return web.Response(status=204)


def hold(subscribers: int, answer: Connection) -> None:
    """The subscribers in this process; answers with their port, and with what they took once it is told how much."""

    async def run() -> list[tuple[list[bytes], list[float]]]:
        taken = [Taken({DEAD: DEAD_S, SLOW: SLOW_S}.get(n, 0.0)) for n in range(subscribers)]
        app = web.Application(client_max_size=10_000_000)
        for n, each in enumerate(taken):
            app.router.add_post(f"/{n}", each.handle)
        runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        answer.send(runner.addresses[0][1])
        due, end = await asyncio.to_thread(answer.recv), time.monotonic() + ARRIVE_S
        while any(len(each.ids) < due for each in taken[SLOW + 1 :]) and time.monotonic() < end:  # noqa: ASYNC110  # sets have no event
            await asyncio.sleep(0.1)
        await runner.cleanup()
        return [(each.ids, each.lags) for each in taken]

    answer.send(asyncio.run(run()))


def subscribe(home: Path, port: int, subscribers: int) -> None:
    """All of them, before the gateway starts."""

    def add(db: Any) -> None:
        for n in range(subscribers):
            selection = Selection(DEPARTMENT) if n % 2 else Selection(category=CATEGORY)
            receiver = Receiver(f"http://127.0.0.1:{port}/{n}", batch=True, inside=True)
            SubscriptionRows(db).add(selection, receiver, 0)

    with_subscriptions(Home(home).subscriptions, add)


standings = partial(every_standing, language=Language.EN)


async def active(home: Path, limit_s: float = 120.0) -> None:
    """Wait until all have their place. Raises `TimeoutError`."""
    async with asyncio.timeout(limit_s):
        while True:
            found = await asyncio.to_thread(with_subscriptions, Home(home).subscriptions, standings)
            if all(each["state"] == "active" for each in found):
                return
            await asyncio.sleep(0.2)


async def write(servers: str, per_s: int, seconds: int) -> tuple[list[str], list[str]]:
    """Write so many events a second; the ids of orders and of facts."""
    producer = AIOKafkaProducer(bootstrap_servers=servers, transactional_id="bench-subscriptions")
    await producer.start()
    began, orders, facts = time.monotonic(), list[str](), list[str]()
    for batch in range(seconds * BATCHES_PER_S):
        await asyncio.sleep(max(0.0, began + batch / BATCHES_PER_S - time.monotonic()))
        t_ms = time.time_ns() // 1_000_000
        async with producer.transaction():
            for _ in range(per_s // BATCHES_PER_S):
                seq = len(orders)
                case = f"350203006-G001-2611-{seq % CASES_OPEN:05}"
                orders.append(f"{DEPARTMENT}/{case}/{seq}")
                facts.append(f"{case}/{seq}")
                partition = partition_of(case, PARTITIONS)
                fields: Mapping[str, Any] = {"seq": seq, "category": CATEGORY, "submitted_ms": t_ms, "item": FILLING}
                headers = cloud_event(
                    event_id=orders[-1], source="grid36/orders", kind=ORDER_KIND, t_ms=t_ms, subject=case
                )
                order = json.dumps({"case": case, "changed": ["moved"], **fields}).encode()
                state = json.dumps({"number": case, "state": "dispatched", **fields}).encode()
                topic = department_topic(DEPARTMENT)
                await producer.send(topic, order, case.encode(), partition, t_ms, list(headers))
                await producer.send(CASES, state, f"{CASE_KEY}{case}".encode(), partition, t_ms)
    await producer.stop()
    return orders, facts


async def measure(subscribers: int, per_s: int, seconds: int) -> list[Row]:
    """The table."""
    context = get_context("spawn")
    ours, theirs = context.Pipe()
    holding = context.Process(target=hold, args=(subscribers, theirs))
    holding.start()
    async with kafka() as (servers, folder):
        home, ledger = folder / "gateway", folder / "ledger.sqlite"
        Home(home).make()
        fill(ledger, 100, time.time_ns() // 1_000_000)
        subscribe(home, await asyncio.to_thread(ours.recv), subscribers)
        async with gateway(home, servers, ledger) as (pid, _):
            await active(home)
            process = psutil.Process(pid)
            before, began = process.cpu_times(), time.monotonic()
            orders, facts = await write(servers, per_s, seconds)
            ours.send(len(orders))
            taken: Sequence[tuple[list[bytes], list[float]]] = await asyncio.to_thread(ours.recv)
            after, passed = process.cpu_times(), time.monotonic() - began
            left = with_subscriptions(Home(home).subscriptions, standings)
    await asyncio.to_thread(holding.join)
    wanted = [facts, orders]
    well = taken[SLOW + 1 :]
    exact = sum(sorted(id.decode() for id in ids) == sorted(wanted[n % 2]) for n, (ids, _) in enumerate(well, SLOW + 1))
    lags = sorted(lag for _, each in well for lag in each)
    cpu = after.user + after.system - before.user - before.system
    said = f"{subscribers} subscribers, {per_s} events/s for {seconds} s"
    return [
        Row.at_most(f"{said}: event to subscriber, p50", median(lags), LAG_MS, "ms", 0),
        Row.at_most("the same, p99", quantiles(lags, n=100)[98], LAG_MS, "ms", 0),
        Row.plain("the same, the longest", lags[-1], "ms", 0),
        Row.at_least("subscribers that are well and got all, each once", exact, len(well), ""),
        Row.plain("events that waited for the dead one at the end", left[DEAD]["waiting"], "", 0),
        Row.plain("events that the slow one took in 2 s a request", len(set(taken[SLOW][0])), "", 0),
        Row.at_most("the gateway's CPU", cpu / passed, CORES, "cores", 2),
        Row.plain("deliveries a second of its CPU", len(lags) / cpu, "/s", 0),
    ]


async def main(subscribers: int = 50, per_s: int = 100, seconds: int = 30) -> None:
    """Print the table."""
    load = os.getloadavg()[0]
    rows = await measure(subscribers, per_s, seconds)
    print(f"Machine: {machine()}. Load {load:.1f} at the start, {os.getloadavg()[0]:.1f} at the end.\n")
    print(markdown(rows))


if __name__ == "__main__":
    asyncio.run(main(*map(int, sys.argv[1:])))

"""A steady flow of reports over HTTP, and when their department has the order of each: how long did nothing come?"""

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from itertools import pairwise
from time import monotonic
from typing import Final

import aiohttp

from connectors.departments.client import Orders
from tests.processes.waiting import wait_until

SERIAL: Final = re.compile(r"第(\d+)处")
TIMEOUT: Final = aiohttp.ClientTimeout(total=10)


class OrderFlow:
    """Times are monotonic seconds, by the number of the report."""

    def __init__(self, per_s: float) -> None:
        self.per_s = per_s
        self.accepted: dict[int, float] = {}
        """When the gateway said that it was safe."""
        self.ordered: dict[int, float] = {}
        """When the department had its first order."""
        self.cases: dict[int, set[str]] = {}
        """The cases that the department was told of; more than one means that a report counted twice."""
        self.sent_again = 0
        self.enough = asyncio.Event()
        self.working: list[asyncio.Task[None]] = []
        self._sending: set[asyncio.Task[None]] = set()

    @property
    def missing(self) -> set[int]:
        """Reports that were accepted, and of which the department knows nothing yet."""
        return self.accepted.keys() - self.ordered.keys()

    def is_complete(self) -> bool:
        """Whether each accepted report has its order. Raises as `check`."""
        self.check()
        return not self.missing

    def pauses(self, begin: float, end: float) -> list[float]:
        """Seconds between one order and the next, from `begin` to `end`."""
        moments = [begin, *sorted(at for at in self.ordered.values() if begin < at < end), end]
        return [after - before for before, after in pairwise(moments)]

    def longest_pause(self, begin: float, end: float | None = None) -> float:
        """How long no order came, at most."""
        return max(self.pauses(begin, monotonic() if end is None else end))

    def longest_way(self) -> float:
        """Seconds from the answer to a reporter until its order was read, at most."""
        return max((self.ordered[number] - at for number, at in self.accepted.items() if number in self.ordered))

    async def news(self, limit_s: float = 120) -> None:
        """Return when the order of a report has come that is accepted only from now on."""
        now = monotonic()

        def new() -> bool:
            self.check()
            return any(self.accepted.get(number, 0.0) > now for number in self.ordered)

        await wait_until(new, "an order of a new report", limit_s)

    def check(self) -> None:
        """Raise what ended the sender or the reader, if anything did."""
        for task in self.working:
            if task.done():
                task.result()

    async def send(self, session: aiohttp.ClientSession) -> None:
        """Send reports until `enough`; each again until it is accepted, with the same id."""
        number, began = 0, monotonic()
        while not self.enough.is_set():
            number += 1
            task = asyncio.create_task(self._report(session, number))
            self._sending.add(task)
            task.add_done_callback(self._sending.discard)
            with suppress(TimeoutError):
                pause_s = began + number / self.per_s - monotonic()
                await asyncio.wait_for(self.enough.wait(), max(0.0, pause_s))
        await asyncio.gather(*self._sending)

    async def _report(self, session: aiohttp.ClientSession, number: int) -> None:
        fields = {"id": f"flow-{number}", "text": f"水管爆裂，第{number}处", "address": "湖滨南路12号"}
        while True:
            with suppress(aiohttp.ClientError, TimeoutError):
                async with session.post("/api/reports", json=fields) as answer:
                    if answer.status == 202:
                        self.accepted[number] = monotonic()
                        return
                    assert answer.status >= 500, await answer.text()
            self.sent_again += 1
            await asyncio.sleep(0.2)

    async def read(self, stream: Orders) -> None:
        """Take note of each order, until cancelled."""
        async for delivery in stream:
            if delivery.order and (found := SERIAL.search(delivery.order.written[0].text)):
                number = int(found[1])
                self.ordered.setdefault(number, monotonic())
                self.cases.setdefault(number, set()).add(delivery.case)


@asynccontextmanager
async def flowing(
    address: str, key: str, stream: Orders, per_s: float, patience_s: float = 120
) -> AsyncIterator[OrderFlow]:
    """Reports come until the block ends; then every order of them has to come."""
    flow = OrderFlow(per_s)
    async with aiohttp.ClientSession(address, timeout=TIMEOUT, headers={"Authorization": f"Bearer {key}"}) as session:
        flow.working = [asyncio.create_task(flow.send(session)), asyncio.create_task(flow.read(stream))]
        try:
            yield flow
            flow.enough.set()
            await flow.working[0]
            await wait_until(flow.is_complete, "the orders of all accepted reports", patience_s)
        finally:
            for task in flow.working:
                task.cancel()
            await asyncio.gather(*flow.working, return_exceptions=True)

"""Lists of GeoReport v2 from a ledger of many cases: `python -m bench.open311 [CASES]` (50,000).

The gateway is a process of its own. A figure is answers in a second of its CPU, which is what one core gives, and
hardly depends on what else the machine does. "Kept" is one question that comes again while nothing happens in the
ledger, "new" a question that nobody asked before, "pages" all pages of one list, one after the other, "with events" a
mix of questions while something happens in the ledger after every so many answers: each event may change any of them.
One event for 50 answers are 20 events a second at 1,000 answers a second, however slow the machine is meanwhile.
"""

import asyncio
import sys
import time
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager, closing
from itertools import count, cycle, repeat
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Lock
from typing import Final

import psutil
from aiohttp import ClientSession

from bench.filled_ledger import Filling, fill
from bench.lab import kafka, machine
from bench.pages import gateway
from bench.table import Row, markdown
from connectors.ledger.queries.cases import Ledger
from connectors.ledger.write.store import Store
from schemas.event import EventType

CONNECTIONS: Final = 8
SECONDS: Final = 4.0
KEY: Final = "a-key-of-the-bench-only"
PROMISED: Final = 1000
ANSWERS_EACH: Final = 50
"""Answers for one event."""
AMONG: Final = 400
"""How many of the newest cases have something happen to them."""


async def asked(
    pid: int, port: int, addresses: Iterable[str], connections: int = CONNECTIONS, happens: "Happening | None" = None,
    answers_each: int = ANSWERS_EACH,
) -> float:  # fmt: skip
    """Answers in a second of the gateway's CPU; with `happens`, something does after so many."""
    server, questions = psutil.Process(pid), iter(addresses)
    done, end = 0, time.monotonic() + SECONDS

    async def ask(session: ClientSession) -> None:
        nonlocal done
        while time.monotonic() < end and (address := next(questions, None)) is not None:
            async with session.get(f"http://127.0.0.1:{port}/open311/v2/{address}&api_key={KEY}") as answer:
                assert answer.status == 200, await answer.text()
                await answer.read()
                done += 1
            if happens is not None and done % answers_each == 0:
                await asyncio.to_thread(happens.one)

    before = server.cpu_times()
    async with ClientSession() as session:
        await asyncio.gather(*(ask(session) for _ in range(connections)))
    after = server.cpu_times()
    return done / (after.user + after.system - before.user - before.system)


class Happening:
    """Writes events to the ledger's file, as its process does."""

    def __init__(self, file: Path, now_ms: int) -> None:
        self._store, self._filling = Store(file.resolve()), Filling(0, now_ms)
        self._positions = self._store.positions("events")
        with closing(Ledger(file)) as ledger:
            self._cases = [(case.number, case.home) for case in ledger.cases(limit=AMONG)]
            top = "SELECT category FROM cases WHERE open = 1 GROUP BY 1 ORDER BY count(*) DESC LIMIT 4"
            self.services = [category for (category,) in ledger.rows(top)]
        self.done, self._lock = 0, Lock()

    def one(self) -> None:
        """Something happens to a case: it is acknowledged, or no longer. One after the other, from any thread."""
        with self._lock:
            self._one()

    def _one(self) -> None:
        number, home = self._cases[self.done * 37 % len(self._cases)]
        state = "acknowledged" if self.done % 2 else "dispatched"
        t_ms = time.time_ns() // 1_000_000
        event = self._filling.event(EventType.CORRECTED, number, home, t_ms, f"b{self.done}", {"state": state})
        at = self._positions[event.partition]
        self._positions[event.partition] = at._replace(offset=at.offset + 1)
        self._store.take_events([event], self._positions)
        self.done += 1


@asynccontextmanager
async def server(cases: int) -> AsyncIterator[tuple[int, int, Happening]]:
    """Process id and port of a gateway with this door, and who writes to its ledger."""
    async with kafka() as (servers, _):
        with TemporaryDirectory() as folder:
            ledger, now_ms = Path(folder) / "ledger.sqlite", time.time_ns() // 1_000_000
            fill(ledger, cases, now_ms)
            async with gateway(
                Path(folder), servers, ledger, DOORS="http,open311", DOOR_OPEN311_KEYS=f"bench:{KEY}"
            ) as (pid, port):
                await rested(pid)
                yield pid, port, Happening(ledger, now_ms)


async def rested(pid: int, quiet_s: float = 1.0, limit_s: float = 300.0) -> None:
    """Until a process has done hardly anything for a while: a gateway that begins reads all there is, for its proofs.

    Raises `TimeoutError`.
    """
    process, used_s = psutil.Process(pid), 1.0
    async with asyncio.timeout(limit_s):
        while used_s > quiet_s / 20:
            before = process.cpu_times()
            await asyncio.sleep(quiet_s)
            after = process.cpu_times()
            used_s = after.user + after.system - before.user - before.system


async def measure(cases: int) -> list[Row]:
    """Lists of 50, kept, new, page by page, and while something happens."""
    async with server(cases) as (pid, port, happening):
        kept = {
            "50 requests, JSON, kept": "requests.json?page_size=50",
            "50 requests, XML, kept": "requests.xml?page_size=50",
            "50 open ones of a service, kept": "requests.json?page_size=50&status=open&service_code=greasy-pavement",
            "services, JSON": "services.json?",
        }
        new: dict[str, Iterable[str]] = {
            "50 requests, JSON, new": (f"requests.json?page_size=50&end_date={at(n)}" for n in count(1)),
            "50 requests, XML, new": (f"requests.xml?page_size=50&end_date={at(n)}" for n in count(1)),
            "1 request, JSON, new": (f"requests.json?page_size=1&end_date={at(n)}" for n in count(1)),
        }
        rows = [Row.at_least(w, await asked(pid, port, repeat(each)), PROMISED, "/s") for w, each in kept.items()]
        rows += [Row.at_least(what, await asked(pid, port, each), PROMISED, "/s") for what, each in new.items()]
        pages = (f"requests.json?page_size=50&page={n}" for n in range(1, 200))
        rows.append(Row.plain("50 requests, JSON, pages", await asked(pid, port, pages, 1), "/s", 0))
        questions = mixed(happening.services)
        for answers_each in (ANSWERS_EACH, ANSWERS_EACH // 5):
            found = await asked(pid, port, cycle(questions), happens=happening, answers_each=answers_each)
            what, often = f"{len(questions)} questions in turn, an event for {answers_each} answers", ANSWERS_EACH
            rows.append(
                Row.at_least(what, found, PROMISED, "/s") if answers_each == often else Row.plain(what, found, "/s", 0)
            )
        return rows


def mixed(services: list[str]) -> list[str]:
    """Questions of different programs at the same time."""
    since = at(600)
    return [
        "requests.json?page_size=50", "requests.xml?page_size=50", "requests.json?page_size=50&status=open",
        "requests.json?page_size=50&status=closed", "requests.json?page_size=50&extensions=true",
        *(f"requests.json?page_size=50&status=open&service_code={each}" for each in services),
        f"requests.json?page_size=50&updated_after={since}", f"requests.xml?page_size=50&updated_after={since}",
    ]  # fmt: skip


def at(n: int) -> str:
    """Another moment of now each time, so that no answer was given before."""
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() - n))


if __name__ == "__main__":
    found = asyncio.run(measure(int(sys.argv[1]) if len(sys.argv) > 1 else 50_000))
    print(f"{machine()}\n\n{markdown(found)}")

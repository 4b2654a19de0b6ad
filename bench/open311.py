"""Lists of GeoReport v2 from a ledger of many cases: `python -m bench.open311 [CASES]` (50,000).

The gateway is a process of its own. A figure is answers in a second of its CPU, which is what one core gives, and
hardly depends on what else the machine does. "Kept" is one question that comes again while nothing happens in the
ledger, "new" a question that nobody asked before, "pages" all pages of one list, one after the other.
"""

import asyncio
import sys
import time
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from itertools import count, repeat
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

import psutil
from aiohttp import ClientSession

from bench.filled_ledger import fill
from bench.lab import kafka, machine
from bench.pages import gateway
from bench.table import Row, markdown

CONNECTIONS: Final = 8
SECONDS: Final = 4.0
KEY: Final = "a-key-of-the-bench-only"
PROMISED: Final = 1000


async def asked(pid: int, port: int, addresses: Iterable[str], connections: int = CONNECTIONS) -> float:
    """Answers in a second of the gateway's CPU."""
    server, questions = psutil.Process(pid), iter(addresses)
    done, end = 0, time.monotonic() + SECONDS

    async def ask(session: ClientSession) -> None:
        nonlocal done
        while time.monotonic() < end and (address := next(questions, None)) is not None:
            async with session.get(f"http://127.0.0.1:{port}/open311/v2/{address}&api_key={KEY}") as answer:
                assert answer.status == 200, await answer.text()
                await answer.read()
                done += 1

    before = server.cpu_times()
    async with ClientSession() as session:
        await asyncio.gather(*(ask(session) for _ in range(connections)))
    after = server.cpu_times()
    return done / (after.user + after.system - before.user - before.system)


@asynccontextmanager
async def server(cases: int) -> AsyncIterator[tuple[int, int]]:
    """Process id and port of a gateway with this door."""
    async with kafka() as (servers, _):
        with TemporaryDirectory() as folder:
            ledger = Path(folder) / "ledger.sqlite"
            fill(ledger, cases, time.time_ns() // 1_000_000)
            async with gateway(
                Path(folder), servers, ledger, DOORS="http,open311", DOOR_OPEN311_KEYS=f"bench:{KEY}"
            ) as (pid, port):
                yield pid, port


async def measure(cases: int) -> list[Row]:
    """Lists of 50, kept, new and page by page."""
    async with server(cases) as (pid, port):
        kept = {
            "50 requests, JSON, kept": "requests.json?page_size=50",
            "50 requests, XML, kept": "requests.xml?page_size=50",
            "50 open ones of a service, kept": "requests.json?page_size=50&status=open&service_code=greasy-pavement",
            "services, JSON": "services.json?",
        }
        new: dict[str, Iterable[str]] = {
            "50 requests, JSON, new": (f"requests.json?page_size=50&end_date={at(n)}" for n in count(1)),
            "1 request, JSON, new": (f"requests.json?page_size=1&end_date={at(n)}" for n in count(1)),
        }
        rows = [Row.at_least(w, await asked(pid, port, repeat(each)), PROMISED, "/s") for w, each in kept.items()]
        pages = (f"requests.json?page_size=50&page={n}" for n in range(1, 200))
        rows.append(Row.plain("50 requests, JSON, pages", await asked(pid, port, pages, 1), "/s", 0))
        return rows + [Row.plain(what, await asked(pid, port, each), "/s", 0) for what, each in new.items()]


def at(n: int) -> str:
    """Another moment of now each time, so that no answer was given before."""
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() - n))


if __name__ == "__main__":
    found = asyncio.run(measure(int(sys.argv[1]) if len(sys.argv) > 1 else 50_000))
    print(f"{machine()}\n\n{markdown(found)}")

"""The gateway's pages over a ledger of many cases: the first page after its start, the others, and its memory.

`python -m bench.pages [CASES]` (200,000; the promise is for 1,000,000) needs 6 GB of disk for a million. The gateway is
a process of its own, started by its command on an empty Kafka. Before it starts, the pages of the ledger file are
dropped from the system's cache (`posix_fadvise`, `DONTNEED`), so that its first page comes from the disk. Figures of
a page are p50, p95 and CPU of the gateway a request: the last one hardly depends on what else the machine does.
"""

import asyncio
import os
import shutil
import socket
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from http.client import HTTPConnection
from pathlib import Path
from statistics import median, quantiles
from typing import NamedTuple

import psutil

from bench.filled_ledger import fill
from bench.lab import PARTITIONS, kafka, machine
from bench.mix import EXAMPLE
from bench.table import Row, markdown
from connectors.ledger.queries.cases import Ledger
from grid36.machine.home import Home

BYTES_EACH = 6_000
"""Disk for one case, at most."""
MOST_S = 12.0
"""How long one address is asked."""
TIMES = 40
PAGE_MS = 200.0
FIRST_S = 2.0
MEMORY_MB = 200.0


class Address(NamedTuple):
    """A page or a list; `promised`: its p95 has a limit."""

    path: str
    promised: bool = True


def addresses(ledger: Ledger) -> list[Address]:
    """What people open all day, for the department, person and category that have most."""
    top = "SELECT {0} FROM cases WHERE {0} IS NOT NULL GROUP BY 1 ORDER BY count(*) DESC LIMIT 1"
    names = ("department", "assignee", "category", "segment", "grid", "reporter")
    department, person, category, segment, grid, reporter = (ledger.rows(top.format(name))[0][0] for name in names)
    (case,) = ledger.cases(limit=1)
    supervisor = ("", "?late=1", f"?department={department}", "?state=closed", "?state=refused", "?state=suspended")
    lists = (
        "", "?open=1&order=due", f"?category={category}&state=dispatched", f"?category={category}&state=refused",
        f"?department={department}&state=merged", f"?segment={segment}", f"?grid={grid}&state=closed",
    )  # fmt: skip
    return [
        *(Address(f"/supervisor{query}") for query in supervisor),
        Address(f"/supervisor?state=all&department={department}"),
        Address(f"/supervisor?late=1&department={department}"),
        Address(f"/handler?as={person}"),
        Address(f"/reporter?as={reporter}"),
        Address(f"/case/{case.number}?role=supervisor"),
        *(Address(f"/api/cases{query}") for query in lists),
        Address("/board", promised=False),
        Address("/figures"),
        Address("/figures?days=365", promised=False),
        Address("/statistics"),
        Address("/statistics?by=category&metric=on_time_rate"),
        Address("/statistics?view=metrics"),
        Address("/statistics?metric=p50_s", promised=False),
        Address("/statistics?view=category&metric=on_time_rate", promised=False),
        Address("/supervisor?counted=due&by=department&key=sanitation"),
    ]


@asynccontextmanager
async def gateway(home: Path, servers: str, ledger: Path, **more: str) -> AsyncIterator[tuple[int, int]]:
    """The gateway's process id and port, from the moment that it listens; `more` are settings of its own."""
    port = free_port()
    given = {"HOME": home, "KAFKA": servers, "LEDGER": ledger, "HTTP_PORT": port, "REGION": EXAMPLE, "DOORS": "http"}
    given |= {"PARTITIONS": PARTITIONS, "DEMO": "true"} | more
    own = {key: value for key, value in os.environ.items() if not key.startswith("GRID36_")}
    own |= {f"GRID36_{name}": str(value) for name, value in given.items()}
    Home(home).make()
    with (home / "log").open("wb") as log:
        process = await asyncio.create_subprocess_exec(sys.executable, "-m", "grid36", "gateway", stderr=log, env=own)
    try:
        await listening(port)
        yield process.pid, port
    finally:
        process.terminate()
        await process.wait()


async def listening(port: int, limit_s: float = 120.0) -> None:
    """Wait until somebody listens. Raises `TimeoutError`."""
    async with asyncio.timeout(limit_s):
        while True:
            with closing(socket.socket()) as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    return
            await asyncio.sleep(0.02)


def free_port() -> int:
    """A port that nobody uses at this moment."""
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def drop(file: Path) -> None:
    """Take the file out of the system's cache."""
    with file.open("rb") as opened:
        os.fsync(opened.fileno())
        os.posix_fadvise(opened.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)


def ask(port: int, path: str) -> tuple[float, int]:
    """One request: seconds, and the bytes of the answer. Raises `AssertionError` if it is no success."""
    connection, began = HTTPConnection("127.0.0.1", port, timeout=300), time.perf_counter()
    with closing(connection):
        connection.request("GET", path, headers={"Accept-Language": "zh-CN"})
        answer = connection.getresponse()
        body = answer.read()
    assert answer.status == 200, (path, answer.status, body[:200])
    return time.perf_counter() - began, len(body)


def page_row(port: int, gateway: psutil.Process, address: Address) -> Row:
    """p50, p95 and the gateway's CPU of one address, warm."""
    taken, end, cpu = list[float](), time.monotonic() + MOST_S, used_ms(gateway)
    while len(taken) < 3 or (len(taken) < TIMES and time.monotonic() < end):
        taken.append(ask(port, address.path)[0] * 1000)
    p95 = quantiles(taken, n=20, method="inclusive")[18]
    found = f"{median(taken):,.0f} / {p95:,.0f} / {(used_ms(gateway) - cpu) / len(taken):,.0f} ms"
    if not address.promised:
        return Row(address.path, found)
    return Row(address.path, found, f"p95 ≤ {PAGE_MS:.0f} ms", p95 <= PAGE_MS)


def used_ms(process: psutil.Process) -> float:
    """CPU that it has used so far."""
    times = process.cpu_times()
    return 1000 * float(times.user + times.system)


async def measure(servers: str, folder: Path, path: Path) -> list[Row]:
    """Start the gateway on a ledger, and ask."""
    ledger = Ledger(path)
    asked = addresses(ledger)
    ledger.close()
    rows = list[Row]()
    drop(path)
    async with gateway(folder / "gateway", servers, path) as (pid, port):
        process = psutil.Process(pid)
        rows.append(Row.plain("gateway's memory at its start", process.memory_info().rss / 1e6, "MB", 0))
        first_s, _ = await asyncio.to_thread(ask, port, "/supervisor")
        rows.append(Row.at_most("first page after its start, from the disk", first_s, FIRST_S, "s", 2))
        for address in asked:
            rows.append(await asyncio.to_thread(page_row, port, process, address))
        rows.append(
            Row.at_most("gateway's memory after all pages", process.memory_info().rss / 1e6, MEMORY_MB, "MB", 0)
        )
    return rows


async def main(cases: int = 200_000) -> None:
    """Print the table."""
    async with kafka() as (servers, folder):
        free = shutil.disk_usage(folder).free
        if free < 2 * cases * BYTES_EACH:
            raise SystemExit(
                f"{cases} cases need {2 * cases * BYTES_EACH / 1e9:.0f} GB of disk, {free / 1e9:.0f} are free"
            )
        load = os.getloadavg()[0]
        path, began = folder / "ledger.sqlite", time.perf_counter()
        await asyncio.to_thread(fill, path, cases, time.time_ns() // 1_000_000)
        rows = [Row.plain(f"file of {cases:,} cases", path.stat().st_size / 1e6, "MB", 0)]
        rows.append(Row.plain("written in", time.perf_counter() - began, "s", 0))
        rows += await measure(servers, folder, path)
        print(f"Machine: {machine()}. Load {load:.1f} at the start, {os.getloadavg()[0]:.1f} at the end.\n")
        print(markdown(rows))


if __name__ == "__main__":
    asyncio.run(main(*map(int, sys.argv[1:])))

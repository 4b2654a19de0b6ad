"""Measures a whole system of one tree, as `probe.py` does a worker: how it waits, and what its waiting costs.

`python -P system_probe.py NAME BROKER CASES`; each probe starts a Kafka or a whole system of its own tree, because
the settings of the broker belong to the tree. May import only what both trees have under the same name.
"""

import asyncio
import csv
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import aiohttp
import psutil

from bench import lab, latency
from bench.mix import Mix, street
from bench.product import Child, child
from schemas.topics import COMMANDS, DEPARTMENT_PREFIX

PER_S = 100.0
REPORTS_PER_S = 50.0
WATCHED = 10
"""Every so many reports of a load one is asked for until it is visible."""
IDLE_REPORTS, IDLE_PAUSE_S = 10, 0.4
QUIET_S = 65.0
"""A system is left alone for so long before it counts as idle."""
IDLE_S = 10.0
FEW_ROWS = 100
PATIENCE_S = 60.0
MAPPING = """\
id: id
reported_at: {column: reported, zone: Asia/Shanghai, format: "%Y-%m-%d %H:%M:%S"}
closed_at: {column: closed, zone: Asia/Shanghai, format: "%Y-%m-%d %H:%M:%S"}
category: category
latitude: lat
longitude: lon
datum: wgs84
department: agency
"""

Figures = Mapping[str, float]
Measure = Callable[[], Awaitable[Figures]]


def cpu_s(process: psutil.Process) -> float:
    """CPU of a process so far."""
    used = process.cpu_times()
    return float(used.user + used.system)


def at(ordered: Sequence[float], share: float) -> float:
    """A percentile of ordered figures."""
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


@asynccontextmanager
async def busy(cases: int) -> AsyncIterator[Measure]:
    """A worker and its broker at 100 a second: commands of whole lives, then reports until their orders are seen."""
    async with lab.kafka() as (servers, _):
        broker = next(each for each in psutil.Process().children() if "java" in each.name())

        async def measure() -> Figures:
            return {**await _lives(servers, broker, cases), **await _orders(servers, cases)}

        yield measure


@asynccontextmanager
async def _worker(servers: str) -> AsyncIterator[tuple[str, Child]]:
    """The prefix of a new system, and a worker that has taken it over."""
    region, rulebook = street()
    prefix = await lab.system(servers, region)
    await latency.create(servers, region, rulebook, lab.PARTITIONS, prefix=prefix)  # type: ignore[attr-defined]  # at home elsewhere in each tree
    async with child(servers, prefix) as worker:
        await lab.until(lambda: worker.ready == 3 * lab.PARTITIONS)
        await asyncio.sleep(2)
        yield prefix, worker


async def _lives(servers: str, broker: psutil.Process, cases: int) -> Figures:
    async with _worker(servers) as (prefix, worker):
        lives = [(each.partition, each.key, each.value) for each in Mix(lab.PARTITIONS, prefix=prefix).lives(cases)]
        before = worker.cpu_s(), cpu_s(broker)
        await lab.steady(servers, prefix + COMMANDS, lives, PER_S)
        await asyncio.sleep(1)
        worker_ms, broker_ms = (
            (now - then) * 1e6 / len(lives) for now, then in zip((worker.cpu_s(), cpu_s(broker)), before, strict=True)
        )
    return {"cpu_ms": worker_ms + broker_ms, "worker_ms": worker_ms, "broker_ms": broker_ms}


async def _orders(servers: str, cases: int) -> Figures:
    orders, floor, reports = latency.Watch(), latency.Watch(), latency.WARM + cases
    async with _worker(servers) as (prefix, _):
        topics = [prefix + DEPARTMENT_PREFIX + each.code for each in street()[0].organisations]
        readers = [asyncio.create_task(latency.read(servers, [name], orders, latency._report_of)) for name in topics]
        await asyncio.sleep(2)
        await latency.send(servers, prefix, reports, orders, floor)
        await lab.until(lambda: len(orders.seen) >= reports, PATIENCE_S)
        for reader in readers:
            reader.cancel()
        await asyncio.wait(readers)
    taken = orders.ms()
    return {"order_p50_ms": at(taken, 0.5), "order_p99_ms": at(taken, 0.99)}


class Up:
    """A whole system of `grid36 up` in a fresh home."""

    def __init__(self, home: Path) -> None:
        self.home, self.began_s = home, time.monotonic()
        self._environment = {**os.environ, "GRID36_HOME": str(home), "GRID36_LANG": "en", "GRID36_DEMO": "true"}

    def run(self, *words: str) -> None:
        """A command of it; raises `CalledProcessError` when it fails."""
        command = [sys.executable, "-m", "grid36", *words]
        subprocess.run(command, env=self._environment, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    @property
    def address(self) -> str:
        """Where its pages are."""
        urls = json.loads((self.home / "state.json").read_text())["urls"]
        return "/".join(next(iter(urls.values())).split("/")[:3])

    def processes(self) -> list[psutil.Process]:
        """All of it, `up` itself and the matcher's process included."""
        state = json.loads((self.home / "state.json").read_text())
        found = [psutil.Process(pid) for pid in (state["pid"], *(each["pid"] for each in state["processes"]))]
        return list({each.pid: each for one in found for each in (one, *one.children(recursive=True))}.values())


@contextmanager
def up() -> Iterator[Up]:
    """A system until the block ends."""
    with tempfile.TemporaryDirectory(prefix="grid36-bench-") as folder:
        system = Up(Path(folder))
        try:
            system.run("up", "--detach")
            yield system
        finally:
            system.run("down")


@asynccontextmanager
async def visible(cases: int) -> AsyncIterator[Measure]:
    """Reports over HTTP until they are visible: one by one, and 50 a second."""
    with up() as system:
        mix = Mix(lab.PARTITIONS)
        async with aiohttp.ClientSession(system.address) as session:

            async def measure() -> Figures:
                alone = sorted([await _visible(session, mix, IDLE_PAUSE_S) for _ in range(IDLE_REPORTS)])
                many = sorted(await _load(session, mix, cases))
                return {"p50_ms": at(many, 0.5), "p99_ms": at(many, 0.99), "idle_p99_ms": at(alone, 0.99)}

            await _visible(session, mix, 1)  # the first one finds nothing warm
            yield measure


async def _load(session: aiohttp.ClientSession, mix: Mix, reports: int) -> list[float]:
    began, watched = time.monotonic(), list[asyncio.Task[float]]()
    others = list[asyncio.Task[str]]()
    for number in range(reports):
        await asyncio.sleep(max(0.0, began + number / REPORTS_PER_S - time.monotonic()))
        if number % WATCHED == WATCHED - 1:
            watched.append(asyncio.create_task(_visible(session, mix)))
        else:
            others.append(asyncio.create_task(_post(session, mix)))
    await asyncio.gather(*others)
    return await asyncio.gather(*watched)


async def _post(session: aiohttp.ClientSession, mix: Mix) -> str:
    report, _ = mix.report()
    assert report.place is not None
    assert report.place.coordinates is not None
    fields = {"id": report.id, "reporter": report.reporter.id, "text": report.text, "category": report.category}
    place = {"lon": report.place.coordinates.lon, "lat": report.place.coordinates.lat, "datum": "wgs84"}
    async with session.post("/api/reports", json=fields | place) as answer:
        answer.raise_for_status()
        await answer.read()
    return report.id


async def _visible(session: aiohttp.ClientSession, mix: Mix, pause_s: float = 0.0) -> float:
    """Milliseconds from sending a report until it has a case; then a pause."""
    began = time.monotonic()
    report = await _post(session, mix)
    async with asyncio.timeout(PATIENCE_S):
        while True:
            async with session.get(f"/api/reports/{report}") as answer:
                if (await answer.json()).get("case"):
                    break
            await asyncio.sleep(0.01)
    taken_ms = (time.monotonic() - began) * 1e3
    await asyncio.sleep(pause_s)
    return taken_ms


@asynccontextmanager
async def idle(_: int) -> AsyncIterator[Measure]:
    """A system that nobody uses: CPU of all processes, s a minute, and their memory (PSS)."""
    with up() as system:

        async def measure() -> Figures:
            await asyncio.sleep(max(0.0, system.began_s + QUIET_S - time.monotonic()))
            processes, began = system.processes(), time.monotonic()
            before = sum(cpu_s(each) for each in processes)
            await asyncio.sleep(IDLE_S)
            used_s = sum(cpu_s(each) for each in processes) - before
            memory = sum(each.memory_full_info().pss for each in processes)
            return {"cpu_s": used_s * 60 / (time.monotonic() - began), "pss_mb": memory / 1e6}

        yield measure


@asynccontextmanager
async def replay(cases: int) -> AsyncIterator[Measure]:
    """A file as a history of a new system: how long a few rows take, and each further one."""

    async def measure() -> Figures:
        few_s, many_s = [await asyncio.to_thread(_replayed, rows) for rows in (FEW_ROWS, FEW_ROWS + cases)]
        return {"fixed_s": few_s, "case_ms": max(many_s - few_s, 1e-3) * 1e3 / cases}

    yield measure


def _replayed(rows: int) -> float:
    """Seconds for a file of so many rows, all of them located and closed."""
    with up() as system, tempfile.TemporaryDirectory(prefix="grid36-bench-") as folder:
        file, mapping = Path(folder, "past.csv"), Path(folder, "mapping.yaml")
        mapping.write_text(MAPPING)
        _write_past(file, rows)
        began = time.monotonic()
        system.run("replay", str(file), "--mapping", str(mapping))
        return time.monotonic() - began


def _write_past(file: Path, rows: int) -> None:
    mix, begin = Mix(lab.PARTITIONS), datetime(2024, 3, 1, tzinfo=UTC)
    with file.open("w", newline="") as opened:
        lines = csv.writer(opened)
        lines.writerow(("id", "reported", "closed", "category", "lat", "lon", "agency"))
        for number in range(rows):
            report, _ = mix.report()
            assert report.place is not None
            assert report.place.coordinates is not None
            reported = begin + timedelta(seconds=90 * number)
            closed = reported + timedelta(hours=1 + number % 48)
            place = report.place.coordinates.lat, report.place.coordinates.lon
            times = [f"{each:%Y-%m-%d %H:%M:%S}" for each in (reported, closed)]
            lines.writerow((f"past-{number:07d}", *times, report.category, *place, f"agency-{number % 5}"))


PROBES = {"busy": busy, "visible": visible, "idle": idle, "replay": replay}


async def main(name: str, _: str, cases: str) -> None:
    """Measure once for every line that comes in."""
    async with PROBES[name](int(cases)) as measure:
        while await asyncio.to_thread(sys.stdin.readline):
            print(json.dumps(await measure()), flush=True)


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))

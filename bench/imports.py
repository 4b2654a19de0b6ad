"""`python -m bench.imports 100000`: rows of two platforms, twice, overlapping, with the process killed five times.

Half of the district's rows name a case of the hotline. After it each case is in the outbox once, both id maps are
complete, and the table says how many rows a second were taken over, those that came again after a kill among them.
"""

import asyncio
import random
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter
from zoneinfo import ZoneInfo

from bench.lab import machine
from bench.table import Row, markdown
from connectors.accounts.store import Accounts
from connectors.contacts.book import ContactBook
from connectors.intake.context import Gateway
from connectors.intake.recordings.store import RecordingStore
from connectors.intake.refusal import Refused
from connectors.ledger.queries.cases import Ledger
from connectors.outbox.store import Outbox
from connectors.photos.store import PhotoStore
from connectors.platforms.desk import PlatformDesk
from schemas.system import Mode, System
from tests.worlds.platforms import DISTRICT, HOTLINE, call, filed
from tests.worlds.small_town import example_street

PART = 500
TIMES = 2
SHARED = 2
"""Every second row of the district names one of the hotline."""


@dataclass(frozen=True, slots=True)
class Imported:
    """What is on disk at the end, and what it took."""

    cases: int
    """Reports in the outbox."""
    hotline: int
    district: int
    """Ids in the map that have a report."""
    both: int
    """Reports that have an id on both platforms."""
    taken: int
    """Rows taken over, those again that came again."""
    seconds: float
    """From the first row of each process to its last."""
    kills: int


def rows(platform: str, count: int) -> Iterator[list[dict[str, object]]]:
    """The rows of a platform in parts, always the same."""
    for begin in range(0, count, PART):
        numbers = range(begin, min(begin + PART, count))
        if platform == HOTLINE:
            yield [call(f"H{n:09}", f"路面有油污，第{n}件", 办理时限="2026-12-20 18:00") for n in numbers]
        else:
            named = (f"H{n:09}" if n % SHARED == 0 else "" for n in numbers)
            yield [
                filed(f"D{n:09}", hotline, f"路面有油污，第{n}件") for n, hotline in zip(numbers, named, strict=True)
            ]


async def take_all(folder: Path, count: int) -> None:
    """Import everything, and tell how many rows are taken over; it may be killed at any time."""
    book = example_street()
    gateway = Gateway(
        outbox=Outbox(folder / "outbox.sqlite"), ledger=Ledger(folder / "none.sqlite"),
        photos=PhotoStore(folder / "photos", ZoneInfo("UTC")), recordings=RecordingStore(folder / "recordings"),
        contacts=ContactBook(folder / "contacts.sqlite"), accounts=Accounts(folder / "accounts.sqlite"),
        region=book.region, rulebook=book.rulebook,
        system=System(partitions=4, mode=Mode.LIVE, region="r", rulebook="b"),
    )  # fmt: skip
    desk = PlatformDesk(gateway)
    print("begun", flush=True)
    for _ in range(TIMES):
        for parts in zip(rows(HOTLINE, count), rows(DISTRICT, count), strict=True):
            for platform, part in zip((HOTLINE, DISTRICT), parts, strict=True):
                taken = await desk.take(desk.platform(platform), part)
                wrong = [each for each in taken if isinstance(each, Refused)]
                assert not wrong, wrong[0]
                print(len(taken), flush=True)
    await desk.close()


def imported(folder: Path, count: int, kills: int, seed: int = 36) -> Imported:
    """Import that many rows of each platform, killed `kills` times at moments drawn by `seed`."""
    chance, taken, seconds = random.Random(seed), 0, 0.0
    parts = 2 * TIMES * -(-count // PART)
    for left in range(kills, -1, -1):
        stop = chance.randint(1, max(1, parts // 2)) if left else None
        command = [sys.executable, "-m", "bench.imports", "--child", str(folder), str(count)]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as child:
            assert child.stdout is not None
            assert child.stdout.readline() == "begun\n"
            began, seen = perf_counter(), 0
            for line in child.stdout:
                taken, seen = taken + int(line), seen + 1
                if seen == stop:
                    child.kill()
                    break
            seconds += perf_counter() - began
        assert left or child.returncode == 0
    return _counted(folder, taken, seconds, kills)


def _counted(folder: Path, taken: int, seconds: float, kills: int) -> Imported:
    with closing(sqlite3.connect(folder / "outbox.sqlite")) as db:
        (cases,) = db.execute("SELECT sum(report) FROM rows").fetchone()
    with closing(sqlite3.connect(folder / "platforms.sqlite")) as db:
        of = "SELECT count(*) FROM ids WHERE platform = ? AND report IS NOT NULL AND state <> 'named'"
        hotline, district = (db.execute(of, (code,)).fetchone()[0] for code in (HOTLINE, DISTRICT))
        (both,) = db.execute("SELECT count(*) FROM (SELECT 1 FROM ids GROUP BY report HAVING count(*) = 2)").fetchone()
    return Imported(cases, hotline, district, both, taken, seconds, kills)


def _equal(what: str, found: int, wanted: int) -> Row:
    return Row(what, f"{found:,}", f"{wanted:,}", found == wanted)


def main() -> None:
    """Print the table."""
    if sys.argv[1] == "--child":
        asyncio.run(take_all(Path(sys.argv[2]), int(sys.argv[3])))
        return
    count = int(sys.argv[1])
    with tempfile.TemporaryDirectory() as folder:
        found = imported(Path(folder), count, kills=5)
    shared = -(-count // SHARED)
    print(machine())
    print(
        markdown(
            [
                Row("rows of each platform, twice, killed five times", f"{count:,}"),
                Row.at_least("rows taken over", found.taken / found.seconds, 1000, "a second"),
                _equal("cases", found.cases, 2 * count - shared),
                _equal("ids of the hotline", found.hotline, count),
                _equal("ids of the district", found.district, count),
                _equal("cases that both have", found.both, shared),
            ]
        )
    )


if __name__ == "__main__":
    main()

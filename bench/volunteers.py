"""Thousands write at once: is everybody acknowledged, is each report counted once, and in the order of its writer?

The whole system of `bench.phones`. All volunteers send a report at the same moment, and again: a position, words and
"submit". Each report becomes a case of its own, however long that takes to arrive.
"""

import asyncio
import re
import sqlite3
import sys
import tempfile
from collections import Counter
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from statistics import quantiles
from time import perf_counter

from bench.phones import Phones, street
from bench.table import Row, markdown
from connectors.chat.messages import SharedPosition
from connectors.chat.runtime.storage.store import FILE
from connectors.ledger.connection import open_to_read
from grid36.files.region.load import load_region
from grid36.machine.home import Home
from grid36.settings import Settings
from schemas.datum import Datum
from schemas.order import Written
from tests.processes.system import EXAMPLE

PEOPLE, SECONDS, ROUNDS = 5_000, 60.0, 2
MARK = re.compile(r"#(\d+)\.(\d+)#")
Mark = tuple[int, int]
"""Who wrote, and in which round."""
STILL_S = 60.0
"""What has not arrived when nothing did for this long is lost."""


async def volunteer(phones: Phones, n: int, at: Sequence[float], seconds: float) -> list[float]:
    """Reports; how long each message took to be acknowledged, in seconds."""
    acknowledged, who, began = list[float](), f"volunteer-{n}", perf_counter()
    for count in range(ROUNDS):
        await asyncio.sleep(max(0.0, began + count * seconds / ROUNDS - perf_counter()))
        acknowledged.append(await phones.sends(who, SharedPosition(lon=at[0], lat=at[1], datum=Datum.WGS84)))
        acknowledged.append(await phones.writes(who, f"路面有油污 #{n}.{count}#"))
        acknowledged.append(await phones.writes(who, "提交"))
    return acknowledged


def stored(ledger: Path) -> list[Mark]:
    """Who wrote the words of each case, and in which round, in the order in which they were accepted."""
    try:
        with closing(open_to_read(ledger.resolve())) as db:
            rows = db.execute("SELECT written FROM texts ORDER BY at_ms").fetchall()
    except sqlite3.OperationalError:
        return []
    texts = (Written.model_validate_json(written).text for (written,) in rows)
    return [(int(n), int(count)) for text in texts for n, count in MARK.findall(text)]


def turns_left(chat: Path) -> int:
    """How many messages the gateway has not answered yet."""
    with closing(open_to_read(chat)) as db:
        found: int = db.execute("SELECT count(*) FROM inbox WHERE state = 'open'").fetchone()[0]
    return found


async def arrived(ledger: Path, chat: Path, count: int) -> list[Mark]:
    """What is stored when all has arrived, or when nothing moves any more."""
    marks, before, moved = list[Mark](), (0, 0), perf_counter()
    while len(marks) < count and perf_counter() - moved < STILL_S:
        await asyncio.sleep(2)
        marks = await asyncio.to_thread(stored, ledger)
        now = (len(marks), await asyncio.to_thread(turns_left, chat))
        before, moved = now, moved if now == before else perf_counter()
    return marks


def outcome(marks: Sequence[Mark], people: int) -> list[Row]:
    """What was lost, doubled or out of order: nothing may be."""
    counted, rounds = Counter(marks), dict[int, list[int]]()
    for n, count in marks:
        rounds.setdefault(n, []).append(count)
    lost = people * ROUNDS - len(counted)
    return [
        Row.at_most("reports that were lost", lost, 0, "", 0),
        Row.at_most("reports that were counted twice", len(marks) - len(counted), 0, "", 0),
        Row.at_most(
            "people whose reports are out of order", sum(each != sorted(each) for each in rounds.values()), 0, "", 0
        ),
    ]


async def measure(people: int, seconds: float) -> list[Row]:
    """All at once, then wait until everything is in the ledger."""
    places = [each.line[0] for each in load_region(EXAMPLE).segments if each.owner]
    with tempfile.TemporaryDirectory(prefix="grid36-bench-") as name:
        ledger = Settings(home=Path(name) / "home").ledger_file
        chat = Home(Path(name) / "gateway").doors / "phones" / FILE
        async with street(Path(name)) as phones:
            began = perf_counter()
            began_all = (volunteer(phones, n, places[n % len(places)], seconds) for n in range(people))
            waits = await asyncio.gather(*began_all)
            sent_s = perf_counter() - began
            marks = await arrived(ledger, chat, people * ROUNDS)
            arrived_s, said = perf_counter() - began, len(phones.sent)
    acknowledged = [wait for each in waits for wait in each]
    return [
        Row.plain(f"messages of {people:,} volunteers in {seconds:.0f} s, acknowledged", len(acknowledged), "", 0),
        Row.plain("acknowledged, p99", quantiles(acknowledged, n=100)[98], "s", 2),
        Row.plain("acknowledged, the slowest", max(acknowledged), "s", 2),
        Row.plain("the last was acknowledged after", sent_s, "s", 1),
        Row.plain("everything was in the ledger after", arrived_s, "s", 1),
        Row.plain("messages sent back meanwhile", said, "", 0),
        *outcome(marks, people),
    ]


if __name__ == "__main__":
    given = [float(each) for each in sys.argv[1:]]
    print(markdown(asyncio.run(measure(*map(int, given[:1] or [PEOPLE]), *(given[1:] or [SECONDS])))))

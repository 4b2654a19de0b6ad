"""Every duty comes once, whoever is killed, and also on the days on which the clocks change."""

import asyncio
import time
from datetime import date, datetime, timedelta
from functools import partial
from pathlib import Path
from random import Random
from zoneinfo import ZoneInfo

import pytest
from aiokafka.structs import ConsumerRecord

from connectors.outbox.store import waiting
from grid36.kafka.topics import create_topics
from rules.book.compiled_rulebook import book_of
from schemas.codec import decode
from schemas.report import Report
from schemas.topics import REPORTS
from tests.oracles.plain_run import PlainSystem, parked_count
from tests.processes.duties_process import DAY_S, DUTIES, ZONE
from tests.processes.forked import Forked
from tests.processes.live_log import everything
from tests.processes.waiting import wait_until
from tests.worlds.doors import PARTITIONS, region, rulebook

pytestmark = pytest.mark.kafka

FIRST, LAST = date(2024, 3, 22), date(2024, 4, 12)  # 31 March: 02:00 to 03:00 is skipped


def ms(day: date, hour: int = 0, minute: int = 0) -> int:
    """A local time, ms UTC."""
    local = datetime(day.year, day.month, day.day, hour, minute, tzinfo=ZoneInfo(ZONE))
    return int(local.timestamp() * 1000)


def expected() -> dict[str, int]:
    """Id and begin of every duty between the two days, from a plain calendar."""
    found = {}
    for n in range((LAST - FIRST).days):
        day = FIRST + timedelta(n)
        found[f"duty/night/{day}"] = ms(day, 3) if day == date(2024, 3, 31) else ms(day, 2, 30)
        name, hour, minute = ("school-run", 7, 20) if day.weekday() < 5 else ("market", 16, 0)
        found[f"duty/{name}/{day}"] = ms(day, hour, minute)
    return found


async def test_each_comes_once_through_kills(kafka: str, prefix: str, tmp_path: Path) -> None:
    """Each duty of three weeks, a clock change among them, comes once however often the gateway is killed."""
    await create_topics(kafka, PARTITIONS, prefix=prefix)
    (tmp_path / "duties.json").write_text(str(ms(FIRST)))
    chance, wanted, kills = Random(36), expected(), 0
    began_s = time.time()
    arguments = [str(tmp_path), kafka, prefix, str(began_s), str(ms(FIRST)), str(ms(LAST))]
    lasts_s = (LAST - FIRST).days * DAY_S
    while True:
        with (tmp_path / "log").open("ab") as log:
            process = Forked("tests.processes.duties_process", *arguments, errors=log)
        try:
            if kills >= 4 and time.time() - began_s > lasts_s:
                await _arrived(tmp_path, kafka, prefix, wanted)
                break
            if kills % 2:  # the others may die while they start
                await wait_until(partial(_works, tmp_path / "duties.json", began_s + lasts_s), "work of this gateway")
            await asyncio.sleep(chance.uniform(0, 2))
            kills += 1
        finally:
            process.kill()
            await process.wait()
    parts = await everything(kafka, prefix + REPORTS, PARTITIONS)
    values = _values(parts)
    assert {name: len(different) for name, different in values.items()} == dict.fromkeys(wanted, 1)
    begins = {name: decode(Report, value).received_ms for name, (value,) in values.items()}
    assert begins == wanted
    assert _cases(parts) == sorted(wanted)


def _works(file: Path, until_s: float) -> bool:
    """Whether a gateway has just written down how far it is, as long as there is anything to do."""
    return time.time() > until_s or time.time() - file.stat().st_mtime < 0.1


def _values(parts: list[list[ConsumerRecord]]) -> dict[str, set[bytes]]:
    """What was sent under each id: a relay that was killed sends again, but never anything else."""
    found: dict[str, set[bytes]] = {}
    for part in parts:
        for record in part:
            found.setdefault(record.key.decode(), set()).add(record.value)
    return found


def _cases(parts: list[list[ConsumerRecord]]) -> list[str]:
    """The reports of all cases that come of the records, by the steps of the product: each record counts once."""
    own = region().model_copy(update={"zone": ZONE})
    system = PlainSystem(book_of(own, rulebook().model_copy(update={"duties": DUTIES})), PARTITIONS)
    for number, part in enumerate(parts):
        for record in part:
            began_ms = decode(Report, record.value).received_ms  # the log has the time of this machine
            system.send(REPORTS, number, began_ms, record.key, record.value)
    assert parked_count(system) == 0
    assert all(case.duty is not None and case.assignee == "p1" for case in system.cases.values())
    return sorted(case.report for case in system.cases.values())


async def _arrived(home: Path, kafka: str, prefix: str, wanted: dict[str, int]) -> None:
    """Kafka has all of them, and nothing waits."""

    async def are_there() -> bool:
        names = set(_values(await everything(kafka, prefix + REPORTS, PARTITIONS)))
        return names >= set(wanted) and not waiting(home / "outbox.sqlite").rows

    await wait_until(are_there, "all duties", 60, 0.2)

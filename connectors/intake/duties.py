"""Reports duties 值守 when their windows begin, including those that began during an outage.

The id and content of such a report depend only on the duty and the day. If it is created again, after a kill or by
another gateway, it is the same report and counts once.
"""

import asyncio
import logging
import os
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

from connectors.intake.context import Gateway
from connectors.outbox.rows import report_rows
from connectors.outbox.store import Message, OtherContentError, OutboxUnwritableError
from schemas.codec import cloud_event, encode
from schemas.duty import DOOR, Duty, Occurrence
from schemas.people import Role
from schemas.place import PlaceGiven
from schemas.report import Report, Reporter, ReportKind
from schemas.system import Mode

LOOK_S: Final = 5.0
MOST_BACK_MS: Final = 31 * 24 * 3_600_000
"""How far back missed duties are reported after an outage."""
NOTE_MS: Final = 30_000
"""The maximum age of the stored time; duties that began since are reported again after a kill, identically."""
MOST_AT_ONCE: Final = 20

log = logging.getLogger(__name__)


class DutyReports:
    """Reports duties while the gateway runs. `file` stores up to when that was done."""

    def __init__(self, gateway: Gateway, file: Path, look_s: float = LOOK_S) -> None:
        self._gateway = gateway
        self._file = file
        self._look_s = look_s

    async def run(self) -> None:
        """Report duties as their windows begin, until cancelled."""
        while True:
            try:
                await self.look()
            except OutboxUnwritableError as fault:
                log.warning("duties cannot be reported yet: %s", fault)
            except Exception:
                log.exception("duties could not be reported; retrying")
            await asyncio.sleep(self._look_s)

    async def look(self) -> int:
        """Report duties that began since the last call; returns how many. A new system starts at the current time."""
        now = self._gateway.clock()
        if self._gateway.system.mode is Mode.HISTORY:
            return 0
        saved = _read(self._file)
        since = now if saved is None or self._gateway.system.mode is Mode.NEW else saved
        begun = list(self._begun(max(since, now - MOST_BACK_MS), now))
        if begun and begun[0][1].begin_ms < now - 60_000:
            log.warning("%d duties are reported late: no gateway was running when they began", len(begun))
        made = 0
        for at in range(0, len(begun), MOST_AT_ONCE):
            some = (self._put(duty, due) for duty, due in begun[at : at + MOST_AT_ONCE])
            made += sum(await asyncio.gather(*some))
        if begun or saved is None or now - saved >= NOTE_MS:
            await asyncio.to_thread(_write, self._file, now)
        return made

    def _begun(self, since: int, now: int) -> Iterator[tuple[Duty, Occurrence]]:
        region = self._gateway.region
        zone = ZoneInfo(region.zone)
        found = [
            (duty, due)
            for duty in self._gateway.rulebook.duties
            for due in duty.begun(since, now, zone, region.calendar)
        ]
        return iter(sorted(found, key=lambda each: (each[1].begin_ms, each[0].id)))

    async def _put(self, duty: Duty, due: Occurrence) -> bool:
        """Write its report to the outbox; True if it is new."""
        report = report_of(duty, due, self._gateway.rulebook.default_category)
        value, t = encode(report), self._gateway.clock()
        headers = cloud_event(event_id=report.id, source=f"/doors/{DOOR}", kind="report", t_ms=due.begin_ms)
        rows = report_rows(report.id, value, headers, self._gateway.system.partitions, counted=True)
        try:
            return await self._gateway.outbox.put(Message(DOOR, report.id, sha256(value).hexdigest(), t, rows))
        except OtherContentError:  # reported before, under the rulebook of that time
            return False


def report_of(duty: Duty, due: Occurrence, category: str) -> Report:
    """The report of a duty: always the same, byte for byte."""
    return Report(
        id=due.report, kind=ReportKind.SERVICE_REQUEST, text=duty.name.zh, category=duty.category or category,
        place=PlaceGiven(code=duty.place), reporter=Reporter(id=DOOR, kind=Role.SYSTEM), door=DOOR,
        received_ms=due.begin_ms, duty=duty.id,
    )  # fmt: skip


def _read(file: Path) -> int | None:
    try:
        return int(file.read_text())
    except (OSError, ValueError):
        return None


def _write(file: Path, now: int) -> None:
    """Write the file atomically."""
    file.parent.mkdir(parents=True, exist_ok=True)
    fresh = file.with_suffix(".new")
    fresh.write_text(str(now))
    os.replace(fresh, file)

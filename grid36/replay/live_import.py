"""Imports a file through `reports` of a live system, as one more importing door.

Nothing of it is kept on this machine: what the ledger already shows is not sent again, and what is sent twice acts
once, because the ids of reports and commands come from the ids of the rows.
"""

import asyncio
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from connectors.ledger.address import LedgerAddress
from grid36.kafka.topics import create_topics, wait_for_kafka
from grid36.replay.case_watcher import Watch
from grid36.replay.caught_up import Standstill
from grid36.replay.facts import DOOR, command_id, following, report_of, unusable
from grid36.replay.file.rows import RowFault
from grid36.replay.history import Progress
from grid36.replay.pace import Pace
from grid36.replay.plan import Fact, ReplayPlan
from grid36.replay.position import read_system
from grid36.replay.sending import PATIENCE_S, ReplayMessage, Sender
from schemas.case import State
from schemas.codec import encode
from schemas.command import RecordWhat
from schemas.errors import WrongInput
from schemas.models import LogModel
from schemas.region import Region
from schemas.system import Mode
from schemas.topics import COMMANDS, REPORTS, home_of, partition_of
from streams.rulebooks.topic import go_live

BATCH: Final = 500
WINDOW: Final = 120
"""Rows and follow-ups on their way at a time: people's reports must not wait behind a queue of past cases."""
AGAIN_S: Final = 60.0
"""After this long without news, whatever does not show is sent again."""
STANDSTILL_S: Final = 300.0


class TakesNothing(WrongInput):
    """This system holds a history and accepts no live input. Start another one with its own `GRID36_HOME`."""


class NoImporter(WrongInput):
    """The region does not accept facts from a replay. Add `replay` to `importers` in its region.yaml."""


class LiveCounts(LogModel):
    """Where the rows went; `refused` counts follow-ups that no case could take (e.g. the closing of one that waits)."""

    rows: int
    parked: int
    routed: int
    waiting: int
    merged: int
    refused_reports: int
    followed: int
    refused: int


@dataclass(slots=True)
class Through:
    """One run. Rows enter in time order; a row's later facts follow as soon as its case shows in the ledger."""

    plan: ReplayPlan
    end: int
    partitions: int
    watch: Watch
    sender: Sender
    digest: str
    pace: Pace
    progress: Progress
    next: int = 0
    sent: set[str] = field(default_factory=set)
    """Ids of all follow-ups sent."""
    rows_away: set[str] = field(default_factory=set)
    """Reports sent whose case does not show yet."""
    commands_away: set[str] = field(default_factory=set)
    """Follow-ups sent that are not answered yet."""
    later: dict[str, list[Fact]] = field(default_factory=dict)
    """Facts that wait for their case, by report id."""
    followers: dict[str, set[str]] = field(default_factory=dict)
    """Merges that must be answered before their master may close, by the master's report id."""
    expected: set[str] = field(default_factory=set)
    """Reports that must show as cases."""

    async def run(self) -> None:
        """Return when every report and every follow-up shows in the ledger. Raises `Standstill`, `ServiceAway`."""
        while await asyncio.to_thread(self.watch.read):
            self.progress(len(self.watch.numbers), self.plan.rows, "reading the ledger")
        news = time.monotonic()
        resent = news
        while not self._is_done():
            moved = await asyncio.to_thread(self.watch.read)
            moved += await self._send_rows() + await self._send_later()
            self.progress(self.next, self.end, f"facts; {len(self.watch.numbers)} cases")
            now = time.monotonic()
            if moved or (self.next < self.end and not self.rows_away and not self.commands_away):  # held by its pace
                news = resent = now
                await asyncio.sleep(0 if moved >= BATCH else 0.1)  # a trickle is not worth asking for all the time
                continue
            if now - news > STANDSTILL_S:
                raise Standstill(cases=len(self.watch.numbers), reports=len(self.expected))
            if now - resent > AGAIN_S:
                self._forget_sent()
                resent = now
            await asyncio.sleep(0.3)

    def _is_done(self) -> bool:
        numbers = self.watch.numbers
        return (
            self.next == self.end
            and not self.later
            and self.sent <= self.watch.answered
            and all(report in numbers for report in self.expected)
        )

    async def _send_rows(self) -> int:
        """Send the next rows that are due; those whose case shows already only wait for their follow-ups."""
        self.rows_away = {report for report in self.rows_away if report not in self.watch.numbers}
        self.commands_away = {command for command in self.commands_away if command not in self.watch.answered}
        room = WINDOW - len(self.rows_away) - len(self.commands_away)
        if self.next == self.end or room <= 0:
            return 0
        stop = self.pace.due(self.plan, self.next, min(self.next + BATCH, self.end))
        now_ms, began = round(time.time() * 1000), self.next
        messages: list[ReplayMessage] = []
        while self.next < stop and len(messages) < room:
            if (message := self._message(self.plan[self.next], now_ms)) is not None:
                messages.append(message)
            self.next += 1
        await self.sender.send(messages)
        return self.next - began

    def _message(self, what: Fact | RowFault, now_ms: int) -> ReplayMessage | None:
        if isinstance(what, RowFault):
            return self._report(parked := unusable(what, self.digest, now_ms), parked.id)
        row = what.row
        if what.what is RecordWhat.OPENED:
            self.expected.add(row.report)
            if row.report in self.watch.numbers:
                return None
            self.rows_away.add(row.report)
            return self._report(report_of(row, now_ms), row.report)
        self.later.setdefault(row.report, []).append(what)
        if what.into is not None:
            self.followers.setdefault(what.into, set()).add(command_id(row, what.what))
        return None

    def _report(self, value: LogModel, id: str) -> ReplayMessage:
        return ReplayMessage(REPORTS, partition_of(id, self.partitions), id, encode(value))

    async def _send_later(self) -> int:
        """Send the facts whose cases show, in the order of each case's life."""
        messages: list[ReplayMessage] = []
        for fact in list(self._due()):
            home = home_of(self.watch.numbers[fact.row.report])
            command = following(fact, home)
            self.sent.add(command.id)
            if command.id not in self.watch.answered:
                self.commands_away.add(command.id)
                messages.append(ReplayMessage(COMMANDS, partition_of(home, self.partitions), home, encode(command)))
        for start in range(0, len(messages), BATCH):
            await self.sender.send(messages[start : start + BATCH])
        return len(messages)

    def _due(self) -> Iterator[Fact]:
        """Take out of `later` what can go now."""
        numbers, answered = self.watch.numbers, self.watch.answered
        for report in [report for report in self.later if report in numbers]:
            facts = self.later[report]
            while facts:
                fact = facts[0]
                if fact.what is RecordWhat.MERGED and fact.into not in numbers:
                    break
                if fact.what is RecordWhat.CLOSED and not self.followers.get(report, set()) <= answered:
                    break
                yield facts.pop(0)
            if not facts:
                del self.later[report]

    def _forget_sent(self) -> None:
        """Go through the plan again: whatever the ledger does not show is sent once more."""
        self.next = 0
        for waiting in (self.later, self.sent, self.rows_away, self.commands_away):
            waiting.clear()

    def counts(self) -> LiveCounts:
        """Where the rows went."""
        states = [self.watch.states[report] for report in self.expected]
        waiting = sum(state in {State.SUBMITTED, State.NEEDS_INFORMATION} for state in states)
        merged, refused = states.count(State.MERGED), states.count(State.REFUSED)
        return LiveCounts(
            rows=self.plan.rows,
            parked=len(self.plan.parked),
            routed=len(states) - waiting - merged - refused,
            waiting=waiting,
            merged=merged,
            refused_reports=refused,
            followed=len(self.sent),
            refused=len(self.sent & self.watch.refused),
        )


async def replay_through_reports(
    plan: ReplayPlan,
    region: Region,
    *,
    servers: str,
    ledger: LedgerAddress,
    prefix: str = "",
    replication: int = 1,
    until_ms: int | None = None,
    speed: float | None = None,
    progress: Progress = lambda _done, _all, _what: None,
) -> LiveCounts:
    """Send `plan` into a live system and follow every case to its end; may be killed and started again.

    Raises `TakesNothing`, `NoImporter`, `NoSystem` (wrong input), `ServiceAway`, `Standstill`.
    """
    if DOOR not in region.importers:
        raise NoImporter(region=region.code)
    await wait_for_kafka(servers, PATIENCE_S)
    system, _ = await read_system(servers, prefix)
    if system.mode is Mode.HISTORY:
        raise TakesNothing
    await go_live(servers, prefix=prefix)
    # an order for a department without a topic could not be written
    codes = sorted(plan.departments)
    await create_topics(servers, system.partitions, codes, prefix=prefix, replication=replication, new=False)
    digest = await asyncio.to_thread(plan.source.digest)
    async with Sender(servers, prefix, lambda: progress(0, 0, "waiting for Kafka")) as sender:
        run = Through(
            plan, plan.until(until_ms), system.partitions, Watch(ledger), sender, digest, Pace(speed), progress
        )
        await run.run()
    return run.counts()

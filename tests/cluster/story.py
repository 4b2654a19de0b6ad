"""What happens to brokers and workers, one after the other, and how long no order came each time."""

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from time import monotonic
from typing import Any, Final

from bench.table import Row
from connectors.departments.client import orders
from grid36.machine.home import Home, read_json
from tests.cluster.brokers import ClusterBroker, KafkaCluster
from tests.cluster.order_flow import OrderFlow, flowing
from tests.cluster.system import DEPARTMENT, PREFIX, SecuredSystem, give_rights
from tests.processes.waiting import wait_until

STEPS: Final = 3
"""`reports`, `commands` and `events`: each has its partitions."""
UPGRADE_S: Final = 10.0
"""How long orders may pause while a worker is replaced."""
HELD_S: Final = 15.0
"""How long two of three brokers are away."""

Say = Callable[[str], None]


@dataclass
class Story:
    """One system with two workers on one cluster."""

    system: SecuredSystem
    cluster: KafkaCluster
    say: Say
    rows: list[Row] = field(default_factory=list)

    async def play(self, *, rounds: int, per_s: float) -> None:
        """Everything; adds a row for each of it. Raises `AssertionError` where something does not come back."""
        before = await asyncio.to_thread(self.system.settled_balance)
        key = Home(self.system.home).make_key()
        async with (
            orders(self.cluster.kafka.at("water"), DEPARTMENT, prefix=PREFIX) as stream,
            flowing(self.system.address, key, stream, per_s) as flow,
        ):
            await flow.news()
            await self._measured(flow, "nothing happens for 10 s", asyncio.sleep(10))
            for _ in range(rounds):
                for name in ("worker-1", "worker-2"):
                    await self._measured(
                        flow, f"{name} is stopped and starts again", self._replaced(name, signal.SIGTERM), UPGRADE_S
                    )
                await self._third_worker(flow)
                await self._measured(
                    flow, "worker-1 is killed and starts again", self._replaced("worker-1", signal.SIGKILL)
                )
                for broker in self.cluster.brokers:
                    await self._measured(
                        flow, f"broker {broker.number} of 3 is killed and comes back", self._fall(flow, broker)
                    )
                await self._two_fall(flow)
        await self.cluster.whole()
        await self._judge(flow, before)

    async def _measured(self, flow: OrderFlow, what: str, work: Any, limit_s: float | None = None) -> None:
        began = monotonic()
        await work
        await flow.news()
        pause_s = flow.longest_pause(began)
        row = Row.plain(what, pause_s, "s") if limit_s is None else Row.at_most(what, pause_s, limit_s, "s")
        self._add(row)

    def _add(self, row: Row) -> None:
        self.say(f"{row.what}: {row.found}")
        self.rows.append(row)

    async def _fall(self, flow: OrderFlow, broker: ClusterBroker) -> None:
        await self.cluster.kill([broker])
        await self.told("1 of 3 Kafka brokers")
        await flow.news()
        await self.cluster.start([broker])
        await self.cluster.whole()

    async def _two_fall(self, flow: OrderFlow) -> None:
        """Without a majority Kafka accepts nothing, and the gateway goes on."""
        two = self.cluster.brokers[:2]
        await self.cluster.kill(two)
        began, accepted = monotonic(), len(flow.accepted)
        await self.told("2 of 3 Kafka brokers", "wait safely")
        await asyncio.sleep(max(0.0, began + HELD_S - monotonic()))
        kept = len(flow.accepted) - accepted
        assert kept > 0, "no report was accepted while Kafka was away"
        await self.cluster.start(two)
        back = monotonic()
        await flow.news()
        self._add(Row("two brokers of 3 are away: reports accepted meanwhile", f"{kept}", "all", kept > 0))
        self._add(Row.plain("from their return to the first order", monotonic() - back, "s"))
        await self.cluster.whole()

    async def _third_worker(self, flow: OrderFlow) -> None:
        """An upgrade in a cluster: a new worker joins before an old one leaves."""
        with (self.system.home / "logs" / "worker-3.log").open("ab") as log:
            command = [sys.executable, "-m", "grid36", "worker", "--name", "worker-3"]
            environment = self.system.environment | {"GRID36_KAFKA": self.cluster.kafka.servers}
            worker = await asyncio.to_thread(subprocess.Popen, command, stdout=log, stderr=log, env=environment)
        try:
            joined = self._owning("worker-1", "worker-2", "worker-3")
            await self._measured(flow, "a third worker joins", joined, UPGRADE_S)
            worker.send_signal(signal.SIGTERM)
            left = self._owning("worker-1", "worker-2")
            await self._measured(flow, "it is stopped and leaves", left, UPGRADE_S)
        finally:
            worker.terminate()
            await asyncio.to_thread(worker.wait, 30)

    async def _replaced(self, name: str, number: signal.Signals) -> None:
        pid = self.system.pids()[name]
        os.kill(pid, number)
        await wait_until(lambda: self.system.pids().get(name, pid) != pid, f"another {name}", 60)
        await self._owning("worker-1", "worker-2")

    async def _owning(self, *names: str) -> None:
        """Until these have all partitions between them, and each has some."""
        home, whole = Home(self.system.home), STEPS * self.system.settings.partitions

        def owned() -> list[int]:
            said = [read_json(home.status_file(name)) for name in names]
            return [sum(one["ready"] for one in each.get("partitions", [])) for each in said]

        await wait_until(lambda: all(owned()) and sum(owned()) == whole, f"{names} share the partitions", 120)

    async def told(self, *words: str) -> None:
        """Until `grid36 status` says this."""

        async def says() -> bool:
            problems = (await asyncio.to_thread(self.system.status))["problems"]
            return all(any(word in each for each in problems) for word in words)

        await wait_until(says, f"grid36 status says {words}", 60)

    async def _judge(self, flow: OrderFlow, before: dict[str, Any]) -> None:
        balance = await asyncio.to_thread(self.system.settled_balance)
        accepted = balance["accepted"] - before["accepted"]
        await asyncio.to_thread(self.system.run, "ledger", "verify")
        logs = "".join(file.read_text() for file in (self.system.home / "logs").glob("*.log"))
        problems = self.system.status()["problems"]
        twice = sum(len(cases) > 1 for cases in flow.cases.values())
        said, ordered = len(flow.accepted), len(flow.ordered)
        routed = balance["routed"] - before["routed"]
        self.rows += [
            Row("reports that the gateway confirmed", f"{said}", f"{accepted} in the balance", said == accepted),
            Row("orders that the department read of them", f"{ordered}", f"{said}", ordered == said == routed),
            Row("reports that became two cases", f"{twice}", "0", not twice),
            Row("requests that had to be sent again", f"{flow.sent_again}"),
            Row.plain("longest way of a report to its order", flow.longest_way(), "s"),
            Row("tracebacks in the logs", f"{logs.count('Traceback')}", "0", "Traceback" not in logs),
            Row("balance --deep and ledger verify", "equal", "equal", balance["balanced"]),
            Row("problems in grid36 status afterwards", f"{len(problems)}", "0", not problems),
        ]  # fmt: skip


async def settle(folder: Path, say: Say, *, rounds: int, per_s: float, limit_s: float) -> list[Row]:
    """Start a cluster and a system under `folder`, play the story there, and end all of it."""
    cluster = KafkaCluster(folder / "kafka")
    try:
        say("three brokers start")
        await cluster.start()
        await give_rights(cluster.kafka)
        system = SecuredSystem(folder / "home", cluster.kafka, workers=2)
        try:
            await asyncio.to_thread(system.__enter__)
            story = Story(system, cluster, say)
            async with asyncio.timeout(limit_s):
                await story.play(rounds=rounds, per_s=per_s)
        finally:
            await asyncio.to_thread(system.__exit__)
    finally:
        await cluster.kill()
    return story.rows

"""The faults from outside, one after the other, each at a random moment; which they were, by kind."""

import asyncio
import os
import signal
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Iterable
from contextlib import suppress
from random import Random
from typing import Final

from streams.kafka.settings import EngineSettings
from tests.faults.slots import Slot
from tests.faults.stage import Stage

MOST_WORKERS: Final = 4
TAKEOVER_S: Final = 45.0
SESSION_S: Final = EngineSettings("", "", 1).session_timeout_s
"""Nobody is given the work of a worker that sleeps any earlier; what others said before that is of another time."""
TRIES: Final = 60
AT_ONCE: Final = frozenset({"worker added", "worker removed"})
"""What cannot be done now can often not be done for long."""


class Chaos:
    """Breaks a stage. `say` is told each fault as it happens."""

    def __init__(self, stage: Stage, seed: int, say: Callable[[str], None] = lambda _: None) -> None:
        self.stage, self.say = stage, say
        self.counts: Counter[str] = Counter()
        self._random = Random(seed)
        self._later: set[asyncio.Task[None]] = set()
        self.kinds: dict[str, Callable[[], Awaitable[bool]]] = {
            "worker killed": self.kill_worker,
            "worker stopped and continued": self.stop_worker,
            "zombie with other rules woken": self.wake_zombie,
            "broker killed": self.kill_broker,
            "broker stopped and continued": self.stop_broker,
            "gateway killed": self.kill_gateway,
            "ledger killed": self.kill_ledger,
            "rules child killed": self.kill_rules,
            "rules child hung": self.hang_rules,
            "worker added": self.add_worker,
            "worker removed": self.remove_worker,
            "all workers killed": self.kill_all_workers,
        }

    async def run(self, number: int, pause_s: tuple[float, float] = (0.5, 2.5), kinds: Iterable[str] = ()) -> None:
        """So many faults, every kind in turn in random order."""
        names = list(kinds) or list(self.kinds)
        row: list[str] = []
        while sum(self.counts.values()) < number:
            if not row:
                row = self._random.sample(names, len(names))
            kind = row.pop()
            if await self._as_soon_as_possible(kind):
                self.counts[kind] += 1
                self.say(f"{sum(self.counts.values()):3} {kind}")
            await asyncio.sleep(self._random.uniform(*pause_s))
        await self.settle()

    async def _as_soon_as_possible(self, kind: str) -> bool:
        """What is to be broken may be away at the moment; False when it stays so."""
        for _ in range(1 if kind in AT_ONCE else TRIES):
            if await self.kinds[kind]():
                return True
            await asyncio.sleep(0.5)
        return False

    async def settle(self) -> None:
        """Let everything that was stopped go on."""
        await asyncio.gather(*self._later)
        for slot in self.stage.slots:
            slot.signal(signal.SIGCONT)

    def _after(self, pause_s: float, work: Callable[[], None]) -> None:
        async def later() -> None:
            await asyncio.sleep(pause_s)
            work()

        task = asyncio.create_task(later())
        self._later.add(task)
        task.add_done_callback(self._later.discard)

    def _some_worker(self) -> Slot | None:
        able = [slot for slot in self.stage.workers if slot.alive and not slot.stopped]
        return self._random.choice(able) if able else None

    def _stop(self, slot: Slot, for_s: float) -> None:
        slot.stopped = True
        slot.signal(signal.SIGSTOP)

        def go_on() -> None:
            slot.stopped = False
            slot.signal(signal.SIGCONT)

        self._after(for_s, go_on)

    async def kill_worker(self) -> bool:
        """`kill -9`."""
        slot = self._some_worker()
        if slot is not None:
            slot.kill(self._random.uniform(0, 3))
        return slot is not None

    async def kill_all_workers(self) -> bool:
        """Nobody is left for a moment."""
        for slot in self.stage.workers:
            slot.kill()
        return True

    async def stop_worker(self) -> bool:
        """Shorter or longer than its session lasts; if longer, others may have taken over when it goes on."""
        slot = self._some_worker()
        if slot is not None:
            self._stop(slot, self._random.uniform(0.5, 10))
        return slot is not None

    async def wake_zombie(self) -> bool:
        """Stopped until others have taken over all of its work, then continued: whatever it says must be void."""
        slot = self._some_worker()
        others = [other for other in self.stage.workers if other is not slot and other.alive and not other.stopped]
        if slot is None or not others or self.stage.owned(slot) == 0:
            return False
        slot.stopped = True
        slot.signal(signal.SIGSTOP)
        end = time.monotonic() + TAKEOVER_S
        taken, missed_s = False, time.time() + SESSION_S
        while not taken and time.monotonic() < end:
            await asyncio.sleep(0.3)
            owned = sum(self.stage.owned(other, since_s=missed_s) for other in others)
            taken = owned >= 3 * self.stage.partitions
        if taken:
            (self.stage.folder / f"{slot.name}.zombie").write_text(str(slot.pid))
        else:  # nobody took over: then it would be no zombie
            slot.kill()
        slot.stopped = False
        slot.signal(signal.SIGCONT)
        return taken

    async def kill_broker(self) -> bool:
        """Kafka is gone for a few seconds."""
        self.stage.broker.kill(self._random.uniform(0.5, 4))
        return True

    async def stop_broker(self) -> bool:
        """Kafka stands still."""
        if not self.stage.broker.alive or self.stage.broker.stopped:
            return False
        self._stop(self.stage.broker, self._random.uniform(1, 5))
        return True

    async def kill_gateway(self) -> bool:
        """With what it has just accepted."""
        self.stage.gateway.kill(self._random.uniform(0, 2))
        return True

    async def kill_ledger(self) -> bool:
        """In the middle of a batch."""
        self.stage.ledger.kill(self._random.uniform(0, 2))
        return True

    async def kill_rules(self) -> bool:
        """The engine's process; the index decides meanwhile."""
        return self._to_rules(signal.SIGKILL)

    async def hang_rules(self) -> bool:
        """It does not answer any more; whoever asks gives up after a second."""
        return self._to_rules(signal.SIGSTOP)

    def _to_rules(self, number: int) -> bool:
        slot = self._some_worker()
        children = slot.children() if slot else []
        _signal_all(children, number)
        if number == signal.SIGSTOP:  # whoever hangs must not outlive the test
            self._after(8, lambda: _signal_all(children, signal.SIGCONT))
        return bool(children)

    async def add_worker(self) -> bool:
        """One more, or one that was away."""
        away = [slot for slot in self.stage.workers if not slot.wanted]
        if away:
            away[0].wanted = True
        elif len(self.stage.workers) < MOST_WORKERS:
            self.stage.add_worker()
        else:
            return False
        return True

    async def remove_worker(self) -> bool:
        """Asked to leave; two stay."""
        wanted = [slot for slot in self.stage.workers if slot.wanted]
        if len(wanted) <= 2:
            return False
        slot = self._random.choice(wanted)
        slot.wanted = False
        slot.signal(signal.SIGCONT)
        slot.signal(signal.SIGTERM)
        return True


def _signal_all(pids: Iterable[int], number: int) -> None:
    for pid in pids:
        with suppress(ProcessLookupError):
            os.kill(pid, number)

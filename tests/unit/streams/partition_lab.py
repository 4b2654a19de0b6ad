"""A partition without Kafka: a log in a list, a state in a dict, and transactions that can be forgotten."""

import asyncio
from collections.abc import Callable

from schemas.codec import encode
from schemas.models import LogModel
from streams.cases.step import CasesStep
from streams.partition.contract import ConsumedRecord, Effects, Output, raw_of


class Lab:
    """Does to a step what `streams.partition.apply` does, with the state that a crash leaves behind."""

    def __init__(self, make: Callable[[], CasesStep]) -> None:
        self.make = make
        self.state: dict[str, bytes] = {}
        self.book: dict[str, object] = {}
        self.clock = 0
        self.log: list[ConsumedRecord] = []
        self.outputs: list[Output] = []
        self.step = self.recovered()

    def recovered(self) -> CasesStep:
        """A fresh step with what was committed."""
        step = self.make()
        step.restore(list(self.state.items()))
        step.resume(dict(self.book))
        return step

    def append(self, t_ms: int, command: LogModel | bytes) -> None:
        """One more record on the log."""
        value = command if isinstance(command, bytes) else encode(command)
        self.log.append(ConsumedRecord(len(self.log), t_ms, b"k", value))

    def run(self, records: list[ConsumedRecord], *, commit: bool = True) -> list[Output]:
        """One transaction; without `commit` everything is forgotten and the step recovers."""
        asyncio.run(self.step.prepare(records))
        clock, effects = self.clock, list[Effects]()
        for record in records:
            t_ms = max(clock, record.t_ms)
            while (due := self.step.next_due()) is not None and due < t_ms:
                effects.append(self.fire(t_ms))
                clock = max(clock, due)
            effects.append(self.one(record, t_ms))
            clock = t_ms
        if not commit:
            self.step = self.recovered()
            return []
        self.clock = clock
        written = [output for each in effects for output in each.records()]
        self.outputs += written
        for each in effects:
            for key, state in each.changes.items():
                assert state is None or isinstance(state, bytes) or state.size >= len(state.raw)
                value = raw_of(state)
                if value is None:
                    self.state.pop(key, None)
                else:
                    self.state[key] = value
        self.book = dict(self.step.bookkeeping())
        return written

    def one(self, record: ConsumedRecord, t_ms: int) -> Effects:
        """Apply or park."""
        try:
            return self.step.apply(record, t_ms)
        except Exception as error:  # noqa: BLE001  # as the partition does
            return self.step.park(record, error, t_ms)

    def fire(self, t_ms: int) -> Effects:
        """Fire or park the earliest deadline."""
        try:
            effects = self.step.due(t_ms)
        except Exception as error:  # noqa: BLE001  # as the partition does
            effects = self.step.park_due(error, t_ms)
        assert effects is not None
        return effects

    def of(self, topic: str) -> list[Output]:
        """What was written to a topic."""
        return [output for output in self.outputs if output.topic == topic]

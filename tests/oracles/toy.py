"""A toy step for the engine's tests, and a plain-Python oracle of it that knows nothing of the engine."""

import heapq
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from streams.partition.batches import check_size
from streams.partition.contract import ConsumedRecord, Effects, Output, Step
from streams.partition.errors import Refusal

Hook = Callable[[str], None]


class ToyStep:
    """Adds numbers up per key and fires one alarm per key that asked for it; every act is an event with an ordinal.

    Commands: `{"do": "add", "key": "a", "by": 1, "alarm_ms": 50}`; `do` may also be `poison`, `big`, `huge` (its
    effects are too large and it does not check), `late` (an alarm that raises), `refuse`, `hang`.
    """

    def __init__(self, partition: int, topics: Mapping[str, str], hook: Hook | None = None, ticks: bool = True) -> None:
        self.source, self.state, self._events = topics["commands"], topics["state"], topics["events"]
        self._partition, self._ticks = partition, ticks
        self._values: dict[str, dict[str, Any]] = {}
        self._alarms: list[tuple[int, str]] = []
        self._n = 0
        self._hook: Hook = hook or (lambda _: None)

    def restore(self, items: Iterable[tuple[str, bytes]]) -> None:
        self._values.update((key, json.loads(value)) for key, value in items)

    def resume(self, bookkeeping: Mapping[str, object]) -> None:
        n = bookkeeping.get("n", 0)
        assert isinstance(n, int)
        self._n = n
        self._alarms = [(value["due"], key) for key, value in self._values.items() if value["due"] is not None]
        heapq.heapify(self._alarms)

    async def prepare(self, records: Sequence[ConsumedRecord]) -> None:
        """Nothing to ask."""

    def next_due(self) -> int | None:
        while self._alarms:
            due, key = self._alarms[0]
            if self._values.get(key, {}).get("due") == due:
                return due
            heapq.heappop(self._alarms)
        return None

    def due(self, t_ms: int) -> Effects | None:
        due = self.next_due()
        if due is None or due >= t_ms:
            return None
        key = self._alarms[0][1]
        self._hook("due")
        value = self._values[key]
        if value.get("late"):
            raise ValueError("this alarm is broken")
        return self._keep({"what": "alarm", "key": key, "t_ms": due}, {key: {**value, "due": None}})

    def apply(self, record: ConsumedRecord, t_ms: int) -> Effects:
        command = json.loads(record.value or b"")
        self._hook(command["do"])
        if command["do"] == "tick":
            return Effects()
        if command["do"] == "poison":
            raise ValueError("poison")
        if command["do"] == "refuse":
            raise Refusal
        key = command["key"]
        value = self._values.get(key, {"total": 0, "due": None})
        after = {"total": value["total"] + command.get("by", 0), "due": value["due"]}
        if "alarm_ms" in command and after["due"] is None:
            after["due"] = t_ms + command["alarm_ms"]
        if command["do"] == "late":
            after["late"] = True
        event = {"what": command["do"], "key": key, "t_ms": t_ms, "total": after["total"], "offset": record.offset}
        if "bytes" in command:
            event["filler"] = "x" * command["bytes"]
        return self._keep(event, {key: after}, checked=command["do"] != "huge")

    def park(self, record: ConsumedRecord, error: Exception, t_ms: int) -> Effects:
        reason = type(error).__name__
        return self._keep({"what": "parked", "t_ms": t_ms, "offset": record.offset, "error": reason}, {})

    def park_due(self, error: Exception, t_ms: int) -> Effects:
        due = self.next_due()
        key = self._alarms[0][1]
        gone = {name: content for name, content in self._values[key].items() if name != "late"} | {"due": None}
        return self._keep({"what": "parked alarm", "key": key, "t_ms": due, "error": type(error).__name__}, {key: gone})

    def bookkeeping(self) -> Mapping[str, object]:
        return {"n": self._n}

    def tick(self) -> Output | None:
        return Output(self.source, self._partition, b"*", b'{"do":"tick"}') if self._ticks else None

    def _keep(self, event: dict[str, Any], changes: dict[str, dict[str, Any]], *, checked: bool = True) -> Effects:
        value = json.dumps({"n": self._n, **event}).encode()
        output = Output(
            self._events, self._partition, b"k", value, (("ce_id", f"{self._partition}-{self._n}".encode()),)
        )
        effects = Effects((output,), {key: json.dumps(after).encode() for key, after in changes.items()})
        if checked:
            check_size(effects)
        self._n += 1
        self._values.update(changes)
        for key, after in changes.items():
            if after["due"] is not None:
                heapq.heappush(self._alarms, (after["due"], key))
        return effects


def toy_factory(topics: Mapping[str, str], hook: Hook | None = None, ticks: bool = True) -> Callable[[int], Step]:
    return lambda partition: ToyStep(partition, topics, hook, ticks)


def oracle(commands: Iterable[tuple[int, int, bytes]], limit: int) -> tuple[list[dict[str, Any]], dict[str, int]]:
    """(events, totals) for (offset, timestamp in ms, value) of one partition, in order.

    `limit` is the number of bytes above which an event cannot be written.
    """
    events: list[dict[str, Any]] = []
    totals: dict[str, int] = {}
    waiting: set[str] = set()
    dues: list[tuple[int, str, bool]] = []
    clock = 0
    for offset, timestamp, raw in commands:
        clock = max(clock, timestamp)
        while dues and dues[0][0] < clock:
            due, key, late = heapq.heappop(dues)
            waiting.remove(key)
            alarm: dict[str, Any] = {"what": "parked alarm" if late else "alarm", "key": key, "t_ms": due}
            events.append({"n": len(events), **alarm, **({"error": "ValueError"} if late else {})})
        command = json.loads(raw)
        if command["do"] == "tick":
            continue
        if command["do"] in ("poison", "huge") or command.get("bytes", 0) > limit:
            error = "ValueError" if command["do"] == "poison" else "TooLargeError"
            events.append({"n": len(events), "what": "parked", "t_ms": clock, "offset": offset, "error": error})
            continue
        key = command["key"]
        totals[key] = totals.get(key, 0) + command.get("by", 0)
        if "alarm_ms" in command and key not in waiting:
            waiting.add(key)
            heapq.heappush(dues, (clock + command["alarm_ms"], key, command["do"] == "late"))
        event = {"what": command["do"], "key": key, "t_ms": clock, "total": totals[key], "offset": offset}
        filler = {"filler": "x" * command["bytes"]} if "bytes" in command else {}
        events.append({"n": len(events), **event, **filler})
    return events, totals

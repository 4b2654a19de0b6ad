"""The records of a history: what is written for a stretch of its plan, and the position behind it. No I/O but the file.

Made in a thread, while the batch before is being written.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from grid36.replay.facts import following, located, opening, parked_id
from grid36.replay.file.rows import RowFault
from grid36.replay.parking import parked_value
from grid36.replay.plan import Fact, ReplayPlan
from grid36.replay.position import ReplayCounts, ReplayPosition
from rules.places.region_index import RegionIndex
from schemas.codec import encode
from schemas.command import RecordWhat
from schemas.topics import COMMANDS, PARKED, UNPLACED, partition_of
from streams.partition.contract import Output


class HistoryBatch(NamedTuple):
    """Records, and the position that belongs into the same transaction."""

    outputs: Sequence[Output]
    position: ReplayPosition


@dataclass(slots=True)
class HistoryBatches:
    """Makes the batches of one plan; `prefix` goes before topic names. One call at a time."""

    plan: ReplayPlan
    index: RegionIndex
    digest: str
    partitions: int
    prefix: str
    _homes: dict[int, str] = field(default_factory=dict)

    def make(self, position: ReplayPosition, stop: int) -> HistoryBatch:
        """What stands in the plan from `position` up to the place `stop`."""
        counts = position.counts.model_dump()
        outputs = []
        for place in range(position.next, stop):
            match self.plan[place]:
                case RowFault() as fault:
                    outputs.append(self._parked(fault))
                    counts["parked"] += 1
                    counts["accepted"] += 1
                case fact:
                    output = self._command(fact)
                    outputs.append(output)
                    counts[fact.what.value] += 1
                    if fact.what is RecordWhat.OPENED:
                        counts["accepted"] += 1
                        counts["unplaced"] += output.key.rpartition(b"-")[2] == UNPLACED.encode()
        moved = position.model_copy(update={"next": stop, "counts": ReplayCounts.model_validate(counts)})
        return HistoryBatch(outputs, moved)

    def _parked(self, fault: RowFault) -> Output:
        id, first_ms = parked_id(fault, self.digest), self.plan.first_ms
        value = parked_value(fault, self.plan.raw(fault.number), id, first_ms or 0)
        return Output(self.prefix + PARKED, partition_of(id, self.partitions), id.encode(), value, t_ms=first_ms)

    def _command(self, fact: Fact) -> Output:
        """The command for a fact; homes of open cases are remembered until they close."""
        number = fact.row.number
        if fact.what is RecordWhat.OPENED:
            command = opening(fact.row, self.index)
            self._homes[number] = command.home
        else:
            home = self._homes.get(number) or located(self.index, fact.row)[0]
            command = following(fact, home)
            if fact.what is RecordWhat.CLOSED:
                self._homes.pop(number, None)
        home = command.home
        place = partition_of(home, self.partitions)
        return Output(self.prefix + COMMANDS, place, home.encode(), encode(command), t_ms=fact.at_ms)

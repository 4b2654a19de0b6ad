"""Figures of a worker: how far each of its partitions is, what they counted, and what its engine did."""

from collections.abc import Iterable, Mapping
from typing import Any, Final

from grid36.metrics.families import Families, Labelled, counter, counters, gauges
from schemas.topics import COMMANDS, EVENTS, REPORTS
from streams.partition.assignment import Assignment

STEPS: Final = {REPORTS: "locate", COMMANDS: "cases", EVENTS: "measure"}
PLACE: Final = ("step", "partition")
ENGINE: Final = {
    "transactions": "Kafka transactions that this worker committed.",
    "applied": "Records that this worker applied.",
    "fired": "Deadlines that this worker fired.",
    "parked": "Records and deadlines that this worker parked.",
    "written": "Records that this worker wrote.",
    "ticks": "Wake-ups that this worker sent to its partitions.",
    "resets": "Times that a partition was taken over anew after an error.",
    "fenced": "Times that another worker had taken a partition over.",
    "owned": "Times that a partition was taken over.",
    "restored": "Keys of state that were read while partitions were taken over.",
    "rebalances": "Times that the group gave this worker other partitions.",
    "refused": "Partitions that must not be worked on; `grid36 status` says why.",
}
"""Of `Shared.counters`, what an operator can make use of."""


class WorkerFigures:
    """Of one worker: `assignment` is set once it has one."""

    def __init__(self, prefix: str) -> None:
        self.assignment: Assignment | None = None
        self._steps = {prefix + topic: step for topic, step in STEPS.items()}

    def assigned(self, assignment: Assignment) -> None:
        """From now on this is what it works on."""
        self.assignment = assignment

    async def collect(self) -> Families:
        """All figures; it reads memory only."""
        if self.assignment is None:
            return []
        status: Mapping[str, Any] = self.assignment.status()
        owned = [one | {"step": self._steps[one["topic"]]} for one in status["partitions"]]
        ready = [one for one in owned if one["ready"]]
        counted = status["counters"]
        return [
            gauges(
                "grid36_partition_ready",
                "1: this worker works on the partition; 0: it is taking it over, or refuses it.",
                PLACE, _each(owned, lambda one: float(one["ready"])),
            ),
            gauges(
                "grid36_partition_behind_records",
                "Lag: records of the step's topic that wait to be applied in this partition.",
                PLACE, _each(ready, lambda one: one["behind"]),
            ),
            gauges(
                "grid36_partition_next_offset",
                "The first offset of the step's topic that is not applied yet.",
                PLACE, _each(ready, lambda one: one["next"]),
            ),
            *_counted(ready),
            *(counter(f"grid36_worker_{name}", means, counted.get(name, 0)) for name, means in ENGINE.items()),
        ]  # fmt: skip


def _counted(ready: Iterable[Mapping[str, Any]]) -> Families:
    """What the steps count in their bookkeeping, of the partitions that are ready."""
    books = {(one["step"], str(one["partition"])): one["bookkeeping"] for one in ready}
    cases = {partition: book for (step, partition), book in books.items() if step == "cases"}
    intake = {partition: book.get("counts", {}) for (step, partition), book in books.items() if step == "locate"}
    shares = {
        (partition, share): float(number) for partition, book in cases.items()
        for share, number in book.get("counts", {}).items()
    }  # fmt: skip
    parked = {("cases", partition): float(book.get("parked_reports", 0)) for partition, book in cases.items()}
    parked |= {("locate", partition): float(counts.get("parked", 0)) for partition, counts in intake.items()}
    return [
        counters(
            "grid36_partition_events",
            "The ordinal of the partition: events that it has written since the system was created.",
            ("partition",), {(partition,): float(book.get("n", 0)) for partition, book in cases.items()},
        ),
        gauges(
            "grid36_partition_cases",
            "Cases that the partition holds, i.e. that are not archived.",
            ("partition",), {(partition,): float(book.get("cases", 0)) for partition, book in cases.items()},
        ),
        counters(
            "grid36_partition_reports_accepted",
            "Reports that were accepted in the partition since the system was created.",
            ("partition",), {(partition,): float(counts.get("accepted", 0)) for partition, counts in intake.items()},
        ),
        gauges(
            "grid36_partition_reports",
            "Where the accepted reports of the partition are: routed, refused, merged, waiting, moved in or out.",
            ("partition", "share"), shares,
        ),
        gauges(
            "grid36_partition_parked_reports",
            "Accepted reports that could not be processed and became no case.",
            PLACE, parked,
        ),
        gauges(
            "grid36_partition_parked_acts",
            "Acts and other commands that could not be processed.",
            ("partition",), {(partition,): float(book.get("parked_actions", 0)) for partition, book in cases.items()},
        ),
    ]  # fmt: skip


def _each(partitions: Iterable[Mapping[str, Any]], value: Any) -> Labelled:
    return {(one["step"], str(one["partition"])): float(value(one)) for one in partitions}

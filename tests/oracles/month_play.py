"""Playing a planned month, and comparing what became of it with what was written down before."""

from collections.abc import Callable, Iterator

from schemas.case import Case, Count, share_of
from schemas.codec import encode
from schemas.command import Cover, Tick
from schemas.topics import COMMANDS, EVERYWHERE, partition_of
from tests.generators.month_messages import Expected, Message, Month
from tests.generators.month_plan import END

Send = Callable[[str, int, int, bytes, bytes], object]
"""Topic, partition, time, key, value."""


def records(message: Message, partitions: int) -> Iterator[tuple[str, int, int, bytes, bytes]]:
    """What is written for one message; a cover goes to every partition."""
    value, key = encode(message.content), message.key
    numbers = range(partitions) if isinstance(message.content, Cover) else [partition_of(key, partitions)]
    for number in numbers:
        yield message.topic, number, message.t_ms, key.encode(), value


def last_ticks(partitions: int) -> Iterator[tuple[str, int, int, bytes, bytes]]:
    """The end of time, said in every partition."""
    for number in range(partitions):
        tick = Tick(id=f"tick-end-{number}", home=EVERYWHERE)
        yield COMMANDS, number, END, EVERYWHERE.encode(), encode(tick)


def became(expected: Expected, case: Case | None, master: Case | None) -> list[str]:
    """How a case differs from what was expected of its report, in words."""
    if case is None:
        return [f"{expected.report} ({expected.story}) has no case"]
    resolution = None if case.resolved_ms is None else case.resolved_ms - case.submitted_ms
    found = {
        "number": case.number,
        "home": case.home,
        "category": case.category,
        "submitted_ms": case.submitted_ms,
        "state": case.state.value,
        "share": share_of(case).value,
        "assignee": case.assignee,
        "accountable": case.accountable,
        "department": case.department.code if case.department else None,
        "item": case.item,
        "outcome": case.outcome.value if case.outcome else None,
        "verified_by": case.verified_by,
        "resolution_ms": resolution,
        "on_time": case.on_time,
        "master": master.report if master else None,
        "gap": case.gap,
        "self_handled": case.self_handled,
        "hops": case.hops,
        "returns": case.returns,
        "reworks": case.reworks,
        "reopenings": case.reopenings,
        "reminders": case.reminders,
    }
    wanted = {name: getattr(expected, name) for name in found}
    return [
        f"{expected.report} ({expected.story}, {case.number}): {name} is {found[name]!r}, expected {wanted[name]!r}"
        for name in found
        if found[name] != wanted[name]
    ]


CaseOf = Callable[[str], Case | None]


def compared(month: Month, of_report: CaseOf, by_number: CaseOf) -> list[str]:
    """Every difference between the month as planned and the cases as they are."""
    differences = []
    for expected in month.expected.values():
        case = of_report(expected.report)
        differences += became(expected, case, by_number(case.master) if case is not None and case.master else None)
    return differences


def shares(month: Month) -> dict[str, int]:
    """The shares of all reports as planned."""
    counts = {share.value: 0 for share in (Count.ROUTED, Count.REFUSED, Count.MERGED, Count.WAITING)}
    for expected in month.expected.values():
        counts[expected.share] += 1
    return counts


def resolutions(month: Month) -> list[int]:
    """The times to resolution that the stream must have counted."""
    return [
        expected.resolution_ms
        for expected in month.expected.values()
        if expected.resolution_ms is not None and expected.state == "closed" and not expected.self_handled
    ]

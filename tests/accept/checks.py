"""What is checked of a replayed city; each check raises `AssertionError` that says what differs."""

import json
from collections.abc import Iterable, Sequence
from typing import Any, Final

from tests.accept.expect import Expected, figures

POSITION: Final = ("n", "prev")
"""Fields of an event that say where it stands; all others must not depend on the number of partitions."""


def check_balance(balance: dict[str, Any], expected: Expected) -> None:
    """Every row accounted for, in the share the file says."""
    wanted = {
        "accepted": expected.accepted,
        "routed": expected.routed,
        "waiting": expected.waiting,
        "parked": expected.parked,
        "merged": 0,
        "refused": 0,
        "in_flight": 0,
        "balanced": True,
    }
    found = {name: balance.get(name) for name in wanted}
    assert found == wanted, f"balance is {found}, the file says {wanted}"


def check_times(stats: dict[str, Any], expected: Expected) -> int:
    """Mean, p50 and p90 of every category equal to the second; how many categories there were."""
    rows = {row["key"]: row for row in stats["rows"]}
    for category, seconds in expected.seconds.items():
        row = rows.get(category)
        assert row is not None, f"no statistics for category {category!r}"
        assert row["closed"] == len(seconds), f"{category}: {row['closed']} closed, the file says {len(seconds)}"
        for name, wanted in figures(seconds).items():
            assert abs(row[name] - wanted) <= 0.001, f"{category}: {name} is {row[name]}, the file says {wanted}"
    timed = {key for key, row in rows.items() if row["mean_s"] is not None}
    assert timed == set(expected.seconds), f"times for {timed ^ set(expected.seconds)} come from nowhere"
    return len(expected.seconds)


def check_same_events(first: Sequence[Sequence[bytes]], second: Sequence[Sequence[bytes]]) -> int:
    """Byte for byte, partition by partition; how many events there were."""
    assert len(first) == len(second), f"{len(first)} and {len(second)} partitions"
    for partition, (ours, theirs) in enumerate(zip(first, second, strict=True)):
        for n, (one, other) in enumerate(zip(ours, theirs, strict=False)):
            assert one == other, f"event {partition}-{n} differs:\n{one!r}\n{other!r}"
        assert len(ours) == len(theirs), f"partition {partition} has {len(ours)} and {len(theirs)} events"
    count = sum(map(len, first))
    assert count, "there are no events at all"
    return count


def check_same_but_position(first: Iterable[Sequence[bytes]], second: Iterable[Sequence[bytes]]) -> int:
    """Every case has the same story whatever the number of partitions; how many homes there were."""
    ours, theirs = stories(first), stories(second)
    assert ours.keys() == theirs.keys(), f"homes {sorted(ours.keys() ^ theirs.keys())[:5]} are in one only"
    for home, events in ours.items():
        assert events == theirs[home], f"home {home} has another story"
    return len(ours)


def stories(partitions: Iterable[Sequence[bytes]]) -> dict[str, list[dict[str, Any]]]:
    """The events of every home, in order, without their positions."""
    found: dict[str, list[dict[str, Any]]] = {}
    for values in partitions:
        for value in values:
            event = json.loads(value)
            found.setdefault(event["home"], []).append({k: v for k, v in event.items() if k not in POSITION})
    return found

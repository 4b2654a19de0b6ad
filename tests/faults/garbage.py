"""Everything that may come through a door and should not, with what must become of it."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal

from schemas.topics import COMMANDS, REPORTS, partition_of
from tests.generators.month_street import REGION

Becomes = Literal["case", "parked", "aside", "refused action"]
"""`parked`: accepted, and counts as parked; `aside`: set aside without being accepted."""


@dataclass(frozen=True, slots=True)
class Garbage:
    """One record, and what must become of it; `error` is the class that stands in `parked`."""

    name: str
    topic: str
    partition: int
    key: bytes
    value: bytes | None
    becomes: Becomes
    error: str = "UnreadableError"


def garbage(suffix: str, now_ms: int, partitions: int) -> Iterator[Garbage]:
    """One of each kind; ids end in `suffix`."""
    yield from _reports(suffix, now_ms, partitions)
    yield from _commands(suffix, partitions)


def _reports(suffix: str, now_ms: int, partitions: int) -> Iterator[Garbage]:
    def report(name: str, becomes: Becomes, error: str = "UnreadableError", **changes: Any) -> Garbage:
        told = {
            "v": 1, "type": "report", "id": f"garbage-{name}-{suffix}", "text": "医院看病太难", "door": "web",
            "reporter": {"id": "resident-01"}, "received_ms": now_ms, "place": {"code": "HBN-1"},
        }  # fmt: skip
        told |= changes
        key = str(told["id"])
        raw = json.dumps(told).encode()
        return Garbage(name, REPORTS, partition_of(key, partitions), key.encode(), raw, becomes, error)

    def raw(name: str, value: bytes | None) -> Garbage:
        return Garbage(name, REPORTS, 0, b"?", value, "aside")

    yield raw("not JSON", b"\x00\xff{" + suffix.encode())
    yield raw("nothing at all", None)
    yield raw("a list", json.dumps([suffix]).encode())
    yield raw("a deep hole", b"[" * 2_000 + suffix.encode())
    yield report("wrong-version", "parked", v=2)
    yield report("unknown-type", "parked", type="rumour")
    yield report("unknown-fields", "case", colour="blue", nested={"a": [1, 2]})
    yield report("impossible-latitude", "parked", place={"coordinates": {"lon": 118.0, "lat": 95.0}})
    yield report("no-number", "parked", place={"coordinates": {"lon": 118.0, "lat": float("nan")}})
    yield report("year-1900", "parked", "ReportTooOldError", received_ms=-2_208_988_800_000)
    yield report("year-2200", "parked", received_ms=7_258_118_400_000)
    yield report("too-large", "aside", "ReportTooLargeError", text="大" * 300_000)
    yield report("long-text", "parked", text="x" * 4_001)
    yield report("one-id", "case")
    yield report("one-id", "aside", "ReportIdReusedError", text="拖欠工资")
    wrong = report("wrong-partition", "aside", "WrongPartitionError")
    yield Garbage(
        wrong.name, wrong.topic, (wrong.partition + 1) % partitions, wrong.key, wrong.value, "aside", wrong.error
    )


def _commands(suffix: str, partitions: int) -> Iterator[Garbage]:
    home = f"{REGION}-G001"

    def command(name: str, becomes: Becomes, error: str = "UnreadableError", **changes: Any) -> Garbage:
        told = {"v": 1, "type": "do", "id": f"garbage-{name}-{suffix}", "home": home, "act": "verify",
                "case": f"{home}-2511-99999", "by": "nobody"}  # fmt: skip
        raw = json.dumps(told | changes).encode()
        return Garbage(name, COMMANDS, partition_of(home, partitions), home.encode(), raw, becomes, error)

    yield Garbage("no command", COMMANDS, 1, b"?", b"{]" + suffix.encode(), "aside")
    yield command("unknown-command", "aside", type="dance")
    yield command("command-of-the-future", "aside", v=7)
    yield command("endless-note", "aside", note="y" * 5_000)
    yield command("unknown-case", "refused action")
    elsewhere = next(
        f"{REGION}-G{n:03}"
        for n in range(99)
        if partition_of(f"{REGION}-G{n:03}", partitions) != partition_of(home, partitions)
    )
    yield command("wrong-home", "aside", "WrongHomeError", home=elsewhere)

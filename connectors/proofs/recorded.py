"""What an event says of records that went between Grid36 and partners, orders aside. Pure."""

from collections.abc import Mapping
from typing import Any, Final, NamedTuple

from schemas.action import BY
from schemas.event import EventType
from schemas.proof import ProofWay
from schemas.report import FROM_NEIGHBOUR, FROM_OPEN311

NEIGHBOUR: Final = "neighbour.server"
"""The partner whose requests the neighbour door takes over."""
OPEN311: Final = "open311."
"""Before the name of a program that files requests."""


class ProofRow(NamedTuple):
    """A record as it is stored; `rank` grows where a later one of the same case makes the earlier ones void."""

    partner: str
    way: ProofWay
    id: str
    case: str
    t_ms: int
    rank: int = 0


def taken_by(event: Mapping[str, Any]) -> ProofRow | None:
    """The act of a department, or the report of another system, that caused this event (plain JSON)."""
    number = event.get("case") or ""
    department, mark, id = event["command"].partition(BY)
    if mark and "/" not in id:
        return ProofRow(department, ProofWay.FROM_PARTNER, id, number, event["t_ms"])
    if event["type"] != EventType.OPENED:
        return None
    now = event.get("now", {})
    report, t_ms = str(now.get("report", "")), now.get("submitted_ms", event["t_ms"])
    if report.startswith(FROM_NEIGHBOUR):
        return ProofRow(NEIGHBOUR, ProofWay.FROM_PARTNER, report.removeprefix(FROM_NEIGHBOUR), number, t_ms)
    program = report.removeprefix(FROM_OPEN311).rpartition("-")[0] if report.startswith(FROM_OPEN311) else ""
    return ProofRow(OPEN311 + program, ProofWay.FROM_PARTNER, report, number, t_ms) if program else None

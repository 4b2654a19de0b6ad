"""What an event says of records that went between Grid36 and partners, orders aside. Pure."""

from collections.abc import Collection, Iterator, Mapping
from typing import Any, Final, NamedTuple

from schemas.action import BY
from schemas.event import EventType
from schemas.people import Role
from schemas.platform_facts import STEP
from schemas.proof import ProofWay
from schemas.report import FROM_NEIGHBOUR, FROM_OPEN311

NEIGHBOUR: Final = "neighbour.server"
"""The partner whose requests the neighbour door takes over."""
PLATFORM: Final = "platform."
"""Before the code of a platform whose rows are taken over."""
OPEN311: Final = "open311."
"""Before the name of a program that files requests."""


def counted_ways(partner: str) -> tuple[ProofWay, ...]:
    """Both for a department. What others ask us about, whenever they like, nobody counts: a number would be a guess."""
    asks = partner == NEIGHBOUR or partner.startswith((OPEN311, PLATFORM))
    return (ProofWay.FROM_PARTNER,) if asks else tuple(ProofWay)


class ProofRow(NamedTuple):
    """A record as it is stored; `rank` grows where a later one of the same case makes the earlier ones void."""

    partner: str
    way: ProofWay
    id: str
    case: str
    t_ms: int
    rank: int = 0


def platforms_in(event: Mapping[str, Any]) -> set[str]:
    """Codes of platforms, as an event (plain JSON) names them: by its door, its row, and the row whose id it has."""
    now = event.get("now", {})
    found = {each["platform"] for each in now.get("platforms") or ()}
    if event["type"] == EventType.OPENED and str(now.get("door", "")).startswith(STEP):
        found |= {now["door"].removeprefix(STEP), event["command"].partition(BY)[0]}
    return found


def taken_by(event: Mapping[str, Any], platforms: Collection[str]) -> Iterator[ProofRow]:
    """What an event (plain JSON) was caused by: the act of a department, the report of a system, rows of platforms.

    `platforms`: the codes of those that are known so far, those of this event among them.
    """
    number, now = event.get("case") or "", event.get("now", {})
    for row in now.get("platforms") or ():
        t_ms = row.get("reported_ms") or now.get("submitted_ms", event["t_ms"])
        yield ProofRow(PLATFORM + row["platform"], ProofWay.FROM_PARTNER, row["theirs"], number, t_ms)
    department, mark, id = event["command"].partition(BY)
    if mark and "/" not in id and not (department in platforms and _is_of_nobody(event)):
        yield ProofRow(department, ProofWay.FROM_PARTNER, id, number, event["t_ms"])
    elif event["type"] == EventType.OPENED and (reported := _reported(event, number)) is not None:
        yield reported


def _is_of_nobody(event: Mapping[str, Any]) -> bool:
    """Whether no officer is behind it: a row acts as the system, or as the reporter that stands for its caller."""
    return event["by"] == Role.SYSTEM or ":" in event["by"]


def _reported(event: Mapping[str, Any], number: str) -> ProofRow | None:
    now = event.get("now", {})
    report, t_ms = str(now.get("report", "")), now.get("submitted_ms", event["t_ms"])
    if report.startswith(FROM_NEIGHBOUR):
        return ProofRow(NEIGHBOUR, ProofWay.FROM_PARTNER, report.removeprefix(FROM_NEIGHBOUR), number, t_ms)
    program = report.removeprefix(FROM_OPEN311).rpartition("-")[0] if report.startswith(FROM_OPEN311) else ""
    return ProofRow(OPEN311 + program, ProofWay.FROM_PARTNER, report, number, t_ms) if program else None

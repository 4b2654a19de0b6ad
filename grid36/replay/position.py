"""The position of a history: a record in `rulebooks`, written in the same transaction as the commands it counts."""

from typing import Final, Literal

from schemas.codec import decode
from schemas.errors import WrongInput
from schemas.models import LogModel
from schemas.system import System
from streams.rulebooks.topic import read_rulebooks, system_in

REPLAY_KEY: Final = "replay"
"""Key of the position in `rulebooks`."""


class ReplayCounts(LogModel):
    """Where the rows went so far. Accepted = opened + parked; `unplaced` are those of the opened that wait."""

    accepted: int = 0
    parked: int = 0
    opened: int = 0
    unplaced: int = 0
    acknowledged: int = 0
    merged: int = 0
    closed: int = 0
    refused: int = 0
    """Facts that their cases refused; reported at the end, once all have caught up."""


class ReplayPosition(LogModel):
    """File position of a history: `next` is the first place of the plan not yet written; `digest` says which plan."""

    v: Literal[1] = 1
    digest: str
    next: int = 0
    counts: ReplayCounts = ReplayCounts()
    until_ms: int | None = None
    """Time of the closing tick; None until it was sent."""


class NoSystem(WrongInput):
    """There is no system in this Kafka yet. Start one with `grid36 up`."""


async def read_system(servers: str, prefix: str = "") -> tuple[System, ReplayPosition | None]:
    """What the system is, and how far a history in it has come. Raises `NoSystem`."""
    records = await read_rulebooks(servers, prefix=prefix)
    system, position = system_in(records), records.get(REPLAY_KEY)
    if system is None:
        raise NoSystem(servers=servers)
    return system, None if position is None else decode(ReplayPosition, position)

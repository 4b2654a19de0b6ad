"""What a row of the limits table says of milestones: another limit for a step, or that the step does not apply.

It is a list of texts such as `fence=2uh` and `repair=none`; a step that is not named stays as it is.
"""

import re
from collections.abc import Iterator
from typing import Final, NamedTuple

from schemas.items import Milestone
from schemas.limit import is_limit, spelled

NOT_NEEDED: Final = "none"
_NOT_NEEDED: Final = frozenset({NOT_NEEDED, "无", "不适用"})
_TOLD: Final = re.compile(r"\s*([a-z0-9][a-z0-9_-]{0,40})\s*=(.+)")

Steps = tuple[Milestone, ...]


class StepTold(NamedTuple):
    """What is said of one step; without a limit it does not apply."""

    id: str
    limit: str | None

    def __str__(self) -> str:
        return f"{self.id}={self.limit or NOT_NEEDED}"


def step_told(text: object) -> StepTold | None:
    """`fence=3紧急工作时` and `repair=无` taken apart; None when it says nothing of a step."""
    found = _TOLD.fullmatch(text) if isinstance(text, str) else None
    if found is None:
        return None
    limit = spelled(found[2])
    if isinstance(limit, str) and limit.strip().casefold() in _NOT_NEEDED:
        return StepTold(found[1], None)
    return StepTold(found[1], str(limit)) if is_limit(limit) else None


def parts(told: object) -> Iterator[tuple[object, StepTold | None]]:
    """Each part of what is said of steps: as it was written, and what it says."""
    for part in told if isinstance(told, list) else [] if told is None else [told]:
        yield part, step_told(part)


def changed(steps: Steps, told: object) -> Steps:
    """Steps with what is said of them; what cannot be read and what names no step of theirs changes nothing."""
    limits = {step.id: step.limit for _, step in parts(told) if step is not None}
    if not limits:
        return steps
    now = [(step, limits.get(step.id, step.limit)) for step in steps]
    return tuple(step.model_copy(update={"limit": limit}) for step, limit in now if limit is not None)

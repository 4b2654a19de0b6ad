"""Changes of milestones by a row of the limits table: another limit for a step, or that the step does not apply.

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


class StepChange(NamedTuple):
    """The change of one step; without a limit the step does not apply."""

    id: str
    limit: str | None

    def __str__(self) -> str:
        return f"{self.id}={self.limit or NOT_NEEDED}"


def step_change(text: object) -> StepChange | None:
    """Parse `fence=3紧急工作时` or `repair=无`; None when it is neither."""
    found = _TOLD.fullmatch(text) if isinstance(text, str) else None
    if found is None:
        return None
    limit = spelled(found[2])
    if isinstance(limit, str) and limit.strip().casefold() in _NOT_NEEDED:
        return StepChange(found[1], None)
    return StepChange(found[1], str(limit)) if is_limit(limit) else None


def parts(given: object) -> Iterator[tuple[object, StepChange | None]]:
    """Each change as it was written, and parsed."""
    for part in given if isinstance(given, list) else [] if given is None else [given]:
        yield part, step_change(part)


def changed(steps: Steps, given: object) -> Steps:
    """The steps with these changes; unreadable changes and those of other steps are ignored."""
    limits = {step.id: step.limit for _, step in parts(given) if step is not None}
    if not limits:
        return steps
    now = [(step, limits.get(step.id, step.limit)) for step in steps]
    return tuple(step.model_copy(update={"limit": limit}) for step, limit in now if limit is not None)

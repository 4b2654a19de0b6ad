"""Counts recent reports of one home and category, for rules that ask how often something recurs."""

from typing import Final

from schemas.models import LogModel

WINDOW_MS: Final = 7 * 24 * 3_600_000
MOST: Final = 1_000
"""How many are remembered and counted per home and category, because a record must stay small."""


class Recurrence(LogModel):
    """Reports of one home and category in the seven days before the last one, the latest `MOST`, oldest first."""

    at_ms: tuple[int, ...] = ()
    segments: tuple[str | None, ...] = ()


NOTHING: Final = Recurrence()


def with_one(lately: Recurrence, t_ms: int, segment: str | None) -> Recurrence:
    """A copy with a report opened at `t_ms`; reports older than the window are dropped."""
    old = max(sum(at <= t_ms - WINDOW_MS for at in lately.at_ms), len(lately.at_ms) - MOST + 1)
    return Recurrence(at_ms=(*lately.at_ms[old:], t_ms), segments=(*lately.segments[old:], segment))


def is_over(lately: Recurrence, t_ms: int) -> bool:
    """Whether the window of the last one is over too: nothing of it counts any more."""
    return lately.at_ms[-1] <= t_ms - WINDOW_MS


def counted(lately: Recurrence, t_ms: int, segment: str | None) -> tuple[int, int]:
    """How many were opened on the segment (0 without one), and how many in all, within the window before `t_ms`."""
    recent = [where for at, where in zip(lately.at_ms, lately.segments, strict=True) if t_ms - WINDOW_MS < at <= t_ms]
    return (recent.count(segment) if segment is not None else 0), len(recent)

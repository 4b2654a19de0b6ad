"""Quiet hours and budgets of messages 指尖减负, by role: part of the region, because the street decides about them."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import Annotated, Final
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, Field

from schemas.calendar import MIDNIGHT, Span, minutes_of, moment_of
from schemas.mistake import mistake
from schemas.models import FileModel
from schemas.people import Role

LONGEST_MIN: Final = 16 * 60
"""Longest quiet time of a day in minutes; a longer span has its ends swapped."""


def _short(span: Span) -> Span:
    begin, end = minutes_of(span)
    if begin == end:
        raise mistake("mistakes.span_empty", span=span)
    if (end - begin) % MIDNIGHT > LONGEST_MIN or (begin, end) == (0, MIDNIGHT):
        raise mistake("mistakes.quiet_too_long", span=span, hours=LONGEST_MIN // 60)
    return span


QuietSpan = Annotated[Span, AfterValidator(_short)]
"""`22:00-07:00`: hours of the region's day, over midnight where the end is earlier."""

NIGHT: Final = "22:00-07:00"


class MessageRule(FileModel):
    """How much people of these roles are written to, and when they are not; without roles: everybody else."""

    roles: tuple[Role, ...] = ()
    quiet: QuietSpan | None = NIGHT
    """None: they are never quiet."""
    budget: Annotated[int, Field(ge=0, le=1000)] = 20
    """Messages a day that they did not ask for, before what is only good to know is gathered."""
    gather_h: Annotated[int, Field(ge=1, le=24)] = 4
    """For how many hours it is gathered then."""


DEFAULT_RULES: Final = (
    MessageRule(roles=(Role.EXECUTOR,), quiet="21:00-06:00"),
    MessageRule(
        roles=(
            Role.DEPARTMENT_OFFICER, Role.STREET_OFFICE, Role.LIST_STEWARD, Role.COORDINATOR, Role.INSPECTOR,
        ),
        quiet="20:00-08:00",
    ),
    MessageRule(),
)  # fmt: skip
"""Rules that a region does not change: work on the street begins early, offices end early."""


def rule_for(roles: Collection[Role], rules: Sequence[MessageRule] = ()) -> MessageRule:
    """The first rule of the region, else of the defaults, that names one of these roles or no role."""
    every = (*rules, *DEFAULT_RULES)
    return next(each for each in every if not each.roles or not set(each.roles).isdisjoint(roles))


def is_within(span: Span | None, t_ms: int, zone: ZoneInfo) -> bool:
    """Whether a moment is in these hours of the zone's day."""
    if span is None:
        return False
    begin, end = minutes_of(span)
    local = datetime.fromtimestamp(t_ms / 1000, zone)
    minute = local.hour * 60 + local.minute
    return begin <= minute < end if begin < end else minute >= begin or minute < end


def ends_ms(span: Span | None, t_ms: int, zone: ZoneInfo) -> int | None:
    """When the hours end in which a moment lies, ms UTC; None outside of them.

    Where the clocks go back across their end, they end once.
    """
    if span is None or not is_within(span, t_ms, zone):
        return None
    _, end = minutes_of(span)
    local = datetime.fromtimestamp(t_ms / 1000, zone)
    later = local.hour * 60 + local.minute >= end
    found = moment_of(local.date() + timedelta(days=int(later)), end, zone)
    return found if found > t_ms else None

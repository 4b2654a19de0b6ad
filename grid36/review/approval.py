"""Activates an approved change of the list, in the rulebook in force and in planned ones."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime
from zoneinfo import ZoneInfo

from connectors.clock import now_ms
from grid36.review.check import check_rulebook, has_errors
from grid36.settings import Settings
from grid36.system.create import known_in
from grid36.system.versions import ActivationRequest, contents, lead_ms, planned_after, switch
from rules.check.problem import Problem
from rules.routing.list_changes import with_change
from schemas.errors import WrongInput
from schemas.items import Item
from schemas.system import Switched
from streams.rulebooks.activation import NotCreatedError
from streams.rulebooks.topic import Records, digests_at, switches_in


class DayPassed(WrongInput):
    """That day has passed. Name today or a later day, or leave --from out."""


@dataclass(frozen=True, slots=True)
class Approval:
    """A change that a case proposes, to hold from a day (in the region's zone) on."""

    case: str
    item: Item
    by: str
    day: date | None = None

    @property
    def id(self) -> str:
        """Of the switch that makes it effective: one for each proposal."""
        return f"list-{self.case}"


def made_effective(approval: Approval, records: Records) -> Switched | None:
    """The switch that made it effective, when that was done before."""
    return next((each for each in switches_in(records) if each.id == approval.id), None)


def wishes(approval: Approval, records: Records) -> list[ActivationRequest]:
    """What is to be switched; empty when all of it was done before. Raises `NotCreatedError`, `DayPassed`."""
    t_ms = now_ms()
    known = known_in(records, t_ms)
    if known is None:
        raise NotCreatedError
    today = datetime.fromtimestamp(t_ms / 1000, ZoneInfo(known.region.zone)).date()
    day, made = approval.day or today, made_effective(approval, records)
    if day < today and made is None:
        raise DayPassed
    name = f"{approval.item.id} {approval.item.name.zh} {approval.case}"
    first = [] if made else [_now(approval, records, t_ms + lead_ms(known.region, known.rulebook), day)]
    since = made.effective_ms if made else t_ms + lead_ms(known.region, known.rulebook)
    later = _later(approval, records, since, made.at_ms if made else t_ms, day)
    return [replace(wish, note=name) for wish in (*first, *later)]


def _now(approval: Approval, records: Records, from_ms: int, day: date) -> ActivationRequest:
    """What is in force by then, with the change."""
    instead_of = digests_at(records, from_ms)
    assert instead_of is not None, "the system is there"
    region, rulebook = contents(records, *instead_of)
    changed = with_change(rulebook, approval.item, day)
    return ActivationRequest(region, changed, approval.by, id=approval.id, instead_of=instead_of)


def _later(
    approval: Approval, records: Records, since_ms: int, approved_ms: int, day: date
) -> Iterator[ActivationRequest]:
    """What was planned before for a later time: it would undo the change. What was planned after knows of it."""
    for each in planned_after(records, since_ms):
        if each.at_ms <= approved_ms and not each.id.startswith(approval.id + "-"):
            region, rulebook = contents(records, each.region, each.rulebook)
            changed, id = with_change(rulebook, approval.item, day), f"{approval.id}-{each.effective_ms}"
            yield ActivationRequest(region, changed, approval.by, each.effective_ms, each.in_flight, id)


async def problems(wished: list[ActivationRequest], day: date | None) -> list[Problem]:
    """Why these must not be activated; empty when they may."""
    found = [await check_rulebook(wish.region, wish.rulebook, day) for wish in wished]
    return [problem for each in found for problem in each if has_errors([problem])]


async def let_take_effect(
    settings: Settings, servers: str, wished: list[ActivationRequest], records: Records
) -> Switched | None:
    """Switch to all of them; the first one."""
    made = [(await switch(settings, servers, wish, records))[0] for wish in wished]
    return made[0] if made else None

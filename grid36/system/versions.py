"""Versions of the rulebook: which is in force when, and how to switch to another one."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from pydantic import TypeAdapter, ValidationError

from connectors.clock import now_ms
from grid36.settings import Settings
from grid36.system.create import OtherRegionError, have_topics
from schemas.content import content_address
from schemas.errors import WrongInput
from schemas.models import ChoiceEnum
from schemas.region import Region
from schemas.report import Id
from schemas.rulebook import Rulebook
from schemas.system import Switched, System
from streams.rulebooks.activation import NotCreatedError, activate
from streams.rulebooks.topic import Records, digests_at, region_in, rulebook_in, switches_in, system_in

LEAD_MS: Final = 5_000
LEAD_MS_PER_MB: Final = 2_000
"""A switch is announced this long before its time, so that every worker can compile its rulebook by then."""
_ID: Final[TypeAdapter[str | None]] = TypeAdapter(Id | None)


class TimePassed(WrongInput):
    """That time has passed. Give a later one, or leave --from out: it then takes effect as soon as it can."""


class NoId(WrongInput):
    """An id has no white space, and at most 100 characters. Give another one, or leave it out."""


class ContentGone(WrongInput):
    """`rulebooks` no longer has what was in force then. Activate it from its files: grid36 rules activate FOLDER"""


class VersionState(ChoiceEnum):
    """The state of a version at a time."""

    PAST = "past"
    IN_FORCE = "in_force"
    PLANNED = "planned"
    REPLACED = "replaced"  # another one was put in its place before its time came


@dataclass(frozen=True, slots=True)
class Version:
    """One switch, or what the system began with (`switch` None)."""

    rulebook: str
    region: str
    state: VersionState
    switch: Switched | None = None


def versions_in(records: Records, t_ms: int) -> tuple[Version, ...]:
    """All past, present and planned versions in order of time, as of `t_ms`."""
    system, switches = system_in(records), switches_in(records)
    if system is None:
        raise NotCreatedError
    last = {switch.effective_ms: switch.id for switch in switches}
    due = [ms for ms in last if ms <= t_ms]
    begun = Version(system.rulebook, system.region, VersionState.PAST if due else VersionState.IN_FORCE)
    now = last[due[-1]] if due else None
    return (begun, *(Version(s.rulebook, s.region, _state(s, last, now, t_ms), s) for s in switches))


def _state(switch: Switched, last: dict[int, str], now: str | None, t_ms: int) -> VersionState:
    if switch.id != last[switch.effective_ms]:
        return VersionState.REPLACED
    if switch.effective_ms > t_ms:
        return VersionState.PLANNED
    return VersionState.IN_FORCE if switch.id == now else VersionState.PAST


def before(records: Records, t_ms: int) -> tuple[Region, Rulebook] | None:
    """What was in force before what is in force now; None when that was the first. Raises `ContentGone`."""
    found = previous_version(records, t_ms)
    return None if found is None else contents(records, *found)


def previous_version(records: Records, t_ms: int) -> tuple[str, str] | None:
    """Content hashes of what was in force before what is at `t_ms`; None when that was the first."""
    there = [v for v in versions_in(records, t_ms) if v.state in {VersionState.PAST, VersionState.IN_FORCE}]
    now = there[-1]
    for version in reversed(there):
        if (version.rulebook, version.region) != (now.rulebook, now.region):
            return version.region, version.rulebook
    return None


def contents(records: Records, region: str, rulebook: str) -> tuple[Region, Rulebook]:
    """The content of two hashes. Raises `ContentGone`."""
    found = region_in(records, region), rulebook_in(records, rulebook)
    if found[0] is None or found[1] is None:
        raise ContentGone(region=region, rulebook=rulebook)
    return found[0], found[1]


def lead_ms(region: Region, rulebook: Rulebook) -> int:
    """How long before its time a switch to these should be announced."""
    return LEAD_MS + LEAD_MS_PER_MB * (len(region.model_dump_json()) + len(rulebook.model_dump_json())) // 1_000_000


@dataclass(frozen=True, slots=True)
class ActivationRequest:
    """A request to activate; `from_ms` None: as soon as every worker can have it."""

    region: Region
    rulebook: Rulebook
    by: str
    from_ms: int | None = None
    in_flight: bool = False
    id: str | None = None
    note: str = ""
    proposed_by: str = ""
    instead_of: tuple[str, str] | None = None
    """Hashes of the region and rulebook that it was made from; when others would be in force, it is not made."""

    @property
    def digests(self) -> tuple[str, str]:
        """Content hashes of region and rulebook."""
        return content_address(self.region), content_address(self.rulebook)


def earlier_switch(wish: ActivationRequest, records: Records, soonest_ms: int) -> Switched | None:
    """An earlier switch that does the same: asking again changes nothing."""
    switches = switches_in(records)
    if wish.id is not None or wish.from_ms is not None:
        return next((switch for switch in switches if switch.id == _id(wish, 0)), None)
    due = [switch for switch in switches if switch.effective_ms <= soonest_ms]
    last = due[-1] if due else _begun(records)
    same = last is not None and (last.region, last.rulebook) == wish.digests
    return last if last is not None and same and last.in_flight >= wish.in_flight else None


def _begun(records: Records) -> Switched | None:
    """What the system was created with, as if somebody had switched to it."""
    system = system_in(records)
    if system is None:
        return None
    return Switched(
        id="", rulebook=system.rulebook, region=system.region, by="", at_ms=0, effective_ms=0, in_flight=True
    )


async def switch(settings: Settings, servers: str, wish: ActivationRequest, records: Records) -> tuple[Switched, bool]:
    """Activate it from its time on; whether that was done already. `records` are those of `rulebooks`.

    Raises `OtherRegionError`, `TimePassed`, `NoId`, and what `streams.rulebooks.activation.activate` raises.
    """
    system = _check_region(wish, records)
    _check_id(wish.id)
    t_ms = now_ms()
    soonest_ms = t_ms + lead_ms(wish.region, wish.rulebook)
    if (earlier := earlier_switch(wish, records, soonest_ms)) is not None:
        return earlier, True
    if wish.from_ms is not None and wish.from_ms < t_ms:
        raise TimePassed
    await have_topics(settings, servers, system, wish.region)  # a new department has a queue before it has a case
    effective_ms = max(wish.from_ms or 0, soonest_ms)
    made = await activate(
        servers,
        wish.region,
        wish.rulebook,
        by=wish.by,
        effective_ms=effective_ms,
        id=_id(wish, effective_ms),
        at_ms=t_ms,
        in_flight=wish.in_flight,
        note=wish.note,
        proposed_by=wish.proposed_by,
        prefix=settings.topic_prefix,
        instead_of=wish.instead_of or digests_at(records, effective_ms),
    )
    return made, False


def _id(wish: ActivationRequest, effective_ms: int) -> str:
    """The same for the same wish, whoever was killed in between."""
    region, rulebook = wish.digests
    along = "-all" if wish.in_flight else ""
    return wish.id or f"switch-{rulebook[:8]}-{region[:8]}-{wish.from_ms or effective_ms}{along}"


def _check_id(id: str | None) -> None:
    try:
        _ID.validate_python(id)
    except ValidationError:
        raise NoId(id=id) from None


def _check_region(wish: ActivationRequest, records: Records) -> System:
    system = system_in(records)
    if system is None:
        raise NotCreatedError
    first = region_in(records, system.region)
    if first is not None and first.code != wish.region.code:
        raise OtherRegionError(works_for=first.code, given=wish.region.code)
    return system


def planned_after(records: Records, t_ms: int) -> Iterator[Switched]:
    """The switches that wait for a time after `t_ms`, each as it was said last."""
    for version in versions_in(records, t_ms):
        if version.state is VersionState.PLANNED and version.switch is not None:
            yield version.switch

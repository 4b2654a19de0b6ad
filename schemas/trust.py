"""How far a report is trusted by who sends it: how many an hour, whether it is confirmed, what "not fixed" weighs."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Annotated, Final

from pydantic import Field

from schemas.models import ChoiceEnum, FileModel
from schemas.people import Role


class ReporterKind(ChoiceEnum):
    """Who reports, by how well they are known."""

    STAFF = "staff"
    """People of the region with work to do: grid workers, patrollers, supervisors."""
    VOLUNTEER = "volunteer"
    """Riders, drivers, and others who joined a team."""
    RESIDENT = "resident"
    """Residents whom the region names."""
    STRANGER = "stranger"
    """Everybody else."""


class Trust(FileModel):
    """What the policy says of one kind; what it leaves out is as in `DEFAULTS`."""

    reports_an_hour: Annotated[int, Field(ge=1, le=10_000)] | None = None
    """How many reports a sender has at one door; one comes back every 3600 / n seconds. Beyond, each is confirmed."""
    confirm: bool | None = None
    """Whether every report is confirmed by its sender before it is sent."""
    not_fixed: Annotated[int, Field(ge=0, le=20)] | None = None
    """How often a case goes back by "not fixed" of such a person; then somebody above or an inspector decides."""


@dataclass(frozen=True, slots=True)
class TrustLevel:
    """The same with nothing left out."""

    reports_an_hour: int
    confirm: bool = False
    not_fixed: int | None = None
    """None: as often as they say so."""


DEFAULTS: Final[Mapping[ReporterKind, TrustLevel]] = MappingProxyType(
    {
        ReporterKind.STAFF: TrustLevel(240),
        ReporterKind.VOLUNTEER: TrustLevel(60),
        ReporterKind.RESIDENT: TrustLevel(60),
        ReporterKind.STRANGER: TrustLevel(12),
    }
)


def kind_of(roles: Collection[Role]) -> ReporterKind:
    """Of somebody with these roles; none of them: a stranger."""
    if not roles:
        return ReporterKind.STRANGER
    if set(roles) == {Role.RESIDENT}:
        return ReporterKind.RESIDENT
    return ReporterKind.VOLUNTEER if set(roles) <= {Role.RESIDENT, Role.VOLUNTEER} else ReporterKind.STAFF


def trust_of(policy: Mapping[ReporterKind, Trust], kind: ReporterKind) -> TrustLevel:
    """What counts for a kind."""
    default, given = DEFAULTS[kind], policy.get(kind) or Trust()
    return TrustLevel(
        default.reports_an_hour if given.reports_an_hour is None else given.reports_an_hour,
        default.confirm if given.confirm is None else given.confirm,
        default.not_fixed if given.not_fixed is None else given.not_fixed,
    )

"""The plan of a day as a value: who does what, at which minute of the day. Pure: it knows no system and no clock."""

from dataclasses import dataclass, field
from itertools import groupby
from typing import Final

from schemas.command import Act
from schemas.rights import CaseRole

STREET: Final = ""
"""The chain of what concerns no case."""


@dataclass(frozen=True, slots=True)
class Announced:
    """A line for the terminal, by its key under `system.demo.day.`; of one case or of the whole street."""

    key: str
    case: str = STREET
    facts: tuple[tuple[str, str | int], ...] = ()


@dataclass(frozen=True, slots=True)
class Absent:
    """Somebody is away for the day, and somebody stands in."""

    person: str
    cover: str
    case: str = STREET


@dataclass(frozen=True, slots=True)
class Reported:
    """Somebody reports; the words mean the category. `case` is its name within the plan."""

    case: str
    by: str
    category: str
    text: str
    address: str
    again: str = ""
    """The case of the plan that reports the same."""
    fixed: bool = False
    """With a photo from before and from after: fixed on the spot."""


@dataclass(frozen=True, slots=True)
class Supplied:
    """The reporter of an unclear report says where it is."""

    case: str
    address: str


@dataclass(frozen=True, slots=True)
class Acted:
    """An act by whoever has this role in the case by then; a called department acts in the name of `department`."""

    case: str
    act: Act
    role: CaseRole
    department: str = ""
    shows: bool = False
    """With an after-photo."""
    fields: tuple[tuple[str, str | int], ...] = ()
    """Further fields of the API, such as `note`, `cite`, `hours` and `to`."""


What = Announced | Absent | Reported | Supplied | Acted


@dataclass(frozen=True, slots=True)
class DayMoment:
    """Something that happens at a minute of the day."""

    minute: float
    what: What

    @property
    def time(self) -> str:
        """Of the day, as people write it."""
        return f"{int(self.minute) // 60:02}:{int(self.minute) % 60:02}"


@dataclass(frozen=True, slots=True)
class DayPlan:
    """A day, in order. All times are minutes of the day."""

    seed: int
    begins: int
    ends: int
    storm: tuple[int, int]
    """When the storm hour begins and ends."""
    moments: tuple[DayMoment, ...]
    reporters: dict[str, str] = field(default_factory=dict)
    """Who reported each case."""

    @property
    def reports(self) -> list[DayMoment]:
        """When something is reported."""
        return [moment for moment in self.moments if isinstance(moment.what, Reported)]

    def chains(self) -> list[list[DayMoment]]:
        """What happens one after the other: to one case and those that report the same, or to the whole street."""
        root = {
            told.case: told.again or told.case for told in (m.what for m in self.reports) if isinstance(told, Reported)
        }
        named = [(root.get(moment.what.case, STREET), moment) for moment in self.moments]
        ordered = sorted(named, key=lambda pair: pair[0])
        return [[moment for _, moment in chain] for _, chain in groupby(ordered, key=lambda pair: pair[0])]

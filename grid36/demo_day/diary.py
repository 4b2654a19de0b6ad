"""Writes moments into a plan: reports, acts, and the usual course of a case. Pure."""

from collections.abc import Mapping
from random import Random
from types import MappingProxyType
from typing import Final

from grid36.demo_day.plan import STREET, Acted, Announced, DayMoment, Reported, What
from grid36.demo_day.street_people import StreetPeople
from grid36.demo_day.words import NOT_FIXED, KindOfTrouble
from schemas.command import Act, Rating
from schemas.names import Name
from schemas.region import Segment
from schemas.rights import CaseRole

BEGINS: Final = 6 * 60
ENDS: Final = 21 * 60
Fields = Mapping[str, str | int]
NOTHING: Final[Fields] = MappingProxyType({})

Span = tuple[float, float]
"""Minutes, from and to, between which chance decides."""


class Diary:
    """The moments so far. What would happen after the day is left out: it stays open."""

    def __init__(self, people: StreetPeople, chance: Random) -> None:
        self.people, self.chance = people, chance
        self.moments: list[DayMoment] = []
        self.reporters: dict[str, str] = {}
        self._segments: dict[str, Segment] = {}

    def write(self, minute: float, what: What) -> None:
        """Note something down, if it is still this day."""
        if minute <= ENDS:
            self.moments.append(DayMoment(round(minute, 1), what))

    def tell(self, minute: float, key: str, case: str = STREET, **facts: str | int) -> None:
        """A line for the terminal."""
        self.write(minute, Announced(key, case, tuple(sorted(facts.items()))))

    def report(
        self, minute: float, category: str, text: Name | str, *, segment: Segment | None = None, by: str = "",
        address: str | None = None, again: str = "", fixed: bool = False,
    ) -> str:  # fmt: skip
        """Somebody reports at a place of its own; the name of the case."""
        segment = segment or (self._segments[again] if again else self.people.spot(category))
        name = f"case-{len(self.reporters) + 1:03}"
        who = by or self.people.reporter(segment, *([self.reporters[again]] if again else []))
        if address is None:
            address = self._address_of(again) if again else self.people.address(segment)
        self.reporters[name], self._segments[name] = who, segment
        self.write(minute, Reported(name, who, category, self.said(text), address, again, fixed))
        return name

    def act(
        self, minute: float, case: str, act: Act, role: CaseRole, said: Fields = NOTHING, *, department: str = "",
        shows: bool = False,
    ) -> float:  # fmt: skip
        """Somebody acts, with further fields of the API; the minute again."""
        self.write(minute, Acted(case, act, role, department, shows, tuple(sorted(said.items()))))
        return minute

    def said(self, text: Name | str) -> str:
        """A text in the language that people write in; what is no name is written as it is."""
        return text.to(self.people.language) if isinstance(text, Name) else text

    def after(self, minute: float, span: Span) -> float:
        """Some time later."""
        return minute + self.chance.uniform(*span)

    def signed(self, case: str, minute: float, within: Span = (2, 9)) -> float:
        """The job is acknowledged."""
        return self.act(self.after(minute, within), case, Act.ACKNOWLEDGE, CaseRole.ASSIGNEE)

    def contacted(self, case: str, minute: float, within: Span = (3, 14)) -> float:
        """The assignee is on site."""
        return self.act(self.after(minute, within), case, Act.CONTACT, CaseRole.ASSIGNEE)

    def worked(
        self, case: str, minute: float, kind: KindOfTrouble, within: Span = (15, 110), *, rework: bool = False,
        handed: bool = False,
    ) -> float:  # fmt: skip
        """Handled by the assignee or by an executor (surely, when `handed`), perhaps twice, and verified."""
        executors, role = self._segments[case].executors, CaseRole.ASSIGNEE
        if executors and (handed or (kind.by_hand and self.chance.random() < 0.5)):
            role = CaseRole.EXECUTOR
            who = self.chance.choice(executors)
            minute = self.act(self.after(minute, (1, 4)), case, Act.HAND_ON, CaseRole.ASSIGNEE, {"to": who})
        minute = self.act(self.after(minute, within), case, Act.RESOLVE, role, shows=True)
        if rework:
            minute = self.after(minute, (5, 25))
            self.act(minute, case, Act.REJECT, CaseRole.REPORTER, {"note": self.said(self.chance.choice(NOT_FIXED))})
            self.tell(minute, "rework", case)
            minute = self.act(self.after(minute, (15, 50)), case, Act.RESOLVE, role, shows=True)
        return self.verified(case, minute)

    def verified(self, case: str, minute: float) -> float:
        """By the reporter, who may be content, or by an inspector."""
        minute = self.after(minute, (4, 35))
        if self.chance.random() < 0.2:
            return self.act(minute, case, Act.VERIFY, CaseRole.INSPECTOR)
        said = {"rating": Rating.SATISFIED.value} if self.chance.random() < 0.6 else NOTHING
        return self.act(minute, case, Act.VERIFY, CaseRole.REPORTER, said)

    def _address_of(self, case: str) -> str:
        told = (moment.what for moment in self.moments)
        return next(each.address for each in told if isinstance(each, Reported) and each.case == case)

"""The cases of one figure, as the address of the supervisor's list names them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, cast, get_args
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from connectors.intake.context import Gateway
from connectors.ledger.queries.case_lists import CaseFilters, FigureCases
from connectors.ledger.queries.statistics.call_sets import CallSet, cases_with
from connectors.ledger.queries.statistics.counted import SELDOM, CaseSet, condition
from connectors.ledger.queries.statistics.grouping import DIMENSIONS, PERSON, Dimension, PeopleShown
from connectors.ledger.queries.statistics.periods import DayPeriod
from connectors.ledger.queries.stats import KINDS
from connectors.pages.statistics.asked import by_person, chosen, period_of
from connectors.pages.statistics.groupings import grouping_of
from schemas.days import day_of
from schemas.remit import Remit

CALL_SETS: Final[tuple[CallSet, ...]] = get_args(CallSet)
CASE_SETS: Final[tuple[CaseSet, ...]] = get_args(CaseSet)


@dataclass(frozen=True, slots=True)
class CasesAsked:
    """A set of cases of one kind that were submitted in a period, or had such a call then, of all groups or of one."""

    cases: CaseSet | CallSet
    kind: str
    period: DayPeriod
    by: Dimension | None = None
    key: str = ""
    across: Dimension | None = None
    """A second dimension, of which they have a key as well."""
    across_key: str = ""
    people: PeopleShown | None = None
    """Whose figures the reader may see by person."""

    @classmethod
    def of(cls, query: Mapping[str, str], gateway: Gateway, people: PeopleShown | None) -> "CasesAsked | None":
        """Read the address of a list; None if it asks for no figure. Raises `Refused` (400) as the page does."""
        if not query.get("counted"):
            return None
        cases = chosen(query, "counted", (*CASE_SETS, *CALL_SETS), CASE_SETS[0])
        kind = chosen(query, "kind", KINDS, KINDS[0])
        period = period_of(query, day_of(gateway.clock(), ZoneInfo(gateway.region.zone)))
        known = (*DIMENSIONS, *by_person(query, ("by", "across"), people))
        by, across = (chosen(query, name, known, known[0]) if query.get(name) else None for name in ("by", "across"))
        return cls(cases, kind, period, by, query.get("key", ""), across, query.get("across_key", ""), people)

    def address(self) -> str:
        """The list of these cases."""
        asked = {"counted": self.cases, "from": self.period.first.isoformat(), "to": self.period.last.isoformat()}
        if self.kind != KINDS[0]:
            asked["kind"] = self.kind
        if self.by is not None:
            asked |= {"by": self.by, "key": self.key}
        if self.across is not None:
            asked |= {"across": self.across, "across_key": self.across_key}
        return f"/supervisor?{urlencode(asked)}"

    @property
    def calls(self) -> CallSet | None:
        """The calls that the cases had; None where the cases themselves are counted."""
        return next((each for each in CALL_SETS if each == self.cases), None)

    def filters(self, gateway: Gateway, now_ms: int, within: Remit) -> CaseFilters:
        """The same for the ledger, of a part of the region; open cases are late as of now."""
        if PERSON in {self.by, self.across} and self.people is not None:
            within = self.people.part
        span = self.period.span(ZoneInfo(gateway.region.zone), within)
        named = [(self.across, self.across_key), (self.by, self.key)]
        groups = [(grouping_of(gateway, by, self.people), key) for by, key in named if by is not None]
        if (calls := self.calls) is not None:  # its cases may have been reported before
            which, values = cases_with(calls, span, self.kind, now_ms, [each.calls(key) for each, key in groups])
            return CaseFilters(
                kind=self.kind, figure=FigureCases(which, tuple(values), "", own_part=True), within=within
            )
        cases = cast("CaseSet", self.cases)
        which, values, index = condition(cases, now_ms), list[object](), "cases_submitted"
        for grouping, key in groups:
            found = grouping.cases(key)
            which, values, index = f"{which} AND {found.condition}", [*values, *found.values], found.by
        figure = FigureCases(which, tuple(values), SELDOM.get(cases, index))
        return CaseFilters(kind=self.kind, from_ms=span.from_ms, to_ms=span.to_ms, figure=figure, within=within)

"""The cases of one figure, as the address of the supervisor's list names them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import get_args
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from connectors.intake.context import Gateway
from connectors.intake.refusal import Refused
from connectors.ledger.queries.case_lists import CaseFilters, FigureCases
from connectors.ledger.queries.statistics.counted import SELDOM, CaseSet, condition
from connectors.ledger.queries.statistics.grouping import DIMENSIONS, Dimension
from connectors.ledger.queries.statistics.periods import DayPeriod
from connectors.ledger.queries.stats import KINDS
from connectors.pages.statistics.asked import period_of
from connectors.pages.statistics.groupings import grouping_of
from schemas.days import day_of


@dataclass(frozen=True, slots=True)
class CasesAsked:
    """A set of cases of one kind that were submitted in a period, of all groups or of one."""

    cases: CaseSet
    kind: str
    period: DayPeriod
    by: Dimension | None = None
    key: str = ""
    across: Dimension | None = None
    """A second dimension, of which they have a key as well."""
    across_key: str = ""

    @classmethod
    def of(cls, query: Mapping[str, str], gateway: Gateway) -> "CasesAsked | None":
        """Read the address of a list; None if it asks for no figure's cases, or for none that there can be."""
        cases = next((each for each in get_args(CaseSet) if each == query.get("counted")), None)
        kind = query.get("kind", KINDS[0])
        if cases is None or kind not in KINDS:
            return None
        try:
            period = period_of(query, day_of(gateway.clock(), ZoneInfo(gateway.region.zone)))
        except Refused:
            return None
        by, across = (next((each for each in DIMENSIONS if each == query.get(name)), None) for name in ("by", "across"))
        return cls(cases, kind, period, by, query.get("key", ""), across, query.get("across_key", ""))

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

    def filters(self, gateway: Gateway, now_ms: int) -> CaseFilters:
        """The same for the ledger; open cases are late as of now."""
        span = self.period.span(ZoneInfo(gateway.region.zone))
        which, values, index = condition(self.cases, now_ms), list[object](), "cases_submitted"
        for by, key in ((self.across, self.across_key), (self.by, self.key)):
            if by is not None:
                found = grouping_of(gateway, by).cases(key)
                which, values, index = f"{which} AND {found.condition}", [*values, *found.values], found.by
        figure = FigureCases(which, tuple(values), SELDOM.get(self.cases, index))
        return CaseFilters(kind=self.kind, from_ms=span.from_ms, to_ms=span.to_ms, figure=figure)

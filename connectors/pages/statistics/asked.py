"""What the address of the page of statistics asks for, and addresses that ask for it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from http import HTTPStatus
from typing import Final, Literal, TypeVar
from urllib.parse import urlencode

from connectors.intake.refusal import bad, refused
from connectors.ledger.queries.statistics.grouping import DIMENSIONS, PERSON, Dimension, PeopleShown, Person
from connectors.ledger.queries.statistics.metrics import BY_KEY, CallMetric, Metric
from connectors.ledger.queries.statistics.periods import DayPeriod, recent
from connectors.ledger.queries.stats import KINDS
from schemas.days import read_day

View = Literal["months", "metrics", "version"] | Dimension
VIEWS: Final[tuple[View, ...]] = ("months", "metrics", "version", *DIMENSIONS)
Choice = TypeVar("Choice", bound=str)
CALLED: Final = {"by": "rows", "view": "columns"}
"""Choices by the names that their fields have on the page."""
FIELDS: Final = ("by", "view", "metric", "kind", "from", "to", "version", "days")
DAYS: Final = 30
"""On each side of a version, if the address does not say."""
MOST_DAYS: Final = 366
LANGUAGE: Final = "lang"
"""A choice of every page, which this one does not name among its own."""
SHOWN: Final = 40
"""Characters of what was given, in an answer that names it."""
MONTHS: Final = 6
"""How far back it looks if the address does not say."""
MOST_MONTHS: Final = 24


@dataclass(frozen=True, slots=True)
class StatisticsAsked:
    """One metric month by month, all metrics of the whole period, or one metric of it by a second dimension.

    Or all metrics before and since a version of the list, which has its own days.
    """

    view: View
    by: Dimension
    metric: Metric
    kind: str
    period: DayPeriod
    version: str = ""
    """Which one, by when it took effect; "" is the newest."""
    days: int = DAYS
    """How many on each side of it, at most."""
    people: PeopleShown | None = None
    """Whose figures the reader may see by person; None: nobody's."""

    @classmethod
    def of(cls, query: Mapping[str, str], today: date, people: PeopleShown | None = None) -> "StatisticsAsked":
        """Read an address; what is not in it is as usual.

        Raises `Refused` (400) for choices and days that are none, and for names that no choice has; (403) for figures
        by person where the reader may see nobody's.
        """
        only(query, FIELDS)
        persons = by_person(query, ("by", "view"), people)
        by = chosen(query, "by", (*DIMENSIONS, *persons), DIMENSIONS[0])
        view = chosen(query, "view", (*VIEWS, *persons), "months")
        metric = BY_KEY[chosen(query, "metric", tuple(BY_KEY), "mean_s")]
        kind = chosen(query, "kind", KINDS, KINDS[0])
        period, days = period_of(query, today), _days(query)
        return cls("months" if view == by else view, by, metric, kind, period, query.get("version", ""), days, people)

    @property
    def across(self) -> Dimension | None:
        """The dimension of the columns; None for months and metrics."""
        return next((each for each in (*DIMENSIONS, PERSON) if each == self.view), None)

    @property
    def applies(self) -> bool:
        """Whether the metric means something by these dimensions: departments are called, and no persons."""
        return self.view == "metrics" or not (self.of_people and isinstance(self.metric, CallMetric))

    @property
    def of_people(self) -> bool:
        """Whether figures are by person."""
        return PERSON in {self.by, self.view}

    def address(self, path: str = "/statistics", **other: str) -> str:
        """The address that asks for it, or for what is `other`."""
        asked = {
            "view": self.view, "by": self.by, "metric": self.metric.key, "kind": self.kind,
            "from": self.period.first.isoformat(), "to": self.period.last.isoformat(),
        }  # fmt: skip
        if self.view == "version":
            asked |= {"version": self.version, "days": str(self.days)}
        return f"{path}?{urlencode({**asked, **other})}"


def by_person(query: Mapping[str, str], names: Sequence[str], people: PeopleShown | None) -> tuple[Person, ...]:
    """The dimension of persons, for whoever may see figures of some; else (403) it is refused and not known."""
    if people is None and PERSON in {query.get(name) for name in names}:
        raise refused(HTTPStatus.FORBIDDEN, "no_people_figures")
    return () if people is None else (PERSON,)


def only(query: Mapping[str, str], known: Sequence[str]) -> None:
    """Refuse (400) a name that no choice of a page has, with all that there are; what has no effect would mislead."""
    other = next((name for name in query if name not in {*known, LANGUAGE}), None)
    if other is not None:
        raise bad("unknown_field", other[:SHOWN], known=", ".join(known))


def chosen(query: Mapping[str, str], name: str, known: Sequence[Choice], usual: Choice) -> Choice:
    """One of these, the usual one where the address has none. Raises `Refused` (400) with all that there are."""
    given = query.get(name) or usual
    found = next((each for each in known if each == given), None)
    if found is None:
        raise bad("not_one_of", CALLED.get(name, name), given=given[:SHOWN], known=", ".join(known))
    return found


def period_of(query: Mapping[str, str], today: date) -> DayPeriod:
    """From `from` to `to`, both included; without them the last months up to today. Raises `Refused` (400)."""
    usual = recent(today, MONTHS)
    last = _day(query, "to") or usual.last
    first = _day(query, "from") or (usual.first if usual.first <= last else last.replace(day=1))
    if first > last:
        raise bad("period_order", "from_day", first=first, last=last)
    if (last.year - first.year) * 12 + last.month - first.month >= MOST_MONTHS:
        raise bad("period_long", "from_day", most=MOST_MONTHS)
    return DayPeriod(first, last)


def _days(query: Mapping[str, str]) -> int:
    text = query.get("days", "")
    if text and not (text.isascii() and text.isdigit() and 1 <= int(text[:SHOWN]) <= MOST_DAYS):
        raise bad("bad_number", "days", given=text[:SHOWN], low=1, high=MOST_DAYS)
    return int(text or DAYS)


def _day(query: Mapping[str, str], where: str) -> date | None:
    text = query.get(where, "")
    if not text:
        return None
    try:
        return read_day(text)
    except ValueError:
        raise bad("bad_day", f"{where}_day", given=text[:SHOWN]) from None

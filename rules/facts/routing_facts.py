"""Routing facts of a report or a case: the flat values that decision tables use."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from zoneinfo import ZoneInfo

from rules.book.compiled_rulebook import REPEATS, CompiledRulebook
from rules.decision.draft import DecisionContext
from rules.facts.attributes import attributes_of
from rules.facts.categories import categorise
from rules.facts.urgency import urgent_by
from rules.tables.matcher import Question
from rules.time.working import day_kind, in_shift
from schemas.calendar import ShiftKind, WorkCalendar
from schemas.case import Case
from schemas.people import Role
from schemas.place import PlaceFound
from schemas.report import Report, ReportKind, Urgency
from schemas.table import Fact, Table


@dataclass(frozen=True, slots=True)
class RoutingFacts:
    """Facts about a report or a case. `counts` holds what the stream counted, by names of facts."""

    category: str
    kind: ReportKind
    place: PlaceFound | None
    """None where none is needed."""
    reporter_kind: Role
    door: str
    team: str | None = None
    attributes: Mapping[str, str] = field(default_factory=dict)
    """Free attributes by id."""
    counts: Mapping[str, int] = field(default_factory=dict)
    subcategory: str | None = None
    urgent: bool = False
    admitted: bool = False
    """The approver admitted it at the gate: the list no longer refuses it."""
    _known: dict[str, Fact | None] = field(default_factory=dict, init=False, repr=False, compare=False)
    """All facts except those of the time, cached because several tables use them in a decision."""

    def facts(self, table: Table, book: CompiledRulebook, t_ms: int) -> dict[str, Fact]:
        """The facts for a table, at `t_ms` in the region's zone; an unknown fact is absent."""
        if not self._known:
            self._known.update(self._all())
        known = {**_when(book.region.zone, book.region.calendar, t_ms), **self._known}
        return {name: fact for name in table.kinds() if (fact := known.get(name)) is not None}

    def _all(self) -> Mapping[str, Fact | None]:
        return {
            **self._where(),
            "category": self.category[:200] or None,
            "subcategory": self.subcategory,
            "kind": self.kind.value,
            "urgency": (Urgency.URGENT if self.urgent else Urgency.NORMAL).value,
            "reporter_kind": self.reporter_kind.value,
            "team": self.team,
            "door": self.door or None,
            **{f"attr_{name}": value for name, value in self.attributes.items()},
            **self.counts,
        }

    def _where(self) -> dict[str, Fact | None]:
        place = self.place
        if place is None:
            return {}
        return {
            "grid": place.grid,
            "unit": place.unit,
            "community": place.community,
            "area_kind": place.community_class.value if place.community_class else None,
            "land_kind": place.land_kind,
            "segment": place.segment,
            "road": place.road,
            "distance_m": None if place.distance_m is None else round(place.distance_m),
        }


@lru_cache(256)
def _when(zone: str, calendar: WorkCalendar | None, t_ms: int) -> Mapping[str, Fact | None]:
    """What tables may ask of a time: worked out once for all that is decided in the same millisecond."""
    local = datetime.fromtimestamp(t_ms / 1000, ZoneInfo(zone))
    return {
        "month": local.month,
        "weekday": local.isoweekday(),
        "hour": local.hour,
        "day_kind": day_kind(local.date(), calendar).value,
        "shift": (ShiftKind.ON if in_shift(t_ms, calendar) == t_ms else ShiftKind.OFF).value,
    }


def routing_facts_of(case: Case, place: PlaceFound | None, context: DecisionContext) -> RoutingFacts:
    """The facts of a case, at the place that it has or gets."""
    counts = {"returned": case.returns, "reassignments": case.hops, "reopened": case.reopenings}
    counts |= _counted(case.home, case.category, place, context)
    category, subcategory = context.book.filing(case.category, case.subcategory)
    return RoutingFacts(
        category,
        case.kind,
        place,
        case.reporter_kind,
        case.door,
        case.team,
        case.attributes,
        counts,
        subcategory,
        bool(case.urgent_by),
        bool(case.admitted),
    )


def facts_of_report(report: Report, home: str, place: PlaceFound | None, context: DecisionContext) -> RoutingFacts:
    """The facts of the case that a report will open."""
    book, reporter = context.book, report.reporter
    found = categorise(report, book)
    counts = {"returned": 0, "reassignments": 0, "reopened": 0, **_counted(home, found.category, place, context)}
    return RoutingFacts(
        found.category,
        report.kind,
        place,
        reporter.kind,
        report.door,
        reporter.team,
        attributes_of(report, book),
        counts,
        found.subcategory,
        bool(urgent_by(report, found, book)),
    )


def _counted(home: str, category: str, place: PlaceFound | None, context: DecisionContext) -> dict[str, int]:
    """The counts that tables use: repeats, and the load of the owner of the place."""
    book, counts = context.book, dict[str, int]()
    if book.counts_repeats:
        segment = place.segment if place else None
        counts |= zip(REPEATS, context.repeats(home, book.names_of(category), segment), strict=True)
    owner = book.owner(place) if "load" in book.asked else None
    if owner is not None:
        counts["load"] = context.load(home, owner)
    return counts


def question(routing_facts: RoutingFacts, table: Table, book: CompiledRulebook, t_ms: int) -> Question:
    """The question to the matcher about one table and these facts."""
    return table.name, routing_facts.facts(table, book, t_ms)


def questions_about(routing_facts: RoutingFacts, book: CompiledRulebook, t_ms: int) -> list[Question]:
    """The questions to the matcher about every table and these facts."""
    return [question(routing_facts, table, book, t_ms) for table in book.rulebook.tables]

"""Decides past cases again by another rulebook, as they were then, and compares the outcomes."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final, NamedTuple

from rules.book.compiled_rulebook import CompiledRulebook
from rules.clocks.clocks import dispatched
from rules.facts.attributes import attributes_of
from rules.facts.categories import categorise
from rules.facts.routing_facts import routing_facts_of
from rules.facts.urgency import urgent_by
from rules.review.dry_run import EmptyContext
from rules.routing.admission import gate
from rules.routing.route import route
from schemas.case import Case, UrgentBy
from schemas.event import Because
from schemas.report import Report, Reporter, SourceFacts


class PastVerdict(StrEnum):
    """What happened to a report."""

    ROUTED = "routed"
    REFUSED = "refused"
    HELD = "held"  # at the admission gate
    OFFERED = "offered"  # to several people


class PastOutcome(NamedTuple):
    """Who has a case by the list (covers aside), at which department, by which row.

    For an offer the owner is its recipients; for a held case, who may admit it.
    """

    verdict: PastVerdict
    owner: str | None
    department: str | None
    item: str | None
    row: str | None


class Effect(StrEnum):
    """How another rulebook would have changed the life of a case."""

    ELSEWHERE = "elsewhere"
    REFUSED = "refused"
    ACCEPTED = "accepted"
    """It was refused or held and would have been routed."""
    HELD = "held"
    LATE = "late"
    IN_TIME = "in_time"
    """It was late, and would not have been."""
    LATE_NOW = "late_now"
    """It is open and in time, and would be late by now."""
    IN_TIME_NOW = "in_time_now"
    """It is open and late, and would not be late yet."""


_STOPPED: Final = {PastVerdict.REFUSED: Effect.REFUSED, PastVerdict.HELD: Effect.HELD}
"""Outcomes with nobody responsible, and the effect if only the other rulebook has them."""


@dataclass(frozen=True, slots=True)
class Past:
    """A case as it was when it was decided at `t_ms`. `text`: its words, None when they were erased.

    `by_words`: they gave the category, nobody named it; `part_by_words`: the same for the subcategory. `attributes` are
    those that its door named. `repeats` are those on its segment and in its home at that time; `resolved_ms`, `on_time`
    and `due_ms`, its last deadline, are how it ended. One that is still open is judged at `open_ms`: until then its
    clock has run.
    """

    case: Case
    t_ms: int
    text: str | None = None
    by_words: bool = False
    part_by_words: bool = False
    attributes: Mapping[str, str] = field(default_factory=dict)
    repeats: tuple[int, int] = (0, 0)
    resolved_ms: int | None = None
    on_time: bool | None = None
    due_ms: int | None = None
    open_ms: int | None = None

    @property
    def late(self) -> bool | None:
        """Whether it was late when it was resolved, or is late now; None: unknown."""
        if self.open_ms is None:
            return None if self.on_time is None else not self.on_time
        return None if self.due_ms is None else self.open_ms > self.due_ms


@dataclass(frozen=True, slots=True)
class Again:
    """The same case, decided again."""

    outcome: PastOutcome
    because: Because
    due_ms: int | None


class _Then(EmptyContext):
    """The context of that time: nobody is away, and the counts are those of then."""

    def __init__(self, book: CompiledRulebook, past: Past) -> None:
        super().__init__(book, past.t_ms)
        self._repeats = past.repeats

    def repeats(self, home: str, categories: Iterable[str], segment: str | None) -> tuple[int, int]:
        """The counts of that time, under the names that the category had."""
        return self._repeats


def again(past: Past, book: CompiledRulebook) -> Again:
    """Decide a past case again: admission, routing and limits, as if everybody had been there."""
    context, case = _Then(book, past), _read_again(past, book)
    held = gate(case, None, book, past.t_ms)
    if held is not None and case.urgent_by:
        held, case = None, case.after({"admitted": True})
    if held is not None:
        verdict = PastVerdict.HELD if held.waits else PastVerdict.REFUSED
        return Again(PastOutcome(verdict, held.approver, None, case.item, None), held.reason, None)
    asked = routing_facts_of(case, case.place, context)
    chosen = route(asked, context)
    if chosen.refused:
        outcome = PastOutcome(PastVerdict.REFUSED, None, None, chosen.item, chosen.because.row)
        return Again(outcome, chosen.because, None)
    department = chosen.department.code if chosen.department else None
    outcome = PastOutcome(PastVerdict.ROUTED, chosen.assignee, department, chosen.item, chosen.because.row)
    if chosen.offer is not None and not case.history and not case.urgent_by:
        return Again(
            PastOutcome(PastVerdict.OFFERED, chosen.offer, None, chosen.item, outcome.row), chosen.because, None
        )
    return Again(outcome, chosen.because, dispatched(asked, chosen.item, chosen.department, context)["due_ms"])


def effects(past: Past, was: PastOutcome, now: Again, due_was_ms: int | None) -> tuple[Effect, ...]:
    """The differences to the outcome `was`; other rows or items alone are not an effect."""
    found: list[Effect] = []
    verdict = now.outcome.verdict
    if verdict in _STOPPED and verdict is not was.verdict:
        found.append(_STOPPED[verdict])
    elif was.verdict in _STOPPED and verdict not in _STOPPED:
        found.append(Effect.ACCEPTED)
    elif (verdict, now.outcome.owner, now.outcome.department) != (was.verdict, was.owner, was.department):
        found.append(Effect.ELSEWHERE)
    late = would_be_late(past, now.due_ms, due_was_ms)
    if late is not past.late:
        found.append(_LATENESS[late is True, past.open_ms is not None])
    return tuple(found)


_LATENESS: Final = {
    (True, False): Effect.LATE,
    (False, False): Effect.IN_TIME,
    (True, True): Effect.LATE_NOW,
    (False, True): Effect.IN_TIME_NOW,
}
"""The effect by whether it would be late and whether it is open."""


def would_be_late(past: Past, due_ms: int | None, due_was_ms: int | None) -> bool | None:
    """Whether it would have been late, if that is known; what moved the old deadline moves the new one too."""
    ended_ms = past.resolved_ms if past.open_ms is None else past.open_ms
    known = past.late is not None and past.due_ms is not None
    if due_ms == due_was_ms or not known or ended_ms is None or due_ms is None or due_was_ms is None:
        return past.late
    return ended_ms > due_ms + max(0, (past.due_ms or 0) - due_was_ms)


def _read_again(past: Past, book: CompiledRulebook) -> Case:
    """The case with category, attributes and urgency as this rulebook reads its words. What was named stays.

    What words gave stays too if they were erased.
    """
    case, erased = past.case, past.text is None
    named = None if past.by_words and not erased else case.category
    if named is not None and (erased or not past.part_by_words) and book.subcategory(case.subcategory) is not None:
        named = case.subcategory
    urgent = UrgentBy.REPORTER in case.urgent_by or (erased and UrgentBy.WORDS in case.urgent_by)
    report = Report(
        id=case.report,
        kind=case.kind,
        text=(past.text or "")[:4000],
        category=named,
        source=SourceFacts(category=named) if case.door in book.region.importers else None,
        urgent=urgent,
        attributes=case.attributes if erased else dict(past.attributes),
        reporter=Reporter(id=case.reporter, kind=case.reporter_kind, team=case.team),
        door=case.door or "log",
        received_ms=case.submitted_ms,
    )
    found = categorise(report, book)
    now = {
        "category": found.category,
        "subcategory": found.subcategory,
        "urgent_by": urgent_by(report, found, book),
        "item": case.item if case.pushed_by else book.category(found.category).item,
        "attributes": attributes_of(report, book),
    }
    return case.after(now)

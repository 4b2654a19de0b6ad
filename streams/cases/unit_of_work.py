"""Unit of work: everything that one command or deadline changes in a partition's state, all or nothing."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from functools import lru_cache
from typing import Any

from rules.book.compiled_rulebook import CompiledRulebook
from rules.decision.draft import Draft
from rules.decision.fold import fold
from schemas.case import Case, Count
from schemas.codec import decode, encode
from schemas.event import EventType
from schemas.order import Written
from schemas.place import PlaceFound
from schemas.rulebook import Merge
from schemas.topics import case_number
from streams.cases.case_cache import CachedCase
from streams.cases.recent_commands import NewCommands
from streams.cases.recurrence import NOTHING, Recurrence, counted, with_one
from streams.cases.state import PartitionState, lately_key
from streams.cases.state_records import (
    CASE,
    HOME,
    LATELY,
    NOBODY_AWAY,
    ROSTER,
    WORDS,
    CaseWords,
    CoverSpan,
    HomeCount,
    Roster,
    more_words,
)
from streams.partition.contract import State
from streams.rulebooks.schedule import Switch

NOT_OF_A_CASE = frozenset({EventType.ACTION_REFUSED, EventType.COMMAND_PARKED, EventType.TEXT_ERASED})
"""Events that may name a case of another partition."""
SETTLED = frozenset({EventType.PARKED_RETRIED, EventType.PARKED_DROPPED})
OF_NO_CASE = SETTLED | frozenset(
    {EventType.ACTION_REFUSED, EventType.TEXT_ERASED, EventType.COVER_SET, EventType.RULEBOOK_ACTIVATED}
)
"""Events whose command is remembered by the partition where there is no case to do it."""


class UnitOfWork:
    """The `DecisionContext` of a decision, then the fold of its drafts over a state that it does not change.

    `accept` changes the state; a unit of work that is dropped leaves nothing behind.
    """

    def __init__(self, memory: PartitionState, book: CompiledRulebook, t_ms: int) -> None:
        self.book = book
        self.t_ms = t_ms
        self.totals = memory.totals.copy()
        self._memory = memory
        self._cases: dict[str, tuple[Case | None, Case | None]] = {}
        self._words: dict[str, bytes | None] = {}
        self._homes: dict[str, HomeCount] = {}
        self._rosters: dict[str, Roster] = {}
        self._lately: dict[str, Recurrence | None] = {}
        self._kept: dict[str, CachedCase] = {}
        self._seen = NewCommands(memory.seen)

    def case(self, number: str) -> Case | None:
        """A case of this partition that is not archived."""
        touched = self._cases.get(number)
        return touched[1] if touched else self._memory.case(number)

    def case_of(self, home: str, report: str) -> Case | None:
        """The case that the report opened in `home`."""
        number = self._memory.number_of(home, report)
        return None if number is None else self.case(number)

    def open_cases(
        self, home: str, category: str, place: PlaceFound | None = None, merge: Merge | None = None
    ) -> Iterator[Case]:
        """Cases of one home and category that a new report could be a duplicate of, oldest first."""
        for number in self._memory.open_numbers(home, category, place, merge):
            case = self.case(number)
            assert case is not None
            yield case

    def next_number(self, home: str, t_ms: int) -> str:
        """The number that the next case of `home` gets, counted per month of the region's zone."""
        yymm = _month(self.book.day(t_ms))
        last = self._homes.get(home) or self._memory.homes.get(home)
        return case_number(home, yymm, last.count + 1 if last and last.yymm == yymm else 1)

    def written(self, number: str) -> tuple[Written, ...]:
        """The texts of an open case, oldest first."""
        words = self.words(number)
        return () if words is None else decode(CaseWords, words).written

    def words(self, number: str) -> bytes | None:
        """The same as bytes of `CaseWords`."""
        return self._words[number] if number in self._words else self._memory.words(number)

    def stands_in(self, person: str, t_ms: int) -> str | None:
        """Who covers for `person`; the person itself when not away; None when away without cover."""
        asked: set[str] = set()
        now: str | None = person
        while now is not None and now not in asked:
            asked.add(now)
            roster = self._roster(now)
            span = _span(roster, t_ms) if roster.spans else None
            if span is None or span.cover == now:
                return now
            now = span.cover
        return None  # all of them are away and cover for each other

    def repeats(self, home: str, categories: Iterable[str], segment: str | None) -> tuple[int, int]:
        """How often it was reported on the segment and in the home within the seven days before now."""
        each = [counted(self._lately_of(lately_key(home, name)), self.t_ms, segment) for name in categories]
        return sum(there for there, _ in each), sum(all_ for _, all_ in each)

    def load(self, home: str, person: str) -> int:
        """How many open cases of a home somebody has, before this command."""
        return self._memory.load(home, person)

    def seen(self, command: str) -> bool:
        """Whether this command, which concerns no case here, came before."""
        return command in self._seen

    def take(self, draft: Draft, after: Case | None = None) -> None:
        """Fold one draft, unless the rules have done so: `after` is what `rules.decision.fold.fold` made of it."""
        kind = draft.type
        self.totals.last_ms = max(self.totals.last_ms, draft.t_ms)
        if kind is EventType.COVER_SET:
            self._cover(draft.facts, draft.t_ms)
        elif kind is EventType.RULEBOOK_ACTIVATED:
            self._switch(draft.facts, draft.t_ms)
        elif kind is EventType.ACTION_REFUSED:
            self.totals.refused_actions += 1
        elif kind is EventType.COMMAND_PARKED:
            self._count_parked(draft.facts)
        elif kind in SETTLED:
            self._count_settled(draft.facts, dropped=kind is EventType.PARKED_DROPPED)
        if draft.case is not None:
            self._fold(draft.case, draft, after)
        if kind in OF_NO_CASE and (draft.case is None or self.case(draft.case) is None):
            self.totals.seen = self._seen.add(draft.command, self.totals.seen)

    def write(self, case: str, text: bytes) -> None:
        """Add a text (the bytes of a `Written`) to its case, if the case is here."""
        if self.case(case) is not None:
            self._words[case] = more_words(self.words(case), (text,))

    def erase(self, ids: Iterable[str]) -> None:
        """Forget what is erased from the cases touched here."""
        gone = frozenset(ids)
        for number in self._cases if gone else ():
            stored = self.written(number)
            left = [encode(words) for words in stored if words.id not in gone]
            if len(left) < len(stored):
                self._words[number] = more_words(None, left) if left else None

    def touched(self) -> Iterator[tuple[str, Case | None, Case | None]]:
        """(number, before, after) of every case touched so far; after None: archived."""
        return ((number, before, after) for number, (before, after) in self._cases.items())

    def size(self, number: str) -> int:
        """Upper bound of the size of a case after this change; call `changes` first."""
        stored = self._kept.get(number)
        return self._memory.size(number) if stored is None else stored.size

    def changes(self, grown: int) -> Mapping[str, State]:
        """New values of state keys. `grown`: bytes of the events, an upper bound of how much any case grows."""
        changes: dict[str, State] = {}
        for number, (_, after) in self._cases.items():
            if after is not None:
                self._kept[number] = CachedCase.changed(after, self._memory.size(number) + grown)
            changes[CASE + number] = self._kept.get(number)
        for number, words in self._words.items():
            changes[WORDS + number] = words
        for home, count in self._homes.items():
            changes[HOME + home] = encode(count)
        for person, roster in self._rosters.items():
            changes[ROSTER + person] = encode(roster)
        for key, lately in self._lately.items():
            changes[LATELY + key] = None if lately is None else encode(lately)
        changes.update(self._seen.changes())
        return changes

    def accept(self) -> None:
        """Apply everything to the state; call `changes` first. Cannot fail half-way."""
        memory = self._memory
        for number, words in self._words.items():
            memory.put_words(number, words)
        for number, (before, after) in self._cases.items():
            if after is None:
                memory.drop(number, before)
            else:
                memory.put(number, before, after, self._kept[number])
        memory.homes.update(self._homes)
        memory.rosters.update(self._rosters)
        for key, lately in self._lately.items():
            memory.put_lately(key, lately)
        self._seen.accept()
        memory.totals = self.totals

    def _fold(self, number: str, draft: Draft, after: Case | None) -> None:
        before = self.case(number)
        if before is None and draft.type in NOT_OF_A_CASE:
            return
        if draft.type is EventType.COMMAND_PARKED and not draft.now:
            return
        first = self._cases[number][0] if number in self._cases else before
        if draft.type is EventType.ARCHIVED:
            self._archive(number, first)
            return
        after = after or fold(before, draft)
        self._cases[number] = (first, after)
        self.totals.count(before, after)
        if before is None:
            self._opened(after)
            self._lately |= dict.fromkeys(self._memory.outdated(draft.t_ms))
            if draft.facts.get("counted"):
                key = lately_key(after.home, after.category)
                segment = after.place.segment if after.place else None
                self._lately[key] = with_one(self._lately_of(key), draft.t_ms, segment)

    def _opened(self, case: Case) -> None:
        _, yymm, count = case.number.rsplit("-", 2)
        self._homes[case.home] = HomeCount(yymm=yymm, count=int(count))
        self.totals.cases += 1
        self.totals.history |= case.history
        if case.moved_from is not None:
            self.totals.add(Count.MOVED_IN, 1)

    def _archive(self, number: str, first: Case | None) -> None:
        self._cases[number] = (first, None)
        self.totals.cases -= 1
        if self.words(number) is not None:
            self._words[number] = None

    def _cover(self, facts: Mapping[str, Any], t_ms: int) -> None:
        person = facts["person"]
        span = CoverSpan(cover=facts["cover"], by=facts["by"], from_ms=facts["from_ms"], until_ms=facts["until_ms"])
        ahead = (each for each in self._roster(person).spans if each.until_ms > t_ms)
        self._rosters[person] = Roster(spans=(*ahead, span))

    def _switch(self, facts: Mapping[str, Any], t_ms: int) -> None:
        self.totals.switch(
            Switch(facts["effective_ms"], facts["rulebook"], facts["region"], facts.get("in_flight", False)), t_ms
        )

    def _count_parked(self, facts: Mapping[str, Any]) -> None:
        """A parked command that would have opened a case leaves a report that counts as parked."""
        if "report" not in facts:
            self.totals.parked_actions += 1
            return
        self.totals.parked_reports += 1
        if "moved_from" in facts:
            self.totals.add(Count.MOVED_IN, 1)

    def _count_settled(self, facts: Mapping[str, Any], *, dropped: bool) -> None:
        """What was parked is so no longer. A report that is tried again moves in again, if it was moving."""
        if "report" not in facts:
            self.totals.parked_actions -= 1
            self.totals.dropped_actions += dropped
            return
        self.totals.parked_reports -= 1
        self.totals.dropped_reports += dropped
        if "moved_from" in facts and not dropped:
            self.totals.add(Count.MOVED_IN, -1)

    def _lately_of(self, key: str) -> Recurrence:
        return self._lately.get(key) or self._memory.lately.get(key, NOTHING)

    def _roster(self, person: str) -> Roster:
        return self._rosters.get(person) or self._memory.rosters.get(person, NOBODY_AWAY)


@lru_cache(8)  # to format a date costs more than all else that makes a number
def _month(day: date) -> str:
    return f"{day:%y%m}"


def _span(roster: Roster, t_ms: int) -> CoverSpan | None:
    """The latest entry for a time."""
    return next((span for span in reversed(roster.spans) if span.from_ms <= t_ms < span.until_ms), None)

"""What one partition of cases remembers: the values of its state topic, and the indexes that decisions ask."""

import heapq
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import takewhile
from typing import Final, TypeVar

from schemas.case import WITH_ORDER, Case, Deadline
from schemas.codec import decode, encode
from schemas.names import Name
from schemas.place import PlaceFound
from schemas.rulebook import Merge
from streams.cases.case_cache import CachedCase, RecentlyUsed
from streams.cases.open_cases import OpenCases
from streams.cases.recent_commands import SEEN, RecentCommands
from streams.cases.recurrence import Recurrence, is_over
from streams.cases.state_records import CASE, HOME, LATELY, ROSTER, WORDS, Glimpse, HomeCount, Roster
from streams.cases.totals import Totals
from streams.partition.errors import Refusal

OPEN: Final = WITH_ORDER
"""States in which a case can be the master of a duplicate."""

_Key = TypeVar("_Key")

_RANK: Final = {deadline: rank for rank, deadline in enumerate(Deadline)}


class StateBrokenError(Refusal):
    """The state of this partition lacks something its bookkeeping counts. Rebuild it from `events`, or restore it."""


class PartitionState:
    """One partition's cases, most of them as bytes; changed only by `streams.cases.unit_of_work.Change.accept`."""

    def __init__(self, recent: RecentlyUsed | None = None) -> None:
        self.totals = Totals()
        self.homes: dict[str, HomeCount] = {}
        self.rosters: dict[str, Roster] = {}
        self.lately: dict[str, Recurrence] = {}
        """By `lately_key` of home and category, in order of the last report."""
        self.seen = RecentCommands()
        self._cases: dict[str, CachedCase] = {}
        self._words: dict[str, bytes] = {}
        self._by_report: dict[str, str] = {}
        self._open: dict[tuple[str, str], OpenCases] = {}
        self._load: dict[tuple[str, str], int] = {}
        self._versions: dict[str, int] = {}
        self._due: dict[str, int] = {}
        self._heap: list[tuple[int, str]] = []
        self._recent = recent or RecentlyUsed()

    def restore(self, items: Iterable[tuple[str, bytes]]) -> None:
        """Take in state, in any order; `resume` comes last."""
        for key, value in items:
            if key.startswith(CASE):
                seen = decode(Glimpse, value)
                self._index(seen.number, None, seen)
                self._cases[seen.number] = CachedCase.written(value)
            elif key.startswith(WORDS):
                self._words[key.removeprefix(WORDS)] = value
            elif key.startswith(HOME):
                self.homes[key.removeprefix(HOME)] = decode(HomeCount, value)
            elif key.startswith(ROSTER):
                self.rosters[key.removeprefix(ROSTER)] = decode(Roster, value)
            elif key.startswith(LATELY):
                self.lately[key.removeprefix(LATELY)] = decode(Recurrence, value)
            elif key.startswith(SEEN):
                self.seen.restore(key, value)
            else:
                raise StateBrokenError(Name.of("proofs.newer_key"), key=key)

    def resume(self, bookkeeping: Mapping[str, object]) -> None:
        """The numbers that go with the state. Raises `StateBrokenError` when cases are missing."""
        self.totals = Totals.load(bookkeeping)
        self.lately = dict(sorted(self.lately.items(), key=lambda each: each[1].at_ms[-1]))
        if self.totals.cases != len(self._cases):
            raise StateBrokenError(counted=self.totals.cases, found=len(self._cases))

    def items(self) -> Iterator[tuple[str, bytes]]:
        """The whole state as the topic has it, for comparison."""
        yield from ((CASE + number, cached.raw) for number, cached in self._cases.items())
        yield from ((WORDS + number, value) for number, value in self._words.items())
        yield from ((HOME + home, encode(count)) for home, count in self.homes.items())
        yield from ((ROSTER + person, encode(roster)) for person, roster in self.rosters.items())
        yield from ((LATELY + key, encode(lately)) for key, lately in self.lately.items())
        yield from self.seen.items()

    def case(self, number: str) -> Case | None:
        """A case that is not archived."""
        cached = self._cases.get(number)
        if cached is None:
            return None
        if not cached.is_decoded:
            self._recent.add(cached)
        return cached.case

    def mentioning(self, words: Sequence[bytes]) -> Iterator[str]:
        """Cases whose bytes contain one of these words, in any order: a superset of those that name it."""
        return (number for number, cached in self._cases.items() if any(word in cached.raw for word in words))

    def size(self, number: str) -> int:
        """Upper bound of the size of a case in bytes; 0 when there is none."""
        cached = self._cases.get(number)
        return cached.size if cached else 0

    def number_of(self, home: str, report: str) -> str | None:
        """The case that a report opened in a home."""
        return self._by_report.get(_report_key(home, report))

    def case_of(self, home: str, report: str) -> Case | None:
        """The case that a report opened in a home."""
        number = self.number_of(home, report)
        return None if number is None else self.case(number)

    def versions(self) -> Iterable[str]:
        """The rulebooks by which cases that are not archived were opened."""
        return self._versions.keys()

    def open_numbers(self, home: str, category: str, place: PlaceFound | None, merge: Merge | None) -> Iterator[str]:
        """Cases that can be masters, oldest first; with a place and a merge rule only those that may be near."""
        cases = self._open.get((home, category))
        if cases is None:
            return iter(())
        return cases.all() if place is None or merge is None else cases.near(place, merge)

    def load(self, home: str, person: str) -> int:
        """How many open cases of a home somebody has."""
        return self._load.get((home, person), 0)

    def words(self, number: str) -> bytes | None:
        """What was written for a case, as bytes of `Words`."""
        return self._words.get(number)

    def outdated(self, t_ms: int) -> Iterator[str]:
        """The keys of `lately` that count for nothing any more at a time."""
        return takewhile(lambda key: is_over(self.lately[key], t_ms), self.lately)

    def next_due(self) -> int | None:
        """When the earliest deadline falls due."""
        heap, due = self._heap, self._due
        while heap and due.get(heap[0][1]) != heap[0][0]:
            heapq.heappop(heap)
        return heap[0][0] if heap else None

    def first_due(self) -> tuple[Case, Deadline, int] | None:
        """The earliest deadline; of several at one time, in order of case number, then of `Deadline`."""
        if self.next_due() is None:
            return None
        due_ms, number = self._heap[0]
        case = self.case(number)
        assert case is not None
        return case, min((d for d, t in case.deadlines.items() if t == due_ms), key=_RANK.__getitem__), due_ms

    def put(self, number: str, before: Case | None, after: Case, cached: CachedCase) -> None:
        """Replace a case by `after`."""
        self._index(number, before, after)
        if before is not None:
            self._recent.drop(self._cases[number])
        self._cases[number] = cached
        self._recent.add(cached)

    def put_lately(self, key: str, lately: Recurrence | None) -> None:
        """Replace the recent reports of a home and category; None forgets them."""
        self.lately.pop(key, None)
        if lately is not None:
            self.lately[key] = lately

    def put_words(self, number: str, value: bytes | None) -> None:
        """Replace the texts of a case, as bytes."""
        if value is None:
            self._words.pop(number, None)
        else:
            self._words[number] = value

    def drop(self, number: str, before: Case | None) -> None:
        """Remove an archived case."""
        self._index(number, before, None)
        if number in self._cases:
            self._recent.drop(self._cases.pop(number))
        self._words.pop(number, None)

    def _index(self, number: str, before: Case | None, after: Case | Glimpse | None) -> None:
        if before is None and after is not None:
            self._by_report[_report_key(after.home, after.report)] = number
        if after is None and before is not None:
            self._by_report.pop(_report_key(before.home, before.report), None)
        if before is None or after is None or not _indexed_alike(before, after):
            self._index_open(number, before, after)
            _move(self._load, _load_key(before), _load_key(after))
            _move(self._versions, _version(before), _version(after))
        self._index_due(number, min(after.deadlines.values(), default=None) if after is not None else None)

    def _index_open(self, number: str, before: Case | None, after: Case | Glimpse | None) -> None:
        old, new = _open_key(before), _open_key(after)
        if old == new and (new is None or _same_place(before, after)):
            return
        if old is not None:
            cases = self._open[old]
            cases.remove(number)
            if not cases:
                del self._open[old]
        if new is not None and after is not None:
            self._open.setdefault(new, OpenCases()).add(number, after.place)

    def _index_due(self, number: str, due_ms: int | None) -> None:
        if self._due.get(number) == due_ms:
            return
        if due_ms is None:
            self._due.pop(number, None)
            return
        self._due[number] = due_ms
        heapq.heappush(self._heap, (due_ms, number))
        if len(self._heap) > 64 + 2 * len(self._due):  # mostly deadlines that were met
            self._heap = [(t_ms, each) for each, t_ms in self._due.items()]
            heapq.heapify(self._heap)


def _indexed_alike(before: Case, after: Case | Glimpse) -> bool:
    """Whether no index but that of deadlines can tell the two apart."""
    return (
        (before.state in OPEN) == (after.state in OPEN)
        and before.assignee == after.assignee
        and before.place is after.place
        and before.category == after.category
        and before.master == after.master
        and before.rulebook == after.rulebook
    )


def _report_key(home: str, report: str) -> str:
    return f"{home} {report}"  # neither has white space


def _same_place(before: Case | None, after: Case | Glimpse | None) -> bool:
    place, then = after and after.place, before and before.place
    return place is then or place == then  # usually the same object, and comparing two is slow


def lately_key(home: str, category: str) -> str:
    """The key of what was reported lately in a home and category."""
    return f"{home} {category}"  # a home has no white space


def _move(counts: dict[_Key, int], old: _Key | None, new: _Key | None) -> None:
    """Count one less of `old` and one more of `new`; forget what reaches zero."""
    if old == new:
        return
    if old is not None:
        counts[old] -= 1
        if not counts[old]:
            del counts[old]
    if new is not None:
        counts[new] = counts.get(new, 0) + 1


def _version(case: Case | Glimpse | None) -> str | None:
    return case.rulebook or None if case is not None else None


def _load_key(case: Case | Glimpse | None) -> tuple[str, str] | None:
    if case is None or case.assignee is None or case.state not in OPEN:
        return None
    return case.home, case.assignee


def _open_key(case: Case | Glimpse | None) -> tuple[str, str] | None:
    if case is None or case.master is not None or case.state not in OPEN:
        return None
    return case.home, case.category

"""Plans a replay: the facts of a file by time, with a definite outcome for each row and fact.

Only sort keys, ids and byte offsets stay in memory (about 300 bytes a row), so that a million rows fit.
"""

from array import array
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from grid36.replay.file.links import Link, masters_of
from grid36.replay.file.reasons import LongMessage, Reason, WrongFile
from grid36.replay.file.rows import PastRow, RowFault
from grid36.replay.file.source import SourceFile
from schemas.command import RecordWhat
from schemas.names import Language, Name
from schemas.report import Department

ORDER: Final = (RecordWhat.OPENED, RecordWhat.ACKNOWLEDGED, RecordWhat.MERGED, RecordWhat.CLOSED)
FEW: Final = 10
"""Of fewer rows all may be unusable by chance."""
SHOWN: Final = 5
"""Rows that are named of those that share a reason."""
_ROW_BITS: Final = 28
_ROW_MASK: Final = (1 << _ROW_BITS) - 1
_EPOCH_MS: Final = 2_208_988_800_000
"""Added to times, so that the year 1900 is not negative."""
_NEVER: Final = -(1 << 62)


@dataclass(frozen=True, slots=True)
class Fact:
    """Something that happened to a past case, at its own time; `into` is the report id of the master (merged)."""

    what: RecordWhat
    row: PastRow
    at_ms: int
    into: str | None = None

    @property
    def by_day(self) -> bool:
        """Only the day is known."""
        return self.what in self.row.by_day


@dataclass(slots=True)
class ReplayTally:
    """Rows that share a reason: how many, the first of them, and the reason of the first."""

    name: str
    """Field of the mapping; empty for a whole row."""
    column: str
    reason: Reason
    count: int = 0
    rows: list[int] = field(default_factory=list)

    def add(self, number: int) -> None:
        """Count one row."""
        self.count += 1
        if len(self.rows) < SHOWN:
            self.rows.append(number)


@dataclass(slots=True)
class ReplayPlan:
    """The order in which a file is replayed: first what is parked, in row order, then the facts by time.

    Facts at the same time follow the order of their rows, and of a life within a row.
    """

    source: SourceFile
    offsets: "array[int]" = field(default_factory=lambda: array("q"))
    parked: list[int] = field(default_factory=list)
    keys: list[int] = field(default_factory=list)
    rows: int = 0
    end: int = 0
    """Byte offset behind the last row."""
    departments: dict[str, Department] = field(default_factory=dict)
    repeats: dict[int, int] = field(default_factory=dict)
    """Rows whose id is used in an earlier row already, and that row."""
    masters: dict[int, str] = field(default_factory=dict)
    """Report id of the last master of each row that is a duplicate."""
    faults: dict[tuple[str, str], ReplayTally] = field(default_factory=dict)
    """Rows that are parked, by column and reason."""
    left_out: dict[tuple[str, str], ReplayTally] = field(default_factory=dict)
    """Facts without which rows come in, by column and reason."""

    def __len__(self) -> int:
        return len(self.parked) + len(self.keys)

    @property
    def first_ms(self) -> int | None:
        """The time of the earliest fact."""
        return _time(self.keys[0]) if self.keys else None

    @property
    def last_ms(self) -> int | None:
        """The time of the latest fact."""
        return _time(self.keys[-1]) if self.keys else None

    def __getitem__(self, index: int) -> Fact | RowFault:
        """What comes at place `index`."""
        if index < len(self.parked):
            number = self.parked[index]
            row = self._row(number)
            if number in self.repeats:
                return self._repeated(row, self.repeats[number])
            if isinstance(row, RowFault):
                return row
            raise self._changed()
        key = self.keys[index - len(self.parked)]
        row = self._row(key & _ROW_MASK)
        if isinstance(row, RowFault):
            raise self._changed()
        what = ORDER[key >> _ROW_BITS & 3]
        return Fact(what, row, _time(key), self.masters.get(row.number) if what is RecordWhat.MERGED else None)

    def counts(self) -> Counter[RecordWhat]:
        """How many facts of each kind there are."""
        return Counter(ORDER[key >> _ROW_BITS & 3] for key in self.keys)

    def usable(self) -> Iterator[PastRow]:
        """The rows that come in, in the order of the file."""
        for _, row in self.source.rows():
            if row.number > self.rows:
                return
            if isinstance(row, PastRow) and row.number not in self.repeats:
                yield row

    def time(self, index: int) -> int | None:
        """When what comes at place `index` happened; None for what is parked."""
        return None if index < len(self.parked) else _time(self.keys[index - len(self.parked)])

    def until(self, until_ms: int | None) -> int:
        """How many places of the order lie at or before `until_ms`."""
        if until_ms is None:
            return len(self)
        low, high = 0, len(self.keys)
        while low < high:
            middle = (low + high) // 2
            low, high = (middle + 1, high) if _time(self.keys[middle]) <= until_ms else (low, middle)
        return len(self.parked) + low

    def raw(self, number: int) -> bytes:
        """The bytes of a row as they stand in the file."""
        end = self.offsets[number] if number < len(self.offsets) else self.end
        return self.source.raw(self.offsets[number - 1], end)

    def _row(self, number: int) -> PastRow | RowFault:
        return self.source.row(number, self.offsets[number - 1])

    def _repeated(self, row: PastRow | RowFault, first: int) -> RowFault:
        return RowFault(row.number, self.source.mapping.id, Reason("id_again", {"id": row.report, "first": first}))

    def _changed(self) -> WrongFile:
        words = Name.of("replay.plan.file_changed")
        return WrongFile(words, file=str(self.source.path))


def make_plan(source: SourceFile, limit: int | None = None) -> ReplayPlan:
    """Read the first `limit` rows (None: all) and put their facts in order."""
    plan = ReplayPlan(source)
    numbers: dict[str, int] = {}
    lives = array("q"), array("q")
    links: list[Link] = []
    for offset, row in source.rows():
        plan.end = offset
        if plan.rows == limit:
            break
        plan.rows += 1
        plan.offsets.append(offset)
        for times in lives:
            times.append(_NEVER)
        if row.report is not None and (first := numbers.setdefault(row.report, row.number)) != row.number:
            plan.repeats[row.number] = first
            row = plan._repeated(row, first)  # noqa: PLW2901
        if isinstance(row, RowFault):
            plan.parked.append(row.number)
            _count(plan.faults, "", row.column, row.reason, row.number)
            continue
        for left in row.left_out:
            _count(plan.left_out, left.field, left.column, left.reason, row.number)
        if row.department is not None:
            plan.departments.setdefault(row.department.code, row.department)
        lives[0][-1], lives[1][-1] = row.reported_ms, _NEVER if row.closed_ms is None else row.closed_ms
        plan.keys.extend(_keys(row))
        if row.merged_into is not None:
            links.append(Link(row.number, row.merged_into))
    else:
        plan.end = source.size
    _merge(plan, links, numbers, *lives)
    plan.keys.sort()
    return plan


def some_come_in(plan: ReplayPlan) -> None:
    """Raise `WrongFile` where a whole file is unusable: parking every row of it helps nobody."""
    if plan.rows < FEW or len(plan.parked) < plan.rows:
        return
    worst = max(plan.faults.values(), key=lambda each: each.count)
    what, remedy = (
        Name(zh=said(Language.ZH), en=said(Language.EN)) for said in (worst.reason.what, worst.reason.remedy)
    )
    counts = {"rows": plan.rows, "column": worst.column, "row": worst.rows[0]}
    raise WrongFile(LongMessage.of("replay.plan.no_row_is_usable", **counts, what=what, remedy=remedy))


def _count(tallies: dict[tuple[str, str], ReplayTally], field: str, column: str, reason: Reason, number: int) -> None:
    tallies.setdefault((column, reason.code), ReplayTally(field, column, reason)).add(number)


def _keys(row: PastRow) -> Iterator[int]:
    times = (row.reported_ms, row.acknowledged_ms, None, row.closed_ms)
    for what, at_ms in enumerate(times):
        if at_ms is not None:
            yield _key(at_ms, row.number, what, row.number)


def _merge(
    plan: ReplayPlan, links: list[Link], numbers: dict[str, int], reported: "array[int]", closed: "array[int]"
) -> None:
    """Add each merge, once both cases are open. Later facts of a merged case are for `cases` to judge."""

    def row_of(report: str) -> int | None:
        number = numbers.get(report)
        return number if number is not None and reported[number - 1] != _NEVER else None

    names = {link.number: link.to for link in links}
    masters, nowhere = masters_of(links, row_of)
    roots = set(masters.values())
    ids = {number: report for report, number in numbers.items() if number in roots}
    for number, master in masters.items():
        at_ms = max(reported[number - 1], reported[master - 1])
        if _NEVER < closed[master - 1] <= at_ms:
            nowhere[number] = Reason("master_closed", {"text": names[number]})
            continue
        plan.masters[number] = ids[master]
        plan.keys.append(_key(at_ms, max(number, master), 2, number))
    column = plan.source.mapping.merged_into or ""
    for number in sorted(nowhere):
        _count(plan.left_out, "merged_into", column, nowhere[number], number)


def _key(at_ms: int, rank: int, what: int, number: int) -> int:
    return (((at_ms + _EPOCH_MS) << _ROW_BITS | rank) << 2 | what) << _ROW_BITS | number


def _time(key: int) -> int:
    return (key >> 2 * _ROW_BITS + 2) - _EPOCH_MS

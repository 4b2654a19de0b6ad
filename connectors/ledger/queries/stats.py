"""The figures of success, by department, category, segment, grid or month.

A cohort is all cases submitted in a period, in their current state. Every accepted report counts once: the stub of a
case that moved to another home is left out; a merged report counts as opened and merged, everything else counts for
its master. Problems, questions, proposals, cases fixed on the spot and imported cases without a place are never added
up; duties have their own figures (`duty_figures.py`).
"""

import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final, Literal, NamedTuple, TypedDict, get_args
from zoneinfo import ZoneInfo

from connectors.ledger.samples import Sampled, counted
from schemas.case import State
from schemas.command import Outcome
from schemas.days import days_between
from schemas.names import Language, Name

By = Literal["department", "category", "segment", "grid", "month", "raised", "kind"]
Kind = Literal[
    "problem", "question", "suggestion", "complaint", "service_request", "proposal", "self_handled", "without_place"
]
KINDS: Final = get_args(Kind)
"""The order of rows: problems first."""


class StatsRow(Sampled):
    """One line of figures. `key` is "" for cases that have none (no place yet, nobody responsible)."""

    key: str
    name: str
    kind: str
    """One of `Kind`: rows of problems come first, then the other kinds."""
    opened: int
    """Accepted reports, including merged and refused ones."""
    closed: int
    on_time: int
    late: int
    open_late: int
    rework: int
    """Cases sent back at least once."""
    merged: int
    refused: int
    above_one_hop: int
    """Cases passed on more than once: each indicates a mistake in a list or by a person."""
    response_rate: float | None
    """Reached in time ÷ accepted cases whose response clock has ended."""
    resolution_rate: float | None
    """Confirmed as solved by their reporter ÷ cases with an answer (valid call-backs)."""
    satisfaction_rate: float | None
    """Satisfied ÷ cases that their reporter rated."""
    self_handled: int
    """Fixed on the spot by their reporter; not part of the times."""
    mean_s: float | None
    p50_s: float | None
    p90_s: float | None
    mean_verifying_s: float | None
    """The part of the mean spent waiting for verification."""
    by_day: int
    """Resolved cases whose source gives dates without times; not part of the times above."""
    mean_days: float | None
    """For those, calendar days to resolve; 0 is the day of the report."""
    p50_days: float | None
    p90_days: float | None


_Period = TypedDict("_Period", {"from": str | None, "to": str | None})


class Stats(_Period):
    """The answer; `from` and `to` are ISO 8601 times in `zone`, None where the period is open."""

    zone: str
    rows: list[StatsRow]


class _Row(NamedTuple):
    state: str
    submitted_ms: int
    department: str | None
    department_name: str | None
    category: str
    kind: str
    raised: int
    segment: str | None
    grid: str | None
    dispatched_ms: int | None
    suspended_ms: int | None
    resolved_ms: int | None
    due_ms: int | None
    on_time: int | None
    by_day: int
    outcome: str | None
    self_handled: int
    sample: str | None
    reworks: int
    verifying_ms: int
    hops: int
    responded: int | None
    solved: int | None
    satisfied: int | None
    master: str | None
    open: int


COLUMNS: Final = ", ".join(_Row._fields)
MOST_HOPS: Final = 1
SELF_HANDLED: Final = "self_handled"
SOLVED: Final = {State.RESOLVED, State.CLOSED}


def stats(
    ledger: sqlite3.Connection,
    by: By,
    from_ms: int | None,
    to_ms: int | None,
    zone: str,
    *,
    kind: str | None = None,
    as_of_ms: int | None,
    names: Mapping[str, Name],
    language: Language,
) -> Stats:
    """Figures of all cases with `from_ms` ≤ submitted < `to_ms`, grouped by kind and `by`: problems first, then the
    largest group first, months and rungs in order. `kind`: this kind only.

    `zone` (IANA) says where months begin. A case is late if it is open and past due at `as_of_ms`, else at `to_ms`,
    else at the last time of the log. `names` are the region's names by category, department, segment or grid; a
    department that another system names differently from the region has that name as its key.
    """
    place = ZoneInfo(zone)
    last = int(ledger.execute("SELECT value FROM meta WHERE key = 'last_ms'").fetchone()[0])
    at = next(time for time in (as_of_ms, to_ms, last) if time is not None)
    query = f"SELECT {COLUMNS} FROM cases WHERE state <> 'moved' AND duty IS NULL"  # noqa: S608 - only names of ours
    times = [("submitted_ms >= ?", from_ms), ("submitted_ms < ?", to_ms)]
    of_kind = "(kind = ? OR sample IS NOT NULL)" if kind == SELF_HANDLED else "kind = ?"
    asked = [(condition, value) for condition, value in (*times, (of_kind, kind)) if value is not None]
    query += "".join(f" AND {condition}" for condition, _ in asked)
    groups: dict[tuple[str, str], _Group] = {}
    for row in map(_Row._make, ledger.execute(query, [value for _, value in asked])):
        key, name = _key(row, by, place, names, language)
        if kind in {None, row.kind}:
            groups.setdefault((row.kind, key), _Group(name, row.kind)).add(row, at, place)
        if row.sample is not None and kind in {None, SELF_HANDLED}:
            groups.setdefault((SELF_HANDLED, key), _Group(name, SELF_HANDLED)).samples.append(row.sample)
    inside = (
        dict.fromkeys(groups, 0) if by in {"month", "raised"} else {at: -each.opened for at, each in groups.items()}
    )
    order = sorted(groups.items(), key=lambda item: (_rank(item[0][0]), item[0][0], inside[item[0]], item[0][1]))
    return {
        "from": _iso(from_ms, place),
        "to": _iso(to_ms, place),
        "zone": zone,
        "rows": [group.figures(key) for (_, key), group in order],
    }


def _rank(kind: str) -> int:
    return KINDS.index(kind) if kind in KINDS else len(KINDS)


def _key(row: _Row, by: By, place: ZoneInfo, names: Mapping[str, Name], language: Language) -> tuple[str, str]:
    if by == "month":
        month = datetime.fromtimestamp(row.submitted_ms / 1000, place).strftime("%Y-%m")
        return month, month
    if by == "raised":
        return str(row.raised), _rung(row.raised).to(language)
    code = getattr(row, by) or ""
    name = names.get(code)
    if by == "department" and row.department_name and not (name and row.department_name in (name.zh, name.en)):
        return row.department_name, row.department_name
    return code, name.to(language) if name else code


def _rung(raised: int) -> Name:
    if not raised:
        return Name.of("words.rung.none")
    return Name.of("words.rung.raised", rung=raised)


@dataclass(slots=True)
class _Group:
    name: str
    kind: str
    opened: int = 0
    closed: int = 0
    on_time: int = 0
    late: int = 0
    open_late: int = 0
    rework: int = 0
    merged: int = 0
    refused: int = 0
    self_handled: int = 0
    samples: list[str] = field(default_factory=list)
    above_one_hop: int = 0
    responded: list[int] = field(default_factory=list)
    solved: list[int] = field(default_factory=list)
    satisfied: list[int] = field(default_factory=list)
    verifying_ms: int = 0
    times_ms: list[int] = field(default_factory=list)
    days: list[int] = field(default_factory=list)

    def add(self, row: _Row, at_ms: int, place: ZoneInfo) -> None:
        """Count one case; `place` says when days begin."""
        self.opened += 1
        if row.master is not None:
            self.merged += 1
            return
        self.closed += row.state == State.CLOSED
        self.refused += row.state == State.REFUSED
        self.rework += row.reworks > 0
        self.above_one_hop += row.hops > MOST_HOPS
        for words, word in (
            (self.responded, row.responded),
            (self.solved, row.solved),
            (self.satisfied, row.satisfied),
        ):
            if word is not None:
                words.append(word)
        self.self_handled += row.self_handled
        self.open_late += is_late(row, at_ms)
        if row.self_handled or row.resolved_ms is None or row.state not in SOLVED or row.outcome == Outcome.WITHDRAWN:
            return
        if row.by_day:
            self.days.append(days_between(row.submitted_ms, row.resolved_ms, place))
        else:
            self.times_ms.append(row.resolved_ms - row.submitted_ms)
            self.verifying_ms += row.verifying_ms
        if row.due_ms is not None and row.on_time is not None:
            self.on_time += row.on_time
            self.late += not row.on_time

    def figures(self, key: str) -> StatsRow:
        """The line of this group; times are None when nothing was resolved."""
        times, days = sorted(self.times_ms), sorted(self.days)
        return {
            "key": key,
            "name": self.name,
            "kind": self.kind,
            "opened": self.opened,
            "closed": self.closed,
            "on_time": self.on_time,
            "late": self.late,
            "open_late": self.open_late,
            "rework": self.rework,
            "merged": self.merged,
            "refused": self.refused,
            "above_one_hop": self.above_one_hop,
            "response_rate": _rate(self.responded),
            "resolution_rate": _rate(self.solved),
            "satisfaction_rate": _rate(self.satisfied),
            "self_handled": self.self_handled,
            **counted(self.samples),
            "mean_s": round(sum(times) / len(times) / 1000, 3) if times else None,
            "p50_s": percentile_s(times, 0.5),
            "p90_s": percentile_s(times, 0.9),
            "mean_verifying_s": round(self.verifying_ms / len(times) / 1000, 3) if times else None,
            "by_day": len(days),
            "mean_days": round(sum(days) / len(days), 3) if days else None,
            "p50_days": _percentile(days, 0.5),
            "p90_days": _percentile(days, 0.9),
        }


def _rate(words: Sequence[int]) -> float | None:
    return round(sum(words) / len(words), 4) if words else None


def is_late(row: _Row, at_ms: int) -> bool:
    """Open, not resolved, and past due; a suspended case's clock stops, so it is late only if it was before."""
    if not row.open or row.state == State.RESOLVED or row.due_ms is None:
        return False
    return row.due_ms < (at_ms if row.suspended_ms is None else min(at_ms, row.suspended_ms))


def percentile_s(times_ms: Sequence[int], share: float) -> float | None:
    """The percentile of ascending milliseconds, in seconds, linear between ranks (inclusive); None if empty."""
    return _percentile(times_ms, share, 1000)


def _percentile(ascending: Sequence[int], share: float, per: int = 1) -> float | None:
    if not ascending:
        return None
    rank = share * (len(ascending) - 1)
    low = int(rank)
    high = min(low + 1, len(ascending) - 1)
    return round((ascending[low] + (ascending[high] - ascending[low]) * (rank - low)) / per, 3)


def _iso(time_ms: int | None, place: ZoneInfo) -> str | None:
    return None if time_ms is None else datetime.fromtimestamp(time_ms / 1000, place).isoformat()

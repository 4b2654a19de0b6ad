"""The figures of success, by department, category, segment, grid or month.

A cohort is all cases submitted in a period, in their current state. Every accepted report counts once: the stub of a
case that moved to another home is left out; a merged report counts as opened and merged, everything else counts for
its master. Problems, questions, proposals, remedies, cases fixed on the spot and imported cases without a place are
never added up; duties have their own figures (`duty_figures.py`).
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from typing import Final, Literal, TypedDict, get_args
from zoneinfo import ZoneInfo

from connectors.ledger.percentiles import MIDDLE, MOST, percentile
from connectors.ledger.queries.statistics.group import Cohort, FigureGroup, collect
from connectors.ledger.queries.stats_totals import By, Of, samples_of, spans
from connectors.ledger.samples import Sampled, counted
from connectors.ledger.span import Span
from connectors.ledger.sql import LedgerRows
from schemas.names import Language, Name
from schemas.remit import WHOLE, Remit

Kind = Literal[
    "problem", "question", "suggestion", "complaint", "service_request", "proposal", "remedy", "self_handled",
    "without_place",
]  # fmt: skip
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
    """How long the same cases waited for verification, the wait after the last resolution included; mean."""
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


SELF_HANDLED: Final = "self_handled"


def stats(
    ledger: LedgerRows,
    by: By,
    from_ms: int | None,
    to_ms: int | None,
    zone: str,
    *,
    kind: str | None = None,
    within: Remit = WHOLE,
    as_of_ms: int | None,
    names: Mapping[str, Name],
    language: Language,
) -> Stats:
    """Figures of all cases with `from_ms` ≤ submitted < `to_ms`, grouped by kind and `by`: problems first, then the
    largest group first, months and rungs in order. `kind`: this kind only. `within`: this part of the region only.

    `zone` (IANA) says where months begin. A case is late if it is open and past due at `as_of_ms`, else at `to_ms`,
    else at the last time of the log. `names` are the region's names by category, department, segment or grid; a
    department that another system names differently from the region has that name as its key.
    """
    place = ZoneInfo(zone)
    last = int(ledger.execute("SELECT value FROM meta WHERE key = 'last_ms'").fetchone()[0])
    at = next(time for time in (as_of_ms, to_ms, last) if time is not None)
    groups: dict[tuple[str, str], _Group] = {}
    for span in spans(ledger, by, Span(from_ms, to_ms, within=within), place):
        found: dict[tuple[str, str], _Group] = {}

        @cache
        def group(of: Of, month: str = span.month, found: dict[tuple[str, str], _Group] = found) -> _Group:
            key, name = _key(by, month, of, names, language)
            return found.setdefault((of.kind, key), _Group(name=name, kind=of.kind))

        collect(ledger, Cohort(by, span, kind, at, place), lambda of: (group(of),))
        for of, sample, count in samples_of(ledger, by, span) if kind in {None, SELF_HANDLED} else ():
            group(of._replace(kind=SELF_HANDLED)).samples[sample] += count
        groups |= found  # a month is a span of its own
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


def _key(by: By, month: str, of: Of, names: Mapping[str, Name], language: Language) -> tuple[str, str]:
    """Key and name of a group."""
    if by == "month":
        return month, month
    if by == "raised":
        return str(of.code), _rung(int(of.code)).to(language)
    name = names.get(of.code)
    if of.label and not (name and of.label in (name.zh, name.en)):
        return of.label, of.label
    return of.code, name.to(language) if name else of.code


def _rung(raised: int) -> Name:
    if not raised:
        return Name.of("words.rung.none")
    return Name.of("words.rung.raised", rung=raised)


@dataclass(slots=True)
class _Group(FigureGroup):
    name: str = ""
    kind: str = ""
    samples: Counter[str] = field(default_factory=Counter)

    def _rate(self, name: str) -> float | None:
        judged = self.sums[f"{name}_judged"]
        return round(self.sums[name] / judged, 4) if judged else None

    def figures(self, key: str) -> StatsRow:
        """The line of this group; times are None when nothing was resolved."""
        sums, times, days = self.sums, self.times_ms, sorted(self.days)
        return {
            "key": key,
            "name": self.name,
            "kind": self.kind,
            "opened": sums["opened"],
            "closed": sums["closed"],
            "on_time": sums["on_time"],
            "late": sums["judged"] - sums["on_time"],
            "open_late": sums["open_late"],
            "rework": sums["rework"],
            "merged": sums["merged"],
            "refused": sums["refused"],
            "above_one_hop": sums["above_one_hop"],
            "response_rate": self._rate("responded"),
            "resolution_rate": self._rate("solved"),
            "satisfaction_rate": self._rate("satisfied"),
            "self_handled": sums["self_handled"],
            **counted(self.samples),
            "mean_s": round(sums["took_ms"] / times.total / 1000, 3) if times.total else None,
            "p50_s": times.percentile(MIDDLE, 1000),
            "p90_s": times.percentile(MOST, 1000),
            "mean_verifying_s": round(sums["verifying_ms"] / times.total / 1000, 3) if times.total else None,
            "by_day": len(days),
            "mean_days": round(sum(days) / len(days), 3) if days else None,
            "p50_days": percentile(days, MIDDLE),
            "p90_days": percentile(days, MOST),
        }


def _iso(time_ms: int | None, place: ZoneInfo) -> str | None:
    return None if time_ms is None else datetime.fromtimestamp(time_ms / 1000, place).isoformat()

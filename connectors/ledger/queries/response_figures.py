"""Figures of departments that are called 报到: report-ins due, in time, and the street's ratings.

A cohort is all calls made in a period, in their current state. A step is due once it was done or its limit passed, even
if the case was resolved or closed before: closing early improves no rate. Only if nothing was left to come for, because
the case was withdrawn, refused or merged, are steps that were not due by then released.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from statistics import median
from types import MappingProxyType
from typing import Any, Literal, TypedDict
from zoneinfo import ZoneInfo

from pydantic_core import from_json

from connectors.ledger.calls import RATED, was_due, was_in_time
from connectors.ledger.queries.cases import Ledger
from connectors.ledger.reader import meta
from connectors.ledger.remit_sql import among
from connectors.ledger.sql import LedgerRows
from schemas.joint import ReportInStep
from schemas.names import Language, Name
from schemas.remit import WHOLE, Remit

Cause = Literal["whistle", "list", "any"]


class StepFigures(TypedDict):
    """One step of reporting in: how many were due, and how many of these were in time."""

    due: int
    on_time: int
    rate: float | None
    median_ms: int | None
    """From the call to the step, for departments that did it; None if none did."""


class ReportInRow(TypedDict):
    """One department. `rate`: report-ins (attended) in time ÷ report-ins due; None where none was due."""

    key: str
    name: str
    called: int
    due: int
    on_time: int
    rate: float | None
    steps: dict[str, StepFigures]
    rated: int
    not_rated: int
    """Report-ins not rated within the window."""
    cooperation: float | None
    professionalism: float | None
    responsibility: float | None


_Period = TypedDict("_Period", {"from": str | None, "to": str | None})


class ReportIns(_Period):
    """The answer; `from` and `to` are ISO 8601 times in `zone`, None where the period is open. `total` is all of it."""

    zone: str
    called_by: Cause
    rows: list[ReportInRow]
    total: ReportInRow


def report_ins(
    ledger: Ledger,
    from_ms: int | None = None,
    to_ms: int | None = None,
    zone: str = "UTC",
    *,
    cause: Cause = "whistle",
    within: Remit = WHOLE,
    as_of_ms: int | None = None,
    names: Mapping[str, Name] = MappingProxyType({}),
    language: Language = Language.ZH,
) -> ReportIns:
    """Figures of all calls with `from_ms` ≤ called < `to_ms`, by department, the most called first.

    `within`: only calls for cases in its grids, and calls to its departments. Limits have passed as of `as_of_ms`, else
    of the last time of the log.
    """
    with ledger.snapshot() as connection:
        at_ms = int(meta(connection, "last_ms")) if as_of_ms is None else as_of_ms
        return figures(
            connection, at_ms, from_ms, to_ms, zone, cause=cause, within=within, names=names, language=language
        )


def figures(
    connection: LedgerRows,
    now_ms: int,
    from_ms: int | None,
    to_ms: int | None,
    zone: str,
    *,
    cause: Cause,
    within: Remit = WHOLE,
    names: Mapping[str, Name],
    language: Language,
) -> ReportIns:
    """The same as of `now_ms`, which decides what limits and rating windows have passed."""
    groups, total = dict[str, _Group](), _Group("")
    asked: dict[str, object] = {"now": now_ms, "from": from_ms, "to": to_ms, "cause": cause}
    asked |= {"grids": among(within.grids), "departments": among(within.departments)}
    for code, own, *values in connection.execute(_query(from_ms, to_ms, cause, within), asked):
        groups[code] = _Group(names[code].to(language) if code in names else own)
        groups[code].add(values)
        total.add(values)
    place = ZoneInfo(zone)
    ordered = sorted(groups.items(), key=lambda pair: (-pair[1].called, pair[0]))
    return {
        "from": _iso(from_ms, place),
        "to": _iso(to_ms, place),
        "zone": zone,
        "called_by": cause,
        "rows": [group.row(code) for code, group in ordered],
        "total": total.row(""),
    }


def _query(from_ms: int | None, to_ms: int | None, cause: Cause, within: Remit) -> str:
    """What the calls of each department add up to, in the order in which `_Group.add` takes it."""
    where = ["called_ms >= :from"] * (from_ms is not None) + ["called_ms < :to"] * (to_ms is not None)
    where += ["cause = :cause"] * (cause != "any")
    if not within.everything:
        parts = {"grid": "grids", "code": "departments"}
        inside = (f"{name} IN (SELECT value FROM json_each(:{given}))" for name, given in parts.items())  # noqa: S608
        where.append(f"({' OR '.join(inside)})")
    steps = ", ".join(map(_step, ReportInStep))
    scores = ", ".join(f"coalesce(sum({name}), 0)" for name in RATED)
    return (
        f"SELECT code, max(name), count(*), {steps}, count(cooperation), {scores},"  # noqa: S608 - names of ours
        " count(*) FILTER (WHERE cooperation IS NULL AND rate_until_ms < :now)"
        f" FROM calls WHERE {' AND '.join(where or ['true'])} GROUP BY code"
    )


def _step(step: ReportInStep) -> str:
    took = f"group_concat(CASE WHEN {step}_due IS NOT NULL THEN {step}_done - called_ms END)"
    return f"count(*) FILTER (WHERE {was_due(step, ':now')}), count(*) FILTER (WHERE {was_in_time(step)}), {took}"


@dataclass(slots=True)
class _Group:
    name: str
    called: int = 0
    due: Counter[ReportInStep] = field(default_factory=Counter)
    on_time: Counter[ReportInStep] = field(default_factory=Counter)
    took_ms: dict[ReportInStep, list[int]] = field(default_factory=lambda: {step: [] for step in ReportInStep})
    rated: int = 0
    scores: Counter[str] = field(default_factory=Counter)
    not_rated: int = 0

    def add(self, values: Sequence[Any]) -> None:
        """Count the calls of a department."""
        called, *rest = values
        self.called += called
        for n, step in enumerate(ReportInStep):
            due, on_time, took = rest[3 * n : 3 * n + 3]
            self.due[step] += due
            self.on_time[step] += on_time
            self.took_ms[step] += from_json(f"[{took or ''}]")
        rated, *scores, not_rated = rest[3 * len(ReportInStep) :]
        self.rated += rated
        self.scores.update(dict(zip(RATED, scores, strict=True)))
        self.not_rated += not_rated

    def row(self, key: str) -> ReportInRow:
        """The line of this group."""
        attend = self._step(ReportInStep.ATTEND)
        return {
            "key": key,
            "name": self.name,
            "called": self.called,
            "due": attend["due"],
            "on_time": attend["on_time"],
            "rate": attend["rate"],
            "steps": {step.value: self._step(step) for step in ReportInStep},
            "rated": self.rated,
            "not_rated": self.not_rated,
            "cooperation": self._mean("cooperation"),
            "professionalism": self._mean("professionalism"),
            "responsibility": self._mean("responsibility"),
        }

    def _step(self, step: ReportInStep) -> StepFigures:
        due, on_time, took = self.due[step], self.on_time[step], self.took_ms[step]
        rate = round(on_time / due, 4) if due else None
        return {"due": due, "on_time": on_time, "rate": rate, "median_ms": round(median(took)) if took else None}

    def _mean(self, name: str) -> float | None:
        return round(self.scores[name] / self.rated, 2) if self.rated else None


def _iso(t_ms: int | None, zone: ZoneInfo) -> str | None:
    return None if t_ms is None else datetime.fromtimestamp(t_ms / 1000, zone).isoformat()

"""Figures of departments that are called 报到: report-ins due, in time, and the street's ratings.

A cohort is all calls made in a period, in their current state. A step is due once it was done or its limit passed, even
if the case was resolved or closed before: closing early improves no rate. Only if nothing was left to come for, because
the case was withdrawn, refused or merged, are steps that were not due by then released.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from statistics import median
from types import MappingProxyType
from typing import Any, Final, Literal, TypedDict
from zoneinfo import ZoneInfo

from connectors.ledger.queries.cases import Ledger
from schemas.case import State
from schemas.command import Outcome
from schemas.joint import ASSISTS, Assist, ReportInStep, Scores
from schemas.names import Language, Name
from schemas.remit import WHOLE, Remit

CALLED: Final = """
SELECT json_extract(doc, '$.assists'), state, master, outcome, grid
FROM cases INDEXED BY cases_last_called CROSS JOIN docs USING (id)
WHERE called_ms >= ? AND whistled >= ? AND state <> 'moved'
"""
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
    names: Mapping[str, Name] = MappingProxyType({}),
    language: Language = Language.ZH,
) -> ReportIns:
    """Figures of all calls with `from_ms` ≤ called < `to_ms`, by department, the most called first.

    `within`: only calls for cases in its grids, and calls to its departments.
    """
    with ledger.snapshot() as connection:
        found = connection.execute(CALLED, (-1 if from_ms is None else from_ms, cause == "whistle"))
        calls = (
            (call, _released({"state": state, "master": master, "outcome": outcome}))
            for assists, state, master, outcome, grid in found
            for call in ASSISTS.validate_json(assists)
            if within.has_grid(grid) or call.department.code in within.departments
        )
        chosen = [
            (call, released)
            for call, released in calls
            if cause in {"any", call.cause}
            and (from_ms is None or from_ms <= call.called_ms)
            and (to_ms is None or call.called_ms < to_ms)
        ]
    return figures(chosen, ledger.last_ms(), from_ms, to_ms, zone, cause=cause, names=names, language=language)


def _released(doc: Mapping[str, Any]) -> bool:
    """True if the case leaves nothing for a department to come for."""
    ended = doc["state"] in {State.REFUSED, State.MERGED} or doc.get("master") is not None
    return ended or doc.get("outcome") == Outcome.WITHDRAWN


def figures(
    calls: Iterable[tuple[Assist, bool]],
    now_ms: int,
    from_ms: int | None,
    to_ms: int | None,
    zone: str,
    *,
    cause: Cause,
    names: Mapping[str, Name],
    language: Language,
) -> ReportIns:
    """The same for given calls, each with whether it was released.

    `now_ms` decides which limits and rating windows have passed.
    """
    groups: dict[str, _Group] = {}
    total = _Group("")
    for call, released in calls:
        code = call.department.code
        name = names[code].to(language) if code in names else call.department.name
        for group in (groups.setdefault(code, _Group(name)), total):
            group.add(call, now_ms, released=released)
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


@dataclass(slots=True)
class _Group:
    name: str
    called: int = 0
    due: dict[ReportInStep, int] = field(default_factory=lambda: dict.fromkeys(ReportInStep, 0))
    on_time: dict[ReportInStep, int] = field(default_factory=lambda: dict.fromkeys(ReportInStep, 0))
    took_ms: dict[ReportInStep, list[int]] = field(default_factory=lambda: {step: [] for step in ReportInStep})
    scores: list[Scores] = field(default_factory=list)
    not_rated: int = 0

    def add(self, call: Assist, now_ms: int, *, released: bool) -> None:
        """Count one call."""
        self.called += 1
        for step, due_ms in call.due.items():
            done_ms = call.done.get(step)
            over = due_ms < now_ms and not released
            self.due[step] += done_ms is not None or step in call.missed or over
            self.on_time[step] += done_ms is not None and done_ms <= due_ms
            if done_ms is not None:
                self.took_ms[step].append(done_ms - call.called_ms)
        if call.scores is not None:
            self.scores.append(call.scores)
        elif call.rate_until_ms is not None and call.rate_until_ms < now_ms:
            self.not_rated += 1

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
            "rated": len(self.scores),
            "not_rated": self.not_rated,
            "cooperation": self._mean([each.cooperation for each in self.scores]),
            "professionalism": self._mean([each.professionalism for each in self.scores]),
            "responsibility": self._mean([each.responsibility for each in self.scores]),
        }

    def _step(self, step: ReportInStep) -> StepFigures:
        due, on_time, took = self.due[step], self.on_time[step], self.took_ms[step]
        rate = round(on_time / due, 4) if due else None
        return {"due": due, "on_time": on_time, "rate": rate, "median_ms": round(median(took)) if took else None}

    @staticmethod
    def _mean(scores: list[int]) -> float | None:
        return round(sum(scores) / len(scores), 2) if scores else None


def _iso(t_ms: int | None, zone: ZoneInfo) -> str | None:
    return None if t_ms is None else datetime.fromtimestamp(t_ms / 1000, zone).isoformat()

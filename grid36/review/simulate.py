"""`grid36 rules simulate`: decides each report of a CSV file, as in an empty street where everybody is on duty."""

import csv
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Final
from zoneinfo import ZoneInfo

from grid36.files.whole_file import whole_file
from grid36.review.simulation_rows import BadCell, Line, report_in
from rules.book.compiled_rulebook import CompiledRulebook
from rules.decision.draft import Decision
from rules.review.dry_run import outcome, rehearse
from rules.tables.index import IndexMatcher
from schemas.case import Deadline
from schemas.clock import CaseMilestone
from schemas.event import Because
from schemas.names import Language, Name
from texts.catalogue import say

ANSWERS: Final = (
    "outcome", "category", "subcategory", "words", "assignee", "department", "accept_at", "respond_at", "due_at",
    "milestones", "gap", "row", "row_number", "code", "zh", "en",
)  # fmt: skip
_CLOCKS: Final = {"accept_at": Deadline.ACCEPT, "respond_at": Deadline.RESPOND, "due_at": Deadline.RESOLVE}
MOST_SHOWN: Final = 20
MATCHER: Final = IndexMatcher.__name__
"""What finds the rows of the tables here; a running system asks durable-rules, which gives the same rows."""


@dataclass(frozen=True, slots=True)
class Bad:
    """A row that is no report; `row` as a spreadsheet counts, the header is row 1."""

    row: int
    column: str
    value: str
    why: Name


@dataclass(frozen=True, slots=True)
class SimulatedDecision:
    """What would become of a row; times are ISO 8601 in the region's zone, None where no clock runs."""

    row: int
    outcome: str
    category: str | None
    subcategory: str | None
    words: tuple[str, ...]
    """The words that gave the category; none where it was named."""
    assignee: str | None
    department: str | None
    clocks: Mapping[str, str | None]
    milestones: Mapping[str, str]
    """When each milestone is due, by its id."""
    gap: bool
    because: Because

    def as_row(self) -> dict[str, Any]:
        """For programs."""
        why = self.because
        plain = ("outcome", "category", "subcategory", "assignee", "department")
        return {
            "line": self.row,
            **{name: getattr(self, name) for name in plain},
            "words": list(self.words),
            **self.clocks,
            "milestones": dict(self.milestones),
            "gap": self.gap,
            "row": why.row,
            "row_number": why.row_number,
            "code": why.code,
            "zh": why.zh,
            "en": why.en,
        }


def simulated(lines: Iterable[Line], book: CompiledRulebook, t_ms: int) -> Iterator[SimulatedDecision | Bad]:
    """Each row decided at its own time, or at `t_ms`."""
    zone = ZoneInfo(book.region.zone)
    for number, cells in lines:
        try:
            report = report_in({name: text.strip() for name, text in cells.items() if name}, zone, t_ms)
        except BadCell as bad:
            yield Bad(number, bad.column, cells.get(bad.column, ""), bad.why)
            continue
        yield _decided(number, rehearse(report, book, report.received_ms), zone)


def _decided(number: int, decision: Decision, zone: ZoneInfo) -> SimulatedDecision:
    draft, opened = outcome(decision), decision.drafts[0]
    assert draft.because is not None, "every decision has a reason"
    now = draft.now
    department, deadlines = now.get("department"), now.get("deadlines", {})
    steps: tuple[CaseMilestone, ...] = now.get("milestones", ())
    return SimulatedDecision(
        number,
        draft.type.value,
        opened.now.get("category"),
        opened.now.get("subcategory"),
        tuple(opened.facts.get("words") or ()),
        now.get("assignee"),
        department.code if department is not None else None,
        {name: _iso(deadlines.get(clock), zone) for name, clock in _CLOCKS.items()},
        {step.id: _iso(step.due_ms, zone) or "" for step in steps},
        bool(now.get("gap")),
        draft.because,
    )


def _iso(at_ms: int | None, zone: ZoneInfo) -> str | None:
    return None if at_ms is None else datetime.fromtimestamp(at_ms / 1000, zone).isoformat(timespec="minutes")


def as_answer(results: Iterable[SimulatedDecision | Bad], language: Language) -> dict[str, Any]:
    """For `--json`: every row, and every row that is no report."""
    listed = list(results)
    bad = [each for each in listed if isinstance(each, Bad)]
    decided = [each for each in listed if isinstance(each, SimulatedDecision)]
    return {
        "rows": [each.as_row() for each in decided],
        "bad": [{"line": b.row, "column": b.column, "value": b.value, "why": b.why.to(language)} for b in bad],
        "counts": dict(Counter(each.outcome for each in decided)),
        "gaps": sum(each.gap for each in decided),
        "matcher": MATCHER,
    }


def as_lines(answer: Mapping[str, Any], language: Language) -> list[str]:
    """For people: the first rows, all that are no reports, and how many went where."""
    lines = [_line(row, language) for row in answer["rows"][:MOST_SHOWN]]
    if (more := len(answer["rows"]) - MOST_SHOWN) > 0:
        lines.append(say(language, "review.simulate.more", more=more))
    for bad in answer["bad"]:
        where = say(language, "review.simulate.where", line=bad["line"], column=bad["column"])
        lines.append(f"{where}: “{bad['value']}” {bad['why']}")
    counts = [f"{name} {count}" for name, count in answer["counts"].items()]
    counts += [say(language, "review.simulate.fallback", count=answer["gaps"])] if answer["gaps"] else []
    counts += [say(language, "review.simulate.unreadable", count=len(answer["bad"]))] if answer["bad"] else []
    if answer["rows"]:
        lines.append(say(language, "review.simulate.matcher"))
    return [*lines, say(language, "review.comma").join(counts) or say(language, "review.simulate.no_rows")]


def _line(row: Mapping[str, Any], language: Language) -> str:
    who = " ".join(str(row[name]) for name in ("assignee", "department") if row[name])
    what = row["subcategory"] or row["category"] or ""
    text = f"{row['line']:>5}  {row['outcome']:<18} {what:<16} {who:<32} {row[language.value[:2]]}".rstrip()
    clocks = [f"{name.removesuffix('_at')} {row[name]}" for name in _CLOCKS if row[name]]
    clocks += [f"{step} {due}" for step, due in row["milestones"].items()]
    return f"{text}\n       {'  '.join(clocks)}" if clocks else text


def write_csv(path: Path, lines: Iterable[Line], answer: Mapping[str, Any]) -> None:
    """The rows as they came, each with what became of it; a spreadsheet opens it as it is."""
    by_line: dict[int, dict[str, Any]] = {row["line"]: row for row in answer["rows"]}
    by_line |= {bad["line"]: {"outcome": "unreadable", "zh": f"{bad['column']}: {bad['why']}"} for bad in answer["bad"]}
    listed = list(lines)
    names = [name for name in (listed[0][1] if listed else ()) if name]
    with whole_file(path) as new, new.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow([*names, *(f"-> {name}" for name in ANSWERS)])
        for number, cells in listed:
            answered = by_line[number]
            writer.writerow([*(cells[name] for name in names), *(_cell(answered.get(name)) for name in ANSWERS)])


def _cell(answer: Any) -> Any:
    """An answer as one cell."""
    match answer:
        case dict():
            return "; ".join(f"{name} {value}" for name, value in answer.items())
        case list():
            return "; ".join(answer)
    return answer

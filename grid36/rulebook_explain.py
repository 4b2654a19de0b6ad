"""`grid36 rules explain`: why a case went where it went, or where a report that nobody sent would go."""

import time
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from rules.book import Book
from rules.explain import Explanation, Lost, explain, who_matched
from rules.index import IndexMatcher
from rules.places import RegionIndex
from rules.rehearsal import outcome, rehearse
from schemas.content import content_address
from schemas.event import Because, Event, EventType
from schemas.names import Language, Name
from schemas.region import Region
from schemas.report import Report
from schemas.rulebook import Rulebook

_E = EventType
DECIDES = frozenset({_E.DISPATCHED, _E.OFFERED, _E.ADMISSION_REQUESTED, _E.REFUSED, _E.MERGED, _E.INFORMATION_NEEDED})
"""Events that say what became of a report."""


@dataclass(frozen=True, slots=True)
class Explained:
    """What was decided, in the words of the case, and why."""

    outcome: str
    decided: dict[str, Any]
    why: Explanation


def book_of(region: Region, rulebook: Rulebook) -> Book:
    """A book that decides without the engine: the same rows, by construction."""
    matcher = IndexMatcher(rulebook.tables)
    return Book(region, rulebook, content_address(rulebook), RegionIndex(region), matcher)


def explain_report(report: Report, book: Book, t_ms: int) -> Explained:
    """A report that nobody sent, decided at `t_ms` as in an empty street where everybody is on duty."""
    draft = outcome(rehearse(report, book, t_ms))
    return _explained(draft.type, draft.because, draft.now, book.rulebook)


def explain_events(timeline: list[Event], rulebook: Rulebook | None) -> Explained | None:
    """The last decision in the timeline of a case; None before there is one. `rulebook` is that of its version."""
    decisions = [event for event in timeline if event.type in DECIDES and event.because is not None]
    if not decisions:
        return None
    last = decisions[-1]
    ruled = [event for event in decisions if event.because and event.because.version]
    shown = ruled[-1] if ruled else last
    return _explained(shown.type, shown.because, shown.now, rulebook)


def version_of(timeline: list[Event]) -> str | None:
    """Version of the rulebook that decided last."""
    versions = [event.because.version for event in timeline if event.because is not None and event.because.version]
    return versions[-1] if versions else None


def _explained(kind: EventType, because: Because | None, now: dict[str, Any], rulebook: Rulebook | None) -> Explained:
    assert because is not None, "every decision has a reason"
    item = now.get("item")
    why = Explanation(because) if rulebook is None else explain(because, rulebook, str(item) if item else None)
    return Explained(kind.value, now, why)


def as_answer(explained: Explained) -> dict[str, Any]:
    """For `--json`: both languages."""
    why, now = explained.why, explained.decided
    item = why.item
    return {
        "outcome": explained.outcome,
        "sentence": {"zh": why.because.zh, "en": why.because.en},
        "code": why.because.code,
        "version": why.because.version,
        "row": why.because.row,
        "row_number": why.because.row_number,
        "note": why.note,
        "facts": [{"fact": met.fact, "value": met.value, "cell": met.cell} for met in why.met],
        "lost": [_row(lost) for lost in why.lost],
        "near": [_row(lost) for lost in why.near],
        "item": item and {"id": item.id, "name": item.name.model_dump(), "basis": item.basis},
        "assignee": now.get("assignee"),
        "department": _code(now.get("department")),
        "gap": bool(now.get("gap")),
        "deadlines": {str(name): at for name, at in (now.get("deadlines") or {}).items()},
    }


def _row(lost: Lost) -> dict[str, Any]:
    return {"row": lost.row, "number": lost.number, "why": lost.why.model_dump()}


def _code(department: Any) -> str | None:
    found = department.get("code") if isinstance(department, dict) else getattr(department, "code", None)
    return None if found is None else str(found)


_WIDE = 15
_HEADS = {
    "sentence": Name(zh="答复", en="sentence"),
    "row": Name(zh="依据", en="decided by"),
    "facts": Name(zh="事实", en="facts"),
    "lost": Name(zh="未胜出", en="lost"),
    "near": Name(zh="差一项", en="missed by one"),
    "item": Name(zh="清单事项", en="list item"),
    "who": Name(zh="责任人", en="assignee"),
    "due": Name(zh="时限", en="deadlines"),
    "version": Name(zh="规则版本", en="version"),
}


def as_lines(explained: Explained, language: Language, zone: str) -> list[str]:
    """For people, in one language; the sentence for the citizen in both."""
    why, now = explained.why, explained.decided
    lines = [("sentence", why.because.zh), ("", why.because.en)]
    if why.because.version:
        note = f"（{why.note}）" if why.note else ""
        lines += [("version", why.because.version[:8]), ("row", who_matched(why.because).to(language) + note)]
    lines += _many("facts", [f"{m.fact} = {'?' if m.value is None else m.value}   [{m.cell}]" for m in why.met])
    lines += _many("lost", [f"{lost.number} {lost.row}: {lost.why.to(language)}" for lost in why.lost])
    lines += _many("near", [f"{lost.number} {lost.row}: {lost.why.to(language)}" for lost in why.near])
    if why.item:
        lines.append(("item", f"{why.item.id} {why.item.name.to(language)} {why.item.basis}".rstrip()))
    if now.get("assignee"):
        lines.append(("who", f"{now['assignee']} {_code(now.get('department')) or ''}".rstrip()))
    due = [f"{name} {_time(at, zone)}" for name, at in (now.get("deadlines") or {}).items()]
    lines += _many("due", due)
    return [_padded(_HEADS[head].to(language) if head else "") + text for head, text in lines]


def _padded(head: str) -> str:
    """A Chinese character is as wide as two letters."""
    return head + " " * (_WIDE - len(head) - sum(not c.isascii() for c in head))


def _many(head: str, texts: list[str]) -> list[tuple[str, str]]:
    return [(head if i == 0 else "", text) for i, text in enumerate(texts)]


def _time(at_ms: int, zone: str) -> str:
    return datetime.fromtimestamp(at_ms / 1000, ZoneInfo(zone)).strftime("%Y-%m-%d %H:%M")


def now_ms() -> int:
    """The time of this machine."""
    return int(time.time() * 1000)

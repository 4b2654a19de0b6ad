"""The admission gate 准入: a task that a department pushes down must be on the list, else it is refused or waits.

A cited item is valid when it is on the list of this level, is not refused there, names the department as lead or
assistant, and fits the words of the task. An officer who does not declare the task as pushed down is recognised.
"""

import re
from dataclasses import dataclass
from typing import Final

from rules.book.compiled_rulebook import CompiledRulebook
from rules.book.reasons import because
from rules.facts.categories import Categorised
from schemas.case import Case
from schemas.event import Because
from schemas.items import Item, Verdict
from schemas.names import Name
from schemas.people import Role
from schemas.report import Report, ReportKind
from schemas.rulebook import OffList

_ASKED: Final = frozenset({ReportKind.QUESTION, ReportKind.COMPLAINT, ReportKind.SUGGESTION})
"""Kinds of report that push no work down: an officer may send them like anybody."""

_PARTS: Final = re.compile(r"(?=([\u3400-\u9fff]{2}))").findall
"""All pairs of adjacent Chinese characters."""
_WORDS: Final = re.compile(r"[A-Za-z]{4,}").findall


@dataclass(frozen=True, slots=True)
class Held:
    """The gate holds a task: it is refused, or waits for the approver (`waits`)."""

    reason: Because
    approver: str | None = None

    @property
    def waits(self) -> bool:
        """Whether somebody can admit it."""
        return self.approver is not None


def gate(case: Case, words: str | None, book: CompiledRulebook, t_ms: int) -> Held | None:
    """Why a pushed task with `words` may not pass at `t_ms`; None if it may, and for all other cases.

    `words` is None when a past case is decided again and its words are unknown.
    """
    if case.pushed_by is None or case.admitted or case.history:
        return None
    why = _why_not(case, case.pushed_by, words, book, t_ms)
    if why is None:
        return None
    policy = book.rulebook.policy
    facts = {"department": book.department_name(case.pushed_by), "item": _name(case, book)}
    approver = policy.approver
    if policy.off_list is OffList.REFUSE or approver is None:
        return Held(because(f"not_admitted{why}", **facts))
    person = book.person(approver)
    return Held(because(f"needs_admission{why}", **facts, person=person.name if person else approver), approver)


def _why_not(case: Case, department: str, words: str | None, book: CompiledRulebook, t_ms: int) -> str | None:
    """The suffix of the reason's code, "" for a task that is not on the list; None when it passes."""
    item = book.item(case.item, t_ms)
    if item is None:
        return "" if case.item else "_uncited"
    if item.verdict is Verdict.REFUSE:
        return "_refused"
    if department not in {item.lead, *item.assists}:
        return "_of_another"
    return None if fits(item, case.category, words, book) else "_unfit"


def _name(case: Case, book: CompiledRulebook) -> Name:
    known = book.item(case.item)
    return known.name if known else Name.same(case.item or "-")


def fits(item: Item, category: str, words: str | None, book: CompiledRulebook) -> bool:
    """Whether a task is about the item: by its category, by words of such a category, or by the item's name.

    If no category leads to the item, a part of its name is enough. Unknown words (None) fit.
    """
    rows = [row.cell("category").one_of or () for row in book.rulebook.routing.rows if row.then.get("item") == item.id]
    own = {each.id for each in book.rulebook.categories if each.item == item.id or any(each.id in row for row in rows)}
    if words is None or category in own:
        return True
    text = words.casefold()
    said = [word for id in own for word in book.category(id).words]
    said += [word for id in own for part in book.subcategories(id) for word in part.words]
    named = [item.name.zh, item.name.en] if own else [*_PARTS(item.name.zh), *_WORDS(item.name.en)]
    return any(word and word.casefold() in text for word in (*said, *named))


def pusher(report: Report, found: Categorised, book: CompiledRulebook, t_ms: int) -> str | None:
    """The department that pushes a task down: the one named, or that of the officer who did not name it.

    Everybody may report a problem that the list of this level handles, ask a question or complain. Other work that a
    department's officer hands to the street is pushed down, whatever they call themselves.
    """
    if report.pushed_by is not None or report.change is not None or report.duty is not None or report.remedy:
        return report.pushed_by
    officer = book.person(report.reporter.id)
    if officer is None or officer.department is None or Role.DEPARTMENT_OFFICER not in officer.roles:
        return None
    if report.door in book.region.importers or report.kind in _ASKED:
        return None
    item = book.item(book.category(found.category).item, t_ms)
    handled = item is not None and item.verdict is not Verdict.REFUSE and found.words != ()
    return None if handled and report.kind is ReportKind.PROBLEM else officer.department

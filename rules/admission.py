"""The admission gate 准入: a task that a department pushes down is on the list, or refused, or needs an approver."""

from dataclasses import dataclass

from rules.because import because
from rules.book import Book
from schemas.case import Case
from schemas.event import Because
from schemas.items import Item, Verdict
from schemas.names import Name
from schemas.rulebook import OffList


@dataclass(frozen=True, slots=True)
class Held:
    """The gate holds a task: it is refused, or `waits` for the approver."""

    reason: Because
    approver: str | None = None

    @property
    def waits(self) -> bool:
        """Whether somebody can admit it."""
        return self.approver is not None


def gate(case: Case, book: Book, t_ms: int) -> Held | None:
    """Why a pushed task may not pass at `t_ms`; None for everything else, and for what is on the list of this level."""
    if case.pushed_by is None or case.admitted or case.history or _on_list(book.item(case.item, t_ms)):
        return None
    policy = book.rulebook.policy
    department = book.department_name(case.pushed_by)
    item = known.name if (known := book.item(case.item)) else Name.same(case.item or "-")
    approver = policy.approver
    if policy.off_list is OffList.REFUSE or approver is None:
        return Held(because("not_admitted", department=department, item=item))
    person = book.person(approver)
    name = person.name if person else approver
    return Held(because("needs_admission", department=department, item=item, person=name), approver)


def _on_list(item: Item | None) -> bool:
    return item is not None and item.verdict is not Verdict.REFUSE

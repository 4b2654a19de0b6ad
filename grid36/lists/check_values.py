"""What the check of a draft found, as the values that pages show: cut to what people read, with the full numbers."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Final

from connectors.lists.checked import FindingKind, Hands, HandsChange, ListCheck, ListFinding
from grid36.files.rulebook import FileProblem
from grid36.lists.changed_rows import row_changes
from grid36.review.check import AnyProblem
from grid36.review.diff import differences
from grid36.system.create import KnownSystem
from rules.check.in_flight import UNANSWERED
from rules.check.problem import Problem, Severity
from rules.review.ownership_diff import USUAL, OwnershipChange, Responsible
from schemas.content import content_address
from schemas.directory import Directory
from schemas.names import MOST, Language, Name
from schemas.rulebook import Rulebook

MOST_FINDINGS: Final = 200
MOST_ROWS: Final = 200
MOST_HANDS: Final = 100
MOST_PLACES: Final = 12
MOST_VALUE: Final = 200


def list_check(
    known: KnownSystem, draft: Rulebook | None, problems: Sequence[AnyProblem], on: date, t_ms: int
) -> ListCheck:
    """The answer about a draft, compared at `t_ms` with what `known` has in force; None: it could not be read."""
    counts = Counter(problem.severity for problem in problems)
    worst = sorted(problems, key=lambda problem: tuple(Severity).index(problem.severity))
    found = ListCheck(
        against=(content_address(known.region), content_address(known.rulebook)),
        on=on,
        errors=counts[Severity.ERROR],
        warnings=counts[Severity.WARNING],
        notes=counts[Severity.NOTE],
        findings=tuple(_finding(problem) for problem in worst[:MOST_FINDINGS]),
        unanswered=sum(problem.code in UNANSWERED for problem in problems),
    )
    return found if draft is None else found.model_copy(update=_changes(known, draft, t_ms))


def _changes(known: KnownSystem, draft: Rulebook, t_ms: int) -> dict[str, object]:
    changes, moved = differences(known.region, known.rulebook, draft, t_ms)
    directory, names = Directory(known.region), {e.id: e.name for e in (*known.rulebook.filed, *draft.filed)}
    hands = [_hands_change(each, directory, names) for each in moved if each.moves]
    return {
        "rulebook": content_address(draft),
        "rows": tuple(row_changes(known.rulebook, draft, changes[:MOST_ROWS])),
        "rows_in_all": len(changes),
        "hands": tuple(hands[:MOST_HANDS]),
        "hands_in_all": len(hands),
        "places": sum(each.count for each in hands),
    }


def _finding(problem: AnyProblem) -> ListFinding:
    assert isinstance(problem, Problem | FileProblem), "there are no others"
    if isinstance(problem, FileProblem):
        value = problem.value or ""
    else:
        value = ", ".join(f"{name}={fact}" for name, fact in problem.example)
    where = Name(zh=problem.where(Language.ZH)[:MOST], en=problem.where(Language.EN)[:MOST])
    kind = FindingKind(problem.severity.value)
    return ListFinding(kind=kind, where=where, text=problem.text, remedy=problem.remedy, value=value[:MOST_VALUE])


def _hands_change(one: OwnershipChange, directory: Directory, names: Mapping[str, Name]) -> HandsChange:
    return HandsChange(
        category=names.get(one.category, Name.same(one.category)),
        before=_hands(one.before, directory),
        after=_hands(one.after, directory),
        places=one.places[:MOST_PLACES],
        count=len(one.places),
        given=", ".join(f"{name}={value}" for name, value in one.situation if USUAL.get(name) != value),
    )


def _hands(who: Responsible, directory: Directory) -> Hands:
    person, body = directory.person(who.assignee), directory.organisation(who.department)
    return Hands(
        person=person.name if person else _same(who.assignee),
        department=body.name if body else _same(who.department),
        item=who.item or "",
        gap=who.gap,
    )


def _same(id: str | None) -> Name | None:
    return Name.same(id) if id else None

"""The jobs of somebody who handles cases."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from connectors.cases.reader import Reader
from connectors.ledger.fold import DUE_FOR_OWNER, NEVER
from connectors.ledger.queries.cases import Ledger, OpenJob
from schemas.case import WORKING, Case
from schemas.case_roles import has_desk
from schemas.people import Person, Role

MOST: Final = 500


def theirs(reader: Reader, ledger: Ledger, me: Person, most: int = MOST) -> list[Case]:
    """Open jobs of their own, of those for whom they stand in, that they were handed, and of their department's desk.

    Runs in the ledger's thread; absences were followed before.
    """
    asked: dict[str, Case] = {}
    for person in (me.id, *reader.absences.covered_by(me.id, reader.now_ms)):
        found = ledger.cases(assignee=person, open_only=True, order="due", limit=most)
        asked |= {case.number: case for case in found}
    asked |= {case.number: case for case in ledger.cases(executor=me.id, open_only=True, order="due", limit=most)}
    desk = [row.number for row in _of_desk(reader, ledger, me, most) if row.number not in asked]
    return [*asked.values(), *(ledger.cases(numbers=desk, limit=most) if desk else ())]


@dataclass(frozen=True, slots=True)
class Jobs:
    """The most urgent jobs of somebody, and the numbers of all."""

    first: Sequence[Case]
    numbers: frozenset[str]


def most_urgent(reader: Reader, ledger: Ledger, me: Person, shown: int) -> Jobs:
    """The first `shown` of `theirs`: only these are read whole, however many there are. In the ledger's thread."""
    persons = (me.id, *reader.absences.covered_by(me.id, reader.now_ms))
    rows = {row.number: row for row in ledger.open_jobs(persons, me.id)}
    rows |= {row.number: row for row in _of_desk(reader, ledger, me, MOST)}
    first = sorted(rows.values(), key=lambda row: (row.state not in WORKING, row.next_ms, row.number))[:shown]
    whole = {case.number: case for case in ledger.cases(numbers=[row.number for row in first], limit=shown)}
    return Jobs(sorted(whole.values(), key=urgency), frozenset(rows))


def _of_desk(reader: Reader, ledger: Ledger, me: Person, most: int) -> list[OpenJob]:
    """What an officer's department has at its desk, and what a cover of another department has in this officer's name.

    None of it is read whole.
    """
    if Role.DEPARTMENT_OFFICER not in me.roles or not me.department:
        return []
    rows = ledger.department_jobs(me.department, most)
    away = [row.number for row in rows if not has_desk(me.department, row.assignee, reader.gateway.directory)]
    not_theirs = set(away) - ledger.accountable(me.id, away)
    return [row for row in rows if row.number not in not_theirs]


def urgency(case: Case) -> tuple[int, int, str]:
    """What can be worked on first, by its nearest deadline; then what waits for others."""
    return (case.state not in WORKING, nearest(case), case.number)


def nearest(case: Case) -> int:
    """The next deadline for the person who has the job; far in the future if there is none."""
    due_ms = NEVER if case.due_ms is None else case.due_ms
    return min((at for name, at in case.deadlines.items() if name in DUE_FOR_OWNER), default=due_ms)

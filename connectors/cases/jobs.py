"""The jobs of somebody who handles cases."""

from typing import Final

from connectors.cases.reader import Reader
from connectors.ledger.queries.cases import Ledger
from schemas.case import WORKING, Case, Deadline
from schemas.people import Person, Role
from schemas.rights import CaseRole

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
    if Role.DEPARTMENT_OFFICER in me.roles and me.department:
        desk = ledger.cases(department=me.department, open_only=True, order="due", limit=most)
        asked |= {case.number: case for case in desk if CaseRole.ASSIGNEE in reader.parts_of(case, me.id)}
    return list(asked.values())


def urgency(case: Case) -> tuple[int, int, str]:
    """What can be worked on first, by its nearest deadline; then what waits for others."""
    return (case.state not in WORKING, nearest(case), case.number)


def nearest(case: Case) -> int:
    """The next deadline for the person who has the job; far in the future if there is none."""
    mine = (Deadline.ACCEPT, Deadline.RESPOND, Deadline.MILESTONE, Deadline.RESOLVE)
    return min((at for name, at in case.deadlines.items() if name in mine), default=case.due_ms or 1 << 60)

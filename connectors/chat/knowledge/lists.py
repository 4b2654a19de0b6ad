"""Lists of cases for one person: jobs, what waits for their word, what they reported. In the ledger's thread."""

from collections.abc import Iterable, Sequence
from typing import Final

from connectors.cases.jobs import theirs, urgency
from connectors.cases.reader import Reader
from connectors.chat.knowledge.nearness import Point, nearest_first
from connectors.ledger.queries.cases import Ledger
from schemas.case import Case, State
from schemas.command import Act
from schemas.people import Role
from schemas.rights import RIGHTS, CaseRole, may

MOST_JOBS: Final = 60
MOST_REPORTS: Final = 40
"""Open reports that are listed; who has more finds them by their number."""
MOST_ENDED: Final = 10
MOST_SAMPLES: Final = 10


def jobs(reader: Reader, ledger: Ledger, person: str, here: Point | None) -> list[Case]:
    """What the person can finish, the nearest to `here` first, else the most urgent."""
    known = reader.person(person)
    if known is None:
        return []
    reader.absences_in(ledger)
    can = RIGHTS[Act.RESOLVE].states
    found = [case for case in theirs(reader, ledger, known, MOST_JOBS) if case.state in can]
    found.sort(key=urgency)
    return found if here is None else nearest_first(found, here, reader)


def verifying(reader: Reader, ledger: Ledger, names: Sequence[str]) -> list[Case]:
    """Cases about which only the person's word is missing: their reports, those they were joined to, samples.

    `names` are the id in the region and the pseudonyms under which they reported.
    """
    resolved = [case for name in names for case in ledger.cases(state=State.RESOLVED, reporter=name, open_only=True)]
    merged = [
        case
        for name in names
        for case in ledger.cases(joined=True, state=State.MERGED, reporter=name, limit=MOST_ENDED)
    ]
    masters = {case.master for case in merged if case.master}
    if masters:
        resolved += ledger.cases(state=State.RESOLVED, numbers=sorted(masters))
    known = reader.person(names[0])
    if known is not None and Role.INSPECTOR in known.roles:
        resolved += ledger.cases(to_inspect=True, limit=MOST_SAMPLES)
    return [case for case in _once(resolved) if may_as(reader, Act.VERIFY, case, names)]


def reports(ledger: Ledger, names: Sequence[str]) -> list[Case]:
    """What the person reported, newest first, the open ones before the others."""
    open_, all_ = list[Case](), list[Case]()
    for name in names:
        open_ += ledger.cases(reporter=name, open_only=True, limit=MOST_REPORTS)
        all_ += ledger.cases(reporter=name, limit=MOST_ENDED)
    return _once([*_newest_first(open_), *_newest_first(all_)])


def may_as(reader: Reader, act: Act, case: Case, names: Sequence[str]) -> str:
    """Under which of their names a person may do an act to a case, `names[0]` if they can; "" when under none.

    Who did the work under one name does not check it under another.
    """
    parts = {name: reader.parts_of(case, name) for name in names}
    everything = frozenset[CaseRole]().union(*parts.values())
    if not may(act, case, everything):
        return ""
    return next((name for name, own in parts.items() if may(act, case, own)), "")


def _newest_first(cases: Iterable[Case]) -> list[Case]:
    return sorted(cases, key=lambda case: (case.submitted_ms, case.number), reverse=True)


def _once(cases: Iterable[Case]) -> list[Case]:
    return list({case.number: case for case in cases}.values())

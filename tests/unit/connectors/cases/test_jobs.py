from pathlib import Path
from random import Random

from connectors.cases.jobs import most_urgent, theirs, urgency
from connectors.cases.reader import Reader
from connectors.pages.fragments.handler_lists import called
from schemas.case import Case
from schemas.joint import ReportInStep
from schemas.names import Language
from schemas.people import Person, Role
from schemas.rights import CaseRole
from tests.worlds.builders import HOUR, START, LogBuilder, ledger_of
from tests.worlds.small_town import Town


def is_job(reader: Reader, case: Case, person: Person) -> bool:
    """Whether it is theirs, or of their department's desk."""
    if person.id in {case.assignee, case.executor}:
        return True
    own = case.department is not None and case.department.code == person.department
    return own and Role.DEPARTMENT_OFFICER in person.roles and CaseRole.ASSIGNEE in reader.parts_of(case, person.id)


async def test_a_job_is_its_assignees_its_executors_or_of_a_desk(town: Town, tmp_path: Path) -> None:
    """Whatever is read of it: also what a cover of another department has in an officer's name."""
    people, chance, log = town.gateway.directory.region.persons, Random(36), LogBuilder()
    officers = [person for person in people if Role.DEPARTMENT_OFFICER in person.roles]
    some = [*officers[:4], *people[:4]]
    names = [*(person.id for person in some), "somebody"]
    for n in range(80):
        number, code = log.open(t_ms=START + n), chance.choice(officers[:4]).department
        who: dict[str, object] = {"assignee": chance.choice(names), "executor": chance.choice([None, *names])}
        who |= {"accountable": chance.choice([None, None, *names]), "department": {"code": code, "name": "x"}}
        log.dispatch(number, START, due_ms=START + n % 7, state=chance.choice(["dispatched", "resolved"]), **who)
    ledger = ledger_of(log, tmp_path / "l.sqlite")
    reader, every = Reader(town.gateway, Language.EN, town.clock()), ledger.cases(open_only=True)
    for person in some:
        jobs = sorted((case for case in every if is_job(reader, case, person)), key=urgency)
        assert sorted(theirs(reader, ledger, person), key=urgency) == jobs
        found = most_urgent(reader, ledger, person, 5)
        assert list(found.first) == jobs[:5]
        assert found.numbers == {case.number for case in jobs}
    ledger.close()


async def test_calls_come_by_the_next_step_that_is_due(town: Town, tmp_path: Path) -> None:
    """What is done or missed waits for nothing, and comes last."""
    me = next(each for each in town.gateway.directory.region.persons if Role.DEPARTMENT_OFFICER in each.roles)
    log, wanted = LogBuilder(), dict[str, int]()
    for n, (sign, attend) in enumerate([(9, 9), (3, 8), (None, 5), (None, None), (4, 4)]):
        number, due = log.open(), {ReportInStep.SIGN: START + (sign or 0), ReportInStep.ATTEND: START + (attend or 0)}
        done = {step: START for step, at in zip(due, (sign, attend), strict=True) if at is None}
        call = {"department": {"code": me.department, "name": "x"}, "cause": "list", "called_ms": START}
        log.dispatch(number, START + n * HOUR, assists=[call | {"due": due, "done": done}])
        wanted[number] = min((at for step, at in due.items() if step not in done), default=1 << 60)
    log.dispatch(log.open(), START)
    for deadlines, called_ms in (
        ({}, START),
        ({"report_in": START}, START),
        ({"report_in": START}, START - 90 * 24 * HOUR),
    ):
        call = {"department": {"code": me.department, "name": "x"}, "cause": "list", "called_ms": called_ms}
        number = log.open(state="closed", deadlines=deadlines, assists=[call | {"due": {"attend": START + 6}}])
        if deadlines and called_ms == START:
            wanted[number] = START + 6
    ledger = ledger_of(log, tmp_path / "l.sqlite")
    order = sorted(wanted, key=lambda number: (wanted[number], number))
    assert [case.number for case in called(ledger, me, START, ())] == order
    assert [case.number for case in called(ledger, me, START, {order[1]})] == [order[0], *order[2:]]
    ledger.close()

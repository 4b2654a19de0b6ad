"""A region in which somebody or some department replaces another: open cases go on under the new name."""

from typing import Any

from rules.decision.draft import DecisionContext
from rules.succession import taken_over
from schemas.case import Case, State
from schemas.command import Act
from schemas.event import EventType
from schemas.region import Region
from schemas.report import Department
from schemas.rulebook import Rulebook
from tests.worlds.street import ON_S1, PHOTO, Street, a_book, a_region, a_rulebook


def later(**told: list[str]) -> Region:
    """The sample region with one person and one department more, who replace those named."""
    plain: dict[str, Any] = a_region().model_dump(mode="json")
    gone = [*told.get("persons", ()), *told.get("departments", ())]
    one = next(each for each in plain["persons"] if each["id"] == "owner-1")
    heir = one | {"id": "heir", "replaces": told.get("persons", [])}
    plain["persons"] = [*(each for each in plain["persons"] if each["id"] not in gone), heir]
    body = {"code": "new", "name": {"zh": "新局", "en": "New Bureau"}, "kind": "department"}
    plain["organisations"] = [
        *(each for each in plain["organisations"] if each["code"] not in gone),
        body | {"replaces": told.get("departments", [])},
    ]
    for person in plain["persons"]:
        person["department"] = "new" if person["department"] in gone else person["department"]
    for segment in plain["segments"]:
        segment["owner"] = "heir" if segment["owner"] in gone else segment["owner"]
    return Region.model_validate(plain)


def handed(case: Case, street: Street, region: Region) -> Case:
    street.book = a_book(region)
    context: DecisionContext = street
    decision = taken_over(case, context)
    assert [draft.type for draft in decision.drafts] in ([], [EventType.TAKEN_OVER])
    return case.after(dict(decision.drafts[0].now)) if decision.drafts else case


def test_everybody_of_a_case_is_replaced_and_nothing_else_changes() -> None:
    street = Street()
    case = street.report(ON_S1)
    case = case.after({"executor": "owner-1", "returned_by": ("owner-1", "owner-2")})
    after = handed(case, street, later(persons=["owner-1"]))
    assert (after.assignee, after.executor, after.returned_by) == ("heir", "heir", ("heir", "owner-2"))
    kept = {"assignee", "executor", "returned_by", "accountable"}
    assert after.model_dump(exclude=kept) == case.model_dump(exclude=kept)
    assert after.hops == case.hops == 0


def test_the_department_and_those_that_were_called_go_over_together() -> None:
    """Two departments that became one are called once."""
    street = Street()
    case = street.report(ON_S1)
    water = case.after({"department": Department(code="water", name="供水")})
    after = handed(water, street, later(departments=["water"]))
    assert after.department == Department(code="new", name="新局")
    assert after.assignee == case.assignee


def test_what_is_closed_keeps_its_names_until_it_is_opened_again() -> None:
    """Figures keep the names of their time; a case that goes on needs somebody who is there."""
    street = Street()
    case = street.report(ON_S1)
    case = street.act(case, Act.RESOLVE, "owner-1", photos=(PHOTO,))
    case = street.act(case, Act.VERIFY, case.reporter)
    assert case.state is State.CLOSED
    assert handed(case, street, later(persons=["owner-1"])) is case
    case = street.act(case, Act.REOPEN, case.reporter, note="又脏了")
    assert (case.state, case.assignee) == (State.REOPENED, "heir")


def test_a_list_that_still_names_who_is_gone_means_who_replaces_them() -> None:
    plain = a_rulebook().model_dump(mode="json")
    named = {"id": "R0", "then": {"assign": "owner-2", "department": "water"}}
    plain["routing"]["rows"] = [named]
    book = a_book(later(persons=["owner-2"], departments=["water"]), Rulebook.model_validate(plain))
    case = Street(book).report(ON_S1)
    assert (case.assignee, case.department) == ("heir", Department(code="new", name="新局"))


def test_who_did_the_work_and_was_replaced_does_not_verify_it() -> None:
    street = Street()
    case = street.act(street.report(ON_S1, by="owner-1"), Act.RESOLVE, "owner-1", photos=(PHOTO,))
    street.cases[case.number] = handed(case, street, later(persons=["owner-1"]))
    street.act(case, Act.VERIFY, "owner-1")
    assert street.drafts[-1].facts["code"] == "own_work"
    assert street.act(case, Act.VERIFY, "inspector").state is State.CLOSED

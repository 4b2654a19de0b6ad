"""Pull mode: offered to several, the first who accepts has it; what nobody accepts is offered wider, then assigned."""

from typing import Any

import pytest

from schemas.case import Case, Count, Deadline, State
from schemas.command import Act
from schemas.event import EventType
from schemas.pending import OfferTo
from tests.worlds.street import ON_S1, T0, Street, a_book, a_region, a_rulebook

HOUR = 3_600_000


def a_street(to: str = "workers") -> Street:
    """The tiny street, where leaks are offered; G1 has two workers, G2 one, and there are two volunteers."""
    region = a_region().model_dump(mode="json")
    for person, role in (("w-1", "patroller"), ("w-2", "patroller"), ("w-3", "patroller"), ("v-1", "volunteer")):
        region["persons"].append({"id": person, "name": {"zh": person}, "roles": [role]})
    region["grids"][0]["workers"], region["grids"][1]["workers"] = ["w-1", "w-2"], ["w-3"]
    rulebook: dict[str, Any] = a_rulebook(offer_lapses="1h").model_dump(mode="json")
    rulebook["routing"]["rows"][2]["then"]["offer"] = to
    return Street(a_book(a_region().model_validate(region), a_rulebook().model_validate(rulebook)))


def offered(street: Street) -> Case:
    return street.report(ON_S1, text="漏水")


def code(street: Street) -> object:
    return street.drafts[-1].facts["code"]


def test_an_offered_case_waits_and_its_clocks_do_not_run() -> None:
    street = a_street()
    case = offered(street)
    assert (case.state, case.assignee, case.dispatched_ms) == (State.SUBMITTED, None, None)
    assert case.offer is not None
    assert (case.offer.to, case.deadlines) == (OfferTo.WORKERS, {Deadline.OFFER: T0 + HOUR})
    assert street.counts() == {Count.WAITING: 1}


def test_the_first_who_accepts_has_it() -> None:
    street = a_street()
    case = street.act(offered(street), Act.ACCEPT, "w-2", at=T0 + 60_000)
    assert (case.state, case.assignee, case.offer, case.hops) == (State.DISPATCHED, "w-2", None, 0)
    assert case.dispatched_ms == T0 + 60_000
    assert case.department is not None
    assert case.department.code == "water"
    street.act(case, Act.ACCEPT, "w-1")
    assert code(street) == "wrong_state"


@pytest.mark.parametrize("person", ["w-3", "v-1", "office", "nobody"])
def test_only_those_it_is_offered_to_accept(person: str) -> None:
    street = a_street()
    street.act(offered(street), Act.ACCEPT, person)
    assert code(street) == "not_allowed"


@pytest.mark.parametrize(("to", "first", "later"), [("workers", "head-1", "w-3"), ("volunteers", "v-1", "w-3")])
def test_an_offer_that_lapses_goes_to_more_people(to: str, first: str, later: str) -> None:
    street = a_street(to)
    case = offered(street)
    street.act(case, Act.ACCEPT, later)
    assert code(street) == "not_allowed"
    street.wait_until(T0 + HOUR + 1)
    assert street.types(case)[-1] is EventType.OFFERED
    assert street.act(case, Act.ACCEPT, later).assignee == later
    again = a_street(to)
    assert again.act(offered(again), Act.ACCEPT, first).assignee == first


def test_what_nobody_accepts_goes_to_whom_the_list_names() -> None:
    street = a_street()
    case = offered(street)
    street.wait_until(T0 + 3 * HOUR)
    case = street.cases[case.number]
    assert (case.state, case.assignee, case.offer) == (State.DISPATCHED, "water-desk", None)
    assert case.dispatched_ms == T0 + 2 * HOUR


def test_an_offered_case_can_be_withdrawn() -> None:
    street = a_street()
    case = street.act(offered(street), Act.WITHDRAW, "patrol-1")
    assert (case.state, Deadline.OFFER in case.deadlines) == (State.CLOSED, False)


def test_the_approver_admits_nothing_that_is_only_on_offer() -> None:
    street = a_street()
    told = street.book.rulebook.model_dump(mode="json")
    told["policy"]["approver"] = "street-chief"
    street = Street(a_book(street.book.region, a_rulebook().model_validate(told)))
    street.act(offered(street), Act.ADMIT, "street-chief")
    assert code(street) == "not_held"

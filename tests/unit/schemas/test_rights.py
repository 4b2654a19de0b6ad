"""What a case allows to somebody names nothing that it has nothing of."""

from schemas.case import Case, Deadline, State
from schemas.command import Act
from schemas.pending import Offer, OfferTo, Request
from schemas.rights import RIGHTS, possible


def a_case(state: State, **more: object) -> Case:
    return Case.model_validate({"number": "R1-G1-2611-00001", "home": "R1-G1", "report": "r1", "state": state, **more})


def test_a_task_at_the_gate_is_admitted_and_an_offer_accepted() -> None:
    held = possible(a_case(State.SUBMITTED, deadlines={Deadline.ADMISSION: 1}))
    assert ({Act.ADMIT, Act.TURN_AWAY} <= set(held), Act.ACCEPT in held) == (True, False)
    offered = possible(a_case(State.SUBMITTED, offer=Offer(to=OfferTo.WORKERS, until_ms=1)))
    assert (Act.ADMIT in offered, Act.ACCEPT in offered) == (False, True)


def test_what_nobody_asked_for_is_not_decided() -> None:
    plain = possible(a_case(State.DISPATCHED))
    assert not {Act.APPROVE, Act.DENY, Act.APPROVE_CHANGE, Act.SIGN, Act.MILESTONE} & set(plain)
    asked = a_case(State.DISPATCHED, request=Request(kind="pause", by="p", asked_ms=1, hours=1))
    assert {Act.APPROVE, Act.DENY} <= set(possible(asked))


def test_every_act_has_a_row() -> None:
    assert set(RIGHTS) == set(Act)

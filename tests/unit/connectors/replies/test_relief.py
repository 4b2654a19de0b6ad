"""Urgent jobs of people who are off go to those on duty."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.replies.recipients import Handler
from connectors.replies.relief import PASSED, Relief
from connectors.replies.reply import Recipient, ReplyTo
from schemas.names import Language

CASE = "T-G01-2511-00001"


def to(person: str, relation: ReplyTo = "assignee") -> Recipient:
    return Recipient("chat", person, relation, "r1", Language.EN)


def reached(person: str) -> Handler | None:
    return None if person.startswith("far") else Handler("chat", Language.EN)


def relief(*tiers: tuple[str, ...], urgent: bool = True, off: str = "me") -> Relief:
    return Relief([CASE] if urgent else [], reached, lambda person, grid: tiers if person == off else ())


def event(kind: str = "dispatched", **now: Any) -> dict[str, Any]:
    return {"type": kind, "case": CASE, "grid": "G01", "now": now}


def test_who_is_off_hears_later_and_the_nearest_on_duty_now() -> None:
    found = relief(("far-1",), ("guard", "guard-2"), ("chief",)).take(
        event(assignee="me"), (to("rider", "reporter"), to("me"))
    )
    assert found == (
        to("rider", "reporter"), to("me", "off_duty"), to("guard", "on_duty"), to("guard-2", "on_duty"),
    )  # fmt: skip


@pytest.mark.parametrize(
    "passes", [relief(), relief(("far-1",), ("me",)), relief(("guard",), urgent=False), relief(("guard",), off="other")]
)
def test_if_nobody_can_be_reached_or_it_is_not_urgent_it_is_theirs(passes: Relief) -> None:
    assert passes.take(event(assignee="me"), (to("me"),)) == (to("me"),)


def test_whoever_loses_the_job_is_not_replaced() -> None:
    assert relief(("guard",)).take(event(assignee="you"), (to("me"), to("you"))) == (to("me"), to("you"))


def test_whoever_hears_of_it_anyway_hears_once() -> None:
    found = relief(("boss",)).take(event("deadline_missed"), (to("boss", "executor"), to("me")))
    assert set(found) == {to("boss", "executor"), to("me", "off_duty")}


def test_a_case_is_urgent_as_the_log_says() -> None:
    passes = relief(("guard",), urgent=False)
    said = [
        event("opened", urgent_by=["words"]), event(assignee="me"), event("corrected", urgent_by=[]),
        event(assignee="me"), event("corrected", urgent_by=["category"]), event("archived"), event(assignee="me"),
    ]  # fmt: skip
    told = [[each.to for each in passes.take(one, (to("me"),))] for one in said]
    assert told[1] == ["off_duty", "on_duty"]
    assert told[3] == told[6] == ["assignee"]
    assert passes.changed == {CASE}


events = st.builds(
    lambda kind, who: event(kind, **({"assignee": who} if who else {})),
    st.sampled_from([*map(str, PASSED), "resolved", "urged"]),
    st.sampled_from(["me", "you", ""]),
)


@given(events, st.sets(st.sampled_from(["me", "you", "rider"])), st.lists(st.sampled_from(["guard", "far-1", "me"])))
def test_laws_of_relief(one: dict[str, Any], people: set[str], duty: list[str]) -> None:
    """Nobody is left out; nobody hears twice; who is off is replaced by somebody who is reached."""
    concerned = tuple(to(each) for each in sorted(people))
    found = relief(tuple(duty)).take(one, concerned)
    names = [each.person for each in found]
    assert len(set(names)) == len(names)
    assert people <= set(names)
    relations = {each.to for each in found}
    assert ("off_duty" in relations) == ("on_duty" in relations)

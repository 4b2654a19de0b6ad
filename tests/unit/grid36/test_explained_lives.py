"""Cases as they live, explained from their log alone: by what was known when each thing was decided."""

from typing import Any

import pytest

from grid36.review.explain import Explained, explain_events
from rules.time.working import due_at
from schemas.case import Case
from schemas.command import Act
from schemas.rulebook import Rulebook
from tests.worlds.street import ON_S1, ON_S2, T0, Street, a_book, a_region, a_rulebook

HOUR = 3_600_000  # T0 is 19:06 in the street's zone
LIMITS: dict[str, Any] = {
    "name": "limits",
    "hit_policy": "F",
    "inputs": ["category", "hour"],
    "rows": [
        {"id": "leak-late", "when": {"category": "leak", "hour": {"ge": 22}}, "then": {"resolve": "3h"}},
        {"id": "leak", "when": {"category": "leak"}, "then": {"resolve": "9h"}},
        {"id": "dirty-late", "when": {"category": "dirty", "hour": {"ge": 22}}, "then": {"resolve": "1h"}},
    ],
}
JOINT: dict[str, Any] = {
    "name": "joint",
    "hit_policy": "C",
    "inputs": ["category", "hour"],
    "rows": [
        {"id": "with-street", "when": {"category": "leak"}, "then": {"department": "street-office"}},
        {"id": "at-night", "when": {"hour": {"ge": 22}}, "then": {"department": "sanitation"}},
    ],
}


def a_street(*, offers: bool = False) -> Street:
    """The tiny street with limits by the hour, where leaks may be offered."""
    region = a_region().model_dump(mode="json")
    region["persons"].append({"id": "w-1", "name": {"zh": "w-1"}, "roles": ["patroller"]})
    region["grids"][0]["workers"] = ["w-1"]
    rulebook: dict[str, Any] = a_rulebook(offer_lapses="9h").model_dump(mode="json") | {
        "limits": LIMITS,
        "joint": JOINT,
    }
    if offers:
        rulebook["routing"]["rows"][2]["then"]["offer"] = "workers"
    return Street(a_book(a_region().model_validate(region), Rulebook.model_validate(rulebook)))


def why(street: Street, case: Case) -> Explained:
    """Explained from the drafts of the case alone."""
    drafts = [draft for draft in street.drafts if draft.case == case.number]
    found = explain_events(drafts, {street.book.version: street.book.rulebook}.get, street.book.region)
    assert found is not None
    return found


def agrees(street: Street, case: Case) -> list[str]:
    """Its limits and departments are those that the case really has; the rows of the limits table that count."""
    told = why(street, case).why
    lead = case.department.code if case.department else None
    calendar, start = street.book.region.calendar, case.dispatched_ms
    assert start is not None
    resolve = next(said.limit for said in told.said if said.clock == "resolve")
    assert (resolve and due_at(start, resolve, calendar, lead)) == case.due_ms
    assert [each.department for each in told.called if not each.leads] == [
        each.department.code for each in case.assists
    ]
    assert told.limits is not None
    return [won.row for won in told.limits.won]


@pytest.mark.parametrize(("hours", "row", "called"), [(0, "leak", 1), (4, "leak-late", 2)])
def test_whoever_accepts_an_offer_has_the_limits_of_that_hour(hours: int, row: str, called: int) -> None:
    street = a_street(offers=True)
    case = street.report(ON_S1, text="漏水")
    offered = why(street, case)
    assert (offered.outcome, offered.why.because.row, offered.version) == ("offered", "R-leak", street.book.version)
    case = street.act(case, Act.ACCEPT, "w-1", at=T0 + hours * HOUR)
    assert why(street, case).why.because.row == "R-leak"
    assert agrees(street, case) == [row]
    assert len(case.assists) == called


def test_a_corrected_case_has_the_limits_of_its_dispatch_and_the_departments_it_called_then() -> None:
    """A dirty road in the evening, found to be a leak at night: the rows by day count, and nobody is called anew."""
    street = a_street()
    case = street.report(ON_S1, text="油污")
    assert agrees(street, case) == []
    case = street.act(case, Act.CORRECT, "office", category="leak", at=T0 + 4 * HOUR)
    assert agrees(street, case) == ["leak"]
    told = why(street, case)
    assert (told.why.because.row, told.filed and told.filed.how) == ("R-leak", "corrected")
    assert told.why.joint is not None
    assert told.why.joint.won == ()


def test_what_people_did_later_changes_no_reason() -> None:
    street = a_street()
    case = street.report(ON_S1, text="漏水")
    before = why(street, case).why
    for act, fields in ((Act.ACKNOWLEDGE, {}), (Act.ASSIGN, {"to": "head-1"})):
        case = street.act(case, act, "office", at=street.t_ms + 4 * HOUR, **fields)
    assert (case.assignee, why(street, case).why) == ("head-1", before)


@pytest.mark.parametrize("waits_for", ["place", "words"])
def test_the_gate_had_no_say_in_what_never_came_to_it(waits_for: str) -> None:
    """A pushed task that lacks something is not held by the list yet."""
    street = a_street()
    street.report(ON_S1, name="first", by="patrol-2", text="油污")
    told = {"place": (None, "油污"), "words": (ON_S1, "")}[waits_for]
    case = street.report(told[0], text=told[1], pushed_by="water", item="ghost")
    found = why(street, case)
    assert (found.outcome, found.why.gate) == ("information_needed", None)
    gated = street.report(ON_S2, name="r2", text="漏水", pushed_by="water", item="ghost")
    assert why(street, gated).why.gate is not None

"""The facts of a matter: flat, in the region's zone, and only those that a table asks for."""

from typing import Any

import pytest

from rules.book.compiled_rulebook import CompiledRulebook
from rules.facts.routing_facts import RoutingFacts, facts_of_report, question, routing_facts_of
from rules.tables.matcher import Question
from schemas.rulebook import Rulebook
from tests.unit.rules.facts.test_attributes import LAND
from tests.worlds.street import ON_S1, T0, Street, a_book, a_report, a_rulebook
from tests.worlds.working_street import a_working_region, at

OIL: dict[str, Any] = {"id": "oil", "category": "dirty", "name": {"zh": "漏油"}, "words": ["漏油"]}


def asking(*names: str) -> Rulebook:
    told: dict[str, Any] = a_rulebook().model_dump(mode="json")
    told["routing"] |= {"inputs": list(names), "rows": [{"id": "R", "then": {"assign": "segment_owner"}}]}
    return Rulebook.model_validate({**told, "attributes": [LAND], "subcategories": [OIL]})


def asked_of(routing_facts: RoutingFacts, book: CompiledRulebook) -> Question:
    """What the routing table is asked."""
    return question(routing_facts, book.rulebook.routing, book, T0)


def test_a_report_and_the_case_it_opens_have_the_same_facts() -> None:
    """The matcher is asked ahead with the one, and the decision is made by the other."""
    names: tuple[str, ...] = ("category", "kind", "segment", "attr_land", "returned", "reopened")
    names += ("reassignments", "month", "team", "subcategory", "urgency", "land_kind")
    street, place = Street(a_book(rulebook=asking(*names))), ON_S1.model_copy(update={"land_kind": "farmland"})
    report = a_report(text="林地油污漏油", urgent=True)
    case = street.report(place, text="林地油污漏油", urgent=True)
    assert case.attributes == {"land": "forest"}
    asked = asked_of(facts_of_report(report, "R1-G1", place, street), street.book)
    assert asked == asked_of(routing_facts_of(case, place, street), street.book)
    assert asked[1] == {
        "category": "dirty",
        "kind": "problem",
        "segment": "S1",
        "attr_land": "forest",
        "returned": 0,
        "reopened": 0,
        "reassignments": 0,
        "month": 11,
        "subcategory": "oil",
        "urgency": "urgent",
        "land_kind": "farmland",
    }


def test_what_streams_counted_is_a_fact() -> None:
    routing_facts = RoutingFacts(
        "dirty", a_report().kind, ON_S1, a_report().reporter.kind, "web", counts={"repeats_in_grid_7d": 4}
    )
    assert asked_of(routing_facts, a_book(rulebook=asking("repeats_in_grid_7d")))[1] == {"repeats_in_grid_7d": 4}


def test_streams_are_asked_how_often_and_how_much_only_where_a_table_asks() -> None:
    names = ("repeats_in_segment_7d", "repeats_in_grid_7d", "load")
    street = Street(a_book(rulebook=asking(*names)))
    street.report(ON_S1, name="r1")
    street.report(ON_S1, name="r2", text="坑")
    routing_facts = facts_of_report(a_report("r3"), "R1-G1", ON_S1, street)
    assert asked_of(routing_facts, street.book)[1] == {"repeats_in_segment_7d": 1, "repeats_in_grid_7d": 1, "load": 2}
    assert not set(names) & set(facts_of_report(a_report("r3"), "R1-G1", ON_S1, Street()).counts)


@pytest.mark.parametrize(
    ("moment", "facts"),
    [
        ("03-05 10:00", {"day_kind": "workday", "shift": "on", "hour": 10}),
        ("03-05 12:30", {"day_kind": "workday", "shift": "off", "hour": 12}),
        ("03-09 10:00", {"day_kind": "weekend", "shift": "off", "hour": 10}),
        ("02-12 10:00", {"day_kind": "holiday", "shift": "off", "hour": 10}),
        ("02-18 10:00", {"day_kind": "make_up", "shift": "on", "hour": 10}),
    ],
)
def test_holidays_and_shifts_are_facts(moment: str, facts: dict[str, Any]) -> None:
    """By the region's own hours; where nobody keeps any, somebody is always there."""
    book = a_book(a_working_region(), asking("day_kind", "shift", "hour"))
    routing_facts = RoutingFacts("dirty", a_report().kind, ON_S1, a_report().reporter.kind, "web")
    assert question(routing_facts, book.rulebook.routing, book, at(moment))[1] == facts
    always = a_book(rulebook=asking("day_kind", "shift"))
    assert question(routing_facts, always.rulebook.routing, always, at(moment))[1] == {
        "day_kind": "workday",
        "shift": "on",
    }

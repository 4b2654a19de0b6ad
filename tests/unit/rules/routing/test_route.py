"""Routing never falls through: one accountable person, a refusal with the item cited, or the fallback owner."""

from typing import Any

from rules.facts.routing_facts import RoutingFacts
from rules.routing.route import next_in_line, route
from schemas.people import Role
from schemas.report import Department, ReportKind
from tests.unit.rules.facts.test_routing_facts import asked_of
from tests.worlds.street import IN_G2, ON_S1, T0, Street, a_book, a_rulebook


def routing_facts(category: str = "dirty", place: object = ON_S1) -> RoutingFacts:
    return RoutingFacts(category, ReportKind.PROBLEM, ON_S1 if place is ON_S1 else IN_G2, Role.PATROLLER, "web")


def street_with(*rows: dict[str, Any], hit_policy: str = "U") -> Street:
    """A street whose routing table has these rows."""
    told = a_rulebook().model_dump(mode="json")
    told["routing"] |= {"rows": list(rows), "hit_policy": hit_policy}
    return Street(a_book(rulebook=a_rulebook().model_validate(told)))


def test_facts_are_those_the_table_asks_for() -> None:
    name, facts = asked_of(routing_facts(), a_book())
    assert (name, facts) == ("routing", {"category": "dirty", "segment": "S1"})


def test_what_is_not_known_is_absent() -> None:
    assert asked_of(routing_facts(place=IN_G2), a_book())[1] == {"category": "dirty"}


def test_every_fact_there_is() -> None:
    told = a_rulebook().model_dump(mode="json")
    kinds = {"hour": "number", "weekday": "number"}
    names = ("category", "kind", "grid", "segment", "reporter_kind", "door", "hour", "weekday")
    told["routing"]["inputs"] = [{"name": name, "kind": kinds.get(name, "text")} for name in names]
    facts = asked_of(routing_facts(), a_book(rulebook=a_rulebook().model_validate(told)))[1]
    assert facts == {
        "category": "dirty",
        "kind": "problem",
        "grid": "G1",
        "segment": "S1",
        "reporter_kind": "patroller",
        "door": "web",
        "hour": 19,  # 11:06 UTC in Shanghai
        "weekday": 3,
    }


def test_a_row_may_name_a_person_a_department_and_an_item() -> None:
    then = {"assign": "cleaner-1", "department": "water", "item": "I2"}
    street = street_with({"id": "R", "when": {"category": "dirty"}, "then": then})
    chosen = route(routing_facts(), street)
    assert (chosen.assignee, chosen.item, chosen.because.code) == ("cleaner-1", "I2", "person")
    assert chosen.department == Department(code="water", name="供水")


def test_a_person_nobody_knows_ends_at_the_fallback_owner_marked_as_a_gap() -> None:
    street = street_with({"id": "R", "when": {"category": "dirty"}, "then": {"assign": "ghost"}})
    chosen = route(routing_facts(), street)
    assert (chosen.assignee, chosen.gap, chosen.because.code, chosen.because.row) == ("fallback", True, "fallback", "R")


def test_a_department_without_a_desk_does_too() -> None:
    then = {"assign": "department", "department": "street"}
    street = street_with({"id": "R", "when": {"category": "dirty"}, "then": then})
    chosen = route(routing_facts(), street)
    assert (chosen.assignee, chosen.gap, chosen.department and chosen.department.code) == ("fallback", True, "street")


def test_rows_that_contradict_each_other_do_too_and_are_named() -> None:
    """A conflict is found when the table is loaded; should one get through, nobody is chosen by chance."""
    whens = ({"category": "dirty"}, {"segment": "S1"})
    rows = [{"id": f"R{n}", "when": when, "then": {"assign": f"owner-{n}"}} for n, when in enumerate(whens, 1)]
    street = street_with(*rows)
    chosen = route(routing_facts(), street)
    assert (chosen.assignee, chosen.gap, set(chosen.because.also)) == ("fallback", True, {"R1", "R2"})


def test_when_the_fallback_owner_is_away_it_is_still_somebody_s() -> None:
    street = Street()
    street.away("fallback")
    assert route(routing_facts("other"), street).assignee == "fallback"
    street.away("fallback", "office")
    chosen = route(routing_facts("other"), street)
    assert (chosen.assignee, chosen.accountable) == ("office", "fallback")


def test_a_refusal_has_no_cover() -> None:
    street = Street()
    chosen = route(routing_facts("permit"), street)
    assert (chosen.refused, chosen.assignee, chosen.item) == (True, "", "I3")


def test_who_is_next_after_a_return() -> None:
    street = Street()
    water = Department(code="water", name="供水")
    assert next_in_line(routing_facts(), water, (), street) == "owner-1"
    assert next_in_line(routing_facts(), water, ("owner-1",), street) == "head-1"
    assert next_in_line(routing_facts(), water, ("owner-1", "head-1"), street) == "water-desk"
    assert next_in_line(routing_facts(), None, ("owner-1", "head-1"), street) is None
    assert next_in_line(routing_facts(place=IN_G2), None, ("head-2",), street) is None


def street_with_items(*items: dict[str, Any], level: str = "street") -> Street:
    """A street whose category `permit` has item I3, in these versions."""
    told = a_rulebook().model_dump(mode="json")
    kept = [item for item in told["items"] if item["id"] != "I3"]
    named = [{"id": "I3", "name": {"zh": "办证", "en": "Permits"}, **item} for item in items]
    return Street(a_book(rulebook=a_rulebook().model_validate({**told, "level": level, "items": [*kept, *named]})))


def test_a_refusal_is_said_to_a_level_and_an_owner_at_another_one_gets_it_with_the_item_cited() -> None:
    street = street_with_items(
        {"level": "street", "verdict": "refuse"}, {"level": "district", "verdict": "handle", "lead": "water"}
    )
    chosen = route(routing_facts("permit"), street)
    assert (chosen.refused, chosen.item, chosen.because.code) == (False, "I3", "redirected")
    assert chosen.department == Department(code="water", name="供水")


def test_without_an_owner_at_another_level_it_is_refused() -> None:
    elsewhere: list[dict[str, Any]] = [
        {"level": "district", "verdict": "refuse", "lead": "water"},
        {"level": "city", "verdict": "handle"},
        {"level": "village", "verdict": "handle", "lead": "water", "life": "withdrawn"},
    ]
    street = street_with_items({"level": "street", "verdict": "refuse"}, *elsewhere)
    assert route(routing_facts("permit"), street).refused


def test_the_version_of_the_day_decides() -> None:
    street = street_with_items(
        {"verdict": "refuse", "valid_to": "2026-11-19"}, {"verdict": "handle", "valid_from": "2026-11-19"}
    )
    today = street.book.day(T0).isoformat()
    assert today == "2026-11-18"
    assert route(routing_facts("permit"), street).refused
    street.t_ms += 24 * 3_600_000
    assert not route(routing_facts("permit"), street).refused


def test_an_item_that_is_not_in_force_decides_nothing() -> None:
    chosen = route(routing_facts("permit"), street_with_items({"verdict": "refuse", "life": "proposed"}))
    assert (chosen.refused, chosen.item) == (False, None)

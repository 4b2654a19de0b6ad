"""A category that became another one: whoever still uses the old id means the new one."""

import pytest
from pydantic import ValidationError

from rules.book.compiled_rulebook import CompiledRulebook
from rules.facts.routing_facts import routing_facts_of
from rules.review.ownership_diff import ownership_changes
from schemas.command import Open
from schemas.report import Report, SourceFacts
from schemas.rulebook import Rulebook
from tests.unit.rules.check.test_in_flight import renamed
from tests.worlds.street import ON_S1, T0, Street, a_book, a_report, a_rulebook

NEW = a_book(rulebook=renamed("pothole", id="road-defect", replaces=["pothole"]))


def opened(street: Street, report: Report) -> str:
    street.apply(Open(id=report.id, home="R1-G1", report=report, place=ON_S1), T0)
    return next(case.number for case in street.cases.values() if case.report == report.id)


def followed(then: CompiledRulebook) -> Street:
    """A case opened as a pothole, in a partition that goes by `then` since."""
    street = Street(a_book())
    opened(street, a_report(text="坑"))
    street.book = then
    return street


def test_an_open_case_is_judged_as_what_its_category_became() -> None:
    street = followed(NEW)
    case = next(iter(street.cases.values()))
    routing_facts = routing_facts_of(case, ON_S1, street)
    assert (case.category, routing_facts.category) == ("pothole", "road-defect")


@pytest.mark.parametrize(
    "named", [{"category": "pothole"}, {"source": SourceFacts(category="pothole")}, {"text": "坑"}]
)
def test_who_still_says_the_old_id_means_the_new_one(named: dict[str, object]) -> None:
    street = Street(NEW)
    number = opened(street, a_report().model_copy(update={"text": "?", **named}))
    assert street.cases[number].category == "road-defect"


def test_a_new_report_joins_the_open_case_of_the_old_name() -> None:
    street = followed(NEW)
    first = next(iter(street.cases))
    second = opened(street, a_report("r2", text="坑", by="patrol-2"))
    assert street.cases[second].master == first


def test_a_rename_alone_moves_nothing() -> None:
    assert ownership_changes(a_book(), NEW, T0) == []


def test_what_became_a_subcategory_is_filed_under_both() -> None:
    plain = a_rulebook().model_dump(mode="json")
    plain["categories"] = [each for each in plain["categories"] if each["id"] != "pothole"]
    plain["subcategories"] = [{"id": "hole", "category": "other", "name": {"zh": "坑"}, "replaces": ["pothole"]}]
    book = a_book(rulebook=Rulebook.model_validate(plain))
    assert book.filing("pothole", None) == ("other", "hole")


@pytest.mark.parametrize("replaces", [{"other": ["leak"]}, {"other": ["gone"], "leak": ["gone"]}])
def test_one_name_has_one_meaning(replaces: dict[str, list[str]]) -> None:
    plain = a_rulebook().model_dump(mode="json")
    for each in plain["categories"]:
        each["replaces"] = replaces.get(each["id"], [])
    with pytest.raises(ValidationError, match="replace"):
        Rulebook.model_validate(plain)


def test_repeats_of_all_its_names_are_asked_for() -> None:
    """Also of a category that became a subcategory, and for an open case that still has the old name."""
    plain = a_rulebook().model_dump(mode="json")
    plain["categories"] = [each for each in plain["categories"] if each["id"] != "pothole"]
    plain["categories"][0]["replaces"] = ["hole"]
    first = plain["categories"][0]["id"]
    plain["subcategories"] = [{"id": "deep", "category": first, "name": {"zh": "坑"}, "replaces": ["pothole"]}]
    book = a_book(rulebook=Rulebook.model_validate(plain))
    assert book.names_of(first) == book.names_of("pothole") == book.names_of("hole") == (first, "hole", "pothole")
    assert book.names_of("of another system") == ("of another system",)

"""What a new list does to cases in flight is asked before it is activated."""

from typing import Any

import pytest
from pydantic import ValidationError

from rules.check.in_flight import UNANSWERED, in_flight
from rules.check.problem import Problem
from schemas.names import Language, Name
from schemas.region import Region
from schemas.rulebook import Rulebook
from tests.worlds.street import a_region, a_rulebook

USED = {
    "category": {"pothole": ["c3", "c1", "c2", "c4"], "Heat/Hot Water": ["c5"]},
    "person": {"owner-2": ["c1"], "nobody-known": ["c2"]},
    "department": {"water": ["c2"]},
}


def renamed(old: str, **now: Any) -> Rulebook:
    """The sample list with one category and what routes it under another id."""
    plain = a_rulebook().model_dump(mode="json")
    category = next(each for each in plain["categories"] if each["id"] == old)
    category |= now
    for row in plain["routing"]["rows"]:
        if row["when"].get("category") == [old]:
            row["when"]["category"] = [category["id"]]
    return Rulebook.model_validate(plain)


def found(rulebook: Rulebook, region: Region | None = None) -> dict[str, Problem]:
    return {p.code: p for p in in_flight((a_region(), a_rulebook()), (region or a_region(), rulebook), USED)}


def test_a_category_that_is_gone_is_asked_for_with_the_number_of_its_cases() -> None:
    told = found(renamed("pothole", id="road-defect"))["category_in_flight"]
    said = told.say(Language.EN)
    assert "pothole (Pothole)" in said
    assert "4 (c1, c2, c3 …)" in said
    assert "(perhaps road-defect, Pothole)" in said
    assert "可能是 road-defect 坑洞" in told.say(Language.ZH)


@pytest.mark.parametrize("now", [{"name": {"zh": "路面病害", "en": "Road defect"}}, {"words": ["大坑"]}])
def test_what_it_may_have_become_is_known_by_its_words_or_by_its_name(now: dict[str, Any]) -> None:
    told = found(renamed("pothole", id="road-defect", **now))["category_in_flight"]
    assert "road-defect" in told.remedy.en


def test_what_resembles_nothing_is_asked_for_without_a_guess() -> None:
    told = found(renamed("pothole", id="x", name={"zh": "甲", "en": "A"}, words=["乙"]))["category_in_flight"]
    assert "perhaps" not in told.remedy.en


def test_a_category_that_says_what_it_replaces_is_only_told() -> None:
    told = found(renamed("pothole", id="road-defect", replaces=["pothole"]))
    assert list(told) == ["category_replaced"]
    assert "becomes road-defect" in told["category_replaced"].text.en


def test_people_and_departments_that_are_gone_are_named_with_their_cases() -> None:
    plain = a_region().model_dump(mode="json")
    plain["persons"] = [p for p in plain["persons"] if p["id"] != "owner-2" and p["department"] != "water"]
    plain["organisations"] = [body for body in plain["organisations"] if body["code"] != "water"]
    for segment in plain["segments"]:
        segment["owner"] = "owner-1"
    told = found(a_rulebook(), Region.model_validate(plain))
    assert set(told) == {"person_in_flight", "department_in_flight"}
    assert "owner-2 (Test owner-2)" in told["person_in_flight"].text.en


def renamed_people(**owner: Any) -> Region:
    """The sample region in which owner-2 and the water department go by other ids."""
    plain = a_region().model_dump(mode="json")
    person = next(each for each in plain["persons"] if each["id"] == "owner-2")
    person |= {"id": "owner-new", **owner}
    body = next(each for each in plain["organisations"] if each["code"] == "water")
    body |= {"code": "waterworks", "replaces": ["water"] if owner else []}
    for each in plain["persons"]:
        each["department"] = "waterworks" if each["department"] == "water" else each["department"]
    for segment in plain["segments"]:
        segment["owner"] = "owner-new" if segment["owner"] == "owner-2" else segment["owner"]
    return Region.model_validate(plain)


def test_who_replaces_somebody_is_told_with_the_cases_that_go_over() -> None:
    told = found(a_rulebook(), renamed_people(replaces=["owner-2"]))
    assert set(told) == {"person_replaced", "department_replaced"}
    said = "the open cases of owner-2 (Test owner-2) go to owner-new (Test owner-2): 1 (c1)"
    assert told["person_replaced"].text.en == said
    assert "部门 water" in told["department_replaced"].text.zh


def test_who_may_have_taken_a_place_is_known_by_the_name() -> None:
    told = found(a_rulebook(), renamed_people())
    assert set(told) == {"person_in_flight", "department_in_flight"} == UNANSWERED - {"category_in_flight"}
    assert "(perhaps owner-new)" in told["person_in_flight"].remedy.en
    assert "可能是 waterworks" in told["department_in_flight"].remedy.zh


@pytest.mark.parametrize("replaces", ["owner-1", "twice"])
def test_nobody_replaces_who_is_still_there_and_one_place_has_one_heir(replaces: str) -> None:
    plain = a_region().model_dump(mode="json")
    plain["persons"][0]["replaces"] = plain["persons"][1]["replaces"] = [replaces]
    with pytest.raises(ValidationError, match="still in the region" if replaces == "owner-1" else "replaced by both"):
        Region.model_validate(plain)


def test_another_systems_words_are_nobodys_to_rename() -> None:
    assert found(a_rulebook()) == {}


def test_what_left_the_list_before_the_last_change_is_asked_for_too() -> None:
    past = {"category": {"Heat/Hot Water": Name(zh="漏水", en="Leak")}}
    told = list(in_flight((a_region(), a_rulebook()), (a_region(), a_rulebook()), USED, past))
    assert [(p.code, "perhaps leak" in p.remedy.en) for p in told] == [("category_in_flight", True)]

"""A draft reads the words of the past: what they gave then is open again, and what somebody named stays."""

from pathlib import Path
from typing import Any

import pytest

from schemas.case import State
from schemas.command import Act, Supply
from schemas.rulebook import Rulebook
from tests.unit.grid36.review.test_backtest import changed, everybody, found, rows
from tests.worlds.street import IN_G2, ON_S1, ON_S2, Street, a_book, a_rulebook


def test_other_words_give_another_category(tmp_path: Path) -> None:
    """Only where words had given it; a category that the reporter named stays."""
    street = Street()
    by_words = street.report(ON_S1, name="words", text="坑")
    street.report(ON_S1, name="named", text="坑", category="other")
    told = a_rulebook().model_dump(mode="json")["categories"]
    told[1]["words"], told[2]["words"] = [], ["坑"]
    answer = found(street, tmp_path, changed(categories=told))
    assert [each["case"] for each in answer["changed"]] == [by_words.number]
    assert answer["changed"][0]["would"]["department"] == "water"


def other_words(**words: list[str]) -> Rulebook:
    """The rulebook of the street with other words of some categories."""
    told = a_rulebook().model_dump(mode="json")["categories"]
    return changed(categories=[each | {"words": words.get(each["id"], each["words"])} for each in told])


@pytest.mark.parametrize("older", [False, True])
def test_a_default_that_no_word_led_to_is_read_again(tmp_path: Path, older: bool) -> None:
    """Not where somebody named it. Older events do not tell the two apart, and count as not named."""
    street = Street()
    unread = street.report(ON_S1, name="unread", text="怪声")
    named = street.report(ON_S1, name="named", text="怪声", category="other")
    answer = found(street, tmp_path, other_words(leak=["怪声"]), older=older)
    assert [each["case"] for each in answer["changed"]] == [unread.number, *([named.number] if older else [])]
    assert answer["changed"][0]["would"]["department"] == "water"


@pytest.mark.parametrize("older", [False, True])
def test_words_that_came_later_or_from_another_home_are_read(tmp_path: Path, older: bool) -> None:
    """A report that waited for words has them beside it; one that moved has its own under another id."""
    street = Street()
    street.report(ON_S1, name="silent", text="")
    street.report(None, name="lost", text="坑")
    street.report(IN_G2, name="chosen", text="")
    for report, home, text, place in (("silent", "R1-G1", "坑", None), ("lost", "R1-U", "", ON_S2)):
        told = {"id": f"s-{report}", "home": home, "report": report, "by": "patrol-1", "text": text, "place": place}
        street.apply(Supply.model_validate(told), street.t_ms)
        street.settle()
    chosen = street.case_of("R1-G2", "chosen")
    assert chosen is not None
    street.act(chosen, Act.CORRECT, "office", category="pothole")
    expected = {case.number for case in everybody(street) if case.report in {"silent", "lost"} and case.place}
    answer = found(street, tmp_path, other_words(pothole=[], leak=["坑"]), older=older)
    assert (answer["cases"], len(expected)) == (3, 2)
    assert {each["case"] for each in answer["changed"]} == expected


def land(**words: list[str]) -> dict[str, Any]:
    """Potholes beside a house go to the head of the grid; words of each kind of land."""
    told = changed(**rows((1, {"assign": "department"}))).model_dump(mode="json")
    values = [{"id": name, "name": {"zh": name}, "words": said} for name, said in words.items()]
    told["attributes"] = [{"id": "land", "name": {"zh": "地类"}, "values": values}]
    told["routing"]["inputs"] = [*told["routing"]["inputs"], "attr_land"]
    row = {"id": "house", "priority": 1, "when": {"category": "pothole", "attr_land": "house"}}
    told["routing"]["rows"].insert(0, row | {"then": {"assign": "grid_head"}})
    return told


def test_attributes_are_read_in_the_words_again(tmp_path: Path) -> None:
    """Also where the category was named, the words came later, or the report moved; not what the door had named."""
    book = Rulebook.model_validate(land(house=["屋后"], forest=["林地"]))
    street = Street(a_book(rulebook=book))
    read = street.report(ON_S1, name="read", text="屋后", category="pothole")
    street.report(ON_S2, name="told", text="屋后", category="pothole", attributes={"land": "house"})
    street.report(IN_G2, name="silent", text="")
    street.report(None, name="lost", text="屋后的坑")
    far = IN_G2.model_copy(update={"lat": 24.4639})
    for report, home, text, place in (("silent", "R1-G2", "坑在屋后", None), ("lost", "R1-U", "", far)):
        told = {"id": f"s-{report}", "home": home, "report": report, "by": "patrol-1", "text": text, "place": place}
        street.apply(Supply.model_validate(told), street.t_ms)
        street.settle()
    decided = [case for case in everybody(street) if case.state is State.DISPATCHED]
    assert {case.assignee for case in decided} == {"head-1", "head-2"}
    assert found(street, tmp_path, book)["changed"] == []
    (tmp_path / "other").mkdir()
    answer = found(street, tmp_path / "other", Rulebook.model_validate(land(house=["门前"], forest=["屋后"])))
    assert len(decided) == 4
    assert {each["report"] for each in answer["changed"]} == {read.report, "silent", "lost"}


def test_a_category_stays_when_its_words_were_erased(tmp_path: Path) -> None:
    street = Street()
    street.report(ON_S1, text="坑")
    street.act("R1-G1-2611-00001", Act.ERASE, "office")
    assert found(street, tmp_path, other_words(pothole=[], leak=["坑"]))["changed"] == []

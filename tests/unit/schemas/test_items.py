"""Items of a responsibility list: at one level, for some days, in one version."""

from datetime import date

import pytest
from pydantic import ValidationError

from schemas.item_list import ItemList
from schemas.items import Item, Level
from schemas.rulebook import Rulebook
from tests.worlds.street import a_rulebook


def item(**more: object) -> Item:
    return Item.model_validate({"id": "A1", "name": {"zh": "示例"}, "verdict": "handle", **more})


def test_versions_of_an_item_may_follow_each_other_but_not_overlap() -> None:
    first, second = item(valid_to="2026-03-01"), item(valid_from="2026-03-01")
    assert not first.meets(second)
    assert first.meets(item())
    assert not item(level="street").meets(item(level="district"))
    assert not item(life="proposed").meets(item())


def test_an_item_holds_from_its_first_day_until_before_its_last() -> None:
    dated = item(valid_from="2026-03-01", valid_to="2026-04-01")
    held = [dated.holds_on(date(2026, month, day)) for month, day in ((2, 28), (3, 1), (3, 31), (4, 1))]
    assert held == [False, True, True, False]
    assert not item(life="suspended").holds_on(date(2026, 3, 1))
    with pytest.raises(ValidationError, match="not before"):
        item(valid_from="2026-03-01", valid_to="2026-03-01")


def test_overlapping_versions_are_named_with_their_rows() -> None:
    raw = a_rulebook().model_dump(mode="json")
    raw["items"] = [*raw["items"], *(each.model_dump(mode="json") for each in (item(), item(valid_from="2026-01-01")))]
    numbers = f"in rows {len(raw['items']) - 1} and {len(raw['items'])}"
    with pytest.raises(ValidationError, match=numbers):
        Rulebook.model_validate(raw)


def test_the_version_in_force_is_that_of_the_day_and_of_the_level_of_the_list() -> None:
    before, after = item(valid_to="2026-03-01"), item(valid_from="2026-03-01", valid_to="2026-05-01")
    other = item(level="city", valid_from="2026-05-01")
    items = ItemList(a_rulebook().model_copy(update={"items": (before, after, other), "level": Level.STREET}))
    days = [date(2026, month, 1) for month in (2, 3, 5)]
    assert [items.in_force("A1", day) for day in days] == [before, after, None]
    assert items.own("A1") == (before, after)
    assert items.versions("A1") == (before, after, other)
    assert items.versions("B1") == items.versions(None) == ()

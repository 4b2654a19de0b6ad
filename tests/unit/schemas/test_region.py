from typing import Any

import pytest
from pydantic import ValidationError

from schemas.content import content_address
from schemas.region import NumberRange, Region, Side


def square(west: float) -> list[Any]:
    ring = [(west, 0.0), (west + 1, 0.0), (west + 1, 1.0), (west, 1.0), (west, 0.0)]
    return [[ring]]


def region(**changes: Any) -> Region:
    plain = {
        "code": "r",
        "name": {"zh": "街", "en": "Street"},
        "zone": "UTC",
        "box": {"west": -1, "south": -1, "east": 3, "north": 2},
        "grids": [
            {"id": "G1", "name": {"zh": "一"}, "polygons": square(0.0)},
            {"id": "G2", "name": {"zh": "二"}, "polygons": square(1.0)},
        ],
        "fallback_owner": "desk",
        "fallback_department": "office",
    }
    return Region.model_validate(plain | changes)


def test_the_hash_does_not_depend_on_the_order_of_the_file() -> None:
    turned = region(grids=[g.model_dump() for g in reversed(region().grids)])
    assert content_address(turned) == content_address(region())


def test_the_hash_depends_on_the_content() -> None:
    assert content_address(region(zone="Asia/Shanghai")) != content_address(region())


def test_one_id_twice_is_refused() -> None:
    grid = region().grids[0].model_dump()
    with pytest.raises(ValidationError, match="G1 is listed twice"):
        region(grids=[grid, grid])


@pytest.mark.parametrize("bad", ["U", "a b", "", "a/b"])
def test_ids_that_would_break_keys_are_refused(bad: str) -> None:
    with pytest.raises(ValidationError):
        region(grids=[{"id": bad, "name": {"zh": "一"}, "polygons": square(0.0)}])


def test_a_box_inside_out_is_refused() -> None:
    with pytest.raises(ValidationError, match="west < east"):
        region(box={"west": 1, "south": 0, "east": 0, "north": 1})


def test_a_region_survives_json() -> None:
    assert Region.model_validate_json(region().model_dump_json()) == region()


def test_house_numbers_have_sides() -> None:
    even = NumberRange(first=2, last=18, side=Side.EVEN)
    assert [n for n in range(22) if even.holds(n)] == list(range(2, 19, 2))
    odd = NumberRange(first=1, last=5, side=Side.ODD)
    assert [n for n in range(8) if odd.holds(n)] == [1, 3, 5]
    assert [n for n in range(8) if NumberRange(first=2, last=4).holds(n)] == [2, 3, 4]
    with pytest.raises(ValidationError, match="first <= last"):
        NumberRange(first=5, last=1)

"""How large places are: by their roads, or by their areas where there are no roads."""

from typing import Any

import pytest

from connectors.ledger.queries.recurrence.exposure import area_m2, exposure, usual_places
from schemas.remit import WHOLE, Remit
from tests.worlds.street import a_region

EQUATOR = ((0.0, 0.0), (0.01, 0.0), (0.01, 0.01), (0.0, 0.01))
SIDE_M = 1113.2


def region(**other: Any) -> Any:
    return a_region().model_copy(update=other)


def test_a_grid_is_as_long_as_its_roads() -> None:
    """Grids without roads have no size; a part of the region has its own places only."""
    by_segment, by_grid = exposure(region(), WHOLE, "segment"), exposure(region(), WHOLE, "grid")
    assert set(by_segment.sizes) == {"S1", "S2"}
    assert by_grid.sizes == {"G1": pytest.approx(sum(by_segment.sizes.values()))}
    assert not by_grid.by_area
    assert exposure(region(), Remit(grids=frozenset({"G2"})), "segment").sizes == {}
    assert exposure(region(), Remit(departments=frozenset({"water"})), "grid") == by_grid


def test_without_roads_a_grid_is_as_large_as_its_area() -> None:
    bare = region(segments=())
    found = exposure(bare, WHOLE, "grid")
    assert found.by_area
    assert found.sizes["G1"] == pytest.approx(found.sizes["G2"])
    assert exposure(bare, Remit(grids=frozenset({"G2"})), "grid").sizes.keys() == {"G2"}
    assert exposure(bare, WHOLE, "segment").sizes == {}
    assert (usual_places(bare), usual_places(region())) == ("grid", "segment")


def test_holes_are_not_area_and_the_last_point_may_close_the_ring() -> None:
    whole = area_m2((EQUATOR,))
    assert whole == pytest.approx(SIDE_M**2, rel=0.01)
    assert area_m2(((*EQUATOR, EQUATOR[0]),)) == pytest.approx(whole)
    hole = tuple((x / 2, y / 2) for x, y in EQUATOR)
    assert area_m2((EQUATOR, hole)) == pytest.approx(whole * 0.75, rel=0.001)
    north = tuple((x, y + 60) for x, y in EQUATOR)
    assert area_m2((north,)) == pytest.approx(whole / 2, rel=0.001)

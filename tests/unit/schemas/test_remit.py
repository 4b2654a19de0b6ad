"""Which part of the region somebody answers for, and which cases are in it."""

from typing import Any

import pytest

from grid36.files.region.commands import load_region
from schemas.case import Case
from schemas.directory import Directory
from schemas.remit import WHOLE, Remit
from tests.worlds.small_town import EXAMPLE

LISTS = frozenset(f"G{n:03}" for n in range(1, 11))


def grids(*numbers: int) -> frozenset[str]:
    return frozenset(f"G{n:03}" for n in numbers)


@pytest.mark.parametrize(
    ("person", "remit"),
    [
        ("duty-desk", WHOLE), ("street-chief", WHOLE), ("city-coordinator", WHOLE), ("inspector-1", WHOLE),
        ("lane-chief-1", Remit(grids=grids(1, 2, 3, 4))), ("lane-chief-3", Remit(grids=grids(8, 9, 10))),
        ("steward-05", Remit(grids=grids(5))), ("head-05", Remit(grids=grids(5))),
        ("officer-parks", Remit(departments=frozenset({"parks"}))), ("list-steward", Remit(lists=LISTS)),
        ("patroller-01", Remit()), ("supervisor-01", Remit()), ("rider-01", Remit()), ("nobody", Remit()),
    ],
)  # fmt: skip
def test_it_follows_ladders_heads_departments_and_powers(person: str, remit: Remit) -> None:
    assert Directory(load_region(EXAMPLE)).remit(person) == remit
    assert bool(remit) is (remit != Remit())


def test_whoever_has_all_grids_has_the_region_and_in_a_region_without_grids_nobody_does() -> None:
    region = load_region(EXAMPLE)
    one = region.model_copy(update={"grids": region.grids[:1]})
    assert Directory(one).remit("lane-chief-1") == WHOLE
    assert Directory(region.model_copy(update={"grids": ()})).remit("lane-chief-1") == Remit()


def case(**fields: Any) -> Case:
    return Case.model_validate({"number": "n", "home": "h", "report": "r", "state": "submitted"} | fields)


PLACED = {"grid": "G001", "segment": None, "label": "x", "by": "address"}
PARKS = {"code": "parks", "name": "Parks"}
CHANGE = {"id": "P03", "name": {"zh": "一", "en": "One"}, "verdict": "assist", "lead": "parks"}


@pytest.mark.parametrize(
    ("remit", "seen"),
    [
        (WHOLE, {"nowhere", "placed", "parks", "change", None}),
        (Remit(), set()),
        (Remit(grids=grids(1)), {"placed", "change"}),
        (Remit(grids=grids(2)), set()),
        (Remit(departments=frozenset({"parks"})), {"parks"}),
        (Remit(lists=grids(1)), {"change"}),
        (Remit(lists=grids(2)) | Remit(departments=frozenset({"parks"})), {"parks"}),
    ],
)
def test_a_case_is_in_it_by_its_grid_its_department_or_what_it_proposes(remit: Remit, seen: set[str | None]) -> None:
    cases = {
        "nowhere": case(), "placed": case(place=PLACED), "parks": case(department=PARKS),
        "change": case(place=PLACED, change=CHANGE), None: None,
    }  # fmt: skip
    assert {name for name, each in cases.items() if remit.has(each)} == seen


def test_both_together_are_no_more_than_each() -> None:
    one, two = Remit(grids=grids(1), lists=grids(2)), Remit(grids=grids(3), departments=frozenset({"parks"}))
    assert Remit.joined([one, two]) == Remit(grids=grids(1, 3), departments=frozenset({"parks"}), lists=grids(2))
    assert Remit.joined([]) == Remit()
    assert one | WHOLE == WHOLE
    assert (one.where, two.where, WHOLE.where) == (grids(1, 2), None, None)

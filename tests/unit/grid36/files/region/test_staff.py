"""Grids of the size and staff that people know, in both units, and legacy codes that mean one grid."""

from typing import Any

import pytest

from grid36.files.region.staff import staffed
from schemas.region import Region
from tests.worlds.street import a_region


def found(**first: Any) -> list[tuple[str, str]]:
    """What is said of the tiny street, whose first grid has these fields and whose second one nothing unusual."""
    plain = a_region().model_dump(mode="json")
    usual = {
        "households": 400,
        "people": 1000,
        "head": "head-1",
        "workers": ["owner-1", "owner-2"],
        "legacy_codes": ["A-1"],
    }
    plain["grids"][0] |= usual | first
    plain["grids"][1] |= usual | {"legacy_codes": ["B-1"]}
    return [(code, text.en) for code, _, text, _ in staffed(Region.model_validate(plain))]


def test_a_usual_grid_is_in_order() -> None:
    assert found() == []
    assert found(households=None, people=None, workers=[], head=None) == []
    assert found(workers=["head-1", "owner-1", "owner-2", "inspector"]) == [], "the head is no worker"


@pytest.mark.parametrize(
    ("size", "named"),
    [
        ({"households": 299}, ["299 households"]),
        ({"households": 501, "people": 1000}, ["501 households"]),
        ({"households": 400, "people": 2600}, ["2600 people"]),  # also where the households are usual
        ({"households": 40, "people": 90}, ["40 households", "90 people"]),
        ({"households": None, "people": 400}, ["400 people"]),
    ],
)
def test_a_grid_of_an_unusual_size_is_named_in_both_units(size: dict[str, Any], named: list[str]) -> None:
    ((code, text),) = found(**size)
    assert code == "grid_size"
    assert text.split(";")[0].split(", ") == named


@pytest.mark.parametrize(
    ("staff", "told"),
    [
        ({"workers": ["owner-1"]}, "heads: 1, workers: 1"),
        ({"workers": []}, "heads: 1, workers: 0"),
        ({"workers": ["owner-1", "owner-2", "inspector", "office"]}, "heads: 1, workers: 4"),
        ({"head": None, "workers": ["owner-1"]}, "heads: 0, workers: 1"),
    ],
)
def test_other_staff_than_a_head_and_two_or_three_workers_is_named(staff: dict[str, Any], told: str) -> None:
    ((code, text),) = found(**staff)
    assert code == "grid_staffing"
    assert text.startswith(told)


@pytest.mark.parametrize(
    "codes", [["B-1"], ["b-1"], ["G2"], ["A-1", "A-1"]], ids=["another's", "but for case", "its code", "twice"]
)
def test_a_legacy_code_means_one_grid(codes: list[str]) -> None:
    ((code, _),) = found(legacy_codes=codes)
    assert code == "legacy_code_twice"

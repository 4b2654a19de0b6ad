"""A rulebook is whole when it is loaded, or says everything that is wrong with it."""

from typing import Any

import pytest
from pydantic import ValidationError

from schemas.content import content_address
from schemas.items import Limits
from schemas.limit import limit_ms
from schemas.rulebook import Rulebook
from tests.worlds.street import a_rulebook


def told() -> dict[str, Any]:
    return a_rulebook().model_dump(mode="json")


def faults_of(raw: dict[str, Any]) -> str:
    with pytest.raises(ValidationError) as caught:
        Rulebook.model_validate(raw)
    return str(caught.value)


@pytest.mark.parametrize(("limit", "ms"), [("30m", 1_800_000), ("4h", 14_400_000), ("3d", 259_200_000)])
def test_limits(limit: str, ms: int) -> None:
    assert limit_ms(limit) == ms


@pytest.mark.parametrize("limit", ["0h", "4", "4 h", "1.5h", "-1h", "100000m", "4w"])
def test_what_is_no_limit(limit: str) -> None:
    with pytest.raises(ValidationError):
        Limits(accept=limit)


def test_the_address_is_that_of_the_content() -> None:
    """Whatever the order of fields in the file; another number is another rulebook."""
    raw = told()
    assert content_address(Rulebook.model_validate(dict(reversed(raw.items())))) == content_address(a_rulebook())
    assert content_address(a_rulebook(return_cap=3)) != content_address(a_rulebook())
    assert len(content_address(a_rulebook())) == 32


def test_a_file_with_mistakes_lists_all_of_them() -> None:
    raw = told()
    raw["default_category"] = "ghost"
    raw["categories"][0]["item"] = "I9"
    raw["routing"]["rows"][0]["then"] = {"item": "I8"}
    said = faults_of(raw)
    for fault in ("'ghost'", "'I9'", "'I8'", "row 1 ('R-dirty') has no `assign`"):
        assert fault in said


@pytest.mark.parametrize("rows", ["categories", "items"])
def test_nothing_stands_twice(rows: str) -> None:
    raw = told()
    raw[rows].append(raw[rows][0])
    assert "is listed twice" in faults_of(raw)


def test_a_misspelled_field_is_named() -> None:
    raw = told()
    raw["policy"]["retrun_cap"] = 2
    assert "policy.retrun_cap" in faults_of(raw)

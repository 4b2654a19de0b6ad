"""Which row of the list decides, why other versions do not, and what the gate makes of it."""

from datetime import date
from typing import Any

import pytest

from rules.book.compiled_rulebook import CompiledRulebook
from rules.places.region_index import RegionIndex
from rules.review.explaining.lists import Gate, Listed, Named, explain_gate, explain_item
from rules.tables.index import IndexMatcher
from schemas.names import Name
from schemas.rulebook import Rulebook
from tests.strategies.broken_books import example

DAY = date(2026, 11, 20)
NOON_MS = 1_795_147_200_000
"""Of that day, in the example's zone."""


def row(**fields: Any) -> dict[str, Any]:
    return {"id": "X", "name": {"zh": "甲", "en": "X"}, "verdict": "handle", **fields}


def book(*items: dict[str, Any], **policy: Any) -> Rulebook:
    plain = example()[1].model_dump(mode="json")
    plain |= {"level": "street", "items": [*plain["items"][:0], *items, *plain["items"]]}
    plain["policy"] |= policy
    return Rulebook.model_validate(plain)


def listed(rulebook: Rulebook, *names: str, day: date | None = DAY) -> Listed:
    return explain_item([Named(name, Name.same(f"by {name}")) for name in names], rulebook, day)


def over(found: Listed) -> list[tuple[str, int, str]]:
    return [(lost.row, lost.number, lost.why.en) for lost in found.passed_over]


def test_the_version_in_force_at_this_level_decides() -> None:
    rulebook = book(
        row(level="district"),
        row(life="suspended"),
        row(valid_to="2026-11-20"),
        row(valid_from="2026-11-20", valid_to="2026-12-01", verdict="assist"),
        row(valid_from="2026-12-01"),
    )
    found = listed(rulebook, "X")
    assert (found.number, found.item and found.item.verdict, found.by and found.by.en) == (4, "assist", "by X")
    assert over(found) == [
        ("X", 1, "it is for the district or county, and this is the list of the street or township"),
        ("X", 2, "it is suspended"),
        ("X", 3, "it held until 2026-11-20"),
        ("X", 5, "it holds from 2026-12-01 on"),
    ]
    region = example()[0]
    own = CompiledRulebook(region, rulebook, "v", RegionIndex(region), IndexMatcher(rulebook.tables)).item("X", NOON_MS)
    assert found.item == own, "as the decision takes it"


def test_what_does_not_hold_leaves_it_to_the_next_who_names_one() -> None:
    found = listed(book(row(life="withdrawn")), "Y", "X", "P01")
    assert found.item is not None
    assert (found.item.id, found.by and found.by.en) == ("P01", "by P01")
    assert over(found) == [("Y", 0, "by Y names it, and it is not on the list"), ("X", 1, "it is withdrawn")]
    assert listed(book(), "Y").item is None
    assert listed(book()) == Listed(None)


def test_without_a_day_it_is_cited_as_it_stands_last() -> None:
    rulebook = book(row(valid_to="2026-01-01"), row(valid_from="2026-01-01", life="proposed"))
    assert listed(rulebook, "X", day=None).number == 2


def gate(rulebook: Rulebook, cited: str | None, *, admitted: bool = False) -> Gate:
    return explain_gate("parks", cited, admitted, rulebook, DAY)


@pytest.mark.parametrize(
    ("code", "why"), [("not_admitted_of_another", "names other"), ("needs_admission_unfit", "fit")]
)
def test_why_the_gate_held_an_item_that_is_on_the_list(code: str, why: str) -> None:
    """The gate's own reason on the log says it: the words of the task may be gone."""
    found = explain_gate("water", "P01", False, book(), DAY, code)
    assert not found.passes
    assert why in found.why.en


def test_what_is_on_the_list_passes_the_gate() -> None:
    found = gate(book(), "P01")
    assert (found.passes, found.approver, found.why.en) == (True, None, "the list says “handle”")
    assert found.listed.by is not None
    assert found.listed.by.en == "the department parks"


@pytest.mark.parametrize(
    ("cited", "why"),
    [
        ("P03", "the list says “refuse”"),
        ("X", "X: it is suspended"),
        ("Y", "Y: the department parks names it, and it is not on the list"),
        (None, "no list item is cited"),
    ],
)
def test_everything_else_is_refused_or_waits(cited: str | None, why: str) -> None:
    item = row(life="suspended")
    refused = gate(book(item, off_list="refuse"), cited)
    assert (refused.passes, refused.approver) == (False, None)
    assert refused.why.en == f"{why}; what is not on the list is refused (off_list)"
    held = gate(book(item, off_list="approve", approver="street-chief"), cited)
    assert (held.passes, held.approver, held.admitted) == (False, "street-chief", False)
    assert held.why.en == f"{why}; street-chief has to admit what is not on the list"
    admitted = gate(book(item, off_list="approve", approver="street-chief"), cited, admitted=True)
    assert (admitted.passes, admitted.admitted) == (True, True)

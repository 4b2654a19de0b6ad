"""What an approved change switches: what is in force and what was planned before, each with the change in it."""

from datetime import UTC, date, datetime

import pytest
from pydantic import TypeAdapter

from connectors.clock import now_ms
from grid36.review.approval import Approval, DayPassed, made_effective, problems, wishes
from schemas.codec import encode
from schemas.content import content_address
from schemas.items import Item, Verdict
from schemas.report import Id
from schemas.rulebook import Rulebook
from schemas.system import Switched, System
from streams.rulebooks.topic import Records, both_records
from tests.strategies.broken_books import example

REGION, BOOK = example()
PLANNED = BOOK.model_copy(update={"note": "next month"})
ITEM = next(item for item in BOOK.items if item.id == "P03").model_copy(
    update={"verdict": Verdict.HANDLE, "lead": "parks", "redirect": None}
)
LATER_MS = now_ms() + 40 * 86_400_000


def records(*switched: dict[str, bytes]) -> Records:
    system = System(partitions=3, region=content_address(REGION), rulebook=content_address(BOOK))
    found = {"system": encode(system), **both_records(REGION, BOOK), **both_records(REGION, PLANNED)}
    for each in switched:
        found |= each
    return found


def planned(id: str = "next", at_ms: int = 1, effective_ms: int = LATER_MS) -> dict[str, bytes]:
    told = Switched(
        id=id,
        rulebook=content_address(PLANNED),
        region=content_address(REGION),
        by="x",
        at_ms=at_ms,
        effective_ms=effective_ms,
    )
    return {f"switch/{id}": encode(told)}


def verdicts(book: Rulebook) -> list[tuple[Verdict, date | None]]:
    return [(item.verdict, item.valid_from) for item in book.items if item.id == "P03"]


def test_a_change_is_made_in_what_is_in_force_and_in_what_is_planned() -> None:
    """Else the planned list would take back what was approved; both hold from the same day."""
    day = datetime.fromtimestamp(LATER_MS / 1000, UTC).date()
    now, later = wishes(Approval("C-1", ITEM, "list-steward", day), records(planned()))
    assert (now.id, now.from_ms, now.instead_of) == (
        "list-C-1",
        None,
        (content_address(REGION), content_address(BOOK)),
    )
    assert (later.from_ms, later.rulebook.note) == (LATER_MS, "next month")
    for wish in (now, later):
        assert verdicts(wish.rulebook) == [(Verdict.REFUSE, None), (Verdict.HANDLE, day)]
        assert "P03" in wish.note


def test_approvals_can_follow_each_other_in_a_planned_list() -> None:
    """The id of a switch is that of a command, so it stays short however often the planned list was changed before."""
    first, second = (Approval(f"350203006-G001-2611-0000{n}", ITEM, "list-steward") for n in (1, 2))
    _, later = wishes(first, records(planned("switch-01234567-89abcdef-1790000000000")))
    assert later.id is not None
    again = records(planned(later.id, at_ms=6), planned(first.id, at_ms=5, effective_ms=9))
    assert wishes(first, again) == []
    _, later = wishes(second, again)
    assert TypeAdapter(Id).validate_python(later.id) == later.id


def test_what_was_done_is_not_done_again() -> None:
    """Also when the day has passed meanwhile; a list that was planned afterwards knows of the change."""
    approval = Approval("C-1", ITEM, "list-steward", date(2020, 1, 1))
    found = records(planned("list-C-1", at_ms=5, effective_ms=9), planned("steward", at_ms=6))
    assert wishes(approval, found) == []
    made = made_effective(approval, found)
    assert made is not None
    assert made.effective_ms == 9
    with pytest.raises(DayPassed):
        wishes(approval, records())


async def test_a_list_with_errors_is_not_approved() -> None:
    wished = wishes(Approval("C-1", ITEM, "list-steward"), records())
    assert [problem.code for problem in await problems(wished, None)] == []
    wrong = wishes(Approval("C-1", ITEM.model_copy(update={"lead": "no-such-body"}), "list-steward"), records())
    assert await problems(wrong, None)


def test_a_new_item_is_put_on_the_list() -> None:
    item = Item.model_validate(
        {"id": "N01", "name": {"zh": "新事项", "en": "New"}, "verdict": "handle", "lead": "parks"}
    )
    (wish,) = wishes(Approval("C-2", item, "list-steward"), records())
    assert [each.id for each in wish.rulebook.items][-1] == "N01"

"""Rows of the example street that ask for more than the category: each has somebody whom it is about."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from grid36.files.region.load import load_region
from grid36.files.rulebook import load_rulebook
from grid36.review.sample_rulebooks import Shape, shaped
from grid36.settings import data_folder
from rules.book.compiled_rulebook import CompiledRulebook, book_of
from rules.decision.draft import Draft
from rules.review.dry_run import outcome, rehearse
from schemas.case import Deadline, UrgentBy
from schemas.event import EventType
from schemas.place import PlaceGiven
from schemas.report import Report, Reporter
from tests.worlds.street import T0

EXAMPLE = data_folder("regions") / "example"
BOOK = book_of(load_region(EXAMPLE), load_rulebook(EXAMPLE))
MISSING = (UrgentBy.SUBCATEGORY,)


@pytest.mark.parametrize(
    ("text", "address", "row", "assignee", "urgent_by"),
    [
        ("这里井盖缺失", "湖滨南路12号", "open-manhole", "head-01", MISSING),
        ("The cover is missing, manhole open", "湖滨南路12号", "open-manhole", "head-01", MISSING),
        ("井盖松动", "湖滨南路12号", "road-works", "officer-municipal-works", ()),
        ("路灯杆漏电", "湖滨南路12号", "dangerous-lamp", "head-01", (UrgentBy.WORDS,)),
        ("Current on the lamp post, somebody hurt", "湖滨南路12号", "dangerous-lamp", "head-01", (UrgentBy.WORDS,)),
        ("路面坑洼，有人受伤", "湖滨南路12号", "danger", "head-01", (UrgentBy.WORDS,)),
        ("路面有坑，老人摔倒站不起来", "湖滨南路12号", "danger", "head-01", (UrgentBy.WORDS,)),
        ("我家屋后的树倒了，砸到我爸爸了", "云帆三巷5号", "danger", "head-01", (UrgentBy.WORDS,)),
        ("路面有油", "湖滨南路12号", "road-cleaning", "supervisor-01", ()),
        ("我家房子旁边有树要砍", "西门街10号", "house-trees", "head-01", ()),
        ("危房倒塌", "湖滨南路12号", "danger-elsewhere", "head-01", (UrgentBy.WORDS,)),
        ("路面坑洼", "湖滨南路12号", "road-works", "officer-municipal-works", ()),
        ("路灯不亮", "湖滨南路12号", "lighting", "officer-street-lighting", ()),
        ("偷倒渣土", "西门街3号", "river-bank-dumping", "officer-drainage", ()),
        ("偷倒渣土", "湖滨南路12号", "fly-tipping", "officer-urban-management", ()),
    ],
)
def test_the_row_that_is_meant_has_it(
    text: str, address: str, row: str, assignee: str, urgent_by: tuple[UrgentBy, ...]
) -> None:
    report = Report(
        id="r", text=text, place=PlaceGiven(address=address), reporter=Reporter(id="p"), door="web", received_ms=T0
    )
    decision = rehearse(report, BOOK, T0)
    opened, sent = decision.drafts[0], outcome(decision)
    assert (opened.type, opened.now.get("urgent_by", ())) == (EventType.OPENED, urgent_by)
    assert sent.because is not None
    assert (sent.because.row, sent.now["assignee"]) == (row, assignee)


BOOKS = {
    "example": BOOK.rulebook,
    "generic": load_rulebook(data_folder("regions") / "generic"),
    **{shape.value: shaped(shape) for shape in Shape if shape is not Shape.DISTRICT},
}
SUNDAY_NIGHT = int(datetime(2026, 11, 29, 2, 30, tzinfo=ZoneInfo("Asia/Shanghai")).timestamp() * 1000)
MINUTE, HOUR = 60_000, 3_600_000


def reported(book: CompiledRulebook, category: str, *, urgent: bool) -> Draft:
    """What becomes of a report of a category at half past two on a Sunday night."""
    place = PlaceGiven(address="湖滨南路12号")
    report = Report(
        id="r", text="x", category=category, urgent=urgent, place=place, reporter=Reporter(id="p"), door="web",
        received_ms=SUNDAY_NIGHT,
    )  # fmt: skip
    return outcome(rehearse(report, book, SUNDAY_NIGHT))


@pytest.mark.parametrize("name", BOOKS)
def test_danger_of_any_category_has_a_clock_at_any_hour_and_somebody_who_is_there(name: str) -> None:
    """Whatever a shipped list does not refuse: within minutes, by hours, not later than without the danger."""
    book = book_of(BOOK.region, BOOKS[name])
    desks = set(book.directory.desks.values())
    for category in book.rulebook.categories:
        urgent, normal = (reported(book, category.id, urgent=told) for told in (True, False))
        if urgent.type is EventType.REFUSED:
            continue
        now = urgent.now
        assert now["assignee"] not in desks, category.id
        deadlines: dict[Deadline, int] = now["deadlines"]
        assert deadlines[Deadline.ACCEPT] <= SUNDAY_NIGHT + 15 * MINUTE, category.id
        assert deadlines[Deadline.RESPOND] <= SUNDAY_NIGHT + HOUR, category.id
        first = min(deadlines[Deadline.RESOLVE], deadlines.get(Deadline.MILESTONE, deadlines[Deadline.RESOLVE]))
        assert first <= SUNDAY_NIGHT + 4 * HOUR, category.id
        for clock, at in normal.now.get("deadlines", {}).items():
            waits = {Deadline.REPORT_IN, Deadline.OFFER, Deadline.ARCHIVE}
            assert clock in waits or deadlines[clock] <= at, (category.id, clock)

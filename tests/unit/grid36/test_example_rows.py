"""Rows of the example street that ask for more than the category: each has somebody whom it is about."""

import pytest

from grid36.region_load import load_region
from grid36.rulebook_files import load_rulebook
from grid36.settings import data_folder
from rules.book import book_of
from rules.rehearsal import outcome, rehearse
from schemas.case import UrgentBy
from schemas.event import EventType
from schemas.place import PlaceGiven
from schemas.report import Report, Reporter
from tests.street import T0

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

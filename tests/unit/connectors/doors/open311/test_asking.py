"""What a query asks for, and what is wrong with it."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.doors.open311.asking import DAY_MS, MINUTE_MS, KeptQuestions, asked_for
from connectors.intake.refusal import Refused
from connectors.ledger.service_requests import RequestFilter
from schemas.names import Name
from schemas.rulebook import Category, Rulebook, Subcategory
from tests.worlds.doors import rulebook

NOW = 1_763_800_000_000


def book() -> Rulebook:
    """With a category that replaced another, and a part of it."""
    litter = Category(id="litter", name=Name(zh="垃圾", en="Litter"), replaces=("trash",))
    bins = Subcategory(id="bins", category="litter", name=Name(zh="桶", en="Bins"))
    return rulebook().model_copy(update={"categories": (rulebook().categories[0], litter), "subcategories": (bins,)})


def asked(**query: str) -> RequestFilter:
    return asked_for(query, book(), NOW).filter


def faults(**query: str) -> list[tuple[str, str]]:
    with pytest.raises(Refused) as found:
        asked_for(query, book(), NOW)
    return [(each.code, each.where) for each in found.value.faults]


def test_nothing_asks_for_the_last_ninety_days() -> None:
    assert asked() == asked(jurisdiction_id="", status="", unknown="x")
    assert asked() == RequestFilter(from_ms=NOW - NOW % MINUTE_MS - 90 * DAY_MS)


def test_a_span_begins_or_ends_where_it_is_told() -> None:
    start, end = "2025-01-01T00:00:00Z", "2025-03-01T08:00:00+08:00"
    begins, ends = 1_735_689_600_000, 1_740_787_200_000
    both = asked(start_date=start, end_date=end)
    assert (both.from_ms, both.to_ms) == (begins, ends)
    assert (asked(start_date=start).to_ms, asked(end_date=end).from_ms) == (begins + 90 * DAY_MS, ends - 90 * DAY_MS)
    assert asked(start_date=start.replace("Z", " 00:00")).from_ms == begins  # a plus that was not escaped
    assert faults(start_date=start, end_date="2025-05-01T00:00:00Z") == [("span_too_long", "end_date")]
    assert faults(start_date=end, end_date=start) == [("span_too_long", "end_date")]


def test_what_changed_is_asked_for_without_a_span() -> None:
    found = asked(updated_after="2025-01-01T00:00:00Z")
    assert (found.changed_from_ms, found.changed_to_ms, found.from_ms) == (1_735_689_600_000, None, None)


def test_services_go_by_all_their_ids() -> None:
    """Former ones too; a category does not stand for its parts."""
    found = asked(service_code="litter, bins")
    assert (found.services, found.categories) == (("litter", "trash", "bins"), ("litter", "trash"))
    assert asked(service_code="bins").services == ("bins",)
    assert faults(service_code="litter,cats") == [("unknown_service", "service_code")]


def test_pages() -> None:
    assert (asked(page="3", page_size="50").offset, asked(page_size="50").limit) == (100, 50)
    assert asked(before="1763800000000,T-G01-2511-00001").before == (1_763_800_000_000, "T-G01-2511-00001")
    assert asked(status="open").open is True
    assert asked(status="closed,open").open is None


def test_every_mistake_is_named() -> None:
    assert faults(
        page="0", page_size="1001", status="odd", start_date="2025-01-01T00:00:00", updated_after="now", before="x"
    ) == [
        ("bad_number", "page"), ("bad_number", "page_size"), ("bad_time", "updated_after"),
        ("time_without_zone", "start_date"), ("wrong_type", "before"), ("not_one_of", "status"),
    ]  # fmt: skip
    assert faults(page="20", page_size="1000") == [("page_too_far", "page")]


def test_ids_stand_for_themselves() -> None:
    assert asked_for({"service_request_id": "a, b,", "status": "odd"}, book(), NOW).ids == ("a", "b")
    assert faults(service_request_id=",".join(map(str, range(51)))) == [("too_many", "service_request_id")]


@given(
    st.dictionaries(
        st.sampled_from(
            ["service_request_id", "service_code", "start_date", "end_date", "status", "page", "page_size", "before",
             "updated_after", "updated_before", "extensions"]
        ),
        st.one_of(st.text(max_size=12), st.sampled_from(["open", "litter", "7", "2025-01-01T00:00:00Z"])),
    )
)  # fmt: skip
def test_anything_is_read_or_refused(query: dict[str, Any]) -> None:
    wrong, found = 0, RequestFilter()
    try:
        found = asked_for(query, book(), NOW).filter
    except Refused as refusal:
        wrong = refusal.status
    assert wrong in {0, 400, 404}
    assert 1 <= found.limit <= 1000


def test_a_question_is_read_once_a_minute() -> None:
    """With another rulebook, or later, the same text asks for something else."""
    kept, rules = KeptQuestions(), book()
    first = kept.of("status=open", {"status": "open"}, rules, NOW)
    assert kept.of("status=open", {}, rules, NOW + 1) is first  # which shows that it was not read again
    assert kept.of("status=open", {"status": "open"}, book(), NOW) == first
    later = kept.of("status=open", {"status": "open"}, rules, NOW + MINUTE_MS)
    assert later.asked.filter.from_ms == NOW - NOW % MINUTE_MS + MINUTE_MS - 90 * DAY_MS
    paged = kept.of("page=2&status=open&x=1", {"page": "2", "status": "open", "before": "1,a", "x": "é "}, rules, NOW)
    assert paged.further == "status=open&x=%C3%A9+"
    with pytest.raises(Refused):
        kept.of("page=0", {"page": "0"}, rules, NOW)
    with pytest.raises(Refused):
        kept.of("page=0", {"page": "0"}, rules, NOW)

"""How requests of other servers are read: they differ in what they send for what is not there."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from connectors.doors.neighbour.reading import NeighbourRequest, own_id, report_id, submission_of

BARE = {"service_request_id": 638344, "description": None, "lat": "", "long": "", "address": None, "media_url": None}


def test_numbers_and_nothing() -> None:
    told = NeighbourRequest.model_validate({**BARE, "service_code": 1, "updated_datetime": "2026-11-30T08:00:00Z"})
    assert (told.service_request_id, told.service_code, told.lat, told.description) == ("638344", "1", None, "")
    assert told.changed_ms == 1_796_025_600_000
    assert NeighbourRequest.model_validate({**BARE, "lat": "24.5", "long": "118"}).lat == 24.5


def test_words_decide_where_no_category_is_named() -> None:
    told = NeighbourRequest.model_validate(
        {**BARE, "service_name": "Pothole", "service_code": "7", "description": "big"}
    )
    assert submission_of(told, {}).text == "Pothole\nbig"
    named = submission_of(told, {"7": "pothole"})
    assert (named.text, named.category) == ("big", "pothole")


def test_ids() -> None:
    """One that cannot be ours as it is becomes a digest; one that begins like ours came from us."""
    assert (report_id("H-1"), own_id("H-1"), own_id("neighbour-T-1")) == ("neighbour-H-1", None, "T-1")
    assert report_id("a b") == report_id("a b") != report_id("a c")
    assert len(report_id("x" * 300)) < 60


@given(
    st.dictionaries(
        st.sampled_from(["service_request_id", "status", "lat", "long", "description", "updated_datetime"]),
        st.none() | st.integers() | st.floats() | st.text(max_size=9) | st.lists(st.none(), max_size=1),
    )
)
def test_anything_is_read_or_refused(row: dict[str, object]) -> None:
    told = None
    try:
        told = NeighbourRequest.model_validate(row)
    except ValidationError:
        return
    assert told.service_request_id
    assert report_id(told.service_request_id).startswith("neighbour-")


def test_what_is_no_position_is_a_mistake() -> None:
    with pytest.raises(ValidationError):
        NeighbourRequest.model_validate({**BARE, "lat": "north"})

"""Who plays the demo."""

from connectors.doors.browser.stage import cast_of
from grid36.files.region.commands import load_region
from tests.worlds.doors import region
from tests.worlds.small_town import EXAMPLE


def test_a_rider_and_the_owner_of_a_segment_with_house_numbers() -> None:
    cast = cast_of(load_region(EXAMPLE))
    assert cast is not None
    assert (cast.reporter.id, cast.handler.id) == ("rider-01", cast.segment.owner)
    assert cast.segment.numbers


def test_a_region_without_such_a_segment_has_no_stage() -> None:
    assert cast_of(region()) is None

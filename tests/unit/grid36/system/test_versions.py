"""Which version is in force when, and that asking twice switches once."""

import pytest

from grid36.settings import Settings
from grid36.system.create import OtherRegionError
from grid36.system.versions import (
    ActivationRequest,
    NoId,
    TimePassed,
    VersionState,
    before,
    earlier_switch,
    lead_ms,
    planned_after,
    switch,
    versions_in,
)
from schemas.codec import encode
from schemas.content import content_address
from schemas.region import Region
from schemas.rulebook import Rulebook
from schemas.system import Switched, System
from streams.rulebooks.activation import NotCreatedError
from streams.rulebooks.topic import both_records
from tests.worlds.commanded_street import region, rulebook

A, B, C = rulebook(), rulebook("second"), rulebook("third")
HERE = region()


def switched(rulebook: Rulebook, effective_ms: int, id: str = "", in_flight: bool = False) -> dict[str, bytes]:
    told = Switched(
        id=id or f"s{effective_ms}",
        rulebook=content_address(rulebook),
        region=content_address(HERE),
        by="chief",
        at_ms=1,
        effective_ms=effective_ms,
        in_flight=in_flight,
    )
    return {f"switch/{told.id}": encode(told)}


SYSTEM = {"system": encode(System(partitions=3, region=content_address(HERE), rulebook=content_address(A)))}
STORED = SYSTEM | both_records(HERE, A) | both_records(HERE, B) | both_records(HERE, C)


def name_of(found: tuple[Region, Rulebook] | None) -> Rulebook | None:
    return found and found[1]


def test_each_version_has_its_place_in_time() -> None:
    records = STORED | switched(B, 10) | switched(C, 20) | switched(A, 20, "instead") | switched(B, 30)
    told = [(version.switch and version.switch.id, version.state) for version in versions_in(records, 25)]
    assert told == [
        (None, VersionState.PAST),
        ("s10", VersionState.PAST),
        ("s20", VersionState.REPLACED),
        ("instead", VersionState.IN_FORCE),
        ("s30", VersionState.PLANNED),
    ]
    assert [each.id for each in planned_after(records, 25)] == ["s30"]
    assert [version.state for version in versions_in(STORED, 25)] == [VersionState.IN_FORCE]
    with pytest.raises(NotCreatedError):
        versions_in({}, 25)


def test_back_is_what_was_in_force_before() -> None:
    """Not what was planned and replaced, and not the same content once more."""
    assert before(STORED, 25) is None
    records = STORED | switched(B, 10)
    assert name_of(before(records, 25)) == A
    records |= switched(B, 11) | switched(C, 15) | switched(B, 15, "instead")
    assert name_of(before(records, 25)) == A
    assert name_of(before(records | switched(A, 20), 25)) == B


@pytest.mark.parametrize(
    ("rulebook", "in_flight", "expected"),
    [(B, False, "s10"), (A, False, None), (C, False, None), (B, True, None)],
    ids=["in force", "past", "planned later", "with the cases in flight"],
)
def test_what_is_so_already_is_not_switched(rulebook: Rulebook, in_flight: bool, expected: str | None) -> None:
    records = STORED | switched(B, 10) | switched(C, 99)
    earlier = earlier_switch(ActivationRequest(HERE, rulebook, "chief", in_flight=in_flight), records, 20)
    assert (earlier and earlier.id) == expected


def test_what_the_system_began_with_is_so_already() -> None:
    earlier = earlier_switch(ActivationRequest(HERE, A, "chief", in_flight=True), STORED, 20)
    assert earlier is not None
    assert earlier.effective_ms == 0


async def test_who_asks_again_after_a_kill_gets_the_same_switch() -> None:
    """Also when its time has passed meanwhile; nothing is sent, so no Kafka is needed for it."""
    wish = ActivationRequest(HERE, C, "chief", from_ms=50)
    name = f"switch-{content_address(C)[:8]}-{content_address(HERE)[:8]}-50"
    assert await switch(Settings(), "127.0.0.1:1", wish, STORED | switched(C, 60, name)) == (
        Switched.model_validate_json(switched(C, 60, name)[f"switch/{name}"]),
        True,
    )
    with pytest.raises(TimePassed):
        await switch(Settings(), "127.0.0.1:1", wish, STORED)


async def test_another_region_is_refused() -> None:
    other = HERE.model_copy(update={"code": "other"})
    with pytest.raises(OtherRegionError):
        await switch(Settings(), "127.0.0.1:1", ActivationRequest(other, C, "chief"), STORED)


@pytest.mark.parametrize("id", ["two words", "", "x" * 101])
async def test_what_is_no_id_is_said_before_anything_is_stored(id: str) -> None:
    with pytest.raises(NoId):
        await switch(Settings(), "127.0.0.1:1", ActivationRequest(HERE, C, "chief", id=id), STORED)


def test_a_large_rulebook_is_told_earlier() -> None:
    assert 5_000 <= lead_ms(HERE, A) < 5_200
    large = A.model_copy(update={"note": "x" * 3_000_000})
    assert 11_000 <= lead_ms(HERE, large) < 11_200

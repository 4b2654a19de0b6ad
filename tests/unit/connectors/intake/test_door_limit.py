"""A flood at one door is refused with a sentence that says when to go on; danger never is."""

from collections.abc import AsyncIterator
from functools import partial
from http import HTTPStatus
from pathlib import Path

import pytest

from connectors.intake.accept import accept
from connectors.intake.door_limit import DoorLimit, DoorLimitSettings
from connectors.intake.refusal import Refused
from connectors.intake.submission import ReportSubmission, SupplementSubmission
from schemas.names import Language
from tests.worlds.doors import T0, Doors, doors


@pytest.fixture
async def town(tmp_path: Path) -> AsyncIterator[Doors]:
    async with doors(tmp_path) as running:
        running.gateway.clock = lambda: T0
        yield running


def limit(town: Doors, most: int = 2) -> DoorLimit:
    settings = DoorLimitSettings(reports_an_hour=most)
    return DoorLimit(town.gateway, partial(accept, town.gateway, ("chat",)), settings)


def report(n: int, text: str = "路灯不亮", *, urgent: bool = False) -> ReportSubmission:
    return ReportSubmission(id=f"r-{n}", text=text, urgent=urgent)


async def test_beyond_the_limit_it_says_when_to_go_on(town: Doors) -> None:
    door = limit(town)
    for n in range(2):
        await door(report(n))
    with pytest.raises(Refused) as refusal:
        await door(report(3))
    assert refusal.value.status == HTTPStatus.TOO_MANY_REQUESTS
    assert "1800 s" in refusal.value.answer(Language.EN)["message"]
    assert "1800 秒" in refusal.value.answer(Language.ZH)["message"]
    town.gateway.clock = lambda: T0 + 1_800_000
    assert (await door(report(3))).new


async def test_another_door_goes_on(town: Doors) -> None:
    door, other = limit(town, 1), limit(town, 1)
    await door(report(1))
    assert (await other(report(2))).new


async def test_danger_and_what_was_accepted_before_always_pass(town: Doors) -> None:
    policy = town.gateway.rulebook.policy.model_copy(update={"urgent_words": ("Gas leak",)})
    town.gateway.rulebook = town.gateway.rulebook.model_copy(update={"policy": policy})
    door = limit(town, 1)
    assert (await door(report(1))).new
    assert not (await door(report(1))).new
    assert (await door(report(2, urgent=True))).new
    assert (await door(report(3, "smells like a gas leak"))).new
    assert (await door(SupplementSubmission(id="s-1", report="r-1", text="more"))).new


async def test_without_a_limit_nothing_is_counted(town: Doors) -> None:
    door = limit(town, 0)
    assert all([(await door(report(n))).new for n in range(5)])

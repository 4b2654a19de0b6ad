"""Rows of platforms become cases: each once, however often and by however many ways it comes."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from connectors.platforms.id_map import IdMap
from connectors.platforms.importing import PlatformImport, RowTaken
from schemas.case import Alert, State
from schemas.platform_facts import STEP
from tests.processes.waiting import wait_until
from tests.worlds.platforms import DISTRICT, HOTLINE, OTHER_ADDRESS, PlatformTown, call, filed, platform_town

H1 = "hotline#H1"


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[PlatformTown]:
    async with platform_town(tmp_path) as running:
        yield running


async def test_a_row_is_one_case_however_often_it_comes(world: PlatformTown) -> None:
    rows = [call("H1"), call("H2", "路灯不亮", OTHER_ADDRESS), call("H1")]
    assert await world.rows(HOTLINE, *rows) == ["new", "new", "known"]
    assert await world.rows(HOTLINE, *rows) == ["known"] * 3
    case = await world.case_of(H1)
    assert (case.category, case.door, case.reporter) == ("greasy-pavement", "platform-hotline", "hotline:H1")
    assert len(world.mapped(HOTLINE)) == 2
    assert len(world.town.reports) == 2


@pytest.mark.parametrize("first", [HOTLINE, DISTRICT])
async def test_a_row_that_names_another_platforms_id_is_the_same_case(world: PlatformTown, first: str) -> None:
    """Whichever comes first."""
    sent = {HOTLINE: call("H1"), DISTRICT: filed("D1", "H1", "路面油污,市民来电")}
    second = DISTRICT if first == HOTLINE else HOTLINE
    assert await world.rows(first, sent[first]) == ["new"]
    assert await world.rows(second, sent[second]) == ["same"]
    assert await world.rows(first, sent[first]) + await world.rows(second, sent[second]) == ["known", "known"]
    case = await world.case_of(H1)
    await wait_until(lambda: len((world.town.gateway.ledger.case(case.number) or case).platforms) == 2, "both")
    assert len(world.town.reports) == 1
    assert {each.report for code in (HOTLINE, DISTRICT) for each in world.mapped(code)} == {H1}


async def test_nothing_is_joined_by_a_guess(world: PlatformTown) -> None:
    assert await world.rows(HOTLINE, call("H1"), call("H2")) == ["new", "new"]
    assert await world.rows(DISTRICT, filed("D1", "H1"), filed("D2", "H1")) == ["same", "platform_named_twice"]
    assert await world.rows(DISTRICT, filed("D3")) == ["new"]
    assert await world.rows(DISTRICT, filed("D3", "H2")) == ["platform_two_cases"]


async def test_a_process_that_was_killed_after_the_outbox_doubles_nothing(world: PlatformTown, tmp_path: Path) -> None:
    """The map was not written: the row comes again, or first another platform's row of the same case."""
    gateway, platforms = world.town.gateway, {each.code: each for each in world.town.gateway.region.platforms}

    async def imported(map_name: str, platform: str, row: dict[str, object]) -> str:
        ids = IdMap(tmp_path / map_name)
        try:
            (taken,) = await PlatformImport(gateway, ids).take(platforms[platform], [row])
        finally:
            await ids.close()
        assert isinstance(taken, RowTaken)
        return f"{taken.became} {taken.report}"

    assert await imported("lost.sqlite", DISTRICT, filed("D1", "H1")) == f"new {H1}"
    assert await imported("kept.sqlite", HOTLINE, call("H1", "又来电")) == f"same {H1}"
    assert await imported("kept.sqlite", DISTRICT, filed("D1", "H1")) == f"same {H1}"
    await world.case_of(H1)
    assert len(world.town.reports) == 1


async def test_what_is_new_of_a_row_reaches_the_case_once(world: PlatformTown) -> None:
    """Words that were added, another due date, and that it was withdrawn: the case goes on, its holder is asked."""
    row = call("H1", 办理时限="2026-12-20 18:00")
    assert await world.rows(HOTLINE, row) == ["new"]
    case = await world.case_of(H1)
    due = {step.id: step.due_ms for step in case.milestones}
    assert due[f"{STEP}hotline"] == 1_797_760_800_000
    assert case.due_ms is not None
    later = row | {"诉求内容": "路面有油污，又有人滑倒", "办理时限": "2026-12-21 18:00"}
    assert await world.rows(HOTLINE, later) == ["changed"]
    assert await world.rows(HOTLINE, later) == ["known"]
    assert await world.rows(HOTLINE, later | {"工单状态": "已撤单"}) == ["changed"]
    ledger = world.town.gateway.ledger
    await wait_until(lambda: Alert.WITHDRAWN_THERE in (ledger.case(case.number) or case).alerts, "the alert")
    now = ledger.case(case.number)
    assert now is not None
    assert now.state is State.DISPATCHED
    assert [step.due_ms for step in now.milestones if step.platform] == [1_797_760_800_000 + 86_400_000]
    assert [text.text for text in ledger.texts(case.number)] == ["路面有油污", "，又有人滑倒"]


async def test_a_row_that_only_becomes_urgent_is_told_to_whoever_has_the_case(world: PlatformTown) -> None:
    assert await world.rows(HOTLINE, call("H1")) == ["new"]
    case, ledger = await world.case_of(H1), world.town.gateway.ledger

    async def alerts(row: dict[str, object], wanted: tuple[Alert, ...]) -> None:
        assert await world.rows(HOTLINE, row) == ["changed"]
        await wait_until(lambda: (ledger.case(case.number) or case).alerts == wanted, f"alerts: {wanted}")

    await alerts(call("H1", 是否紧急="是"), (Alert.URGENT_THERE,))
    await alerts(call("H1"), ())


async def test_a_row_that_was_over_before_it_came_is_no_case(world: PlatformTown) -> None:
    assert await world.rows(HOTLINE, call("H1", 工单状态="已办结"), call("H2", 工单状态="已撤单")) == ["ended"] * 2
    assert await world.rows(HOTLINE, call("H1", 工单状态="已办结"), call("H2")) == ["known", "new"]


async def test_what_they_have_from_us_is_no_new_case(world: PlatformTown) -> None:
    assert await world.rows(HOTLINE, call("H1")) == ["new"]
    number = (await world.case_of(H1)).number
    assert await world.rows(HOTLINE, call("H9", 来源案件号="X-1")) == ["platform_not_ours"]
    assert await world.rows(HOTLINE, call("H9", 来源案件号=number)) == ["platform_named_twice"]
    assert len(world.town.reports) == 1


async def test_an_address_alone_places_a_case_or_asks_back(world: PlatformTown) -> None:
    assert await world.rows(HOTLINE, call("H1"), call("H2", address="不存在的路1号")) == ["new", "new"]
    placed, asked = await world.case_of(H1), await world.case_of("hotline#H2")
    assert placed.place is not None
    assert (placed.place.segment, asked.state) == ("HBN-1", State.NEEDS_INFORMATION)
    assert await world.rows(HOTLINE, call("H2", address=OTHER_ADDRESS)) == ["changed"]
    ledger = world.town.gateway.ledger
    await wait_until(lambda: getattr(ledger.case_of_report("hotline#H2"), "place", None), "its place")

"""The API of neighbouring platforms: with their own key, their rows in and what became of them out."""

from collections.abc import AsyncIterator
from io import BytesIO
from pathlib import Path

import pytest

from schemas.command import Act, Do
from schemas.topics import home_of
from tests.processes.waiting import wait_until
from tests.worlds.no_days import NO_DAYS
from tests.worlds.platforms import DISTRICT, HOTLINE, OTHER_ADDRESS, PlatformTown, call, filed, platform_town

H1 = "hotline#H1"


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[PlatformTown]:
    async with platform_town(tmp_path) as running:
        yield running


async def act(world: PlatformTown, number: str, act: Act, by: str, note: str) -> None:
    """What a person of the street does, decided at once."""
    id = f"{act}-{number}"
    do = Do(id=id, home=home_of(number), act=act, case=number, by=by, note=note, occurred_ms=world.town.clock())
    world.town.take(do)


async def test_a_key_opens_only_what_is_its_platforms(world: PlatformTown) -> None:
    rows, outcomes = f"{HOTLINE}/rows", f"{HOTLINE}/outcomes"
    own, other = world.keys[HOTLINE], world.keys[DISTRICT]
    body = {"rows": [call("H1")]}
    assert [(await world.post(rows, body, key))[0] for key in ("", "wrong", other, own)] == [401, 401, 403, 200]
    assert [(await world.get(outcomes, key))[0] for key in ("wrong", other, own)] == [401, 403, 200]
    headers = {"Authorization": f"Bearer {own}"}
    for path in ("/api/cases", "/api/orders?open", "/api/reports/hotline%23H1", "/board", "/supervisor"):
        async with world.session.get(f"{world.town.url}{path}", headers=headers, allow_redirects=False) as answer:
            assert answer.status == 403, path
    assert (await world.post("nowhere/rows", body, own))[0] == 403
    await world.town.gateway.accounts.ask(lambda table: table.platform_keys.revoke(HOTLINE))
    assert (await world.post(rows, body, own))[0] == 401


@pytest.mark.parametrize("body", [[], {}, {"rows": []}, {"rows": [1]}, {"rows": [{}] * 1001}, {"rows": {"a": 1}}])
async def test_a_body_that_holds_no_rows_is_refused_whole(world: PlatformTown, body: object) -> None:
    status, answer = await world.post(f"{HOTLINE}/rows", body, world.keys[HOTLINE])
    assert (status, answer["error"]) == (400, "platform_body")


async def test_a_body_that_is_too_large_says_so_without_a_word_of_photos(world: PlatformTown) -> None:
    headers = {"Authorization": f"Bearer {world.keys[HOTLINE]}", "Accept-Language": "en"}
    path, body = f"{world.town.url}/api/platforms/{HOTLINE}/rows", BytesIO(b"x" * 8_000_001)
    async with world.session.post(path, data=body, headers=headers) as answered:
        answer = await answered.json()
    assert (answered.status, answer["error"]) == (413, "too_much_at_once")
    assert "8000000 bytes" in answer["message"]


async def test_a_comparison_names_its_own_fields_and_reads_ids_as_rows_do(world: PlatformTown) -> None:
    async def error(body: object) -> tuple[int, str, str]:
        status, answer = await world.post(f"{HOTLINE}/comparison", body, world.keys[HOTLINE])
        return status, answer.get("error", ""), answer.get("message", "")

    assert (await error([]))[:2] == (400, "platform_comparison")
    day = {"day": "2026-11-30"}
    assert (await error(day | {"ids": "H1"}))[:2] == (400, "platform_ids")
    assert (await error(day | {"ids": ["2.02611E+17"]}))[:2] == (400, "platform_rounded")
    assert (await error(day | {"ids": ['="H1"', "H2 "]}))[0] == 200


async def test_a_row_that_says_nothing_names_its_columns(world: PlatformTown) -> None:
    _, answer = await world.post(f"{HOTLINE}/rows", {"rows": [call("H1", "", "")]}, world.keys[HOTLINE])
    (row,) = answer["rows"]
    assert (row["error"], "诉求内容" in row["where"]) == ("platform_nothing_said", True)


async def test_a_cursor_that_is_none_is_named_as_it_is_sent(world: PlatformTown) -> None:
    url = f"{world.town.url}/api/platforms/{HOTLINE}/outcomes?after=x"
    headers = {"Authorization": f"Bearer {world.keys[HOTLINE]}", "Accept-Language": "zh"}
    async with world.session.get(url, headers=headers) as answer:
        assert "“after”" in (await answer.json())["message"]


async def test_one_wrong_row_stops_no_other(world: PlatformTown) -> None:
    rows = [call("H1"), call("", "x"), call("H2", 诉求类型="?"), call("H3", address=OTHER_ADDRESS)]
    _, answer = await world.post(f"{HOTLINE}/rows", {"rows": rows}, world.keys[HOTLINE])
    assert answer["counts"] == {"new": 2, "refused": 2}
    assert [row["where"] for row in answer["rows"] if row["became"] == "refused"] == ["工单编号", "诉求类型"]
    assert all(row["message"] for row in answer["rows"] if row["became"] == "refused")


async def test_a_question_closes_by_its_answer_and_both_platforms_hear_it(world: PlatformTown) -> None:
    """In their own words, with the answer and whether it was in time there."""
    question = call("H1", "垃圾分类点几点开放？", 诉求类型="咨询", 办理时限="2099-01-01")
    assert await world.rows(HOTLINE, question) == ["new"]
    assert await world.rows(DISTRICT, filed("D1", "H1"), filed("D2", address=OTHER_ADDRESS)) == ["same", "new"]
    case = await world.case_of(H1)
    await world.case_of("district#D2")
    await wait_until(lambda: len((world.town.gateway.ledger.case(case.number) or case).platforms) == 2, "both")
    told, cursor = await world.outcomes(HOTLINE)
    assert (set(told), told["H1"]["their_state"], told["H1"]["answered"]) == ({"H1"}, "已派单", False)
    assert case.assignee is not None
    await act(world, case.number, Act.ANSWER, case.assignee, "每天六点到九点开放")
    await wait_until(lambda: getattr(world.town.gateway.ledger.case(case.number), "resolved_ms", None), "the answer")
    told, after = await world.outcomes(HOTLINE, cursor)
    assert told["H1"] | {"their_state": "已办结", "answer": "每天六点到九点开放", "on_time": True} == told["H1"]
    assert told["H1"]["answered"] is True
    assert await world.outcomes(HOTLINE, after) == ({}, after)
    there, _ = await world.outcomes(DISTRICT)
    assert (set(there), there["D1"]["case"], there["D1"]["answer"]) == ({"D1", "D2"}, case.number, "每天六点到九点开放")


async def test_the_counts_of_a_day_differ_by_id(world: PlatformTown) -> None:
    came = {"来电时间": "2026-11-30 09:00"}
    assert await world.rows(HOTLINE, call("H1", **came), call("H2", address=OTHER_ADDRESS, **came)) == ["new", "new"]
    await world.case_of(H1)

    async def compared(*ids: str) -> tuple[object, ...]:
        body = {"day": "2026-11-30", "ids": ids}
        status, found = await world.post(f"{HOTLINE}/comparison", body, world.keys[HOTLINE])
        assert status == 200, found
        return found["equal"], found["theirs"], found["ours"], found["missing_here"], found["missing_there"]

    assert await compared("H1", "H2") == (True, 2, 2, [], [])
    assert await compared("H2", "H3") == (False, 2, 2, ["H3"], ["H1"])
    for no_day in [*NO_DAYS, None, 20261130]:
        status, found = await world.post(f"{HOTLINE}/comparison", {"day": no_day, "ids": []}, world.keys[HOTLINE])
        assert (status, found["error"], found["where"]) == (400, "bad_day", "day"), no_day


async def test_the_first_days_of_the_calendar_are_taken_or_refused_by_their_column(world: PlatformTown) -> None:
    rows = [call(f"H{n}", 来电时间=day) for n, day in enumerate(("1900-01-01", "1900-01-02", "1970-01-01 08:00"))]
    assert await world.rows(HOTLINE, *rows) == ["platform_time_bounds", "new", "new"]
    assert [each.reported_ms for each in world.mapped(HOTLINE)] == [-2_208_931_543_000, 0]

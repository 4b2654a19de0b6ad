"""The story the product exists for: reported by address at 7:21, fixed at 7:57, verified by who reported it."""

from datetime import datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from connectors.departments.client import Delivery
from schemas.catalogue import asyncapi
from schemas.codec import decode
from schemas.measure import Measure
from schemas.topics import MEASURES
from tests.processes.live_log import everything
from tests.processes.own_door import Clock, Door, door, order_of
from tests.processes.system import System
from tests.processes.waiting import wait_until
from tests.worlds.doors import picture

pytestmark = [pytest.mark.kafka, pytest.mark.slow]

PARTITIONS = 8
"""As many as a system has unless its operator says otherwise."""
ZONE = ZoneInfo("Asia/Shanghai")
YESTERDAY = datetime.now(ZONE).date() - timedelta(days=1)


def at(hour: int, minute: int) -> int:
    """A time of yesterday, in ms."""
    return int(datetime.combine(YESTERDAY, time(hour, minute), ZONE).timestamp() * 1000)


async def sanitation_has(servers: str, case: str, state: str) -> Delivery:
    """What the department's own program is handed."""
    return await order_of(servers, "sanitation", case, lambda d: d.order is not None and d.order.state == state, state)


async def test_thirty_six_minutes(tmp_path: Path) -> None:
    """From report to after-photo the platform measures 36 minutes and no relay, the same for whoever looks."""
    with System(tmp_path / "home", partitions=PARTITIONS, forked=False) as system:
        clock = Clock(at(7, 21))
        async with door(system, tmp_path, clock) as gateway:
            number = await story(gateway, clock, system.servers)
            await told_by_the_door(gateway, number)
        await told_by_the_log(system.servers, number)
        told_by_the_command(system, number)


async def story(gateway: Door, clock: Clock, servers: str) -> str:
    """Three people act; gives the case."""
    words = {"text": "路面有油污，很滑", "address": "湖滨南路12-8号", "reporter": "patroller-01"}
    report = (await gateway.post("/api/reports", words, picture()))["report"]
    opened = await gateway.until(f"/api/reports/{report}", lambda answer: answer["state"] == "dispatched")
    number = str(opened["case"])
    now = opened["now"]
    assert (now["assignee"], now["place"]["segment"], now["department"]["code"]) == (
        "supervisor-01",
        "HBN-1",
        "sanitation",
    )
    delivery = await sanitation_has(servers, number, "dispatched")
    assert delivery.order is not None
    assert delivery.order.place is not None
    assert delivery.order.place.label == "湖滨南路12-8号"
    assert [w.text for w in delivery.order.written] == ["路面有油污，很滑"]

    clock.now = at(7, 57)
    acts = f"/api/cases/{number}/acts"
    await gateway.post(acts, {"act": "resolve", "by": "supervisor-01"}, picture(kind="PNG"))
    await gateway.until(f"/api/cases/{number}", lambda answer: answer["case"]["state"] == "resolved")
    clock.now = at(8, 5)
    await gateway.post(acts, {"act": "verify", "by": "patroller-01"}, picture())
    await gateway.until(f"/api/cases/{number}", lambda answer: answer["case"]["state"] == "closed")
    return number


async def told_by_the_door(gateway: Door, number: str) -> None:
    """The timeline and the live page."""
    answer = await gateway.until(f"/api/cases/{number}", lambda _: True)
    case = answer["case"]
    assert case["resolved_ms"] - case["submitted_ms"] == 36 * 60_000
    assert (case["hops"], case["outcome"], case["verified_by"]) == (0, "fixed", "reporter")
    assert case["verifying_ms"] == 8 * 60_000
    happened = ["opened", "dispatched", "resolved", "closed"]
    assert [event["type"] for event in answer["timeline"]] == happened
    assert "路段负责人01" in answer["timeline"][1]["why"]
    await wait_until(lambda: len(gateway.told) >= len(happened), "all events on the live page")
    assert [told["type"] for told in gateway.told] == happened
    last = gateway.told[-1]["case"]
    assert (last["number"], last["state"]) == (number, "closed")
    assert last["resolved_ms"] - last["submitted_ms"] == 36 * 60_000


async def told_by_the_log(servers: str, number: str) -> None:
    """The department's topic and the stream's own figures."""
    delivery = await sanitation_has(servers, number, "closed")
    assert delivery.order is not None
    assert (delivery.order.hops, delivery.order.assignee) == (0, "supervisor-01")
    assert [w.role for w in delivery.order.written][:2] == ["report", "after"]
    await orders_are_cloud_events(servers, number)
    measured = await wait_until(lambda: resolution_of_the_segment(servers), "the segment's figure", 10)
    assert (measured.count, measured.sum_ms) == (1, 36 * 60_000)


async def orders_are_cloud_events(servers: str, number: str) -> None:
    """What AsyncAPI promises of the headers of the department's topic."""
    promised = asyncapi("")["components"]["schemas"]["CloudEventHeaders"]["required"]
    records = [record for part in await everything(servers, "department.sanitation", PARTITIONS) for record in part]
    heads = [dict(record.headers) for record in records]
    assert all(head.keys() >= set(promised) for head in heads)
    assert {head["ce_subject"] for head in heads} == {record.key for record in records} == {number.encode()}
    assert len({head["ce_id"] for head in heads}) == len(heads) >= 3


async def resolution_of_the_segment(servers: str) -> Measure | None:
    """How long cases of HBN-1 took, once the stream has measured it."""
    for part in await everything(servers, MEASURES, PARTITIONS):
        for record in part:
            if record.key.endswith(b"/resolution/segment/HBN-1") and record.value is not None:
                return decode(Measure, record.value)
    return None


def told_by_the_command(system: System, number: str) -> None:
    """`grid36 stats`, `case` and `balance`."""
    rows = {row["key"]: row for row in system.answer("stats", "--by", "segment")["rows"]}
    row = rows["HBN-1"]
    assert (row["opened"], row["closed"], row["on_time"], row["rework"]) == (1, 1, 1, 0)
    assert row["mean_s"] == row["p50_s"] == row["p90_s"] == 36 * 60
    assert "36:00（分:秒）" in system.run("case", number)
    assert "36:00 min" in system.run("--lang", "en", "case", number)
    numbers = system.settled_balance()
    assert (numbers["accepted"], numbers["routed"], numbers["balanced"]) == (1, 1, True)

"""What several have to do with, on a real Kafka: a block's water, the admission gate, an offer, a list change."""

import asyncio
import signal
from collections.abc import Callable, Iterator
from contextlib import AbstractAsyncContextManager
from functools import partial
from pathlib import Path
from time import time
from typing import Any

import pytest
import yaml

from connectors.intake.context import SCOPE
from grid36.kafka.topics import create_action_topics
from schemas.topics import actions_topic, department_topic
from tests.processes.department_programs import PROGRAMS, Running, built, started
from tests.processes.live_log import reading
from tests.processes.own_door import Clock, Door, door, order_of
from tests.processes.system import EXAMPLE, System
from tests.processes.time_ahead import forget, pass_time
from tests.worlds.doors import picture

pytestmark = [pytest.mark.kafka, pytest.mark.slow]

HOUR = 3_600_000
NINE_DAYS = 9 * 24 * HOUR
CALLED = ("water-supply", "drainage", "housing")
OWNER, STREET, WALKER = "head-02", "duty-desk", "patroller-01"

Start = Callable[[], AbstractAsyncContextManager[Running]]


@pytest.fixture(scope="module")
def system(tmp_path_factory: pytest.TempPathFactory) -> Iterator[System]:
    with System(tmp_path_factory.mktemp("joint"), partitions=4) as running:
        yield running


def now() -> int:
    return int(time() * 1000)


async def test_a_pushed_task_passes_the_gate_only_by_its_approver(system: System, tmp_path: Path) -> None:
    """A task that is not on the list waits for its approver, who admits one and turns the other away."""
    pushed = {"reporter": "officer-parks", "pushed_by": "parks", "item": "P03"}
    async with door(system, tmp_path, Clock(now())) as gateway:
        for text, address, act, end in (
            ("请核发云帆路采伐许可", "云帆路9号", "admit", "admitted"),
            ("请核发潮声路采伐许可", "潮声路41号", "turn-away", "refused"),
        ):
            case = await gateway.report(text=text, address=address, **pushed)
            assert (case["state"], "assignee" in case) == ("submitted", False)
            assert (await gateway.act(case["number"], act, STREET))["state"] == "refused", "not the approver"
            assert (await gateway.act(case["number"], act, "street-chief"))["state"] == "done"
            told = await gateway.until(f"/api/cases/{case['number']}", lambda _: True)
            types = [event["type"] for event in told["timeline"]]
            assert types[:2] == ["opened", "admission_requested"]
            assert end in types
        listed = await gateway.report(text="请修剪行道树", address="湖滨南路20号", **pushed | {"item": "P01"})
        assert listed["state"] == "dispatched", "on the list: nothing stands in its way"


async def test_an_order_is_acknowledged_by_a_program_in_go(system: System, tmp_path: Path) -> None:
    """The department's program acts on an order of its own, by topic, and reads that it is done."""
    if missing := next((each.missing for each in PROGRAMS if each.file == "main.go"), None):
        pytest.skip(missing)
    await create_action_topics(system.servers, "parks")
    command = built("main.go", tmp_path / "parks")
    async with door(system, tmp_path, Clock(now())) as gateway:
        case = await gateway.report(
            text="请修剪行道树", address="湖滨南路28号", reporter="officer-parks", pushed_by="parks", item="P01"
        )
        number = case["number"]
        program = partial(started, command, tmp_path / "parks", system.servers, "parks", "acknowledge")
        await run_until(program, f"{number} {number}-acknowledge done")
        told = await gateway.until(f"/api/cases/{number}", lambda answer: answer["case"]["state"] == "acknowledged")
    assert [event["by"] for event in told["timeline"] if event["type"] == "acknowledged"] == ["officer-parks"]


async def test_the_first_who_accepts_an_offer_has_it(system: System, tmp_path: Path) -> None:
    """Of two who accept an offer at once, one becomes accountable and the other reads who was faster."""
    riders = ("rider-02", "rider-03")
    async with door(system, tmp_path, Clock(now())) as gateway:
        case = await gateway.report(text="请帮忙代买降压药", address="湖滨南路2号", reporter="resident-02")
        assert (case["state"], case["offer"]["to"]) == ("submitted", "volunteers")
        answers = await asyncio.gather(*(gateway.act(case["number"], "accept", rider) for rider in riders))
        assert sorted(answer["state"] for answer in answers) == ["done", "refused"]
        first = riders[[answer["state"] for answer in answers].index("done")]
        told = await gateway.until(f"/api/cases/{case['number']}", lambda _: True)
        assert (told["case"]["state"], told["case"]["assignee"]) == ("dispatched", first)


def test_a_change_of_the_list_is_proposed_and_decided_by_another(system: System) -> None:
    """A change of the list is decided by somebody other than its proposer, by commands alone."""
    refused = system.answer("report", "--text", "林地采伐", "--address", "湖滨南路40号", "--as", "resident-01")
    assert refused["state"] == "refused"
    words = ["--item", "P03", "--set", "verdict=assist", "--set", "lead=parks", "--by", "list-steward"]
    proposal = system.answer("rules", "propose", *words, "--about", refused["case"])
    assert (proposal["state"], proposal["case"][:14]) == ("dispatched", refused["case"][:14])
    assert system.ask("act", proposal["case"], "approve-change", "--by", "list-steward")["state"] == "refused"
    assert system.answer("act", proposal["case"], "approve-change", "--by", STREET)["state"] == "done"
    (told,) = system.answer("rules", "proposals")["proposals"]
    assert (told["item"], told["approved"], told["about"]) == ("P03", True, refused["case"])
    assert told["changes"]["verdict"] == {"from": "refuse", "to": "assist"}
    assert [event["by"] for event in told["history"] if event["type"] == "list_change_approved"] == [STREET]


async def test_one_blocks_water_needs_three_departments_and_has_one_owner(system: System, tmp_path: Path) -> None:
    """Three departments answer a whistle by programs in three languages: killed, nine days away, each counted once."""
    if missing := next((each.missing for each in PROGRAMS if each.file == "orders.mjs"), None):
        pytest.skip(missing)
    clock = Clock(now())
    async with door(system, tmp_path, clock) as gateway:
        water, drainage, housing = await three_programs(system.servers, gateway, tmp_path)
        async with water() as running:  # while it starts, the other one comes, acts and goes away
            earlier = await blown(gateway, "云帆路20号", "housing")
            await run_until(housing, f"{earlier} {earlier}-attend done")
            await time_passes(system, clock, NINE_DAYS)
            await forget(system.servers, department_topic("housing"))
            number = await blown(gateway, "晨光街14号", ",".join(CALLED))
            await told_to_each(system.servers, number)
            for act in ("sign", "attend"):
                await running.lines(f"{number} {number}-{act} done")
        await killed_before_its_answer(system, drainage, number)
        await run_until(drainage, f"{number} {number}-attend done")
        assert (await gateway.act(number, "rate-report-in", STREET, to="water-supply"))["state"] == "done"
        ended = await blown(gateway, "潮声路30号", "housing")
        assert (await gateway.act(ended, "withdraw", WALKER))["state"] == "done"
        await too_late_for_housing(system, gateway, clock, number)
        await run_until(housing, f"{number} {number}-attend done")
        known = [
            await gateway.gateway.outbox.knows(SCOPE, f"housing#{each}-attend") for each in (earlier, number, ended)
        ]
        assert known == [True, True, False], "it acts on what is open when it is back"
        told = await finish(gateway, number)
        assert [event["by"] for event in told["timeline"] if event["type"] == "reported_in"] == [
            f"officer-{code}" for code in ("water-supply", "water-supply", "drainage", "housing")
        ]
        rates = await gateway.until("/api/report-ins?lang=en", lambda answer: answer["total"]["rated"] == 2)
    rows = {row["key"]: row for row in rates["rows"]}
    assert {key: (row["due"], row["on_time"], row["rate"]) for key, row in rows.items()} == {
        "water-supply": (1, 1, 1.0), "drainage": (1, 1, 1.0), "housing": (2, 1, 0.5),
    }  # fmt: skip
    assert rates["total"]["rate"] == 0.75
    assert rows["water-supply"]["cooperation"] == 3.0, "as expected"
    assert (rows["housing"]["cooperation"], rows["housing"]["professionalism"]) == (1.0, 4.0)
    stats = system.answer("stats", "--report-ins")
    assert {row["key"]: row["rate"] for row in stats["rows"]} == {key: row["rate"] for key, row in rows.items()}
    told_alike(system)


async def three_programs(servers: str, gateway: Door, folder: Path) -> tuple[Start, Start, Start]:
    """Those of water supply in Java and of drainage in Python, by topic, and of housing in JavaScript over HTTP."""
    for code in ("water-supply", "drainage"):
        await create_action_topics(servers, code)
    key = {"API": str(gateway.client.make_url("")).rstrip("/"), "KEY": await gateway.key_of("housing")}
    starts: list[Start] = []
    for file, department, acts, variables in (
        ("Orders.java", "water-supply", ("sign", "attend"), {}),
        ("orders_confluent.py", "drainage", ("attend",), {}),
        ("orders.mjs", "housing", ("attend",), key),
    ):
        command = built(file, folder / department)
        starts.append(partial(started, command, folder / department, servers, department, *acts, **variables))
    water, drainage, housing = starts
    return water, drainage, housing


async def run_until(program: Start, line: str) -> None:
    """It runs until it has printed this, and is ended in good order."""
    async with program() as running:
        await running.lines(line)
        await running.end()


async def blown(gateway: Door, address: str, to: str) -> str:
    """A block without water, for which the street whistles: its number."""
    case = await gateway.report(text="整栋楼停水，地下室返水", address=address, reporter=WALKER)
    assert case["department"]["code"] == "street-office"
    whistle = await gateway.act(case["number"], "whistle", STREET, cite="H20", to=to, note="到场会商")
    assert whistle["state"] == "done"
    return str(case["number"])


async def told_to_each(servers: str, number: str) -> None:
    """Each called department's own program finds the whole job in its own topic, and so does the owner's."""
    called = await asyncio.gather(
        *(order_of(servers, code, number, lambda d: d.order is not None, f"joint-{code}") for code in CALLED)
    )
    for code, delivery in zip(CALLED, called, strict=True):
        order = delivery.order
        assert order is not None
        assert order.assisting is not None
        assert (order.assisting.code, order.assignee) == (code, OWNER)
        assert order.method is not None, "the guide in four clarities goes along"
        assert {each.department.code for each in order.assists} == set(CALLED)
    own = await order_of(servers, "street-office", number, lambda d: d.order is not None, "joint-own")
    assert own.order is not None
    assert own.order.assisting is None


async def killed_before_its_answer(system: System, program: Start, number: str) -> None:
    """It has acted, nothing is decided, and it is killed before it could confirm its order."""
    topic = actions_topic("drainage")
    assert system.signal("worker-1", signal.SIGSTOP)
    try:
        async with program() as running, reading(system.servers, [topic], 1) as acts:
            (records,) = (await asyncio.wait_for(acts.getmany(timeout_ms=60_000), 60)).values()
            assert [record.key.decode() for record in records] == [number]
            running.process.kill()
    finally:
        system.signal("worker-1", signal.SIGCONT)


async def time_passes(system: System, clock: Clock, ms: int) -> None:
    """For the door, and in every partition of the system."""
    clock.now += ms
    await pass_time(system.servers, range(4), clock.now)


async def too_late_for_housing(system: System, gateway: Door, clock: Clock, number: str) -> None:
    """It missed all three steps while it was away."""
    await time_passes(system, clock, HOUR + 60_000)
    late = await gateway.until(f"/api/cases/{number}", lambda answer: len(missed(answer, "housing")) == 3)
    assert missed(late, "drainage") == []
    told = [event["why"] for event in late["timeline"] if event["type"] == "report_in_missed"]
    assert [("住房建设局" in why) for why in told] == [True] * 3


def missed(answer: dict[str, object], code: str) -> list[str]:
    """The steps that a department missed."""
    case = answer["case"]
    assert isinstance(case, dict)
    return next(list(each["missed"]) for each in case["assists"] if each["department"]["code"] == code)


async def finish(gateway: Door, number: str) -> dict[str, Any]:
    """The owner resolves, who reported verifies, the street rates who came late; one is not rated at all."""
    assert (await gateway.act(number, "resolve", OWNER, picture(), note="三家协同修复"))["state"] == "done"
    assert (await gateway.act(number, "verify", WALKER))["state"] == "done"
    scored = await gateway.act(number, "rate-report-in", STREET, to="housing", cooperation="1", professionalism="4")
    assert scored["state"] == "done"
    told = await gateway.until(f"/api/cases/{number}", lambda answer: answer["case"]["state"] == "closed")
    assert (told["case"]["assignee"], told["case"]["verified_by"], told["case"]["hops"]) == (OWNER, "reporter", 0)
    return told


def told_alike(system: System) -> None:
    """One case in one ledger; nothing lost, and every store is what the log says."""
    numbers = system.settled_balance()
    assert numbers["balanced"] is True
    assert numbers.get("differences", []) == []


async def test_a_street_that_refuses_refuses_at_once(system: System, tmp_path: Path) -> None:
    """A street whose gate refuses refuses at once and cites the item, from the moment it is switched."""
    content = yaml.safe_load((EXAMPLE / "rulebook.yaml").read_text(encoding="utf-8"))
    content["policy"] |= {"off_list": "refuse", "approver": None}
    draft = tmp_path / "draft"
    draft.mkdir()
    (draft / "rulebook.yaml").write_text(yaml.safe_dump(content, allow_unicode=True), encoding="utf-8")
    system.run("rules", "activate", str(draft), "--by", "list-steward")
    pushed = {"reporter": "officer-parks", "pushed_by": "parks", "item": "P03"}
    async with asyncio.timeout(30), door(system, tmp_path, Clock(now())) as gateway:
        case: dict[str, Any] = {"state": "submitted"}
        while case["state"] == "submitted":  # the new rulebook holds from a moment on
            case = await gateway.report(text="请核发湖滨南路采伐许可", address="湖滨南路33号", **pushed)
        told = await gateway.until(f"/api/cases/{case['number']}", lambda _: True)
    assert case["state"] == "refused"
    assert "林地树木采伐许可" in told["timeline"][-1]["why"]

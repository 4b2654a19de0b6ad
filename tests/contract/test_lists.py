"""What a second person approved comes into force once, whoever is killed in between, and never over another list."""

import json
import sqlite3
from collections.abc import AsyncIterator
from contextlib import closing
from datetime import date
from pathlib import Path

import pytest

from connectors.clock import now_ms
from connectors.doors.http.context import LISTS
from connectors.intake.refusal import Refused
from connectors.lists.activation import ActivationState, ListActivation
from grid36.kafka.topics import create_topics
from grid36.lists.desk import GatewayListDesk
from schemas.codec import encode
from schemas.command import Act
from schemas.content import content_address, text_address
from schemas.items import Verdict
from schemas.names import Language
from schemas.system import Content, Switched
from schemas.topics import SYSTEM_KEY
from streams.rulebooks.topic import change, create, read_rulebooks, rulebook_in, stored, switches_in
from tests.processes.waiting import wait_until
from tests.worlds.small_town import Town, small_town
from tests.worlds.town_life import BOSS, Life, work_together
from tests.worlds.workbooks import edited

pytestmark = pytest.mark.kafka
STEWARD = "list-steward"


@pytest.fixture
async def town(tmp_path: Path, kafka: str, prefix: str) -> AsyncIterator[Town]:
    """A town whose lists come into force on a real Kafka."""
    async with small_town(tmp_path, servers=kafka, prefix=prefix) as running:
        gateway = running.gateway
        bodies = sorted({body.code for body in gateway.region.organisations} | {gateway.region.fallback_department})
        await create_topics(kafka, 1, bodies, prefix=prefix)
        gateway.system = await create(kafka, gateway.region, gateway.rulebook, 1, prefix=prefix)
        yield running


async def proposed(town: Town, note: str) -> str:
    """A list with a change waits for a second person."""
    lists = town.app[LISTS]
    workbook = edited(await lists.desk.workbook(Language.ZH), "事项", "P03", {"依据": note})
    id = await lists.drafts.add(STEWARD, "list.xlsx", workbook, Language.ZH)
    draft = await lists.drafts.checked(STEWARD, id)
    assert draft is not None
    return await lists.activations.propose(draft, from_ms=None, in_flight=False, leave=False, note=note)


async def approve(town: Town, id: str, by: str = BOSS) -> None:
    """Durable, and not switched to yet."""
    activations = town.app[LISTS].activations
    one = await activations.checked(id)
    assert one is not None
    assert one.check is not None
    await activations.approve(id, by, seen=activations.standing(one.check), leave=False, reason="seen")


async def state(town: Town, id: str) -> ListActivation:
    one = await town.app[LISTS].activations.one(id)
    assert one is not None
    return one


async def switches(kafka: str, prefix: str) -> list[Switched]:
    return list(switches_in(await read_rulebooks(kafka, prefix=prefix)))


async def test_an_approved_list_comes_into_force_once_whoever_is_killed(town: Town, kafka: str, prefix: str) -> None:
    """A gateway killed before the switch makes it later; one killed after it makes no second one."""
    lists, id = town.app[LISTS], await proposed(town, "园林已设窗口")
    with pytest.raises(Refused) as own:
        await approve(town, id, by=STEWARD)
    assert [fault.code for fault in own.value.faults] == ["own_activation"]
    await approve(town, id)
    assert ((await state(town, id)).state, await switches(kafka, prefix)) == (ActivationState.APPROVED, [])
    with pytest.raises(Refused):
        await approve(town, id)
    await lists.keeper.soon()
    (made,) = await switches(kafka, prefix)
    assert (made.id, made.by, made.proposed_by, made.note) == (f"page-{id}", BOSS, STEWARD, "园林已设窗口")
    done = await state(town, id)
    assert (done.state, done.effective_ms) == (ActivationState.DONE, made.effective_ms)
    with closing(sqlite3.connect(town.folder / "lists.sqlite")) as file:  # as if killed before it was noted
        file.execute("UPDATE activations SET state = 'approved', rulebook = '{}'")
        file.commit()
    await lists.keeper.soon()
    assert await switches(kafka, prefix) == [made]
    assert (await state(town, id)).effective_ms == made.effective_ms


async def test_a_list_that_an_earlier_release_stored_is_changed_and_comes_back(
    town: Town, kafka: str, prefix: str
) -> None:
    """Its content has another hash there, because that release knew fewer fields: it is the same list all the same."""
    gateway = town.gateway
    plain = gateway.rulebook.model_dump(mode="json")
    del plain["policy"]["trust"]
    text = json.dumps(plain, ensure_ascii=False)
    older = text_address(text)
    assert older != content_address(gateway.rulebook)
    gateway.system = gateway.system.model_copy(update={"rulebook": older})
    part = encode(Content(kind="rulebook", part=0, parts=1, json_text=text))
    records = {f"{older}/0": part, SYSTEM_KEY: encode(gateway.system)}
    await change(kafka, lambda _: (None, stored(records, prefix)), prefix)
    lists, id = town.app[LISTS], await proposed(town, "园林已设窗口")
    await approve(town, id)
    await lists.keeper.soon()
    assert ((await state(town, id)).state, (await state(town, id)).fault) == (ActivationState.DONE, None)
    (made,) = await switches(kafka, prefix)
    changed = rulebook_in(await read_rulebooks(kafka, prefix=prefix), made.rulebook)
    assert changed is not None
    before, gateway.rulebook = gateway.rulebook, changed
    await wait_until(lambda: now_ms() > made.effective_ms, "the moment of the switch")
    assert isinstance(lists.desk, GatewayListDesk)
    await lists.desk.hear(await read_rulebooks(kafka, prefix=prefix))
    back = await lists.activations.propose_back(BOSS, "back", leave=False)
    await approve(town, back, by=STEWARD)
    await lists.keeper.soon()
    assert ((await state(town, back)).state, (await state(town, back)).fault) == (ActivationState.DONE, None)
    again = rulebook_in(await read_rulebooks(kafka, prefix=prefix), (await switches(kafka, prefix))[-1].rulebook)
    assert again == before


async def test_a_list_never_undoes_another_one_that_came_in_between(town: Town, kafka: str, prefix: str) -> None:
    """Of two lists that were approved against the same one, the second has to be looked at again."""
    first, second = await proposed(town, "甲"), await proposed(town, "乙")
    for id in (first, second):
        await approve(town, id)
    await town.app[LISTS].keeper.soon()
    assert [made.id for made in await switches(kafka, prefix)] == [f"page-{first}"]
    late = await state(town, second)
    assert late.state is ActivationState.FAILED
    assert late.fault is not None
    assert "would undo it" in late.fault.en
    assert (await state(town, first)).state is ActivationState.DONE


async def test_a_change_that_was_approved_comes_into_force_once_from_its_day_on(
    town: Town, kafka: str, prefix: str
) -> None:
    """What a case proposes is on the log after its approval, in the name of its approver, whoever asks again."""
    life, keeper = Life(town), town.app[LISTS].keeper
    work_together(life)
    await keeper.soon()
    assert await switches(kafka, prefix) == [], "nobody approved it"
    life.act("change", Act.APPROVE_CHANGE, STEWARD, day=date(2099, 1, 1))
    for _ in range(2):
        await keeper.soon()
    (made,) = await switches(kafka, prefix)
    assert (made.id, made.by) == (f"list-{life.numbers['change']}", STEWARD)
    rulebook = rulebook_in(await read_rulebooks(kafka, prefix=prefix), made.rulebook)
    assert rulebook is not None
    versions = [(item.verdict, item.valid_from) for item in rulebook.items if item.id == "P03"]
    assert versions == [(Verdict.REFUSE, None), (Verdict.ASSIST, date(2099, 1, 1))]

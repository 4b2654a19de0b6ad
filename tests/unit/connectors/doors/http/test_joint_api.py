"""What departments and lists send through the doors: pushed tasks, proposals, whistles and ratings."""

import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from connectors.intake.list_changes import before_of, differing
from schemas.case import Case, State
from schemas.codec import decode, decode_any
from schemas.command import COMMAND, Do
from schemas.event import EventType
from schemas.item_list import ItemList
from schemas.items import Item, Verdict
from schemas.joint import Scores
from schemas.names import Language, Name
from schemas.people import Organisation, OrganisationKind, Person, Role
from schemas.report import Report
from schemas.rulebook import Subcategory
from tests.worlds.doors import CASE, T0, Doors, doors, event, opened

WATER = Organisation(code="water", name=Name(zh="供水", en="Water"), kind=OrganisationKind.DEPARTMENT)
ROADS = Organisation(code="roads", name=Name(zh="市政", en="Roads"), kind=OrganisationKind.DEPARTMENT)
FIRM = Organisation(code="firm", name=Name.same("Firm"), kind=OrganisationKind.FIRM)
OFFICER = Person(id="o1", name=Name.same("O1"), roles=(Role.DEPARTMENT_OFFICER,), department="water")
TREES = Item(id="T1", name=Name(zh="树", en="Trees"), verdict=Verdict.REFUSE, basis="part T")


@pytest.fixture
async def door(tmp_path: Path) -> AsyncIterator[Doors]:
    async with doors(tmp_path) as running:
        region = running.gateway.region
        running.gateway.region = region.model_copy(
            update={"organisations": (WATER, ROADS, FIRM), "persons": (*region.persons, OFFICER)}
        )
        running.gateway.rulebook = running.gateway.rulebook.model_copy(update={"items": (TREES,)})
        yield running


async def post(door: Doors, path: str, **sent: Any) -> tuple[int, dict[str, Any]]:
    async with door.client.post(path, json=sent) as response:
        return response.status, await response.json()


async def get(door: Doors, path: str) -> tuple[int, dict[str, Any]]:
    async with door.client.get(path) as response:
        return response.status, await response.json()


def last_report(door: Doors) -> Report:
    return decode(Report, door.stored()[-1].row.value)


def last_act(door: Doors) -> Do:
    do = decode_any(COMMAND, door.stored()[-1].row.value)
    assert isinstance(do, Do)
    return do


async def test_a_department_pushes_a_task_by_its_own_officer(door: Doors) -> None:
    status, _ = await post(door, "/api/reports", text="查", code="G01", reporter="o1", pushed_by="water", item="T1")
    assert status == 202
    report = last_report(door)
    assert (report.pushed_by, report.item) == ("water", "T1")


@pytest.mark.parametrize(
    ("sent", "code", "where"),
    [
        ({"pushed_by": "nobody", "reporter": "o1"}, "no_department", "pushed_by"),
        ({"pushed_by": "firm", "reporter": "o1"}, "no_department", "pushed_by"),
        ({"pushed_by": "roads", "reporter": "o1"}, "no_officer", "reporter"),
        ({"pushed_by": "water", "reporter": "p1"}, "no_officer", "reporter"),
        ({"pushed_by": "water"}, "no_officer", "reporter"),
        ({"item": "T1"}, "item_without_push", "item"),
        ({"change": {"id": "T1", "verdict": "handle"}}, "change_without_place", "code"),
        ({"change": "no", "code": "G01"}, "wrong_type", "change"),
        ({"change": {"verdict": "handle"}, "code": "G01"}, "missing", "change.id"),
        ({"change": {"id": "T1", "verdict": "maybe"}, "code": "G01"}, "bad_change", "change"),
        ({"change": {"id": "new", "verdict": "handle"}, "code": "G01"}, "bad_change", "change"),
        ({"change": {"id": "T1", "lead": "nobody"}, "code": "G01"}, "not_one_of", "change"),
        ({"change": {"id": "T1", "verdict": "refuse"}, "code": "G01"}, "change_of_nothing", "change"),
        ({"attributes": {"land": 3}}, "wrong_type", "attributes"),
    ],
)
async def test_what_cannot_be_taken_is_named(door: Doors, sent: dict[str, Any], code: str, where: str) -> None:
    status, answer = await post(door, "/api/reports", text="x", **sent)
    assert (status, answer["error"], answer["where"]) == (400, code, where)
    assert door.stored() == []


async def test_a_proposal_is_completed_from_the_version_in_force(door: Doors) -> None:
    """Only what differs is sent; what is stored is a whole item, so that it means the same for ever."""
    change = {"id": "T1", "verdict": "handle", "lead": "water", "name": {"en": "All trees"}}
    status, _ = await post(door, "/api/reports", change=json.dumps(change), code="G01", reporter="p1")
    assert status == 202
    item = Item.model_validate(last_report(door).change)
    wanted = {"verdict": Verdict.HANDLE, "lead": "water", "name": Name(zh="树", en="All trees")}
    assert item == TREES.model_copy(update=wanted)
    before = last_report(door).change_before
    assert before is not None
    assert Item.model_validate(before) == TREES


async def test_a_proposal_keeps_the_before_of_its_day(door: Doors) -> None:
    """Also when the list was changed since; of a new item it keeps that there was none."""
    new = {"id": "N1", "verdict": "handle", "name": {"zh": "巢"}}
    await post(door, "/api/reports", change=new, code="G01", reporter="p1")
    assert last_report(door).change_before == {}
    change = {"id": "T1", "life": "suspended"}
    await post(door, "/api/reports", change=change, code="G01", reporter="p1")
    before, item = last_report(door).change_before, Item.model_validate(last_report(door).change)
    case = Case(number="c", home="h", report="r", state=State.SUBMITTED, change_before=before)
    later = door.gateway.rulebook.model_copy(update={"items": (TREES.model_copy(update={"basis": "2"}),)})
    assert before_of(case, item, ItemList(later), ZoneInfo("UTC")) == TREES
    assert differing(TREES, item) == {"life": ("active", "suspended")}


@pytest.mark.parametrize("by", [{}, {"reporter": "somebody"}])
async def test_a_resident_reports_a_wrong_list_and_drafts_none(door: Doors, by: dict[str, str]) -> None:
    change = {"id": "T1", "verdict": "handle"}
    status, answer = await post(door, "/api/reports", change=change, code="G01", **by)
    assert (status, answer["error"], answer["where"]) == (400, "may_not_propose", "reporter")
    told, _ = await post(door, "/api/reports", kind="suggestion", text="清单有误", code="G01", **by)
    assert told == 202


async def test_a_form_sends_a_proposal_in_parts(door: Doors) -> None:
    """Parts and the whole do not mix; a new item is named in one language."""
    parts = {"change.id": "T1", "change.verdict": "assist", "change.lead": "roads"}
    assert (await post(door, "/api/reports", **parts, code="G01", reporter="p1"))[0] == 202
    assert Item.model_validate(last_report(door).change) == TREES.model_copy(
        update={"verdict": Verdict.ASSIST, "lead": "roads"}
    )
    parts = {"change.id": "N1", "change.verdict": "handle", "change.name": "Nests"}
    assert (await post(door, "/api/reports", **parts, code="G01", reporter="p1"))[0] == 202
    told = Item.model_validate(last_report(door).change)
    assert (told.id, told.name.to(Language.EN)) == ("N1", "Nests")
    status, answer = await post(door, "/api/reports", change={"id": "T1"}, code="G01", **{"change.verdict": "handle"})
    assert (status, answer["error"], answer["where"]) == (400, "unknown_field", "change.verdict")


@pytest.mark.parametrize("named", ["trunk", "树干", "TRUNK LYING"])
async def test_a_subcategory_is_named_as_a_category_is(door: Doors, named: str) -> None:
    """By its id or its name; a name of neither is refused with what there is."""
    rulebook = door.gateway.rulebook
    part = Subcategory(id="trunk", category=rulebook.default_category, name=Name(zh="树干", en="Trunk lying"))
    door.gateway.rulebook = rulebook.model_copy(update={"subcategories": (part,)})
    assert (await post(door, "/api/reports", text="树", category=named, urgent="yes"))[0] == 202
    report = last_report(door)
    assert (report.category, report.urgent) == ("trunk", True)
    status, answer = await post(door, "/api/reports", text="树", category="trunks")
    assert (status, answer["where"]) == (400, "category")
    assert "trunk" in answer["message"]


async def test_free_attributes_come_through(door: Doors) -> None:
    assert (await post(door, "/api/reports", text="树", attributes={"land": "forest"}))[0] == 202
    assert last_report(door).attributes == {"land": "forest"}


async def test_a_whistle_names_departments_in_a_word_or_by_boxes(door: Doors) -> None:
    acts = f"/api/cases/{CASE}/acts"
    assert (await post(door, acts, act="whistle", by="boss", cite="W1", to="water,roads"))[0] == 202
    assert last_act(door).to == "water,roads"
    boxes = {"call.water": "on", "call.firm": "on"}
    assert (await post(door, acts, act="whistle", by="boss", cite="W1", **boxes))[0] == 202
    assert last_act(door).to == "water,firm"
    assert (await post(door, acts, act="whistle", by="boss", cite="W1"))[0] == 202
    assert last_act(door).to is None
    status, answer = await post(door, acts, act="whistle", by="boss", cite="W1", call="on")
    assert (status, answer["error"]) == (400, "nobody_called")
    status, answer = await post(door, acts, act="urge", by="boss", **{"call.water": "on"})
    assert (status, answer["error"]) == (400, "unknown_field")


async def test_scores_are_whole_numbers_from_one_to_five_and_only_for_a_report_in(door: Doors) -> None:
    acts, rating = f"/api/cases/{CASE}/acts", {"act": "rate-report-in", "by": "boss", "to": "water"}
    assert (await post(door, acts, **rating))[0] == 202
    assert last_act(door).scores is None
    assert (await post(door, acts, **rating, cooperation="4", responsibility=1))[0] == 202
    assert last_act(door).scores == Scores(cooperation=4, professionalism=3, responsibility=1)
    for wrong in ("6", 0, "much", 2.5):
        status, answer = await post(door, acts, **rating, cooperation=wrong)
        assert (status, answer["error"], answer["where"]) == (400, "bad_number", "cooperation")
    status, answer = await post(door, acts, act="urge", by="boss", cooperation=4)
    assert (status, answer["error"], answer["where"]) == (400, "scores_elsewhere", "cooperation")


def assist(code: str, **more: Any) -> dict[str, Any]:
    due = {"sign": T0 + 10, "contact": T0 + 20, "attend": T0 + 30}
    return {"department": {"code": code, "name": code}, "cause": "whistle", "called_ms": T0, "due": due} | more


async def test_report_ins_are_told_by_department(door: Doors) -> None:
    assists = [assist("water", done={"sign": T0 + 5, "contact": T0 + 5, "attend": T0 + 5}), assist("roads")]
    door.ledger.take(opened(0), event(1, EventType.WHISTLED, now={"assists": assists}))
    _, told = await get(door, "/api/report-ins?lang=en")
    assert [(row["name"], row["called"], row["due"], row["rate"]) for row in told["rows"]] == [
        ("Roads", 1, 0, None), ("Water", 1, 1, 1.0),
    ]  # fmt: skip
    assert (await get(door, "/api/report-ins?called_by=list"))[1]["rows"] == []
    assert (await get(door, "/api/report-ins?called_by=me"))[1]["error"] == "not_one_of"
    _, listed = await get(door, "/api/cases?called=water")
    assert [case["number"] for case in listed["cases"]] == [CASE]
    assert (await get(door, "/api/cases?called=wat"))[1]["cases"] == []


async def test_proposals_are_told_with_what_they_change_and_their_history(door: Doors) -> None:
    change = TREES.model_copy(update={"verdict": Verdict.HANDLE}).model_dump(mode="json")
    door.ledger.take(
        opened(0).model_copy(update={"now": opened(0).now | {"change": change}}),
        event(1, EventType.LIST_CHANGE_APPROVED, by="boss", now={"change_approved": True, "state": "resolved"}),
    )
    _, told = await get(door, "/api/proposals?lang=en")
    (one,) = told["proposals"]
    early = await door.gateway.ask(lambda ledger: ledger.cases(proposals=True, approved=True))
    assert early == [], "who approved it in an early release did not say from when on"
    assert (one["case"], one["item"], one["name"], one["by"], one["approved"]) == (CASE, "T1", "Trees", "p1", True)
    assert one["changes"] == {"verdict": {"from": "refuse", "to": "handle"}}
    assert [(line["type"], line["by"]) for line in one["history"]] == [
        ("opened", "p1"), ("list_change_approved", "boss"),
    ]  # fmt: skip
    door.ledger.take(event(2, EventType.CLOSED, now={"state": "closed"}))
    assert (await get(door, "/api/proposals?open=1"))[1]["proposals"] == []

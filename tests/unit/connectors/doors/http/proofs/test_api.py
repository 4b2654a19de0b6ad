"""What a partner's program asks and states about its days, with its own key."""

import json
from collections.abc import AsyncIterator
from io import BytesIO
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

import pytest
from aiohttp import ClientSession

from connectors.proofs.accounts import Proofs
from schemas.proof import Entry, ProofWay, account_of, write_lines
from tests.worlds.no_days import NO_DAYS
from tests.worlds.proved_town import DAY, WATER, close, listed, proved_town, spoil, two_burst_pipes
from tests.worlds.small_town import Town

STATED = f"/api/proofs/{DAY}"


class Partner:
    """The program of a department."""

    def __init__(self, session: ClientSession, town: Town, proofs: Proofs) -> None:
        self.session, self.town, self.proofs = session, town, proofs

    async def get(self, path: str) -> tuple[int, dict[str, Any]]:
        async with self.session.get(path) as answer:
            return answer.status, await answer.json()

    async def state(self, **fields: Any) -> tuple[int, dict[str, Any]]:
        async with self.session.post(STATED, json=fields) as answer:
            return answer.status, await answer.json()

    async def list(self, entries: list[Entry], **more: Any) -> tuple[int, dict[str, Any]]:
        lines = "\n".join(entry.line.decode() for entry in entries)
        return await self.state(way="to_partner", **account_of(entries).model_dump(), records=lines, **more)


@pytest.fixture
async def water(tmp_path: Path) -> AsyncIterator[Partner]:
    """It has two orders, and signed one."""
    async with proved_town(tmp_path) as (town, proofs):
        two_burst_pipes(town)
        _, key = await town.gateway.accounts.ask(lambda rows: rows.department_keys.new(WATER, 0))
        headers = {"Authorization": f"Bearer {key}", "Accept-Language": "en"}
        async with ClientSession(town.url, headers=headers) as session:
            yield Partner(session, town, proofs)


async def test_a_day_is_open_then_unstated_then_equal(water: Partner) -> None:
    status, answer = await water.get("/api/proofs")
    assert (status, answer["partner"], answer["zone"], len(answer["days"])) == (200, WATER, "Asia/Shanghai", 7)
    ours = account_of(listed(water.proofs)).model_dump()
    acts = account_of(listed(water.proofs, ProofWay.FROM_PARTNER)).model_dump()
    assert answer["days"][0] == {
        "day": str(DAY), "closed": False, "verdict": "open", "to_partner": {"verdict": "open", "ours": ours},
        "from_partner": {"verdict": "open", "ours": acts},
    }  # fmt: skip
    status, answer = await water.state(way="to_partner", **ours)
    assert (status, answer["error"]) == (409, "day_open")
    close(water.proofs)
    status, answer = await water.get(f"/api/proofs?day={DAY}")
    assert [day["verdict"] for day in answer["days"]] == ["unstated"]
    status, answer = await water.state(way="to_partner", **ours)
    assert (status, answer["verdict"], answer["theirs"]) == (201, "equal", ours)
    status, answer = await water.state(
        way="from_partner", **account_of(listed(water.proofs, ProofWay.FROM_PARTNER)).model_dump()
    )
    assert (status, answer["verdict"]) == (201, "equal")
    status, answer = await water.get(f"/api/proofs?day={DAY}")
    assert [day["verdict"] for day in answer["days"]] == ["equal"]


async def test_a_list_names_what_differs(water: Partner) -> None:
    """And the same list, made whole from what we have, is equal."""
    close(water.proofs)
    lost, *kept = listed(water.proofs)
    status, answer = await water.state(way="to_partner", **account_of(kept).model_dump())
    assert (status, answer["verdict"], "differences" in answer) == (201, "differs", False)
    status, answer = await water.state(way="to_partner", **account_of([]).model_dump())
    assert len(answer["differences"]["missing_there"]) == 2, "a list of nothing need not be sent"
    status, answer = await water.list([*kept, kept[0], Entry("x", "y")])
    assert (status, answer["verdict"]) == (201, "differs")
    assert answer["differences"] == {
        "missing_there": [lost._asdict()], "missing_here": [{"id": "x", "case": "y"}],
        "twice_there": [kept[0]._asdict()], "overtaken": [], "elsewhere": [],
    }  # fmt: skip
    status, answer = await water.get(f"{STATED}/records?way=to_partner")
    ours = [Entry(record["id"], record["case"]) for record in answer["records"]]
    assert (status, answer["closed"], write_lines(ours)) == (200, True, write_lines([lost, *kept]))
    status, answer = await water.list(ours)
    assert (status, answer["verdict"]) == (201, "equal")


@pytest.mark.parametrize(
    ("fields", "error", "where"),
    [
        ({"way": "to_partner", "count": 1, "digest": "a" * 64, "records": "x\ty"}, "other_digest", "digest"),
        ({"way": "to_partner", "count": 1, "digest": "a" * 64, "records": "x"}, "bad_record", "records"),
        ({"way": "up", "count": 1, "digest": "a" * 64}, "not_one_of", "way"),
        ({"way": "to_partner", "count": 1, "digest": "A"}, "wrong_type", "digest"),
        ({"way": "to_partner", "count": -1, "digest": "a" * 64}, "bad_number", "count"),
        ({"count": 1, "digest": "a" * 64}, "missing", "way"),
        ({"way": "to_partner", "count": 1, "digest": "a" * 64, "more": "x"}, "unknown_field", "more"),
        ({"way": "to_partner", "count": 1, "digest": "a" * 64, "partner": "parks"}, "not_for_department", "partner"),
    ],
)
async def test_a_statement_that_cannot_be_is_refused(
    water: Partner, fields: dict[str, Any], error: str, where: str
) -> None:
    """And nothing of it is kept."""
    close(water.proofs)
    status, answer = await water.state(**fields)
    assert (answer["error"], answer["where"]) == (error, where)
    assert status in (400, 403)
    assert water.proofs.book.stated(WATER, DAY) == {}


async def test_a_department_sees_no_other_ones_days(water: Partner) -> None:
    for path in ("/api/proofs?partner=parks", f"{STATED}/records?partner=parks"):
        status, answer = await water.get(path)
        assert (status, answer["error"]) == (403, "not_for_department")


async def test_a_day_has_one_form_in_path_query_and_statement(water: Partner) -> None:
    """Anything else is refused and named; a day to come is open, and of a day before the system nothing went."""
    close(water.proofs)
    said = {"way": "to_partner"} | account_of([]).model_dump()
    for no_day in NO_DAYS:
        path = f"/api/proofs/{quote(no_day)}"
        statement = water.session.post(path, json=said)
        asked = [await water.get(f"/api/proofs?day={quote(no_day)}"), await water.get(f"{path}/records")]
        async with statement as answered:
            asked.append((answered.status, await answered.json()))
        for status, answer in asked:
            assert (status, answer["error"], answer["where"]) == (400, "bad_day", "day"), no_day
            assert no_day.strip() in answer["message"]
    for day, closed in (("2199-12-31", False), ("1900-01-01", True)):
        status, answer = await water.get(f"/api/proofs?day={day}")
        assert (status, answer["days"][0]["closed"]) == (200, closed)


async def test_a_list_of_many_thousand_records_is_taken(water: Partner) -> None:
    close(water.proofs)
    many = [Entry(f"{WATER}/350203006-G001-2611-{n:05d}/3", f"350203006-G001-2611-{n:05d}") for n in range(10_000)]
    status, answer = await water.list(many)
    assert (status, len(answer["differences"]["missing_here"])) == (201, 10_000)


@pytest.mark.parametrize("kind", ["json", "form"])
async def test_a_list_that_is_too_long_hears_the_limit_and_what_to_do(water: Partner, kind: str) -> None:
    close(water.proofs)
    said = {"way": "to_partner", "count": "1", "digest": "a" * 64, "records": "x" * 2_000_000}
    raw, form = json.dumps(said), urlencode(said)
    body = (raw, "application/json") if kind == "json" else (form, "application/x-www-form-urlencoded")
    headers = {"Content-Type": body[1]}
    async with water.session.post(STATED, data=BytesIO(body[0].encode()), headers=headers) as answered:
        answer = await answered.json()
    assert (answered.status, answer["error"]) == (413, "list_too_large")
    assert "2000000 bytes" in answer["message"]
    assert "photos" not in answer["message"]


async def test_a_form_may_bring_a_list_as_well(water: Partner) -> None:
    close(water.proofs)
    many = [Entry(f"{WATER}/{n:05d}/3", f"350203006-G001-2611-{n:05d}") for n in range(3000)]
    said = {"way": "to_partner", "records": write_lines(many), **account_of(many).model_dump()}
    async with water.session.post(STATED, data=said) as answered:
        assert (answered.status, len((await answered.json())["differences"]["missing_here"])) == (201, 3000)


async def test_without_its_file_nothing_else_stands_still(water: Partner, tmp_path: Path) -> None:
    spoil(tmp_path / "proofs.sqlite")
    status, answer = await water.get("/api/proofs")
    assert (status, answer["error"]) == (503, "proofs_away")
    assert (await water.get("/api/orders?open"))[0] == 200

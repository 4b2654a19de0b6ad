"""Updates in the form of mySociety: words become supplements, our changes of state a list in fixed words."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any, Final

import pytest
from aiohttp import FormData

from schemas.command import Act, Outcome
from schemas.report import ReportKind
from tests.processes.waiting import wait_until
from tests.worlds.doors import picture
from tests.worlds.open311_town import APP_KEY, CITY_KEY, KEYS, Open311Town, open311_town
from tests.worlds.town_life import Life

FILED: Final = {
    "service_code": "greasy-pavement",
    "description": "路面油污",
    "address_string": "云帆路5号",
    "api_key": APP_KEY,
}


@pytest.fixture
async def asked(tmp_path: Path) -> AsyncIterator[Open311Town]:
    async with open311_town(tmp_path, keys=KEYS, trusted="city") as town:
        yield town


async def added(town: Open311Town, fields: dict[str, str] | FormData, what: str = "json") -> tuple[int, Any]:
    """The answer to an update."""
    address, headers = f"{town.address}/servicerequestupdates.{what}", {"Accept-Language": "en"}
    async with town.session.post(address, data=fields, headers=headers) as answer:
        return answer.status, await answer.json() if what == "json" else await answer.text()


async def supplements(town: Open311Town, id: str, count: int = 1) -> list[Any]:
    """The words that were added to a case, once there are so many."""
    ledger = town.town.gateway.ledger

    def found() -> list[Any]:
        case = ledger.case_of_report(id)
        assert case is not None
        return [text for text in ledger.texts(case.number) if text.role == "supplement"]

    await wait_until(lambda: len(found()) >= count, "what was added")
    return found()


async def test_words_photos_and_links_become_a_supplement_once(asked: Open311Town) -> None:
    """Sent again with the same `update_id` it is there once; `update_id_ext` of older clients is the same."""
    id = await asked.filed(FILED)
    form = FormData({"service_request_id": id, "update_id": "7", "description": "仍有油污", "api_key": APP_KEY})
    form.add_field("media_url", "https://example.org/a.jpg")
    form.add_field("first_name", "Lin")
    form.add_field("uploads", picture(), filename="a.jpg", content_type="image/jpeg")
    status, (answer,) = await added(asked, form)
    assert (status, [*answer]) == (201, ["update_id"])
    (text,) = await supplements(asked, id)
    assert (text.text, len(text.photos), text.by) == ("仍有油污\nhttps://example.org/a.jpg", 1, "anonymous")

    words = {"service_request_id": id, "update_id_ext": "8", "description": "请尽快", "api_key": APP_KEY}
    _, (first,) = await added(asked, words)
    _, (again,) = await added(asked, words)
    _, xml = await added(asked, words, "xml")
    assert first == again
    assert f"<request_update><update_id>{first['update_id']}</update_id></request_update>" in xml
    await added(asked, words | {"update_id_ext": "9", "description": "又来了"})
    texts = {each.text.splitlines()[0] for each in await supplements(asked, id, 3)}
    assert texts == {"仍有油污", "请尽快", "又来了"}


async def test_closed_by_their_platform_is_a_word_for_the_handler(asked: Open311Town) -> None:
    """It closes nothing; the handler reads who said it."""
    id = await asked.filed(FILED)
    status, _ = await added(asked, {"service_request_id": id, "status": "CLOSED", "api_key": APP_KEY})
    (text,) = await supplements(asked, id)
    assert status == 201
    assert "app" in text.text
    assert "未据此结案" in text.text
    (row,) = await asked.found(f"requests/{id}", api_key=APP_KEY)
    assert row["status"] == "open"


async def test_who_may_add_to_what(asked: Open311Town) -> None:
    """A program to what it filed, a trusted one to all that is public, strangers to nothing; nobody to what is over."""
    life = Life(asked.town)
    life.report("theirs", "垃圾桶满溢", "湖滨南路22号", photos=life.shots)
    life.report("over", "路面油污", "湖滨南路12-8号", photos=life.shots)
    life.act("over", Act.RESOLVE, minutes=25, photos=(life.proof(2),))
    life.act("over", Act.VERIFY, "inspector-1", outcome=Outcome.FIXED)
    id, theirs = await asked.filed(FILED), life.numbers["theirs"]
    words = {"description": "补充"}
    tried: list[tuple[dict[str, str], int, str]] = [
        ({"service_request_id": id}, 403, "api_key"),
        ({"service_request_id": id, "api_key": "wrong-key-of-twenty-letters"}, 403, "api_key"),
        ({"service_request_id": theirs, "api_key": APP_KEY}, 403, "filed by others"),
        ({"service_request_id": theirs, "api_key": CITY_KEY}, 201, ""),
        ({"service_request_id": life.numbers["over"], "api_key": CITY_KEY}, 400, "is over"),
        ({"service_request_id": "none", "api_key": CITY_KEY}, 404, "none"),
        ({"api_key": APP_KEY}, 400, "service_request_id"),
        ({"service_request_id": id, "api_key": APP_KEY, "status": "odd"}, 400, "odd"),
        ({"service_request_id": id, "api_key": APP_KEY, "updated_datetime": "2026-11-01T00:00:00"}, 400, "zone"),
        ({"service_request_id": id, "api_key": APP_KEY, "media_url": "file:///etc"}, 400, "media_url"),
    ]
    for fields, status, said in tried:
        found, answer = await added(asked, words | fields)
        assert (found, said in answer[0].get("description", "")) == (status, True), (fields, answer)
    found, answer = await added(asked, {"service_request_id": id, "api_key": APP_KEY})
    assert (found, answer[0]["code"]) == (400, "400")


async def test_what_became_of_requests_is_a_list_of_updates(asked: Open311Town) -> None:
    """Oldest first, in fixed words, of what is public; their ids stay when the ledger is rebuilt."""
    life = Life(asked.town)
    id = await asked.filed(FILED)
    case = asked.town.gateway.ledger.case_of_report(id)
    assert case is not None
    life.numbers["own"] = case.number
    life.report("question", "请问居住证在哪里办理？", "湖滨南路2号", by="resident-02", kind=ReportKind.QUESTION)
    life.act("own", Act.RESOLVE, note="a person's own words", photos=(life.proof(3),))
    life.act("own", Act.VERIFY, "inspector-1", outcome=Outcome.FIXED)
    rows = await asked.found("servicerequestupdates", api_key=APP_KEY)
    assert {row["service_request_id"] for row in rows} == {id}
    assert [(row["status"], row["description"]) for row in rows][-2:] == [
        ("open", "Resolved"),
        ("closed", "Closed: Fixed"),
    ]
    assert "own words" not in str(rows)
    asked.town.rebuild("again")
    assert await asked.found("servicerequestupdates", api_key=APP_KEY) == rows
    times = {"start_date": rows[-1]["updated_datetime"], "end_date": rows[-1]["updated_datetime"]}
    last = await asked.found("servicerequestupdates", api_key=APP_KEY, **times)
    assert last[-1] == rows[-1]
    assert len(last) < len(rows)
    assert await asked.found("servicerequestupdates", api_key=APP_KEY, page="2", page_size="1") == rows[1:2]
    root = await asked.xml("servicerequestupdates", api_key=APP_KEY)
    assert (root.tag, [each.findtext("update_id") for each in root.findall("request_update")]) == (
        "service_request_updates",
        [row["update_id"] for row in rows],
    )


async def test_updates_are_for_those_who_see_lists_and_have_their_limits(asked: Open311Town) -> None:
    assert (await asked.get("servicerequestupdates"))[0] == 403
    tried = {"start_date": "2026-11-01T00:00:00", "end_date": "soon", "page_size": "0"}
    status, wrong = await asked.get("servicerequestupdates", api_key=APP_KEY, **tried)
    assert (status, len(wrong)) == (400, 3)
    span = {"start_date": "2026-01-01T00:00:00Z", "end_date": "2026-11-01T00:00:00Z"}
    assert (await asked.get("servicerequestupdates", api_key=APP_KEY, **span))[0] == 400
    assert (await asked.get("servicerequestupdates/7", api_key=APP_KEY))[0] == 404

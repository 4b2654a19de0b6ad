"""What other systems read: lists, single requests, services; what of it a stranger, a program and a trusted one see."""

from collections.abc import AsyncIterator
from datetime import datetime
from pathlib import Path
from typing import Any, Final
from xml.etree import ElementTree

import pytest

from schemas.command import Act
from schemas.report import ReportKind
from tests.worlds.open311_town import APP_KEY, CITY_KEY, KEYS, Open311Town, open311_town
from tests.worlds.town_life import WALKER, Life

PLACE = {"address_string": "云帆路5号"}
GREASY = {"service_code": "greasy-pavement", "description": "路面油污，请尽快处理 call 13812345678", **PLACE}


@pytest.fixture
async def asked(tmp_path: Path) -> AsyncIterator[Open311Town]:
    """With two programs, one of them trusted, and a list for programs."""
    async with open311_town(tmp_path, keys=KEYS, trusted="city") as town:
        yield town


def live(town: Open311Town) -> Life:
    """One closed, one dispatched, one withdrawn from the public: a question and a pushed task."""
    life = Life(town.town)
    life.report("closed", "垃圾桶满溢", "湖滨南路22号", photos=life.shots)
    life.act("closed", Act.RESOLVE, minutes=25, photos=(life.proof(2),))
    life.act("closed", Act.VERIFY, WALKER)
    life.report("greasy", "路面油污", "湖滨南路12-8号", photos=life.shots)
    life.report("question", "请问居住证在哪里办理？", "湖滨南路2号", by="resident-02", kind=ReportKind.QUESTION)
    life.report("pushed", "请街道核发林地采伐许可", "云帆路9号", by="officer-parks", pushed_by="parks", item="P03")
    return life


async def test_a_list_has_the_facts(asked: Open311Town) -> None:
    """Newest first, with times in the region's zone, and the deadline."""
    life = live(asked)
    greasy, closed = await asked.found(api_key=APP_KEY)
    assert greasy == {
        "service_request_id": life.numbers["greasy"],
        "status": "open",
        "status_notes": "Dispatched",
        "service_name": "Greasy pavement",
        "service_code": "greasy-pavement",
        "agency_responsible": "Sanitation Centre",
        "requested_datetime": greasy["requested_datetime"],
        "updated_datetime": greasy["requested_datetime"],
        "expected_datetime": greasy["expected_datetime"],
        "address": "湖滨南路12-8号",
        "address_id": greasy["address_id"],
        "lat": greasy["lat"],
        "long": greasy["long"],
    }
    times = [datetime.fromisoformat(greasy[f"{name}_datetime"]) for name in ("requested", "expected")]
    assert [str(time.utcoffset()) for time in times] == ["8:00:00", "8:00:00"]
    assert (times[1] - times[0]).total_seconds() == 4 * 3600
    assert (closed["status"], closed["status_notes"]) == ("closed", "Closed: Fixed")
    assert closed["updated_datetime"] > closed["requested_datetime"]


async def test_nothing_that_is_not_about_a_place_is_listed(asked: Open311Town) -> None:
    """A question and a task between departments are asked for in vain, by list and by number."""
    life = live(asked)
    for name in ("question", "pushed"):
        status, _ = await asked.get(f"requests/{life.numbers[name]}", api_key=CITY_KEY)
        assert status == 404
    ids = {each["service_request_id"] for each in await asked.found(api_key=CITY_KEY)}
    assert ids == {life.numbers["closed"], life.numbers["greasy"]}


async def test_filters_and_pages(asked: Open311Town) -> None:
    life, key = live(asked), {"api_key": APP_KEY}
    numbers = [life.numbers["greasy"], life.numbers["closed"]]

    async def ids(**query: str) -> list[str]:
        return [each["service_request_id"] for each in await asked.found(**key, **query)]

    assert await ids(status="closed") == numbers[1:]
    assert await ids(service_code="greasy-pavement", status="open,closed") == numbers[:1]
    assert await ids(page="2", page_size="1") == numbers[1:]
    assert await ids(service_request_id=",".join([*numbers, "none"]), status="nonsense") == numbers
    closed = (await asked.found(f"requests/{numbers[1]}", **key))[0]
    assert await ids(updated_after=closed["updated_datetime"]) == numbers
    assert await ids(updated_before=closed["updated_datetime"], status="open") == []
    assert await ids(end_date=closed["requested_datetime"]) == numbers[1:]


async def test_the_next_page_begins_after_the_last_one(asked: Open311Town) -> None:
    """Also when something new came in meanwhile."""
    life, query = live(asked), {"api_key": APP_KEY, "page_size": "1"}
    async with asked.session.get(f"{asked.address}/requests.json", params=query) as answer:
        link = answer.links["next"]["url"]
    life.report("new", "路灯不亮", "晨光街8号")
    async with asked.session.get(link) as answer:
        assert [each["service_request_id"] for each in await answer.json()] == [life.numbers["closed"]]


async def test_xml_says_what_json_says(asked: Open311Town) -> None:
    live(asked)
    for path in ("requests", "services", "services/tree"):
        told, root = await asked.found(path, api_key=APP_KEY), await asked.xml(path, api_key=APP_KEY, lang="en")
        words = sorted(text for each in root.iter() if (text := (each.text or "").strip()) and len(each) == 0)
        assert len(words) == len(list(leaves(told)))


def leaves(value: Any) -> Any:
    if isinstance(value, dict | list):
        for each in value.values() if isinstance(value, dict) else value:
            yield from leaves(each)
    else:
        yield value


async def test_a_stranger_sees_what_they_sent_and_no_list(tmp_path: Path) -> None:
    """By the id that they were answered; without words, and without the house number."""
    async with open311_town(tmp_path) as asked:
        life = live(asked)
        id = await asked.filed(GREASY)
        (own,) = await asked.found(f"requests/{id}")
        assert own["service_request_id"] == id
        assert {"description", "media_url"} & own.keys() == set()
        assert (own["address"], len(str(own["lat"]).partition(".")[2]) <= 3) == ("云帆路", True)
        assert (await asked.found(service_request_id=f"{id},{life.numbers['greasy']}")) == [own]
        for path in ("requests", f"requests/{life.numbers['greasy']}"):
            status, wrong = await asked.get(path)
            assert (status, wrong[0]["code"]) in {(403, "403"), (404, "404")}


async def test_where_the_list_is_for_everybody_it_has_no_words(tmp_path: Path) -> None:
    async with open311_town(tmp_path, list="everybody") as asked:
        life = live(asked)
        rows = await asked.found()
        assert [row["service_request_id"] for row in rows] == [life.numbers["greasy"], life.numbers["closed"]]
        assert {row["address"] for row in rows} == {"湖滨南路"}
        assert all({"description", "media_url"}.isdisjoint(row) for row in rows)


async def test_a_program_reads_its_own_words_and_a_trusted_one_all(asked: Open311Town) -> None:
    """Numbers of phones are masked in any case, and nobody learns who reported."""
    live(asked)
    id = await asked.filed({**GREASY, "api_key": APP_KEY, "email": "lin@example.org", "phone": "13900000000"})
    told = {
        key: {row["service_request_id"]: row for row in await asked.found(api_key=key)} for key in (APP_KEY, CITY_KEY)
    }
    assert told[APP_KEY][id]["description"].endswith("call 138******78")
    assert [row for row in told[APP_KEY].values() if "description" in row] == [told[APP_KEY][id]]
    assert all("description" in row for row in told[CITY_KEY].values())
    (photo,) = {row["media_url"] for row in told[CITY_KEY].values() if "media_url" in row}
    async with asked.session.get(photo) as answer:
        assert answer.content_type == "image/jpeg"
    assert "lin@example.org" not in str(told)
    assert "patroller" not in str(told)


async def test_extensions_show_how_it_went(asked: Open311Town) -> None:
    life = live(asked)
    (row,) = await asked.found(f"requests/{life.numbers['closed']}", api_key=APP_KEY, extensions="true")
    assert [each["type"] for each in row["notes"]] == ["submitted", "dispatched", "resolved", "closed"]
    assert row["notes"][-1]["description"] == "Closed"
    assert row["extended_attributes"] == {"case_number": life.numbers["closed"]}
    (row,) = await asked.found(f"requests/{life.numbers['closed']}", api_key=CITY_KEY, extensions="true")
    assert row["extended_attributes"]["photos"][0] == row["media_url"]
    assert len(row["extended_attributes"]["photos"]) == 2
    root = await asked.xml(f"requests/{life.numbers['closed']}", api_key=CITY_KEY, extensions="true")
    photos = root.findall("request/extended_attributes/photos/photo")
    assert [each.text for each in photos] == row["extended_attributes"]["photos"]


async def test_an_answer_is_fresh_and_said_once(asked: Open311Town) -> None:
    """Its tag is that of its bytes; whatever happens in the ledger shows in the next answer."""
    life = live(asked)
    address, query = f"{asked.address}/requests.json", {"api_key": APP_KEY}
    async with asked.session.get(address, params=query) as answer:
        tag, body = answer.headers["ETag"], await answer.read()
    async with asked.session.get(address, params=query, headers={"If-None-Match": tag}) as answer:
        assert (answer.status, await answer.read()) == (304, b"")
    life.act("greasy", Act.ACKNOWLEDGE)
    async with asked.session.get(address, params=query, headers={"If-None-Match": tag}) as answer:
        assert answer.status == 200
        assert await answer.read() != body


async def test_services_and_discovery(asked: Open311Town) -> None:
    services = {each["service_code"]: each for each in await asked.found("services")}
    assert services["manhole-missing"]["group"] == services["manhole"]["service_name"]
    assert services["tree"] | {"keywords": ""} == {
        "service_code": "tree", "service_name": "Tree", "description": "Tree", "metadata": True, "type": "realtime",
        "keywords": "", "group": "Tree",
    }  # fmt: skip
    definition = await asked.found("services/tree")
    (land,) = definition["attributes"]
    assert (land["code"], [each["key"] for each in land["values"]]) == ("land", ["forest", "house"])
    found = await asked.found("discovery")
    assert found["endpoints"][0]["url"] == asked.address
    assert found["endpoints"][0]["formats"] == ["text/xml", "application/json"]


MISTAKES: Final[list[tuple[str, dict[str, str], int, str]]] = [
    ("requests", {"api_key": "wrong"}, 403, "api_key"),
    ("requests", {}, 403, "service_request_id"),
    ("requests", {"api_key": APP_KEY, "service_code": "odd"}, 404, "odd"),
    ("requests", {"api_key": APP_KEY, "jurisdiction_id": "elsewhere"}, 404, "elsewhere"),
    ("requests", {"api_key": APP_KEY, "start_date": "2026-11-01T00:00:00"}, 400, "zone"),
    ("services/odd", {}, 404, "odd"),
    ("requests/none", {"api_key": APP_KEY}, 404, "none"),
    ("tokens/none", {}, 404, "none"),
    ("tokens", {}, 404, "nothing at this address"),
    ("odd", {}, 404, "nothing at this address"),
]


async def test_a_mistake_is_said_as_the_standard_says(asked: Open311Town) -> None:
    for path, query, status, words in MISTAKES:
        found, (error,) = await asked.get(path, **query)
        assert (found, error["code"]) == (status, str(status))
        assert words in error["description"]
        root = await asked.xml(path, **query)
        assert (root.tag, root.findtext("error/code")) == ("errors", str(status))


@pytest.mark.parametrize(
    ("path", "says"),
    [
        ("requests", "requests.xml, requests.json"),
        ("requests.yaml", "requests.xml, requests.json"),
        ("services/greasy-pavement", "services/greasy-pavement.json"),
        ("servicerequestupdates/", "servicerequestupdates.json"),
        ("", "nothing at this address"),
        ("odd", "nothing at this address"),
        ("odd.yaml", "nothing at this address"),
    ],
)
async def test_an_address_without_a_format_is_told_which_there_are(asked: Open311Town, path: str, says: str) -> None:
    """As the standard says mistakes, in the format that is asked for by header."""
    for method in ("GET", "POST"):
        headers = {"Accept": "application/json", "Accept-Language": "en"}
        async with asked.session.request(method, f"{asked.address}/{path}", headers=headers) as answer:
            (error,) = await answer.json()
            assert (answer.status, error["code"], says in error["description"]) == (404, "404", True), error
    async with asked.session.get(f"{asked.address}/{path}", headers={"Accept-Language": "zh-CN"}) as answer:
        root = ElementTree.fromstring(await answer.text())  # noqa: S314 - our own
        assert (root.tag, root.findtext("error/code")) == ("errors", "404")


async def test_a_parameter_that_is_given_twice_is_not_guessed(asked: Open311Town) -> None:
    query = [("api_key", APP_KEY), ("start_date", "2026-11-01T00:00:00Z"), ("start_date", "2026-11-02T00:00:00Z")]
    for path in ("requests", "servicerequestupdates"):
        async with asked.session.get(f"{asked.address}/{path}.json", params=[*query, ("page", "")]) as answer:
            (error,) = await answer.json()
            assert (answer.status, "start_date" in error["description"]) == (400, True)
    several = [("jurisdiction_id", "x"), ("jurisdiction_id", "y"), ("page", "1"), ("page", "2")]
    async with asked.session.get(f"{asked.address}/services.json", params=several) as answer:
        assert (answer.status, len(await answer.json())) == (400, 2)


async def test_a_method_that_is_not_meant_is_refused(asked: Open311Town) -> None:
    async with asked.session.delete(f"{asked.address}/requests.json") as answer:
        assert (answer.status, (await answer.json())[0]["code"]) == (405, "405")

"""The HTTP API as its clients see it, on a real port."""

import asyncio
import gzip
import io
import json
import random
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from aiohttp import FormData, web
from PIL import Image

from connectors.doors.http.context import GATEWAY
from connectors.photos.formats import PhotoLimits
from schemas.case import State
from schemas.codec import decode, decode_any
from schemas.command import COMMAND, Act, Cover, Do
from schemas.datum import Datum
from schemas.event import EventType
from schemas.order import Written
from schemas.people import Role
from schemas.place import Coordinates, PlaceGiven
from schemas.report import INCOMING, Photo, Report, Supplement
from schemas.system import Mode
from schemas.topics import partition_of
from tests.worlds.doors import CASE, PARTITIONS, T0, Doors, doors, event, opened, picture
from tests.worlds.drawn_photos import street_photo


@pytest.fixture
async def door(tmp_path: Path) -> AsyncIterator[Doors]:
    async with doors(tmp_path) as running:
        yield running


async def post(door: Doors, path: str, **how: Any) -> tuple[int, dict[str, Any]]:
    async with door.client.post(path, **how) as response:
        return response.status, await response.json()


async def get(door: Doors, path: str, **how: Any) -> tuple[int, dict[str, Any]]:
    async with door.client.get(path, **how) as response:
        return response.status, await response.json()


def form(*photos: bytes, field: str = "photos", **fields: str) -> FormData:
    data = FormData()
    for name, value in fields.items():
        data.add_field(name, value)
    for photo in photos:
        data.add_field(field, io.BytesIO(photo), filename="a.jpg", content_type="image/jpeg")
    return data


async def test_a_report_is_in_the_outbox_when_it_is_confirmed(door: Doors) -> None:
    sent = {
        "id": "r1", "text": "油污", "lat": 24.46, "lon": 118.08, "datum": "gcj02", "address": "一路1号", "code": "G01",
        "reporter": "p1", "category": "垃圾", "kind": "complaint", "links": CASE,
    }  # fmt: skip
    assert await post(door, "/api/reports", json=sent) == (202, {"report": "r1"})
    (stored,) = door.stored()
    report = decode_any(INCOMING, stored.row.value)
    assert isinstance(report, Report)
    place = PlaceGiven(coordinates=Coordinates(lon=118.08, lat=24.46, datum=Datum.GCJ02), address="一路1号", code="G01")
    assert (report.text, report.place, report.category, report.kind) == ("油污", place, "litter", "complaint")
    assert (report.reporter.kind, report.reporter.team, report.reporter.language) == (Role.PATROLLER, "t1", "en")
    assert (report.door, report.links, report.source) == ("web", CASE, None)
    assert (stored.row.topic, stored.row.key, stored.row.partition) == ("reports", "r1", partition_of("r1", PARTITIONS))
    assert dict(stored.row.headers)["ce_id"] == b"r1"
    assert dict(stored.row.headers)["ce_type"] == b"report"


async def test_a_form_with_photos(door: Doors) -> None:
    data = form(picture(), picture(50, 50), text="井盖", reporter="resident-7")
    data.add_field("after_photos", street_photo(clean=True), filename="b.jpg", content_type="image/jpeg")
    data.add_field("photo", b"", filename="", content_type="application/octet-stream")
    data.add_field("address", "")
    data.add_field("fixed", "on")
    status, answer = await post(door, "/api/reports", data=data)
    assert status == 202
    report = decode(Report, door.stored()[0].row.value)
    assert (report.id, report.fixed, report.place) == (answer["report"], True, PlaceGiven())
    assert (len(report.photos), len(report.after_photos)) == (2, 1)
    async with door.client.get(f"/photos/{report.photos[0].digest}.jpg") as response:
        assert (response.status, response.content_type) == (200, "image/jpeg")
        assert response.headers["X-Content-Type-Options"] == "nosniff"
        assert (await response.read())[:2] == b"\xff\xd8"


async def test_photos_that_cannot_be_stored_are_tried_later_and_nothing_is_accepted(door: Doors) -> None:
    """The place of the photos is away, as a full disk or a server is; once it is back, the same form is accepted."""
    folder = door.home / "photos"
    folder.write_text("not a folder")
    status, answer = await post(door, "/api/reports", data=form(picture(), id="r1", text="井盖"))
    assert (status, answer["error"]) == (503, "photos_away")
    assert "Send it again soon" in answer["message"]
    status, answer = await get(door, f"/photos/{'0' * 64}.jpg")
    assert (status, answer["error"]) == (503, "photos_away")
    status, answer = await post(door, "/api/reports", json={"text": "x", "photos": ["0" * 64]})
    assert (status, answer["error"], door.stored()) == (503, "photos_away", [])
    folder.unlink()
    assert (await post(door, "/api/reports", data=form(picture(), id="r1", text="井盖")))[0] == 202
    assert len(decode(Report, door.stored()[0].row.value).photos) == 1


async def test_lists_get_a_thumbnail(door: Doors) -> None:
    """Made with the photo, or at first sight of an older one; kept by browsers as long as the photo."""
    digest = door.gateway.photos.add_bytes(street_photo(clean=True)).digest
    small = door.home / "photos" / digest[:2] / f"{digest}.small.jpg"
    for _ in range(2):
        async with door.client.get(f"/photos/small/{digest}.jpg") as response:
            assert (response.status, response.content_type) == (200, "image/jpeg")
            assert response.headers["Cache-Control"] == "private, max-age=600"
            with Image.open(io.BytesIO(await response.read())) as image:
                assert image.size == (320, 240)
        small.unlink()
    status, answer = await get(door, f"/photos/small/{'0' * 64}.jpg")
    assert (status, answer["error"]) == (404, "unknown_photo")


async def test_a_photo_that_a_browser_has_is_not_sent_again(door: Doors) -> None:
    digest = door.gateway.photos.add_bytes(picture()).digest
    async with door.client.get(f"/photos/{digest}.jpg") as response:
        tag, cache = response.headers["ETag"], response.headers["Cache-Control"]
    assert cache == "private, max-age=600"
    async with door.client.get(f"/photos/{digest}.jpg", headers={"If-None-Match": tag}) as response:
        assert (response.status, await response.read()) == (304, b"")
    async with door.client.get(f"/photos/{digest}.jpg", headers={"If-None-Match": '"other"'}) as response:
        assert response.status == 200


async def test_fixed_on_the_spot_needs_two_different_photos(door: Doors) -> None:
    """The same picture twice, also saved anew, or only one, is refused with what to do; nothing is stored."""
    same, anew = form(picture(), text="已清扫", fixed="1"), form(picture(640, 480), text="已清扫", fixed="1")
    same.add_field("after_photos", picture(), filename="b.jpg", content_type="image/jpeg")
    anew.add_field("after_photos", picture(320, 240, quality=40), filename="b.jpg", content_type="image/jpeg")
    alone = form(picture(), text="已清扫", fixed="1")
    for sent, why in ((same, "same_photo"), (anew, "same_photo"), (alone, "fixed_needs_photos")):
        status, answer = await post(door, "/api/reports", data=sent)
        assert (status, answer["error"]) == (400, why)
    assert door.stored() == []


async def test_json_may_name_photos_that_were_sent_before(door: Doors) -> None:
    photo = door.gateway.photos.add_bytes(street_photo(clean=True))
    digest = photo.digest
    assert (await post(door, "/api/reports", json={"text": "x", "photos": [digest, digest]}))[0] == 202
    assert photo.dhash is not None
    assert decode(Report, door.stored()[0].row.value).photos == (Photo(digest=digest, dhash=photo.dhash),)
    status, answer = await post(door, "/api/reports", json={"text": "x", "photos": ["0" * 64]})
    assert (status, answer["error"]) == (400, "unknown_photo")


async def test_a_plain_web_form(door: Doors) -> None:
    assert (await post(door, "/api/reports", data={"text": "坑 & 洞", "lat": "24.4", "lon": "118"}))[0] == 202
    report = decode(Report, door.stored()[0].row.value)
    assert (report.text, report.place.coordinates) == ("坑 & 洞", Coordinates(lon=118, lat=24.4))


async def test_a_repetition_gets_the_same_answer_and_other_content_does_not(door: Doors) -> None:
    first = [await post(door, "/api/reports", data=form(picture(), id="r1", text="a")) for _ in range(3)]
    assert first == [(202, {"report": "r1"})] * 3
    assert len(door.stored()) == 1
    for kind in ({"text": "b"}, {"text": "a"}, {"text": "a", "reporter": "x"}):
        status, answer = await post(door, "/api/reports", json={"id": "r1"} | kind)
        assert (status, answer["error"], answer["where"]) == (409, "other_content", "id")


async def test_one_id_is_one_thing_whatever_it_is(door: Doors) -> None:
    """A report, a supplement and an act with the same id would meet behind Kafka, also from different doors."""
    assert (await post(door, "/api/reports", json={"id": "x", "text": "a", "door": "cli"}))[0] == 202
    assert (await post(door, "/api/reports", json={"id": "x", "text": "a"}))[0] == 409
    assert (await post(door, "/api/reports/x/supplement", json={"id": "x", "text": "a"}))[0] == 409
    assert (await post(door, f"/api/cases/{CASE}/acts", json={"id": "x", "act": "urge", "by": "boss"}))[0] == 409


async def test_many_at_once_are_all_kept_once(door: Doors) -> None:
    sent = [{"id": f"r{i % 50}", "text": f"text {i % 50}"} for i in range(200)]
    answers = await asyncio.gather(*(post(door, "/api/reports", json=one) for one in sent))
    assert list(answers) == [(202, {"report": one["id"]}) for one in sent]
    assert sorted(stored.row.key for stored in door.stored()) == sorted(f"r{i}" for i in range(50))


async def test_a_supplement_follows_its_report(door: Doors) -> None:
    data = form(picture(), id="s1", code="G01", reporter="p1")
    assert await post(door, "/api/reports/r1/supplement", data=data) == (202, {"supplement": "s1"})
    (stored,) = door.stored()
    supplement = decode(Supplement, stored.row.value)
    assert (supplement.report, supplement.place.code, len(supplement.photos)) == ("r1", "G01", 1)
    assert (stored.row.key, stored.row.report) == ("r1", False)
    status, answer = await post(door, "/api/reports/r1/supplement", json={"id": "s2"})
    assert (status, answer["error"]) == (400, "nothing_supplied")


async def test_an_act_goes_to_the_home_of_its_case(door: Doors) -> None:
    data = form(picture(), act="resolve", by="crew-1", note="清好了", outcome="fixed", id="a1")
    assert await post(door, f"/api/cases/{CASE}/acts", data=data) == (202, {"act": "a1"})
    (stored,) = door.stored()
    do = decode_any(COMMAND, stored.row.value)
    assert isinstance(do, Do)
    assert (do.act, do.case, do.home, do.by, do.note, do.outcome) == (
        Act.RESOLVE, CASE, "T-G01", "crew-1", "清好了", "fixed",
    )  # fmt: skip
    assert do.occurred_ms is not None
    assert len(do.photos) == 1
    assert (stored.row.topic, stored.row.key, stored.row.partition) == (
        "commands", "T-G01", partition_of("T-G01", PARTITIONS),
    )  # fmt: skip


async def test_erasing_names_the_words_that_the_ledger_has(door: Doors) -> None:
    """For an archived case no partition knows them any more; sent again it is the same message without them."""
    door.ledger.take(opened())
    for id, by in (("r1", "p1"), ("a1", "boss")):
        door.ledger.write(Written(id=id, case=CASE, by=by, role="note", at_ms=T0, text="x"))
    sent = {"id": "e1", "act": "erase", "by": "p1"}
    assert (await post(door, f"/api/cases/{CASE}/acts", json=sent))[0] == 202
    do = decode(Do, door.stored()[0].row.value)
    assert {(text.id, text.by) for text in do.texts} == {("r1", "p1"), ("a1", "boss")}
    door.ledger.take(event(1, EventType.TEXT_ERASED, facts={"texts": ["r1", "a1"]}))
    assert (await post(door, f"/api/cases/{CASE}/acts", json=sent))[0] == 202
    assert len(door.stored()) == 1


@pytest.mark.parametrize("act", Act)
async def test_every_act_comes_through(door: Doors, act: Act) -> None:
    sent: dict[str, Any] = {
        "act": act,
        "by": "p1",
        "reason": "wrong_place",
        "hours": "24",
        "until": "2026-12-01T08:00",
        "cite": "I1",
    }
    sent |= {"to": CASE if act is Act.MERGE else "crew-2", "category": "litter", "lat": 24, "lon": 118, "datum": "bd09"}
    assert (await post(door, f"/api/cases/{CASE}/acts", json=sent))[0] == 202
    do = decode(Do, door.stored()[0].row.value)
    assert (do.act, do.hours, do.until_ms, do.to, do.cite) == (act, 24, 1_796_083_200_000, sent["to"], "I1")
    assert do.place is not None


async def test_a_cover_goes_to_every_partition(door: Doors) -> None:
    sent = {"id": "c1", "person": "p1", "cover": "boss", "by": "boss", "from": "2026-11-22", "until": "2026-11-23"}
    assert await post(door, "/api/covers", json=sent) == (202, {"cover": "c1"})
    rows = [stored.row for stored in door.stored()]
    assert [row.partition for row in rows] == list(range(PARTITIONS))
    assert {decode(Cover, row.value).cover for row in rows} == {"boss"}
    status, answer = await post(door, "/api/covers", json=sent | {"id": "c2", "until": "2026-11-21"})
    assert (status, answer["error"], answer["where"]) == (400, "time_backwards", "until")


BAD_REPORTS: list[tuple[dict[str, Any], str, str]] = [
    ({}, "nothing_said", "text"),
    ({"text": "  "}, "nothing_said", "text"),
    ({"text": 5}, "wrong_type", "text"),
    ({"text": "x" * 4001}, "too_long", "text"),
    ({"text": "x", "id": "a b"}, "bad_id", "id"),
    ({"text": "x", "id": "a/b"}, "bad_id", "id"),
    ({"text": "x", "id": ""}, "bad_id", "id"),
    ({"text": "x", "id": "x" * 101}, "bad_id", "id"),
    ({"text": "x", "id": 7}, "bad_id", "id"),
    ({"text": "x", "kind": "rant"}, "not_one_of", "kind"),
    ({"text": "x", "category": "ufo"}, "not_one_of", "category"),
    ({"text": "x", "lat": 91, "lon": 0}, "bad_coordinate", "lat"),
    ({"text": "x", "lat": 24}, "half_coordinates", "lon"),
    ({"text": "x", "lat": 24, "lon": 118, "datum": "mars"}, "unknown_datum", "datum"),
    ({"text": "x", "reporter_kind": "importer"}, "not_one_of", "reporter_kind"),
    ({"text": "x", "reporter": {"id": "x"}}, "bad_id", "reporter"),
    ({"text": "x", "links": "42"}, "bad_case_number", "links"),
    ({"text": "x", "links": "X-G01-2511-00001"}, "other_region", "links"),
    ({"text": "x", "door": "importer"}, "door_not_open", "door"),
    ({"text": "x", "source": {"due_ms": 1}}, "source_not_open", "source"),
    ({"text": "x", "received_ms": 1}, "unknown_field", "received_ms"),
    ({"text": "x", "occurred_ms": 1}, "unknown_field", "occurred_ms"),
    ({"text": "x", "photos": "abc"}, "wrong_type", "photos"),
    ({"text": "x", "fixed": "maybe"}, "wrong_type", "fixed"),
    ({"text": "x", "attributes": {str(i): "a" for i in range(21)}}, "too_many", "attributes"),
]


@pytest.mark.parametrize(("sent", "code", "where"), BAD_REPORTS)
async def test_a_bad_report_is_named_and_nothing_is_kept(door: Doors, sent: Any, code: str, where: str) -> None:
    status, answer = await post(door, "/api/reports", json=sent)
    assert (status, answer["error"], answer["where"]) == (400, code, where)
    assert door.stored() == []


async def test_all_mistakes_of_a_report_are_told_at_once(door: Doors) -> None:
    """What a value may not be, and what the region does not know; nothing that only follows from another mistake."""
    sent = {"lat": 24, "lon": 500, "category": "nope", "links": "42", "text": 5, "door": "fax", "nope": 1}
    status, answer = await post(door, "/api/reports", json=sent)
    assert status == 400
    assert {(fault["error"], fault["where"]) for fault in answer["faults"]} == {
        ("bad_coordinate", "lon"), ("wrong_type", "text"), ("unknown_field", "nope"), ("not_one_of", "category"),
        ("bad_case_number", "links"), ("door_not_open", "door"),
    }  # fmt: skip
    assert door.stored() == []


BAD_ACTS: list[tuple[str, dict[str, Any], str, str]] = [
    (CASE, {"by": "p1"}, "missing", "act"),
    (CASE, {"act": "explode", "by": "p1"}, "unknown_act", "act"),
    (CASE, {"act": "urge"}, "missing", "by"),
    ("42", {"act": "urge", "by": "p1"}, "bad_case_number", "case"),
    ("X-G01-2511-00001", {"act": "urge", "by": "p1"}, "other_region", "case"),
    (CASE, {"act": "merge", "by": "p1", "to": "42"}, "bad_case_number", "to"),
    (CASE, {"act": "return", "by": "p1", "reason": "tired"}, "not_one_of", "reason"),
    (CASE, {"act": "resolve", "by": "p1", "outcome": "magic"}, "not_one_of", "outcome"),
    (CASE, {"act": "request-pause", "by": "p1", "hours": 0}, "bad_number", "hours"),
    (CASE, {"act": "request-pause", "by": "p1", "until": "2200-01-01T00:00Z"}, "time_out_of_range", "until"),
    (CASE, {"act": "request-pause", "by": "p1", "until": "1899-01-01T00:00Z"}, "time_out_of_range", "until"),
    (CASE, {"act": "correct", "by": "p1", "lat": "north", "lon": 1}, "bad_coordinate", "lat"),
    (CASE, {"act": "urge", "by": "p1", "occurred_ms": 5}, "unknown_field", "occurred_ms"),
]


@pytest.mark.parametrize(("number", "sent", "code", "where"), BAD_ACTS)
async def test_a_bad_act_is_named(door: Doors, number: str, sent: Any, code: str, where: str) -> None:
    status, answer = await post(door, f"/api/cases/{number}/acts", json=sent)
    assert (status, answer["error"], answer["where"]) == (400, code, where)
    assert door.stored() == []


JSON = {"Content-Type": "application/json"}
MULTI = {"Content-Type": "multipart/form-data; boundary=b"}
FORM = {"Content-Type": "application/x-www-form-urlencoded"}
GARBAGE: list[tuple[bytes, dict[str, str], int, str]] = [
    (b"{", JSON, 400, "bad_json"),
    (b"", JSON, 400, "bad_json"),
    (b"[1]", JSON, 400, "not_an_object"),
    (b'{"lat": NaN}', JSON, 400, "bad_json"),
    (b'{"text": "\\ud800"}', JSON, 400, "bad_json"),
    (b"\xff\xfe{}", JSON, 400, "not_utf8"),
    (b"[" * 60_000, JSON, 400, "bad_json"),
    (b'{"a":' * 10_000 + b"1" + b"}" * 10_000, JSON, 400, "bad_json"),
    (b'{"hours": ' + b"9" * 50_000 + b"}", JSON, 400, "bad_json"),
    (b'{"text": "' + b"x" * 64_000 + b'"}', JSON, 413, "too_large"),
    (b"x" * 5_000_000, JSON, 413, "too_large"),
    (b"text=hi", {"Content-Type": "text/plain"}, 415, "wrong_content_type"),
    (b"text=hi", {"Content-Type": "image/jpeg"}, 415, "wrong_content_type"),
    (b"<x/>", {"Content-Type": "application/xml"}, 415, "wrong_content_type"),
    (b"text=%ff", FORM, 400, "not_utf8"),
    (b"text=a&text=b", FORM, 400, "given_twice"),
    (b"&".join(b"a%d=1" % i for i in range(500)), FORM, 400, "bad_form"),
    (b"garbage", MULTI, 400, "bad_form"),
    (b"--b\r\n", MULTI, 400, "bad_form"),
    (b"--b\r\nContent-Disposition: form-data\r\n\r\nx\r\n--b--\r\n", MULTI, 400, "bad_form"),
    (b"text=hi", {"Content-Type": "multipart/form-data"}, 400, "bad_form"),
    (b'--b\r\nContent-Disposition: form-data; name="text"\r\n\r\n\xff\r\n--b--\r\n', MULTI, 400, "not_utf8"),
    (
        b'--b\r\nContent-Disposition: form-data; name="text"\r\n\r\n' + b"x" * 70_000 + b"\r\n--b--\r\n",
        MULTI, 413, "too_large",
    ),
    (b'--b\r\nContent-Disposition: form-data; name="x"\r\n\r\n1\r\n' * 200 + b"--b--\r\n", MULTI, 400, "given_twice"),
]  # fmt: skip


@pytest.mark.parametrize(("body", "headers", "status", "code"), GARBAGE, ids=range(len(GARBAGE)))
async def test_garbage_gets_a_clear_answer(door: Doors, body: bytes, headers: Any, status: int, code: str) -> None:
    found, answer = await post(door, "/api/reports", data=io.BytesIO(body), headers=headers)
    assert (found, answer["error"]) == (status, code)
    assert door.stored() == []


async def test_a_broken_form_never_breaks_the_gateway(door: Doors) -> None:
    """Six hundred mutilated forms: each gets a named mistake as JSON, or is taken."""
    chance = random.Random(5)
    fields = [(b"text", b"hi"), (b"id", b"r1"), (b"lat", b"24")]
    whole = b"".join(b'--b\r\nContent-Disposition: form-data; name="%s"\r\n\r\n%s\r\n' % field for field in fields)
    whole += (
        b'--b\r\nContent-Disposition: form-data; name="photos"; filename="a.jpg"\r\n\r\n' + picture() + b"\r\n--b--"
    )
    for _ in range(600):
        form_ = bytearray(whole)
        for _ in range(chance.randint(1, 8)):
            at = chance.randrange(len(form_))
            form_[at : at + chance.choice((0, 1, 30))] = chance.randbytes(chance.choice((0, 1, 20)))
        status, answer = await post(door, "/api/reports", data=bytes(form_), headers=MULTI)
        assert status in {202, 400, 409, 413}, answer


async def test_compressed_bodies_are_not_taken(door: Doors) -> None:
    """Two hundred kilobytes could become two hundred megabytes."""
    headers = JSON | {"Content-Encoding": "gzip"}
    status, answer = await post(door, "/api/reports", data=gzip.compress(b'{"text": "x"}'), headers=headers)
    assert (status, answer["error"], answer["where"]) == (415, "wrong_content_type", "Content-Encoding")


@pytest.mark.parametrize("body", [b'{"text": "x", "lat": 1e400, "lon": 1}', b'{"text": "x", "lat": -1e999, "lon": 1}'])
async def test_numbers_beyond_numbers(door: Doors, body: bytes) -> None:
    status, _ = await post(door, "/api/reports", data=body, headers=JSON)
    assert status == 400


async def test_bad_photos_are_refused_in_the_asked_language(door: Doors) -> None:
    status, answer = await post(door, "/api/reports?lang=zh-CN", data=form(b"MZ not a photo", text="x"))
    assert (status, answer["error"], answer["where"]) == (400, "photo_unreadable", "photos")
    assert "照片" in answer["message"]
    status, answer = await post(door, "/api/reports", data=form(b"\xff" * (PhotoLimits().bytes + 1), text="x"))
    assert (status, answer["error"]) == (413, "photo_too_large")
    status, answer = await post(door, "/api/reports", data=form(*[picture(20 + i, 20) for i in range(11)], text="x"))
    assert (status, answer["error"]) == (400, "too_many_photos")
    assert door.stored() == []


@pytest.mark.parametrize("field", ["image", "file", "picture", "photos[]", "text"])
async def test_a_photo_in_another_field_is_told_the_right_one(door: Doors, field: str) -> None:
    status, answer = await post(door, "/api/reports", data=form(picture(), field=field, address="一路1号"))
    assert (status, answer["error"], answer["where"]) == (400, "file_in_wrong_field", field)
    assert "photos" in answer["message"]
    assert door.stored() == []


async def test_a_client_that_hangs_up_half_way_leaves_nothing(door: Doors) -> None:
    server = door.client.server
    _, writer = await asyncio.open_connection("127.0.0.1", server.port)
    head = f"POST /api/reports HTTP/1.1\r\nHost: 127.0.0.1:{server.port}\r\nContent-Type: application/json\r\n"
    writer.write(head.encode() + b'Content-Length: 100\r\n\r\n{"text": "ha')
    await writer.drain()
    writer.close()
    await writer.wait_closed()
    assert (await get(door, "/health"))[0] == 200
    assert door.stored() == []


@pytest.mark.parametrize(
    ("headers", "status", "code"),
    [
        ({"Origin": "https://evil.example"}, 403, "cross_site"),
        ({"Origin": "null"}, 403, "cross_site"),
        ({"Origin": "http://["}, 403, "cross_site"),
        ({"Origin": "http://127.0.0.1:1"}, 403, "cross_site"),
        ({"Sec-Fetch-Site": "cross-site"}, 403, "cross_site"),
        ({"Sec-Fetch-Site": "same-site"}, 403, "cross_site"),
        ({"Host": "evil.example"}, 421, "wrong_host"),
        ({"Host": "127.0.0.1.evil.example:80"}, 421, "wrong_host"),
        ({"Host": "[::1"}, 421, "wrong_host"),
    ],
)
async def test_other_sites_cannot_post(door: Doors, headers: dict[str, str], status: int, code: str) -> None:
    found, answer = await post(door, "/api/reports", json={"text": "x"}, headers=headers)
    assert (found, answer["error"]) == (status, code)
    assert door.stored() == []


async def test_a_foreign_name_cannot_read_either(door: Doors) -> None:
    """A name server that points a foreign name at this machine must not open it to that site's page."""
    assert (await get(door, "/api/cases", headers={"Host": "evil.example"}))[0] == 421


async def test_our_own_pages_can_post(door: Doors) -> None:
    host = f"localhost:{door.client.server.port}"
    headers = {"Host": host, "Origin": f"http://{host}", "Sec-Fetch-Site": "same-origin"}
    assert (await post(door, "/api/reports", json={"text": "x"}, headers=headers))[0] == 202


async def test_a_system_that_holds_a_past_takes_nothing(tmp_path: Path) -> None:
    async with doors(tmp_path, mode=Mode.HISTORY) as door:
        for path in ("/api/reports", "/api/reports/r/supplement", f"/api/cases/{CASE}/acts", "/api/covers"):
            status, answer = await post(door, path, json={})
            assert (status, answer["error"]) == (409, "history_system")
        assert door.stored() == []
        assert (await get(door, "/health"))[1]["mode"] == "history"


async def test_a_full_disk_is_said_and_nothing_is_confirmed(door: Doors) -> None:
    file = door.gateway.outbox._file
    pages = file._db.execute("PRAGMA page_count").fetchone()[0]
    file._db.execute(f"PRAGMA max_page_count = {pages}")
    answers = [await post(door, "/api/reports", json={"text": "x" * 4000}) for _ in range(20)]
    refused = [answer for answer in answers if answer[0] != 202]
    assert refused
    assert {(status, answer["error"]) for status, answer in refused} == {(503, "outbox_unwritable")}
    assert len(door.stored()) == 20 - len(refused)


async def test_a_report_finds_its_case_when_the_ledger_has_it(door: Doors) -> None:
    await post(door, "/api/reports", json={"id": "r1", "text": "x"})
    assert await get(door, "/api/reports/r1") == (200, {"report": "r1", "case": None, "state": "accepted"})
    door.ledger.take(opened())
    status, answer = await get(door, "/api/reports/r1")
    assert (status, answer["case"], answer["state"]) == (200, CASE, "submitted")
    status, answer = await get(door, "/api/reports/nobody")
    assert (status, answer["error"]) == (404, "unknown_report")


async def test_a_case_with_its_timeline_and_words(door: Doors) -> None:
    door.ledger.take(opened(), event(1, EventType.DISPATCHED, now={"state": "dispatched", "assignee": "p1"}))
    digest = "ab" * 32
    door.ledger.write(
        Written(id="r1", case=CASE, by="p1", role="report", at_ms=T0, text="脏", photos=(Photo(digest=digest),))
    )
    status, answer = await get(door, f"/api/cases/{CASE}?lang=zh")
    assert status == 200
    assert (answer["case"]["state"], answer["case"]["assignee"]) == ("dispatched", "p1")
    assert [line["type"] for line in answer["timeline"]] == ["opened", "dispatched"]
    assert {line["why"] for line in answer["timeline"]} == {"按清单第一行"}
    assert answer["words"][0]["photos"][0]["url"] == f"/photos/{digest}.jpg"
    assert answer["position"] == "e1:2"


async def test_what_became_of_an_act(door: Doors) -> None:
    door.ledger.take(
        opened(), event(1, EventType.ACTION_REFUSED, command="a1"), event(2, EventType.URGED, command="a2")
    )
    await post(door, f"/api/cases/{CASE}/acts", json={"id": "a3", "act": "urge", "by": "boss"})
    states = {act: (await get(door, f"/api/cases/{CASE}/acts/{act}"))[1].get("state") for act in ("a1", "a2", "a3")}
    assert states == {"a1": "refused", "a2": "done", "a3": "accepted"}
    assert (await get(door, f"/api/cases/{CASE}/acts/zz"))[0] == 404


async def test_lists_are_filtered_and_paged(door: Doors) -> None:
    numbers = [f"T-G01-2511-{i:05d}" for i in range(1, 8)]
    door.ledger.take(*(opened(i, number, f"r{i}", "p1" if i % 2 else "p2") for i, number in enumerate(numbers)))
    seen: list[str] = []
    query = "?limit=3"
    while query:
        _, answer = await get(door, f"/api/cases{query}")
        seen += [case["number"] for case in answer["cases"]]
        query = f"?limit=3&before={answer['next']}" if answer["next"] else ""
    assert seen == numbers[::-1]
    _, answer = await get(door, "/api/cases?reporter=p1&state=submitted,closed&open=1&order=due&from=1970-01-01")
    assert len(answer["cases"]) == 3
    first = "/api/cases?limit=2&order=due&reporter=p1"
    _, answer = await get(door, first)
    _, rest = await get(door, f"{first}&before={answer['next']}")
    assert [case["number"] for case in answer["cases"] + rest["cases"]] == numbers[1::2]
    assert rest["next"] is None
    assert (await get(door, "/api/cases?state=closed"))[1]["cases"] == []


@pytest.mark.parametrize(
    ("query", "code", "where"),
    [
        ("state=gone", "not_one_of", "state"),
        ("limit=0", "bad_number", "limit"),
        ("limit=100000", "bad_number", "limit"),
        ("from=yesterday", "bad_time", "from"),
        ("before=x", "wrong_type", "before"),
        ("before=--5,x", "wrong_type", "before"),
        ("order=best", "not_one_of", "order"),
        ("asignee=p1", "unknown_field", "asignee"),
        ("grid=a&grid=b", "given_twice", "grid"),
    ],
)
async def test_a_wrong_filter_is_named(door: Doors, query: str, code: str, where: str) -> None:
    status, answer = await get(door, f"/api/cases?{query}")
    assert (status, answer["error"], answer["where"]) == (400, code, where)


async def test_reading_what_is_not_there(door: Doors) -> None:
    for path, status, code in (
        ("/api/cases/42", 400, "bad_case_number"),
        ("/api/cases/T-G01-2511-00009", 404, "unknown_case"),
        (f"/photos/{'0' * 64}.jpg", 404, "unknown_photo"),
        ("/photos/..%2F..%2Fetc%2Fpasswd.jpg", 404, "unknown_photo"),
        ("/etc/passwd", 404, "unknown_page"),
    ):
        found, answer = await get(door, path)
        assert (found, answer["error"]) == (status, code)
    status, answer = await post(door, "/api/cases", json={})
    assert (status, answer["error"]) == (405, "wrong_method")
    async with door.client.delete("/api/cases") as response:
        assert response.status == 405


@pytest.mark.parametrize(
    ("how", "word"),
    [
        ({"params": {"lang": "zh-CN"}}, "没有"),
        ({"headers": {"Accept-Language": "fr, zh;q=0.8"}}, "没有"),
        ({"headers": {"Cookie": "lang=zh-CN"}}, "没有"),
        ({"headers": {"Accept-Language": "fr"}}, "nothing"),
        ({"params": {"lang": "en"}, "headers": {"Accept-Language": "zh"}}, "nothing"),
    ],
)
async def test_errors_speak_the_asked_language(door: Doors, how: dict[str, Any], word: str) -> None:
    assert word in (await get(door, "/nowhere", **how))[1]["message"]


async def test_health_says_what_waits(door: Doors) -> None:
    await post(door, "/api/reports", json={"text": "x"})
    status, answer = await get(door, "/health")
    assert (status, answer["status"], answer["kafka"], answer["ledger"]) == (200, "ok", "off", "e1:0")
    assert (answer["outbox"]["reports"], answer["outbox"]["rows"]) == (1, 1)


async def test_without_a_ledger_reports_are_still_taken(tmp_path: Path) -> None:
    async with doors(tmp_path) as door:
        (tmp_path / "ledger.sqlite").rename(tmp_path / "gone")
        assert (await post(door, "/api/reports", json={"text": "x"}))[0] == 202
        assert (await get(door, "/api/cases"))[1]["error"] == "ledger_away"
        status, answer = await get(door, "/health")
        assert (status, answer["status"], answer["ledger"]) == (200, "degraded", None)


async def test_probes_say_whether_it_lives_and_accepts(tmp_path: Path) -> None:
    async with doors(tmp_path) as door:
        assert await get(door, "/readyz") == await get(door, "/healthz") == (200, {"status": "ok"})
        (tmp_path / "outbox.sqlite").rename(tmp_path / "gone")
        assert (await get(door, "/healthz"))[0] == 200
        status, answer = await get(door, "/readyz")
        assert (status, answer["status"]) == (503, "failed")
        assert "outbox.sqlite" in answer["outbox"]


async def test_what_fails_inside_has_a_number_in_answer_and_log(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """The answer tells no inner detail, the log tells all."""

    async def broken(_: web.Request) -> web.Response:
        raise RuntimeError("secret detail")

    def pages(app: web.Application) -> None:
        app.router.add_get("/board", broken)

    async with doors(tmp_path, pages=[pages]) as door:
        status, answer = await get(door, "/board")
    assert (status, answer["error"]) == (500, "internal")
    number = answer["message"].split("error number ")[1].rstrip(".")
    assert number in caplog.text
    assert "secret" not in json.dumps(answer)


async def test_pages_are_added_through_the_hook(tmp_path: Path) -> None:
    async def hello(request: web.Request) -> web.Response:
        return web.Response(text=request.app[GATEWAY].region.code)

    def pages(app: web.Application) -> None:
        app.router.add_get("/board", hello)

    async with doors(tmp_path, pages=[pages]) as door, door.client.get("/board") as response:
        assert await response.text() == "T"
        assert "default-src 'self'" in response.headers["Content-Security-Policy"]


async def test_states_in_the_list_are_the_real_ones(door: Doors) -> None:
    for state in State:
        assert (await get(door, f"/api/cases?state={state}"))[0] == 200


@pytest.mark.parametrize(
    "headers",
    [
        {"Host": "city.example"},
        {"Host": "city.example:8443"},
        {"X-Forwarded-For": "203.0.113.7"},
        {"Host": "127.0.0.1", "Via": "1.1 proxy"},
        {"Host": "evil.example", "X-Real-IP": "203.0.113.7"},
    ],
)
async def test_whoever_comes_from_outside_has_to_sign_in(door: Doors, headers: dict[str, str]) -> None:
    """Also in the demo, which lets in this machine only."""
    door.gateway.public_host = "city.example"
    for path in ("/api/cases", "/api/changes", "/chat/../api/cases"):
        assert (await get(door, path, headers=headers))[0] == 401
    for path in ("/health", "/supervisor", "/"):  # pages are not here
        assert (await get(door, path, headers=headers))[0] == 404
    assert (await post(door, "/api/reports", json={"text": "x"}, headers=headers))[0] == 401
    _, answer = await get(door, f"/photos/{'a' * 64}.jpg", headers=headers)
    assert answer["error"] == "unknown_photo"  # photos are looked for
    assert door.stored() == []
    assert (await get(door, "/health"))[0] == 200  # on this machine all is as before


@pytest.mark.parametrize(
    ("origin", "status"), [("https://city.example", 404), ("https://evil.example", 403), ("https://[", 403)]
)
async def test_a_proxy_may_name_its_own_host(door: Doors, origin: str, status: int) -> None:
    """404: no door has a hook there, but the question was let through."""
    door.gateway.public_host = "city.example"
    headers = {"Origin": origin, "X-Forwarded-For": "203.0.113.7"}
    assert (await post(door, "/doors/none", json={}, headers=headers))[0] == status

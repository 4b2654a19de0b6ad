"""What the page asks of the server, over HTTP."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from connectors.clock import now_ms
from connectors.doors.browser.account import COOKIE, new_token, sender_of
from connectors.doors.browser.forgetting import forget_pages
from tests.contract.plain_engine import PlainEngine
from tests.processes.waiting import wait_until
from tests.worlds.chat_room import ChatRoom, chat_room
from tests.worlds.doors import picture

Session = aiohttp.ClientSession
MESSAGES = "/doors/browser/messages"


@pytest.fixture
async def room(tmp_path: Path) -> AsyncIterator[ChatRoom]:
    async with chat_room(tmp_path, engine=PlainEngine()) as opened:
        yield opened


@asynccontextmanager
async def browser(room: ChatRoom, token: str = "") -> AsyncIterator[Session]:
    """Somebody's browser, with a token of its own."""
    jar = {COOKIE: token or new_token()}
    async with aiohttp.ClientSession(room.url, cookies=jar) as session:
        yield session


async def post(
    session: Session, id: str, *, file: bytes = b"", type_: str = "image/jpeg", query: str = "", **fields: str
) -> tuple[int, Any]:
    form = aiohttp.FormData(fields or {"kind": "media"}, default_to_multipart=True)
    if file:
        form.add_field("file", file, filename="a.jpg", content_type=type_)
    async with session.post(f"{MESSAGES}?id={id}{query}", data=form) as answer:
        return answer.status, await answer.json()


async def lines(session: Session, count: int, after: str = "") -> list[dict[str, Any]]:
    """The messages, once there are so many."""
    async with asyncio.timeout(10):
        while True:
            async with session.get(MESSAGES, params={"after": after}) as answer:
                found: list[dict[str, Any]] = (await answer.json())["messages"]
            if len(found) >= count:
                return found
            await asyncio.sleep(0.02)


async def test_what_is_said_is_a_report_and_both_sides_are_shown_in_order(room: ChatRoom) -> None:
    """Photo, position and words in separate messages."""
    async with browser(room) as session:
        assert (await post(session, "photo-0001", file=picture()))[0] == 202
        place = {"kind": "position", "lon": "118.08", "lat": "24.46", "datum": "wgs84"}
        assert (await post(session, "place-0001", file=b"", query="", **place))[0] == 202
        assert await post(session, "words-0001", text="hole") == (202, {"id": "words-0001", "new": True})
        said = await lines(session, 4)
    assert [line["id"] for line in said[:3]] == ["photo-0001", "place-0001", "words-0001"]
    assert [line["ours"] for line in said] == [False, False, False, True]
    (report,) = room.reports()
    assert (report.text, len(report.photos)) == ("hole", 1)
    assert report.place.coordinates is not None
    assert report.door == "browser"


async def test_a_message_that_is_sent_again_is_taken_once(room: ChatRoom) -> None:
    """Also with its file; another person's message of the same id is another message."""
    async with browser(room) as session, browser(room) as other:
        for _ in range(3):
            await post(session, "photo-0001", file=picture())
        news = [(await post(session, "words-0001", text="hole"))[1]["new"] for _ in range(3)]
        await post(other, "words-0001", text="lamp")
        await lines(session, 3)
        assert (await lines(other, 2))[0]["id"] == "words-0001"
    assert news == [True, False, False]
    assert sorted(report.text for report in room.reports()) == ["hole", "lamp"]


async def test_a_photo_is_shown_to_the_person_who_sent_it_alone(room: ChatRoom) -> None:
    raw, address = picture(), "/doors/browser/files/photo-0001"
    async with browser(room) as session, browser(room) as other:
        await post(session, "photo-0001", file=raw)
        async with session.get(address) as answer:
            assert await answer.read() == raw
        async with other.get(address) as answer:
            assert answer.status == 404


async def test_a_recording_is_played_to_the_person_who_sent_it(tmp_path: Path) -> None:
    """As what it is, whatever the page calls it; it goes along with the report, with its length."""
    async with chat_room(tmp_path) as room, browser(room) as session:
        await post(
            session, "voice-001", file=b"#!AMR and so on", type_="audio/webm;codecs=opus", kind="media", seconds="7"
        )
        async with session.get("/doors/browser/files/voice-001") as answer:
            assert (answer.status, answer.headers["Content-Type"]) == (200, "audio/amr")
        await post(session, "words-001", text="oil on the road", lang="en")
        await post(session, "place-001", kind="position", lon="118.0832", lat="24.4628", datum="wgs84")
        await wait_until(room.reports, "a report", 30)
        (report,) = room.reports()
        (recording,) = report.recordings
        assert (recording.format, recording.seconds) == ("amr", 7)
        assert room.gateway.recordings.find(recording.digest, "amr") is not None


async def test_a_message_is_changed_before_it_is_reported(tmp_path: Path) -> None:
    async with chat_room(tmp_path) as room, browser(room) as session:
        await post(session, "words-001", text="a hole", lang="en")
        await post(session, "edit-0001", kind="edited", of="words-001", text="two holes", lang="en")
        await post(session, "place-001", kind="position", lon="118.0832", lat="24.4628", datum="wgs84")
        await wait_until(room.reports, "a report", 30)
        shown = [(line["kind"], line.get("text")) for line in await lines(session, 3)]
        assert shown[:2] == [("wrote", "a hole"), ("edited", "two holes")]
    assert [report.text for report in room.reports()] == ["two holes"]


async def test_the_stream_goes_on_where_a_page_was(room: ChatRoom) -> None:
    """Nothing is missed and nothing comes twice; a position of another file begins anew."""
    async with browser(room) as session:
        await post(session, "words-0001", text="hole")
        await lines(session, 2)
        async with session.get("/doors/browser/stream") as stream:
            first = await events(stream, 3)
        assert [name for name, _, _ in first] == ["hello", "message", "message"]
        assert first[0][1] == {"again": True, "missed": 2}
        seen = first[1][2]
        async with session.get("/doors/browser/stream", headers={"Last-Event-ID": seen}) as stream:
            (hello, second) = await events(stream, 2)
            assert hello[1] == {"again": False, "missed": 1}
            assert second[2] == first[2][2]
            await post(session, "words-0002", text="lamp")
            assert (await events(stream, 1))[0][1]["id"] == "words-0002"
        async with session.get("/doors/browser/stream", headers={"Last-Event-ID": f"other:{99}"}) as stream:
            assert (await events(stream, 1))[0][1]["again"] is True


async def events(stream: aiohttp.ClientResponse, count: int) -> list[tuple[str, Any, str]]:
    """(name, data, id) of the next events."""
    found: list[tuple[str, Any, str]] = []
    async with asyncio.timeout(10):
        while len(found) < count:
            fields: dict[str, str] = {}
            while line := (await stream.content.readline()).decode().rstrip("\n"):
                name, _, value = line.partition(": ")
                fields[name] = value
            if "event" in fields:
                found.append((fields["event"], json.loads(fields["data"]), fields.get("id", "")))
    return found


async def test_what_is_wrong_is_said_in_the_language_of_the_page(room: ChatRoom) -> None:
    async with browser(room) as session:
        assert (await post(session, "words-0001", text=" "))[1]["message"] == "请写点内容。"
        status, told = await post(session, "words-0001", query="&lang=en", text=" ")
        assert (status, told["message"]) == (400, "Write something first.")
        assert (await post(session, "x", text="hole"))[0] == 400
        async with session.post(f"{MESSAGES}?id=words-0001", data=b"{}") as answer:
            assert answer.status == 400
        assert (await post(session, "words-0001", text="x" * 50_000))[0] == 413
        async with session.get("/doors/browser/nothing") as answer:
            assert answer.status == 404
    async with aiohttp.ClientSession(room.url) as nobody:
        assert (await post(nobody, "words-0001", text="hole"))[0] == 401
    assert room.reports() == []


async def test_a_file_beyond_the_limit_is_refused_and_not_left(tmp_path: Path) -> None:
    async with chat_room(tmp_path, engine=PlainEngine(), file_bytes=1000) as room, browser(room) as session:
        assert (await post(session, "photo-0001", file=b"x" * 5000))[1]["error"] == "file_too_large"
        assert list((tmp_path / "door" / "files").iterdir()) == []


async def test_who_sends_too_fast_waits(tmp_path: Path) -> None:
    """Others do not."""
    async with chat_room(tmp_path, engine=PlainEngine(), burst=2) as room, browser(room) as session:
        answers = [(await post(session, f"words-000{n}", text="hole"))[0] for n in range(3)]
        async with browser(room) as other:
            assert (await post(other, "words-0001", text="hole"))[0] == 202
    assert answers == [202, 202, 429]


async def test_the_demo_alone_opens_the_chat_of_a_person(tmp_path: Path) -> None:
    """It is theirs from the first message on, in every browser of this machine."""
    async with chat_room(tmp_path / "a", engine=PlainEngine()) as room, aiohttp.ClientSession(room.url) as session:
        assert (await post(session, "words-0001", query="&as=rider-01", text="hole"))[0] == 403
        async with session.get("/doors/browser/demo") as answer:
            assert answer.status == 404
    async with chat_room(tmp_path / "b", engine=PlainEngine(), demo=True) as room:
        async with aiohttp.ClientSession(room.url) as session:
            assert (await post(session, "words-0001", query="&as=rider-01", text="hole"))[0] == 202
            async with session.post("/doors/browser/demo") as answer:
                assert await answer.json() == {"watching": 0, "plays": 1, "language": "zh-CN"}
            await wait_until(room.reports, "a report")
        assert [report.reporter.id for report in room.reports()] == ["rider-01"]


async def test_an_invitation_makes_the_account_a_persons(room: ChatRoom) -> None:
    token, invitation = new_token(), await room.gateway.contacts.invite(person="rider-02", now_ms=now_ms())
    async with browser(room, token) as session:
        await post(session, "joined-0001", kind="joined", invitation=invitation.token)
        await post(session, "words-0001", text="hole")
        await lines(session, 2)
    contact = await room.gateway.contacts.find("browser", sender_of(token))
    assert contact is not None
    assert contact.person == "rider-02"
    assert [report.reporter.id for report in room.reports()] == ["rider-02"]


async def test_a_restart_loses_nothing(tmp_path: Path) -> None:
    """The conversation, its files, and the answer to a message that was sent again."""
    token = new_token()
    async with chat_room(tmp_path, engine=PlainEngine()) as room, browser(room, token) as session:
        await post(session, "photo-0001", file=picture())
        await post(session, "words-0001", text="hole")
        before = await lines(session, 3)
    async with chat_room(tmp_path, engine=PlainEngine()) as room, browser(room, token) as session:
        assert (await post(session, "words-0001", text="hole"))[1]["new"] is False
        assert await lines(session, 3) == before
        async with session.get("/doors/browser/files/photo-0001") as answer:
            assert answer.status == 200
    assert len(room.reports()) == 1


async def test_whoever_is_forgotten_is_forgotten_here_too(tmp_path: Path) -> None:
    """Words and files; others keep theirs."""
    tokens = [new_token(), new_token()]
    async with chat_room(tmp_path, engine=PlainEngine()) as room:
        for token in tokens:
            async with browser(room, token) as session:
                await post(session, "photo-0001", file=picture())
                await post(session, "words-0001", text="a hole that nobody else has seen")
                await lines(session, 3)
    await forget_pages(tmp_path / "door", [sender_of(tokens[0])])
    assert len(list((tmp_path / "door" / "files").iterdir())) == 1
    async with chat_room(tmp_path, engine=PlainEngine()) as room:
        counts = []
        for token in tokens:
            async with browser(room, token) as session:
                counts.append(len(await lines(session, 0)))
    assert counts == [0, 3]


async def test_where_nothing_is_nothing_is_forgotten(tmp_path: Path) -> None:
    await forget_pages(tmp_path, ["browser-1"])
    assert not (tmp_path / "transcript.sqlite").exists()

import asyncio
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from connectors.chat.messages import Incoming, JoinedChat, Wrote
from connectors.doors.matrix.client import MatrixError
from connectors.doors.matrix.receiving import MatrixReceiver
from connectors.doors.matrix.restored import MARGIN_MS, NewestEvent
from connectors.doors.matrix.settings import MatrixSettings
from connectors.doors.matrix.store import MatrixStore, RoomState
from tests.unit.connectors.doors.matrix.scripted import Answers, ScriptedServer, scripted
from tests.unit.connectors.doors.matrix.test_events import ME, RIDER, event, text
from tests.unit.connectors.doors.matrix.test_sync import member

SETTINGS = MatrixSettings(url="https://city.test", events=2, backlog=4)
INVITE = event({"membership": "invite"}, "m.room.member", state_key=ME, event_id="$invite")
MEMBERS = {
    "chunk": [member("join"), member("join", who=RIDER), member("invite", who="@c:h"), member("leave", who="@d:h")]
}


def wrote(n: int) -> dict[str, Any]:
    return event(text(f"小助手 {n}"), event_id=f"${n}")


def sync(*events: dict[str, Any], before: str = "", where: str = "join", **room: Any) -> dict[str, Any]:
    timeline = {"events": list(events), "limited": bool(before), "prev_batch": before}
    return {"next_batch": "s2", "rooms": {where: {"!r:h": {"timeline": timeline, **room}}}}


class Inbox(list[Incoming]):
    async def take(self, incoming: Incoming) -> bool:
        self.append(incoming)
        return True

    @property
    def words(self) -> list[str]:
        return [each.content.text for each in self if isinstance(each.content, Wrote)]


async def received(
    server: ScriptedServer, folder: Path, rooms: Mapping[str, RoomState]
) -> tuple[Inbox, dict[str, RoomState]]:
    """What one step takes, and the rooms afterwards."""
    inbox, store = Inbox(), MatrixStore(folder, lambda: 0)
    try:
        await store.advance(ME, "s1", rooms)
        await MatrixReceiver(server.client, store, SETTINGS, inbox.take, me=ME, name="小助手").step()
        return inbox, await store.rooms()
    finally:
        await store.close()


async def test_a_server_that_does_not_count_is_asked_who_is_there(tmp_path: Path) -> None:
    def answers(path: str, _: Mapping[str, str]) -> tuple[int, dict[str, Any]]:
        return 200, sync(INVITE, member("join", "invite"), wrote(1)) if path == "sync" else MEMBERS

    async with scripted(answers) as server:
        inbox, rooms = await received(server, tmp_path, {})
    assert server.asked == ["GET sync", "GET rooms/!r:h/members"]
    assert rooms == {"!r:h": RoomState(3)}
    assert [(type(each.content), each.group, each.addressed) for each in inbox] == [
        (JoinedChat, True, False),
        (Wrote, True, True),
    ]


async def test_it_is_not_asked_again_as_long_as_nobody_comes_or_goes(tmp_path: Path) -> None:
    async with scripted(lambda *_: (200, sync(wrote(1)))) as server:
        inbox, rooms = await received(server, tmp_path, {"!r:h": RoomState(2)})
    assert (server.asked, rooms, inbox[0].group) == (["GET sync"], {"!r:h": RoomState(2)}, False)


async def test_what_lies_too_far_back_is_not_read(tmp_path: Path) -> None:
    """A page that never ends, in a room whose invitation is not found."""

    def answers(path: str, query: Mapping[str, str]) -> tuple[int, dict[str, Any]]:
        if path == "sync":
            return 200, sync(wrote(9), before="t9", summary={"m.joined_member_count": 2, "m.invited_member_count": 0})
        n = int(query["from"][1:])
        return 200, {"chunk": [wrote(n - 1), wrote(n - 2)], "end": f"t{n - 2}"}

    async with scripted(answers) as server:
        inbox, _ = await received(server, tmp_path, {})
    assert inbox.words == ["5", "6", "7", "8", "9"]


async def test_pages_that_lead_nowhere_end(tmp_path: Path) -> None:
    """A server that gives the same place again does not hold us up."""

    def answers(path: str, _: Mapping[str, str]) -> tuple[int, dict[str, Any]]:
        return 200, sync(wrote(2), before="t2") if path == "sync" else {"chunk": [wrote(1)], "end": "s1"}

    async with scripted(answers) as server:
        inbox, _ = await received(server, tmp_path, {"!r:h": RoomState(2)})
    assert inbox.words == ["1", "2"]


@pytest.mark.parametrize(("status", "refused"), [(403, True), (200, True)])
async def test_an_encrypted_room_counts_as_refused_also_where_we_may_not_speak(
    status: int, refused: bool, tmp_path: Path
) -> None:
    def answers(path: str, _: Mapping[str, str]) -> tuple[int, dict[str, Any]]:
        return (200, sync(event({}, "m.room.encrypted"))) if path == "sync" else (status, {"event_id": "$e"})

    async with scripted(answers) as server:
        _, rooms = await received(server, tmp_path, {"!r:h": RoomState(2)})
    assert rooms["!r:h"].refused is refused


@pytest.mark.parametrize("path", ["messages", "encrypted"])
async def test_what_passes_is_tried_again_from_the_same_position(path: str, tmp_path: Path) -> None:
    def answers(asked: str, _: Mapping[str, str]) -> tuple[int, dict[str, Any]]:
        return (
            (200, sync(event({}, "m.room.encrypted"), before="t2"))
            if asked == "sync"
            else (
                502 if asked.endswith(path) else 200,
                {},
            )
        )

    async with scripted(answers) as server:
        with pytest.raises(MatrixError):
            await received(server, tmp_path, {"!r:h": RoomState(2)})
    store = MatrixStore(tmp_path, lambda: 0)
    assert await store.since(ME) == "s1"
    await store.close()


async def test_rooms_are_taken_side_by_side_and_each_in_its_order(tmp_path: Path) -> None:
    """A slow disk is waited for once for all of them, not once for each."""
    rooms = {f"!{n}:h": {"timeline": {"events": [wrote(n), wrote(n + 100)]}} for n in range(20)}
    waiting, most, inbox, store = 0, 0, Inbox(), MatrixStore(tmp_path, lambda: 0)

    async def take(incoming: Incoming) -> bool:
        nonlocal waiting, most
        waiting += 1
        most = max(most, waiting)
        await asyncio.sleep(0.01)
        waiting -= 1
        return await inbox.take(incoming)

    async with scripted(lambda *_: (200, {"next_batch": "s2", "rooms": {"join": rooms}})) as server:
        await store.advance(ME, "s1", dict.fromkeys(rooms, RoomState(2)))
        await MatrixReceiver(server.client, store, SETTINGS, take, me=ME, name="小助手").step()
    await store.close()
    assert most > 10
    assert sorted(inbox.words, key=int) == [str(n) for n in (*range(20), *range(100, 120))]
    assert all(inbox.words.index(str(n)) < inbox.words.index(str(n + 100)) for n in range(20))


def sent(n: int, t_ms: int) -> dict[str, Any]:
    return wrote(n) | {"origin_server_ts": t_ms}


LAST = NewestEvent("!r:h", "$5", t_ms=10 * MARGIN_MS)


async def forgotten(folder: Path, answers: Answers) -> tuple[Inbox, list[str], NewestEvent | None]:
    """What is taken from a server that may have forgotten our position; what it was asked, and the newest event."""
    inbox, store = Inbox(), MatrixStore(folder, lambda: 99 * MARGIN_MS)
    async with scripted(answers) as server:
        try:
            await store.advance(ME, "s1", {"!r:h": RoomState(2), "!gone:h": RoomState(2)}, newest=LAST)
            receiver = MatrixReceiver(server.client, store, SETTINGS, inbox.take, me=ME, name="小助手")
            await receiver.begin()
            await receiver.step()
            await receiver.step()
            return inbox, server.asked, await store.newest(ME)
        finally:
            await store.close()


async def test_a_server_that_forgot_the_newest_event_is_read_again_from_its_time_on(tmp_path: Path) -> None:
    """An hour more, for clocks that differ, and nothing older; the next sync goes on from there."""

    def answers(path: str, query: Mapping[str, str]) -> tuple[int, dict[str, Any]]:
        match path.partition("/")[0], "since" in query:
            case "sync", False:
                return 200, sync(sent(7, 11 * MARGIN_MS), before="p1")
            case "sync", True:
                return 200, sync(sent(8, 12 * MARGIN_MS)) | {"next_batch": "s3"}
        if "/event/" in path:
            return 404, {"errcode": "M_NOT_FOUND"}
        pages = {"p1": [sent(6, 9 * MARGIN_MS), sent(4, 9 * MARGIN_MS - 1)], "p2": [sent(3, 1)]}
        return 200, {"chunk": pages[query["from"]], "end": "p2"}

    inbox, asked, newest = await forgotten(tmp_path, answers)
    assert inbox.words == ["6", "7", "8"]
    assert newest == NewestEvent("!r:h", "$8", 12 * MARGIN_MS)
    assert asked[0] == "GET rooms/!r:h/event/$5"


async def test_a_server_that_refuses_the_position_is_read_again(tmp_path: Path) -> None:
    def answers(path: str, query: Mapping[str, str]) -> tuple[int, dict[str, Any]]:
        if path == "sync" and query.get("since") == "s1":
            return 400, {"errcode": "M_UNKNOWN", "error": "Invalid stream token"}
        return 200, sync(sent(7, 11 * MARGIN_MS)) if path == "sync" else {}

    inbox, _, _ = await forgotten(tmp_path, answers)
    assert set(inbox.words) == {"7"}


async def test_pages_without_end_and_without_events_end(tmp_path: Path) -> None:
    def answers(path: str, _: Mapping[str, str]) -> tuple[int, dict[str, Any]]:
        if "/event/" in path:
            return 403, {"errcode": "M_FORBIDDEN"}
        return 200, sync(before="p") if path == "sync" else {"chunk": [], "end": "p"}

    inbox, asked, _ = await forgotten(tmp_path, answers)
    assert inbox == []
    assert len(asked) < 20

"""Takes what the server brings, room by room, and only then moves the position on."""

import asyncio
import logging
from collections.abc import AsyncIterator, Sequence
from typing import Final

from connectors.chat.json_values import mapping_of, mappings_of, text_of
from connectors.chat.platform import Take
from connectors.chat.runtime.side_by_side import side_by_side
from connectors.doors.matrix.client import V3, LargeAnswerError, MatrixClient, MatrixError, part_of_path
from connectors.doors.matrix.events import Event, read_event, read_joined, read_left, refers_to
from connectors.doors.matrix.restored import MARGIN_MS, NewestEvent, knows, newest_of, sent_from
from connectors.doors.matrix.room import RoomView
from connectors.doors.matrix.settings import MatrixSettings
from connectors.doors.matrix.store import MatrixStore, RoomState
from connectors.doors.matrix.sync import (
    INSIDE,
    MEMBER,
    RoomNews,
    entered,
    page_filter,
    read_sync,
    sync_filter,
)
from schemas.names import Language
from texts.catalogue import say

ROOMS_AT_ONCE: Final = 32
"""Rooms whose news are taken side by side, to share a sync of the disk; each is taken in its order."""
ALONE: Final = 1
TWO: Final = 2
log = logging.getLogger(__name__)


class MatrixReceiver:
    """The way in of one account: `me` is its user id, `name` its display name."""

    def __init__(
        self, client: MatrixClient, store: MatrixStore, settings: MatrixSettings, take: Take, *, me: str, name: str
    ) -> None:
        self._client, self._store, self._settings, self._take = client, store, settings, take
        self._me, self._name = me, name
        self._most = settings.events
        self._again_ms: int | None = None
        """From when on all rooms are read again, because the server forgot where we are."""

    async def begin(self) -> None:
        """See whether the server still knows where we are. Raises `MatrixError`."""
        newest = await self._store.newest(self._me)
        if newest is not None and not await knows(self._client, newest):
            self._read_again(newest)

    def _read_again(self, newest: NewestEvent) -> None:
        self._again_ms = newest.t_ms - MARGIN_MS
        log.warning("the Matrix server does not know our position, as after a backup: its rooms are read again")

    async def step(self) -> bool:
        """One sync: take all that is new, then move on. Whether somebody invited us. Raises `MatrixError`."""
        self._most = self._settings.events
        while True:
            try:
                return await self._step()
            except LargeAnswerError:
                if self._most == 1:
                    raise
                self._most = max(1, self._most // 4)  # less of each room at once, in more pages

    async def _step(self) -> bool:
        since = await self._store.since(self._me) if self._again_ms is None else None
        news = read_sync(await self._synced(since))
        since = since if self._again_ms is None else None
        known, changed = await self._store.rooms(), dict[str, RoomState | None]()
        turn = asyncio.Semaphore(ROOMS_AT_ONCE)

        async def joined(room: str, news: RoomNews) -> None:
            async with turn:
                before = known.get(room)
                state = await self._joined(room, news, before, since)
                if state != before:
                    changed[room] = state

        async def left(room: str, news: RoomNews) -> None:
            async with turn:
                if room in known and since is not None:
                    await self._left(room, news, known[room], since)
                changed[room] = None

        if self._again_ms is not None:
            changed.update(dict.fromkeys(known.keys() - news.joined.keys()))
        works = [joined(*each) for each in news.joined.items()] + [left(*each) for each in news.left.items()]
        if works:
            await side_by_side(*works)
        if news.next != since or changed or news.invited:
            newest = newest_of(news, self._store.now_ms())
            await self._store.advance(self._me, news.next, changed, news.invited, newest)
        self._again_ms = None
        return bool(news.invited)

    async def _synced(self, since: str | None) -> Event:
        """What is new; all rooms, where the server was set up anew and refuses our position."""
        try:
            return await self._sync(since)
        except MatrixError as fault:
            newest = await self._store.newest(self._me)
            if fault.status != 400 or since is None or newest is None:
                raise
            self._read_again(newest)
            return await self._sync(None)

    async def _sync(self, since: str | None) -> Event:
        wait_s = 0 if since is None else self._settings.wait_s
        query = {"filter": sync_filter(self._most), "timeout": str(round(wait_s * 1000))}
        query |= {} if since is None else {"since": since}
        return await self._client.call("GET", f"{V3}/sync", query=query, wait_s=wait_s)

    async def _joined(self, room: str, news: RoomNews, before: RoomState | None, since: str | None) -> RoomState:
        """A room that we are in; nothing of it is taken in a first sync."""
        state = RoomState(await self._people(room, news, before), before is not None and before.refused)
        if since is None and self._again_ms is None:
            return state
        return await self._room(room, news, before, state, since or "")

    async def _room(
        self, room: str, news: RoomNews, before: RoomState | None, state: RoomState, since: str
    ) -> RoomState:
        """Take the news of a room that we are in; its state afterwards."""
        view = self._view(room, state)
        if before is None:
            await self._entered(view, news)
        elif self._again_ms is not None:
            await self._take_all(view, await self._since(room, news, self._again_ms))
        else:
            async for events in self._missed(room, news, since):
                await self._take_all(view, events)
            await self._take_all(view, news.events)
        if news.encrypted and not state.refused:
            await self._refuse(room)
            state = RoomState(state.people, refused=True)
        if state.people <= ALONE and (before is None or before.people > ALONE):
            await self._leave(view, news)
        return state

    async def _take_all(self, view: RoomView, events: Sequence[Event]) -> None:
        """In their order. Raises what `take` raises."""
        own = await self._store.own(filter(None, map(refers_to, events)))
        for event in events:
            incoming = read_event(event, view, own)
            if incoming is not None:
                await self._take(incoming)

    async def _entered(self, view: RoomView, news: RoomNews) -> None:
        """We are new here: what was said since we were invited is for us, and nothing from before."""
        events, start = list(news.events), news.before
        at, earlier = entered(events, self._me)
        while start and len(events) < self._settings.backlog and (at is None or earlier):
            page = await self._page(view.id, "b", start, "")
            events = [*reversed(mappings_of(page.get("chunk"))), *events]
            start = text_of(page.get("end"))
            at, earlier = entered(events, self._me)
        if at is None:
            log.warning("more than %d events since the bot was invited: the older ones are not read", len(events))
            at = 0
        elif not news.encrypted and mapping_of(events[at].get("content")).get("membership") == "invite":
            joined = read_joined(events[at], view)
            if joined is not None:
                await self._take(joined)
        await self._take_all(view, events[at:])

    async def _since(self, room: str, news: RoomNews, from_ms: int) -> Sequence[Event]:
        """What was sent in a room from this time on; at most as much as is read back to an invitation."""
        events, start = list(news.events), news.before
        for _ in range(self._settings.backlog):  # pages may be empty, and their end none
            if not start or len(events) >= self._settings.backlog or (events and not sent_from(events[:1], from_ms)):
                break
            page = await self._page(room, "b", start, "")
            events = [*reversed(mappings_of(page.get("chunk"))), *events]
            start = text_of(page.get("end"))
        return sent_from(events, from_ms)

    async def _missed(self, room: str, news: RoomNews, since: str) -> AsyncIterator[Sequence[Event]]:
        """The events between the last sync and those that came with this one, page by page."""
        start = since
        while news.before:
            page = await self._page(room, "f", start, news.before)
            yield mappings_of(page.get("chunk"))
            end = text_of(page.get("end"))
            if not end or end == start:
                return
            start = end

    async def _page(self, room: str, way: str, start: str, to: str) -> Event:
        query = {"dir": way, "from": start, "limit": str(self._most), "filter": page_filter()}
        query |= {"to": to} if to else {}
        return await self._client.call("GET", f"{V3}/rooms/{part_of_path(room)}/messages", query=query)

    async def _people(self, room: str, news: RoomNews, before: RoomState | None) -> int:
        if news.people is not None:
            return news.people
        if before is not None and not any(event.get("type") == MEMBER for event in news.events):
            return before.people
        answer = await self._client.call("GET", f"{V3}/rooms/{part_of_path(room)}/members")
        members = mappings_of(answer.get("chunk"))
        return sum(mapping_of(each.get("content")).get("membership") in INSIDE for each in members)

    async def _refuse(self, room: str) -> None:
        """Say that we cannot read what is written here; nobody has told us their language."""
        body = "\n\n".join(say(language, "matrix.encrypted") for language in Language)
        path = f"{V3}/rooms/{part_of_path(room)}/send/m.room.message/encrypted"
        try:
            await self._client.call("PUT", path, {"msgtype": "m.text", "body": body, "m.mentions": {}})
        except MatrixError as fault:
            if fault.passes or fault.token_refused:
                raise
            log.info("nor can it be said in an encrypted room that it cannot be read: %s", fault)

    async def _leave(self, view: RoomView, news: RoomNews) -> None:
        """The last one left; so do we. They cannot come back into this room, but can invite us to another."""
        last = [event for event in news.events if _ends(event) and event.get("state_key") != self._me]
        for left in filter(None, (read_left(event, view) for event in last[-1:])):
            await self._take(left)
        try:
            await self._client.call("POST", f"{V3}/rooms/{part_of_path(view.id)}/leave", {})
        except MatrixError as fault:
            if fault.passes or fault.token_refused:
                raise

    async def _left(self, room: str, news: RoomNews, before: RoomState, since: str) -> None:
        """We were put out: what was said before is still for us."""
        view = self._view(room, before)
        async for events in self._missed(room, news, since):
            await self._take_all(view, events)
        await self._take_all(view, news.events)
        last = [event for event in news.events if _ends(event) and event.get("state_key") == self._me]
        for left in filter(None, (read_left(event, view) for event in last[-1:])):
            await self._take(left)

    def _view(self, room: str, state: RoomState) -> RoomView:
        return RoomView(room, self._me, self._name, group=state.people > TWO)


def _ends(event: Event) -> bool:
    membership = mapping_of(event.get("content")).get("membership")
    return event.get("type") == MEMBER and membership in {"leave", "ban"}

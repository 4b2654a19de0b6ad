"""The door: asks again and again for what changed, and takes over what lies here, each request once."""

import asyncio
import logging
from http import HTTPStatus
from typing import Any, Final

import aiohttp
from pydantic import ValidationError

from connectors.chat.runtime.backoff import Backoff
from connectors.chat.runtime.side_by_side import side_by_side
from connectors.doors.contract import Accept, Capabilities, DoorSetup, Replies
from connectors.doors.neighbour.changes import NeighbourChanges
from connectors.doors.neighbour.client import PAGE, NeighbourClient
from connectors.doors.neighbour.imports import Import, Imports
from connectors.doors.neighbour.options import NeighbourOptions
from connectors.doors.neighbour.outcomes import NeighbourOutcomes
from connectors.doors.neighbour.reading import NeighbourRequest, own_id, report_id, submission_of
from connectors.intake.context import SCOPE, Gateway
from connectors.intake.numbers import looks_like_case_number
from connectors.intake.refusal import Refused
from schemas.errors import Retry

DAY_MS: Final = 86_400_000
OVERLAP_MS: Final = 120_000
"""Asked for again: what they wrote while they answered."""
MOST_PAGES: Final = 1000
LONGEST_PAUSE_S: Final = 600.0
NOT_NOW: Final = frozenset({HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.SERVICE_UNAVAILABLE})

log = logging.getLogger(__name__)


class NeighbourDoor:
    """A `Door`. A neighbour asks our own server what became of its requests, or has it posted (`updates`)."""

    def __init__(self, setup: DoorSetup, options: NeighbourOptions) -> None:
        self._setup, self._options = setup, options
        self.log_names = (setup.name,)
        self.capabilities = Capabilities(photos=False, positions=True, replies=options.updates)

    async def run(self, accept: Accept, replies: Replies | None) -> None:
        """Ask until cancelled. Raises `NeighbourRefusesError`."""
        imports, gateway = Imports(self._setup.folder), self._setup.gateway
        try:
            async with aiohttp.ClientSession() as session:
                client = NeighbourClient(session, self._options)
                works = [self._ask(NeighbourQuestions(client, imports, self._options, gateway, accept))]
                if replies is not None:
                    pauses = Backoff(self._options.poll_s, LONGEST_PAUSE_S)
                    works.append(NeighbourOutcomes(client, imports, gateway, pauses).run(replies))
                await side_by_side(*works)
        finally:
            await asyncio.shield(imports.close())

    async def _ask(self, asking: "NeighbourQuestions") -> None:
        options, pause_s = self._options, self._options.poll_s
        while True:
            try:
                await asking.once()
                pause_s = options.poll_s
            except (Retry, Refused) as fault:
                log.warning("the neighbour's requests wait: %s", fault)
                pause_s = max(options.poll_s, min(2 * pause_s, LONGEST_PAUSE_S))
            await asyncio.sleep(pause_s)


class NeighbourQuestions:
    """One question after the other."""

    def __init__(
        self, client: NeighbourClient, imports: Imports, options: NeighbourOptions, gateway: Gateway, accept: Accept
    ) -> None:
        self._client, self._imports, self._options = client, imports, options
        self._gateway, self._accept = gateway, accept
        self._categories = options.categories()
        self._changes = NeighbourChanges(imports, gateway, accept)

    async def once(self) -> None:
        """All that changed since the last time; how far we are is written when all of it is stored.

        Raises `Retry`, `Refused` where nothing is accepted at present, and `NeighbourRefusesError`.
        """
        until_ms = await self._imports.until_ms()
        first_ms = self._gateway.clock() - round(self._options.since_days * DAY_MS)
        since_ms = first_ms if until_ms is None else until_ms - OVERLAP_MS
        newest_ms, before = until_ms or 0, list[Any]()
        for page in range(1, MOST_PAGES):
            rows = await self._client.page(since_ms, page)
            if rows == before:  # a server without pages answers the same again
                break
            newest_ms = max([newest_ms, *await self._take_all(rows)])
            before = rows
            if len(rows) < PAGE:
                break
        if newest_ms and newest_ms != until_ms:
            await self._imports.asked(newest_ms)

    async def _take_all(self, rows: list[Any]) -> list[int]:
        """Store them side by side, so that many share a sync; all are over when one fails."""
        ends = await asyncio.gather(*map(self._take, rows), return_exceptions=True)
        for end in ends:
            if isinstance(end, BaseException):
                raise end
        return [end for end in ends if isinstance(end, int)]

    async def _take(self, row: Any) -> int:
        """Store one; when it changed last, by their clock."""
        try:
            told = NeighbourRequest.model_validate(row)
        except ValidationError as fault:
            log.warning("a request of the neighbour cannot be read: %s", fault.errors(include_input=False)[0]["loc"])
            return 0
        theirs, known = told.service_request_id, await self._imports.find(told.service_request_id)
        if known is not None and (known.updated_ms, known.status) == (told.changed_ms, told.status):
            return told.changed_ms
        if known is not None and known.state in {"accepted", "ours"}:
            done = known._replace(status=told.status, updated_ms=told.changed_ms)
        else:
            report, state, why = await self._became(told)
            done = Import(theirs, report, state, why, told.status, told.changed_ms)
        await self._changes.pass_on(told, known, done.state)
        await self._imports.put(done)
        return told.changed_ms

    async def _became(self, told: NeighbourRequest) -> tuple[str | None, str, str]:
        """Its report, our state of it, and why; on disk, if it was accepted."""
        if await self._is_ours(told.service_request_id):
            return None, "ours", ""
        if told.is_outside(self._gateway.region):
            return None, "elsewhere", ""
        await self._imports.begin_words(told.service_request_id, told.words_digest)
        try:
            accepted = await self._accept(submission_of(told, self._categories))
            await self._imports.put_words(told.service_request_id, told.words_digest)
        except Refused as refusal:
            code = refusal.faults[0].code
            if refusal.status in NOT_NOW or code == "history_system":
                raise
            if code == "other_content":  # killed before it was written here, and changed there meanwhile
                return report_id(told.service_request_id), "accepted", ""
            log.warning("request %s of the neighbour is refused: %s", told.service_request_id, refusal)
            return None, "refused", code
        return accepted.id, "accepted", ""

    async def _is_ours(self, theirs: str) -> bool:
        """Whether they have it from us: what came from somewhere never goes back there."""
        own = own_id(theirs)
        if own is None:
            return False
        number = looks_like_case_number(own) and own.startswith(f"{self._gateway.region.code}-")
        return number or await self._gateway.outbox.knows(SCOPE, own)

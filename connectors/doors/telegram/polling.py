"""Asks Telegram for what is new. An update is acknowledged by asking for the next one, after it was stored."""

import asyncio
import time
from collections import defaultdict, deque
from typing import Any, Final

from connectors.chat.http_client import Away
from connectors.chat.messages import Incoming
from connectors.doors.telegram.api import BotApi
from connectors.doors.telegram.errors import ApiFault, TelegramOtherPollerError
from connectors.doors.telegram.options import TelegramOptions
from connectors.doors.telegram.patient_calls import PatientCalls, refuse_token
from connectors.doors.telegram.shapes import KINDS
from connectors.doors.telegram.update_intake import UpdateIntake
from schemas.errors import Retry

CONFLICTS: Final = 3
CONFLICT_S: Final = 300.0
"""So many refusals in this time are another poller; one alone is our own request of before a restart."""


class Polling:
    """Long polls, one after the other. It remembers nothing but the number to ask for next."""

    def __init__(self, api: BotApi, options: TelegramOptions, patient: PatientCalls) -> None:
        self._api = api
        self._options = options
        self._patient = patient
        self._next: int | None = None
        self._conflicts = deque[float](maxlen=CONFLICTS)

    async def run(self, intake: UpdateIntake) -> None:
        """Until cancelled. Raises `TelegramTokenError` and `TelegramOtherPollerError`."""
        while True:
            try:
                await self._take(intake, await self._ask())
            except ApiFault as fault:
                self._judge(fault)
                await self._patient.wait(fault, fault.retry_after_s)
            except Away as away:
                await self._patient.wait(away)
            else:
                self._patient.over()

    async def _ask(self) -> list[dict[str, Any]]:
        fields: dict[str, object] = {"timeout": self._options.poll_s, "allowed_updates": KINDS}
        if self._next is not None:
            fields["offset"] = self._next
        updates = await self._api.call("getUpdates", fields, wait_s=self._options.poll_s)
        if not isinstance(updates, list) or not all(_has_a_number(each) for each in updates):
            raise Away("getUpdates: no list of updates")
        return updates

    async def _take(self, intake: UpdateIntake, updates: list[dict[str, Any]]) -> None:
        """Store all that came together; of one chat one after the other, the chats side by side, to share a sync."""
        chats = defaultdict[str, list[Incoming]](list)
        for raw in updates:
            incoming = intake.read(raw)
            if incoming is not None:
                chats[incoming.chat].append(incoming)
        for outcome in await asyncio.gather(
            *(self._in_order(intake, each) for each in chats.values()), return_exceptions=True
        ):
            if outcome is not None:
                raise outcome
        if updates:
            self._next = max(raw["update_id"] for raw in updates) + 1

    async def _in_order(self, intake: UpdateIntake, messages: list[Incoming]) -> None:
        for incoming in messages:
            while True:  # what comes behind it has to wait until it is stored, and so has its acknowledgement
                try:
                    await intake.take(incoming)
                except Retry as error:
                    await self._patient.wait(error)
                else:
                    break

    def _judge(self, fault: ApiFault) -> None:
        """Raises for what no waiting mends."""
        refuse_token(fault)
        if fault.code == 409:
            self._conflicts.append(time.monotonic())
            if len(self._conflicts) == CONFLICTS and self._conflicts[-1] - self._conflicts[0] < CONFLICT_S:
                raise TelegramOtherPollerError(says=fault.says)


def _has_a_number(raw: object) -> bool:
    return isinstance(raw, dict) and type(raw.get("update_id")) is int

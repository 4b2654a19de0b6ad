"""Asks Telegram for what is new. An update is acknowledged by asking for the next one, after it was stored."""

import time
from collections import deque
from typing import Any, Final

from connectors.doors.telegram.api import BotApi
from connectors.doors.telegram.errors import ApiFault, NoAnswer, TelegramOtherPollerError
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
                for raw in await self._ask():
                    await self._take(intake, raw)
            except ApiFault as fault:
                self._judge(fault)
                await self._patient.wait(fault, fault.retry_after_s)
            except NoAnswer as away:
                await self._patient.wait(away)
            else:
                self._patient.over()

    async def _ask(self) -> list[dict[str, Any]]:
        fields: dict[str, object] = {"timeout": self._options.poll_s, "allowed_updates": KINDS}
        if self._next is not None:
            fields["offset"] = self._next
        updates = await self._api.call("getUpdates", fields, wait_s=self._options.poll_s)
        if not isinstance(updates, list) or not all(_has_a_number(each) for each in updates):
            raise NoAnswer("getUpdates: no list of updates")
        return updates

    async def _take(self, intake: UpdateIntake, raw: dict[str, Any]) -> None:
        """Until it is stored: what comes behind it has to wait, and so has its acknowledgement."""
        while True:
            try:
                await intake.take(raw)
            except Retry as error:
                await self._patient.wait(error)
            else:
                self._next = raw["update_id"] + 1
                return

    def _judge(self, fault: ApiFault) -> None:
        """Raises for what no waiting mends."""
        refuse_token(fault)
        if fault.code == 409:
            self._conflicts.append(time.monotonic())
            if len(self._conflicts) == CONFLICTS and self._conflicts[-1] - self._conflicts[0] < CONFLICT_S:
                raise TelegramOtherPollerError(says=fault.says)


def _has_a_number(raw: object) -> bool:
    return isinstance(raw, dict) and type(raw.get("update_id")) is int

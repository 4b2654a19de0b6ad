"""Lets Telegram call us: `/doors/NAME` of the HTTP door. An update is acknowledged by 200, after it was stored."""

import asyncio
import hmac
import logging
import re
from typing import Final
from weakref import WeakValueDictionary

from aiohttp import web

from connectors.chat.decoding import decoded
from connectors.doors.contract import PlatformSetup
from connectors.doors.telegram.api import BotApi
from connectors.doors.telegram.errors import ApiFault, TelegramHookError, TelegramWebhookSetError
from connectors.doors.telegram.options import TelegramOptions
from connectors.doors.telegram.patient_calls import PatientCalls
from connectors.doors.telegram.shapes import KINDS
from connectors.doors.telegram.update_intake import UpdateIntake
from schemas.errors import Retry

AGAIN: Final = {"Retry-After": "5"}
"""Else the pauses grow to minutes, and all that comes behind it in the same chat waits."""
HEADER: Final = "X-Telegram-Bot-Api-Secret-Token"

log = logging.getLogger(__name__)


def hook_address(public: str, name: str) -> str:
    """Where Telegram finds the hook of the door `name`."""
    return f"{public.rstrip('/')}/doors/{name}"


def is_hook_of(address: str, name: str) -> bool:
    """Whether a webhook is one that a door of this name has set."""
    return re.sub(r"[?#].*", "", address).endswith(f"/doors/{name}")


class Webhook:
    """The hook of one bot."""

    def __init__(self, api: BotApi, options: TelegramOptions, setup: PlatformSetup, patient: PatientCalls) -> None:
        assert options.webhook is not None
        self._api = api
        self._options = options
        self._name = setup.name
        self._hooks = setup.hooks
        self._patient = patient
        self._address = hook_address(options.webhook, setup.name)
        self._secret = options.hook_secret.encode()
        self._chats = WeakValueDictionary[str, asyncio.Lock]()
        """Of those from whom something is being stored: the order of a chat stays, however many calls come together."""
        self._last_fault = 0

    async def run(self, intake: UpdateIntake) -> None:
        """Until cancelled. Raises `TelegramTokenError`, `TelegramHookError` and `TelegramWebhookSetError`."""
        self._hooks[self._name] = lambda request: self._handle(request, intake)
        try:
            await self._patient.call(self._api, "setWebhook", self._fields())
            while True:
                await asyncio.sleep(self._options.look_s)
                self._look(await self._patient.call(self._api, "getWebhookInfo", {}))
        except ApiFault as fault:
            raise TelegramHookError(address=self._address, says=fault.says) from None
        finally:
            self._hooks.pop(self._name, None)

    def _fields(self) -> dict[str, object]:
        return {
            "url": self._address,
            "secret_token": self._options.hook_secret,
            "max_connections": self._options.connections,
            "allowed_updates": KINDS,
        }

    def _look(self, info: object) -> None:
        """Whether Telegram can still deliver to us. Raises `TelegramWebhookSetError`."""
        known = info if isinstance(info, dict) else {}
        if known.get("url", self._address) != self._address:
            raise TelegramWebhookSetError(address=known["url"] or "-")
        fault = known.get("last_error_date")
        if isinstance(fault, int) and fault > self._last_fault:
            self._last_fault = fault
            log.warning(
                "Telegram could not deliver: %s; %s updates wait there",
                known.get("last_error_message"),
                known.get("pending_update_count"),
            )

    async def _handle(self, request: web.Request, intake: UpdateIntake) -> web.Response:
        status = self._refuses(request)
        if status is not None:
            return web.Response(status=status)
        body = await _body(request, self._options.update_bytes)
        if body is None:
            return web.Response(status=413, headers={"Connection": "close"})
        try:
            raw = decoded(body)
        except ValueError:
            return web.Response(status=400)
        incoming = intake.read(raw)
        if incoming is None:
            return web.Response()
        one_by_one = self._chats.setdefault(incoming.chat, asyncio.Lock())
        try:
            async with one_by_one:
                await intake.take(incoming)
        except Retry as error:
            log.warning("Telegram: %s; it will bring this again", error)
            return web.Response(status=503, headers=AGAIN)
        return web.Response()

    def _refuses(self, request: web.Request) -> int | None:
        """The status for who is not Telegram."""
        if request.path.rstrip("/") != f"/doors/{self._name}":
            return 404
        if request.method != "POST":
            return 405
        given = request.headers.get(HEADER, "").encode("utf-8", "surrogateescape")
        return None if hmac.compare_digest(given, self._secret) else 403


async def _body(request: web.Request, limit: int) -> bytes | None:
    """All of it; None when it is too long."""
    if (request.content_length or 0) > limit:
        return None
    body = bytearray()
    async for piece in request.content.iter_any():
        body += piece
        if len(body) > limit:
            return None
    return bytes(body)

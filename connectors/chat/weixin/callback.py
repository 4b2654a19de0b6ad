"""The callback: Weixin calls us. Verified, read within limits, stored, and only then acknowledged by an empty 200.

| answer | when |
|---|---|
| 200 | stored, or nothing to us; to a GET: the decrypted `echostr` |
| 400 | no callback: parameters missing, no XML, not encrypted with our key |
| 403 | wrong signature, too old, or for another account |
| 404, 405 | another path, another method |
| 408, 413 | the body is too slow, or too long |
| 503 | it could not be stored; the platform brings it again, three times in all |
"""

import hmac
import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

from aiohttp import web

from connectors.chat.hook_body import BadBodyError, read_body
from connectors.chat.messages import Incoming
from connectors.chat.platform import Take
from connectors.chat.weixin.cipher import CipherError, MessageCipher, signature
from connectors.chat.weixin.incoming import NotAMessageError, WeixinReading, incoming_of
from connectors.chat.weixin.xml import XmlError, read_xml
from schemas.errors import Retry

LONGEST_VALUE: Final = 5000
SAY_EVERY_MS: Final = 10_000

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class CallbackSettings:
    """What the platform and we agreed on."""

    path: str
    """Where it is served: `/doors/NAME`."""
    token: str = field(repr=False)
    """Signs the requests."""
    cipher: MessageCipher = field(repr=False)
    reading: WeixinReading
    clock: Callable[[], int]
    """Unix time, ms."""
    fresh_s: float = 600.0
    """How far the time of a request may be from ours."""
    body_bytes: int = 64 * 1024
    body_s: float = 4.0
    plain_echo: bool = False
    """公众号 asks with a plain `echostr` and `signature`; WeCom with an encrypted one and `msg_signature`."""


class _Refused(Exception):
    """The status for who is not the platform, and why, for the log."""

    def __init__(self, status: int, why: str) -> None:
        super().__init__(why)
        self.status = status


class Callback:
    """Handles the requests of one platform."""

    def __init__(self, settings: CallbackSettings, take: Take) -> None:
        self._settings, self._take = settings, take
        self._said_ms, self._unsaid = -SAY_EVERY_MS, 0

    async def handle(self, request: web.Request) -> web.StreamResponse:
        """A hook of the HTTP door. Cancelled and connection errors pass; nothing else."""
        try:
            return await self._answer(request)
        except _Refused as refused:
            self._say(refused)
            headers = {"Connection": "close"} if refused.status in (408, 413) else {}
            return web.Response(status=refused.status, headers=headers)

    def _say(self, refused: _Refused) -> None:
        """Anybody can call us: strangers do not fill the log."""
        now_ms = self._settings.clock()
        if now_ms - self._said_ms < SAY_EVERY_MS:
            self._unsaid += 1
            return
        path, status = self._settings.path, refused.status
        log.warning("refused a callback at %s with %s: %s (and %s before)", path, status, refused, self._unsaid)
        self._said_ms, self._unsaid = now_ms, 0

    async def _answer(self, request: web.Request) -> web.Response:
        if request.path.rstrip("/") != self._settings.path:
            raise _Refused(404, "another path")
        if request.method == "GET":
            return self._echo(request)
        if request.method != "POST":
            raise _Refused(405, "another method")
        encrypted = self._encrypted(await self._body(request))
        self._verify(request, "msg_signature", encrypted)
        incoming = self._read(self._decrypted(encrypted))
        if incoming is not None:
            try:
                await self._take(incoming)
            except Retry as fault:
                log.warning("%s; the platform will bring this again", fault)
                return web.Response(status=503)
        return web.Response()

    def _echo(self, request: web.Request) -> web.Response:
        """The platform tries the address: it wants to see what it sent, without anything around it."""
        echo = _parameter(request, "echostr")
        if self._settings.plain_echo:
            self._verify(request, "signature")
            return web.Response(body=echo.encode("utf-8", "replace"), content_type="text/plain")
        self._verify(request, "msg_signature", echo)
        return web.Response(body=self._decrypted(echo), content_type="text/plain")

    def _verify(self, request: web.Request, name: str, *signed: str) -> None:
        timestamp, nonce = _parameter(request, "timestamp"), _parameter(request, "nonce")
        ours = signature(self._settings.token, timestamp, nonce, *signed)
        theirs = _parameter(request, name).encode("utf-8", "surrogatepass")
        if not hmac.compare_digest(ours.encode(), theirs):
            raise _Refused(403, "the signature does not fit: is the callback token the same as at the platform?")
        seconds = int(timestamp) if timestamp.isascii() and timestamp.isdigit() and len(timestamp) <= 12 else 0
        if abs(self._settings.clock() / 1000 - seconds) > self._settings.fresh_s:
            raise _Refused(403, "too old, or the clock of this machine is wrong")

    async def _body(self, request: web.Request) -> bytes:
        try:
            return await read_body(request, self._settings.body_bytes, self._settings.body_s)
        except BadBodyError as bad:
            raise _Refused(bad.status, str(bad)) from None

    def _encrypted(self, body: bytes) -> str:
        try:
            encrypted = read_xml(body).get("Encrypt", "").strip()
        except XmlError as error:
            raise _Refused(400, str(error)) from None
        if not encrypted:
            raise _Refused(400, "not encrypted: choose the safe mode at the platform")
        return encrypted

    def _decrypted(self, encrypted: str) -> bytes:
        try:
            return self._settings.cipher.decrypt(encrypted)
        except CipherError as error:
            status = 403 if "receiver" in str(error) else 400
            raise _Refused(status, f"{error}: is the EncodingAESKey the same as at the platform?") from None

    def _read(self, message: bytes) -> Incoming | None:
        """It is signed by the platform: what cannot be read is acknowledged, as it would be the same next time."""
        try:
            return incoming_of(read_xml(message), self._settings.reading, self._settings.clock())
        except (XmlError, NotAMessageError) as error:
            log.warning("passed over a callback that could not be read: %s", error)
            return None


def _parameter(request: web.Request, name: str) -> str:
    value = request.query.get(name, "")
    if not 0 < len(value) <= LONGEST_VALUE:
        raise _Refused(400, f"no {name}")
    return value

"""The hook: Feishu calls us. Verified, decrypted, stored, and only then acknowledged, within its three seconds.

| answer | when |
|---|---|
| 200 | stored, or nothing to us; the challenge of a new address; a toast for who pressed a button |
| 400 | no event, or not encrypted with our key |
| 403 | wrong signature or token, or too old |
| 404, 405 | another path, another method |
| 408, 413 | the body is too slow, or too long |
| 503 | it could not be stored, or not be read yet; Feishu brings it again |
"""

import hmac
import logging
from collections.abc import Callable, Mapping
from typing import Any, Final

from aiohttp import web
from pydantic_core import to_json

from connectors.chat.decoding import decoded
from connectors.chat.hook_body import BadBodyError, read_body
from connectors.chat.http_client import Away
from connectors.chat.json_values import mapping_of, text_of
from connectors.chat.platform import Take
from connectors.doors.feishu.cipher import UndecipheredError, decrypted, is_signed
from connectors.doors.feishu.errors import UnreadableEventError
from connectors.doors.feishu.options import FeishuOptions
from connectors.doors.feishu.reading import MESSAGE, PRESSED, RECALLED, FeishuEvent, incoming_of, read_event
from connectors.doors.feishu.recalls import Recalls
from schemas.errors import Retry
from schemas.names import Language
from texts.catalogue import say

BODY_S: Final = 2.0
LONGEST_HEADER: Final = 200

log = logging.getLogger(__name__)


class _Refused(Exception):
    """The status for who is not Feishu, and why, for the log."""

    def __init__(self, status: int, why: str) -> None:
        super().__init__(why)
        self.status = status


class FeishuCallback:
    """Handles the requests to `/doors/NAME`."""

    def __init__(
        self, name: str, options: FeishuOptions, recalls: Recalls, take: Take, me: Callable[[], str],
        clock: Callable[[], int],
    ) -> None:  # fmt: skip
        """`me`: the open id of the bot, "" while it is not known; `clock`: Unix time, ms."""
        self._path, self._options, self._recalls, self._take = f"/doors/{name}", options, recalls, take
        self._me, self._clock = me, clock
        self._key = options.key.get_secret_value()

    async def handle(self, request: web.Request) -> web.StreamResponse:
        """A hook of the HTTP door."""
        try:
            return await self._answer(request)
        except _Refused as refused:
            log.warning("refused a callback at %s with %s: %s", self._path, refused.status, refused)
            headers = {"Connection": "close"} if refused.status in (408, 413) else {}
            return web.Response(status=refused.status, headers=headers)
        except (Retry, Away) as fault:
            log.warning("%s; Feishu will bring this again", fault)
            return web.Response(status=503)

    async def _answer(self, request: web.Request) -> web.Response:
        if request.path.rstrip("/") != self._path:
            raise _Refused(404, "another path")
        if request.method != "POST":
            raise _Refused(405, "another method")
        try:
            body = await read_body(request, self._options.body_bytes, BODY_S)
        except BadBodyError as bad:
            raise _Refused(bad.status, str(bad)) from None
        raw = self._decrypted(body)
        if raw.get("type") == "url_verification":  # this one is not signed
            return self._challenged(raw)
        self._verify(request, body)
        try:
            event = read_event(raw, self._clock())
        except UnreadableEventError as error:  # signed by Feishu, and it would be the same next time
            log.warning("passed over an event that could not be read: %s", error)
            return _json({})
        await self._take_all(event)
        return _json(_toast() if event.kind == PRESSED else {})

    def _decrypted(self, body: bytes) -> Mapping[str, Any]:
        try:
            encrypted = text_of(mapping_of(decoded(body)).get("encrypt"), len(body))
            if not encrypted:
                raise _Refused(400, "not encrypted: set the Encrypt Key in the developer console")
            return mapping_of(decoded(decrypted(self._key, encrypted)))
        except UndecipheredError as error:
            raise _Refused(400, f"{error}: is the Encrypt Key the same as in the developer console?") from None
        except ValueError:
            raise _Refused(400, "no JSON") from None

    def _challenged(self, raw: Mapping[str, Any]) -> web.Response:
        ours, theirs = self._options.token.get_secret_value(), text_of(raw.get("token"), 500)
        if not hmac.compare_digest(ours.encode(), theirs.encode()):
            raise _Refused(403, "another Verification Token than ours")
        return _json({"challenge": text_of(raw.get("challenge"), 1000)})

    def _verify(self, request: web.Request, body: bytes) -> None:
        timestamp, nonce = _header(request, "X-Lark-Request-Timestamp"), _header(request, "X-Lark-Request-Nonce")
        if not is_signed(_header(request, "X-Lark-Signature"), self._key, timestamp, nonce, body):
            raise _Refused(403, "the signature does not fit")
        seconds = int(timestamp) if timestamp.isascii() and timestamp.isdigit() and len(timestamp) <= 12 else 0
        age_s = self._clock() / 1000 - seconds
        if age_s > self._options.old_s or age_s < -self._options.ahead_s:
            raise _Refused(403, "too old, or the clock of this machine is wrong")

    async def _take_all(self, event: FeishuEvent) -> None:
        me = self._me()
        if event.kind == RECALLED:
            found = await self._recalls.withdrawn(event)
        elif event.needs_us and not me:
            raise Away("it is not known yet who we are")
        else:
            found = incoming_of(event, me, self._options.location_datum)
        for incoming in found:
            await self._take(incoming)
        if found and event.kind == MESSAGE and found[0].addressed:
            self._recalls.remember(found)


def _header(request: web.Request, name: str) -> str:
    return request.headers.get(name, "")[:LONGEST_HEADER]


def _toast() -> dict[str, Any]:
    """Shown above the card for a moment, in the language of the reader."""
    words = {"zh_cn": say(Language.ZH, "feishu.pressed"), "en_us": say(Language.EN, "feishu.pressed")}
    return {"toast": {"type": "info", "content": words["zh_cn"], "i18n": words}}


def _json(answer: Mapping[str, Any]) -> web.Response:
    return web.Response(body=to_json(answer), content_type="application/json")

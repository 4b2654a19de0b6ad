"""What the page asks the server, below `/doors/browser`: messages, the live stream, files, and the demo's stage."""

import asyncio
from collections import OrderedDict
from http import HTTPStatus
from pathlib import Path
from typing import Final

from aiohttp import web

from connectors.chat.messages import Edited, Incoming, Withdrawn
from connectors.doors.browser.account import demo_person, demo_sender, sender_of, token_of
from connectors.doors.browser.platform import BrowserChat
from connectors.doors.browser.reading import BadFields, content_of, id_in
from connectors.doors.browser.showing import shown_incoming
from connectors.doors.browser.transcript import Line
from connectors.intake.recordings.formats import HEAD, TYPES, format_of
from connectors.outbox.store import OutboxUnwritableError
from schemas.names import Language
from texts.catalogue import say

DEMO: Final = "demo-"
MOST_ACCOUNTS: Final = 10_000
TOO_LARGE: Final = dict.fromkeys(("file_too_large", "too_long"), HTTPStatus.REQUEST_ENTITY_TOO_LARGE)


class Answered(Exception):
    """The request is answered with a reason, a key of the catalogue `browser`."""

    def __init__(self, status: HTTPStatus, code: str) -> None:
        super().__init__(code)
        self.status, self.code = status, code


class BrowserHook:
    """A `Hook` of the HTTP door."""

    def __init__(self, chat: BrowserChat, name: str, language: Language) -> None:
        self._chat, self._language = chat, language
        self._base = f"/doors/{name}"
        self._played_in = ""
        self._allowance: OrderedDict[str, tuple[float, int]] = OrderedDict()

    async def __call__(self, request: web.Request) -> web.StreamResponse:
        """Answer one request; what is wrong is said in the page's language."""
        try:
            return await self._answer(request)
        except Answered as fault:
            return self._no(request, fault.status, fault.code)
        except BadFields as fault:
            return self._no(request, TOO_LARGE.get(fault.code, HTTPStatus.BAD_REQUEST), fault.code)
        except OutboxUnwritableError:
            return self._no(request, HTTPStatus.SERVICE_UNAVAILABLE, "away")

    async def _answer(self, request: web.Request) -> web.StreamResponse:
        path = request.path.removeprefix(self._base).strip("/")
        match request.method, path.split("/"):
            case "GET", ["demo"] if self._chat.options.demo:
                return self._stage()
            case "POST", ["demo"] if self._chat.options.demo:
                self._chat.plays += 1
                self._played_in = request.query.get("lang", "")
                return self._stage()
            case "GET", ["stream"]:
                return await self._chat.live.serve(request, await self._sender(request))
            case "GET", ["messages"]:
                sender = await self._sender(request)
                return _json(await self._chat.live.page(sender, request.query.get("after", "")))
            case "POST", ["messages"]:
                return await self._post(request, await self._sender(request))
            case "GET", ["files", id]:
                return await self._file(await self._sender(request), id)
        raise Answered(HTTPStatus.NOT_FOUND, "unknown_page")

    async def _sender(self, request: web.Request) -> str:
        """The account that asks. Raises `Answered`."""
        if self._chat.take is None:
            raise Answered(HTTPStatus.SERVICE_UNAVAILABLE, "away")
        if "as" in request.query:
            person = demo_person(request) if self._chat.options.demo else ""
            if not person:
                raise Answered(HTTPStatus.FORBIDDEN, "no_demo")
            sender = demo_sender(person)
            await self._chat.join(sender, person, _language(request.query.get("lang", "")))
            return sender
        token = token_of(request)
        if not token:
            raise Answered(HTTPStatus.UNAUTHORIZED, "no_cookie")
        return sender_of(token)

    async def _post(self, request: web.Request, sender: str) -> web.Response:
        """202 once it is stored; the same message again is answered the same and taken once."""
        if not self._may_send(sender):
            raise Answered(HTTPStatus.TOO_MANY_REQUESTS, "too_fast")
        chat, id, t_ms = self._chat, id_in(request.query), self._chat.clock()
        body = await chat.files.read(request, f"{sender}/{id}")
        fields = body.fields
        content = content_of(fields, body.media, chat.options.characters)
        shown = shown_incoming(content, fields)
        if shown is not None:  # before it is taken, so that no answer comes before it
            await chat.transcript.add(sender, Line(id, ours=False, t_ms=t_ms, body=shown))
        if isinstance(content, Withdrawn | Edited):
            content = content.model_copy(update={"of": f"{sender}/{content.of}"[:200]})
        if chat.take is None:
            raise Answered(HTTPStatus.SERVICE_UNAVAILABLE, "away")
        taken = await chat.take(Incoming(
            id=f"{sender}/{id}", sender=sender, chat=sender, t_ms=t_ms, content=content,
            quotes=fields.get("quotes", "")[:200], language=_language(fields.get("lang", "")),
        ))  # fmt: skip
        chat.live.wake(sender)
        return _json({"id": id, "new": taken}, HTTPStatus.ACCEPTED)

    async def _file(self, sender: str, id: str) -> web.StreamResponse:
        """A photo or recording that somebody sent, for the person alone."""
        path = self._chat.files.path(f"{sender}/{id}")
        line = await self._chat.transcript.find(sender, id)
        kind = "" if line is None else line.body.get("file")
        if kind not in ("photo", "voice") or not path.is_file():
            raise Answered(HTTPStatus.NOT_FOUND, "unknown_page")
        type_ = "image/jpeg" if kind == "photo" else await asyncio.to_thread(_sound_type, path)
        headers = {"Content-Type": type_, "Cache-Control": "private, max-age=86400"}
        return web.FileResponse(path, headers=headers)

    def _stage(self) -> web.Response:
        language = _language(self._played_in) or self._language
        watching = self._chat.live.watching(DEMO)
        return _json({"watching": watching, "plays": self._chat.plays, "language": language.value})

    def _may_send(self, sender: str) -> bool:
        """A bucket of `burst` messages that fills by one in each second."""
        now_ms, burst = self._chat.clock(), self._chat.options.burst
        left, at_ms = self._allowance.pop(sender, (float(burst), now_ms))
        left = min(burst, left + max(0, now_ms - at_ms) / 1000)
        allowed = left >= 1
        self._allowance[sender] = (left - allowed, now_ms)
        if len(self._allowance) > MOST_ACCOUNTS:
            self._allowance.popitem(last=False)
        return allowed

    def _no(self, request: web.Request, status: HTTPStatus, code: str) -> web.Response:
        language = _language(request.query.get("lang", "")) or self._language
        response = _json({"error": code, "message": say(language, f"browser.wrong.{code}")}, status)
        if not request.content.at_eof() and request.method == "POST":
            response.headers["Connection"] = "close"  # do not read the rest of an unwanted body
        return response


def _sound_type(path: Path) -> str:
    with path.open("rb") as file:
        return TYPES.get(format_of(file.read(HEAD)), "application/octet-stream")


def _language(tag: str) -> Language | None:
    return next((each for each in Language if each.value == tag), None)


def _json(body: object, status: HTTPStatus = HTTPStatus.OK) -> web.Response:
    return web.json_response(body, status=status, headers={"Cache-Control": "no-store"})

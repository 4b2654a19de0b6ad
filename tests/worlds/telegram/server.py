"""The Bot API over HTTP, for one token: polling, webhook, sending, files, and refusals in Telegram's own words."""

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from typing import Any, Final

import aiohttp
from aiohttp import web
from aiohttp.test_utils import TestServer
from pydantic_core import from_json

from tests.worlds.telegram.mailbox import BOT, Json, Mailbox, Sent, now_s

TOKEN: Final = "4242:AAF-invented_token"
FILE_BYTES: Final = 20 * 1024 * 1024
SENDING: Final = frozenset({"sendMessage", "sendPhoto", "sendMediaGroup", "sendLocation", "sendVenue"})
WEBHOOK_ACTIVE: Final = (
    "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first"
)
OTHER_POLLER: Final = (
    "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running"
)


class Refusal(Exception):
    """`{"ok": false, ...}` with this status."""

    def __init__(self, code: int, says: str, **parameters: float) -> None:
        super().__init__(says)
        self.code = code
        self.says = says
        self.parameters = parameters


@dataclass
class Made:
    """A request that came: its method, its fields with JSON decoded, its files."""

    method: str
    fields: Json
    files: dict[str, bytes]


class FakeTelegram:
    """One bot. `refusals` are the answers to the next calls of a method; `off` is a Telegram that hangs up."""

    def __init__(self) -> None:
        self.mail = Mailbox()
        self.made: list[Made] = []
        self.refusals: dict[str, deque[Refusal | web.Response]] = {}
        self.refusals_to: dict[str, deque[Refusal]] = {}
        self.off = False
        self.hung_up = 0
        self.slow_s = 0.0
        self.asked_to_wait = set[str]()
        """What the hook answered for how long to wait, in seconds; tests do not."""
        self.sizes_lie = self.local = self.breaks_off = False
        """Files that are larger than said, on the disk of a local server, or that break off on the way."""
        self.webhook: Json = {"url": ""}
        self.url = ""
        self._polls = 0

    @asynccontextmanager
    async def running(self, port: int | None = None) -> AsyncIterator["FakeTelegram"]:
        """Listen on a free port, or on one of before."""
        app = web.Application(client_max_size=64 * 1024 * 1024)
        app.router.add_route("*", r"/bot{token:[^/]+}/{method}", self._call)
        app.router.add_get(r"/file/bot{token:[^/]+}/{path:.+}", self._file)
        server = TestServer(app, port=port)
        await server.start_server()
        self.url = str(server.make_url("")).rstrip("/")
        delivering = asyncio.create_task(self._deliver())
        try:
            yield self
        finally:
            delivering.cancel()
            await asyncio.gather(delivering, return_exceptions=True)
            await server.close()

    def refuse(self, method: str, *answers: Refusal | web.Response) -> None:
        """What the next calls of a method get instead of their answer."""
        self.refusals.setdefault(method, deque()).extend(answers)

    def refuse_to(self, chat: str, *answers: Refusal) -> None:
        """What the next messages to a chat get instead."""
        self.refusals_to.setdefault(chat, deque()).extend(answers)

    def calls(self, method: str) -> list[Json]:
        """The fields of all calls of a method."""
        return [each.fields for each in self.made if each.method == method]

    async def _call(self, request: web.Request) -> web.StreamResponse:
        if self.off:
            assert request.transport is not None
            self.hung_up += 1
            request.transport.abort()
        await asyncio.sleep(self.slow_s)
        made = Made(request.match_info["method"], *await _fields_of(request))
        self.made.append(made)
        try:
            planned = self._planned(made.method, request.match_info["token"])
            if planned is not None:
                return planned
            return web.json_response({"ok": True, "result": await self._answer(made)})
        except Refusal as refusal:
            body: Json = {"ok": False, "error_code": refusal.code, "description": refusal.says}
            if refusal.parameters:
                body["parameters"] = refusal.parameters
            return web.json_response(body, status=refusal.code)

    def _planned(self, method: str, token: str) -> web.Response | None:
        if token != TOKEN:
            raise Refusal(401, "Unauthorized")
        planned = self.refusals.get(method)
        answer = planned.popleft() if planned else None
        if isinstance(answer, Refusal):
            raise answer
        return answer

    async def _answer(self, made: Made) -> Any:
        known: dict[str, Callable[[Json], Any]] = {
            "getMe": lambda _: BOT | {"can_join_groups": True, "can_read_all_group_messages": False},
            "setWebhook": self._set_webhook,
            "deleteWebhook": self._delete_webhook,
            "getWebhookInfo": lambda _: self._webhook_info(),
            "answerCallbackQuery": lambda _: True,
            "setMyCommands": lambda _: True,
            "getFile": self._path,
        }
        if made.method == "getUpdates":
            return await self._updates(made.fields)
        if made.method in SENDING:
            return self._send(made)
        if made.method not in known:
            raise Refusal(404, "Not Found")
        return known[made.method](made.fields)

    async def _updates(self, fields: Json) -> list[Json]:
        if self.webhook["url"]:
            raise Refusal(409, WEBHOOK_ACTIVE)
        self._polls += 1
        mine = self._polls
        self.mail.acknowledge(int(fields.get("offset", 0)))
        self.mail.new.set()  # who polled before is sent away
        with suppress(TimeoutError):
            async with asyncio.timeout(float(fields.get("timeout", 0))):
                while not self.mail.waiting and mine == self._polls:
                    self.mail.new.clear()
                    await self.mail.new.wait()
        if mine != self._polls:
            raise Refusal(409, OTHER_POLLER)
        return self.mail.waiting[: int(fields.get("limit", 100))]

    def _set_webhook(self, fields: Json) -> bool:
        if not str(fields["url"]).startswith(("https://", "http://127.0.0.1")):
            raise Refusal(400, "Bad Request: bad webhook: An HTTPS URL must be provided for webhook")
        self.webhook = dict(fields)
        return True

    def _delete_webhook(self, _: Json) -> bool:
        self.webhook = {"url": ""}
        return True

    def _webhook_info(self) -> Json:
        shown = {name: value for name, value in self.webhook.items() if name != "secret_token"}
        return shown | {"has_custom_certificate": False, "pending_update_count": len(self.mail.waiting)}

    def _path(self, fields: Json) -> Json:
        content = self.mail.files.get(str(fields["file_id"]))
        if content is None:
            raise Refusal(400, "Bad Request: wrong file_id or the file is temporarily unavailable")
        if len(content) > FILE_BYTES:
            raise Refusal(400, "Bad Request: file is too big")
        id = fields["file_id"]
        size = 1 if self.sizes_lie else len(content)
        path = f"{'/var/lib/' if self.local else ''}all/{id}.bin"
        return {"file_id": id, "file_unique_id": f"u-{id}", "file_size": size, "file_path": path}

    def _send(self, made: Made) -> Any:
        chat = str(made.fields.get("chat_id"))
        if chat in self.mail.moved:
            new = self.mail.moved[chat]
            raise Refusal(400, "Bad Request: group chat was upgraded to a supergroup chat", migrate_to_chat_id=new)
        if chat not in self.mail.known:
            raise Refusal(400, "Bad Request: chat not found")
        if chat in self.mail.blocked:
            raise Refusal(403, "Forbidden: bot was blocked by the user")
        if planned := self.refusals_to.get(chat):
            raise planned.popleft()
        _check(made)
        if made.method != "sendMediaGroup":
            return self._sent(chat, made, made.fields, [*made.files.values()])
        return [
            self._sent(chat, made, made.fields | {"caption": part.get("caption")}, [made.files[part["media"][9:]]])
            for part in made.fields["media"]
        ]

    def _sent(self, chat: str, made: Made, fields: Json, photos: list[bytes]) -> Json:
        sent = Sent(chat, self.mail.next_message(chat), made.method, fields, photos)
        self.mail.sent.append(sent)
        kind = "private" if int(chat) > 0 else "supergroup"
        message: Json = {"message_id": sent.id, "date": now_s(), "chat": {"id": int(chat), "type": kind}, "from": BOT}
        return message | ({"text": sent.text} if made.method == "sendMessage" else {})

    async def _file(self, request: web.Request) -> web.StreamResponse:
        content = self.mail.files.get(request.match_info["path"].removeprefix("all/").removesuffix(".bin"))
        if request.match_info["token"] != TOKEN or content is None:
            return web.json_response({"ok": False, "error_code": 404, "description": "Not Found"}, status=404)
        if not self.breaks_off:
            return web.Response(body=content)
        answer = web.StreamResponse(headers={"Content-Length": str(len(content))})
        await answer.prepare(request)
        await answer.write(content[: len(content) // 2])
        assert request.transport is not None
        request.transport.abort()
        return answer

    async def _deliver(self) -> None:
        """To the hook, one after the other, again and again until it is acknowledged."""
        async with aiohttp.ClientSession() as session:
            while True:
                await asyncio.sleep(0.01)
                if not self.webhook["url"] or not self.mail.waiting:
                    continue
                update = self.mail.waiting[0]
                headers = {"X-Telegram-Bot-Api-Secret-Token": str(self.webhook.get("secret_token", ""))}
                with suppress(aiohttp.ClientError):
                    async with session.post(self.webhook["url"], json=update, headers=headers) as answer:
                        if answer.status == 200:
                            self.mail.acknowledge(update["update_id"] + 1)
                            continue
                        self.asked_to_wait.add(answer.headers.get("Retry-After", ""))
                        said = f"Wrong response from the webhook: {answer.status} {answer.reason}"
                        self.webhook |= {"last_error_date": now_s(), "last_error_message": said}
                await asyncio.sleep(0.05)


def _check(made: Made) -> None:
    """The limits of the documentation. Raises `Refusal`."""
    fields = made.fields
    if made.method == "sendMessage" and not 0 < _units(fields["text"]) <= 4096:
        raise Refusal(
            400, "Bad Request: message text is empty" if not fields["text"] else "Bad Request: message is too long"
        )
    if _units(fields.get("caption") or "") > 1024:
        raise Refusal(400, "Bad Request: message caption is too long")
    if made.method == "sendMediaGroup" and not 2 <= len(fields["media"]) <= 10:
        raise Refusal(400, "Bad Request: wrong number of items in the media group")
    for row in fields.get("reply_markup", {}).get("inline_keyboard", []):
        for key in row:
            if not 1 <= len(key["callback_data"].encode()) <= 64:
                raise Refusal(400, "Bad Request: BUTTON_DATA_INVALID")


def _units(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2


async def _fields_of(request: web.Request) -> tuple[Json, dict[str, bytes]]:
    """As JSON, form or multipart: programs use them all."""
    if request.content_type == "application/json":
        return await request.json(), {}
    fields: Json = {}
    files: dict[str, bytes] = {}
    for name, value in (await request.post()).items():
        if isinstance(value, web.FileField):
            files[name] = value.file.read()
        else:
            fields[name] = _decoded(str(value))
    return fields, files


def _decoded(value: str) -> Any:
    """A form holds lists and objects as JSON."""
    if not value.startswith(("{", "[")):
        return value
    with suppress(ValueError):
        return from_json(value)
    return value

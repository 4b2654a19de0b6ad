"""Client of the gateway's HTTP API, as any other program would use it."""

import asyncio
import json
import stat
from collections.abc import Callable, Iterable
from mimetypes import guess_type
from pathlib import Path
from time import monotonic
from typing import Any
from urllib.parse import quote

import aiohttp
from yarl import URL

from grid36.machine.home import Home
from grid36.machine.own_tls import own_tls
from grid36.settings import Settings
from schemas.errors import ServiceAway, WrongInput
from schemas.names import Name

MOST_BYTES = 120_000_000
"""Includes the video of a motion photo; the gateway limits the size of the picture itself."""


Sent = aiohttp.FormData | aiohttp.Payload


class GatewayRefusal(WrongInput):
    """The gateway did not accept it."""


class GatewayAway(ServiceAway):
    """The gateway does not answer; `grid36 status` says why. This request was not sent."""


class WrongPicture(WrongInput):
    """This picture cannot be read. Give the path of a picture file."""


class GatewayClient:
    """A session with the running gateway; errors are in the user's language."""

    def __init__(self, settings: Settings) -> None:
        self._address = address_of(settings)
        self._headers: dict[str, str] = {"Accept-Language": settings.lang}
        if key := Home(settings.home).key():
            self._headers["Authorization"] = f"Bearer {key}"
        self._ssl = own_tls(Home(settings.home)) or True
        self._session: aiohttp.ClientSession | None = None

    async def __aenter__(self) -> "GatewayClient":
        timeout = aiohttp.ClientTimeout(total=30, connect=3)
        self._session = aiohttp.ClientSession(self._address, headers=self._headers, timeout=timeout)
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._session is not None:
            await self._session.close()

    async def get(self, path: str) -> dict[str, Any] | None:
        """The JSON at `path`; None for 404."""
        return await self._ask("GET", path, None)

    async def post(
        self,
        path: str,
        fields: dict[str, object],
        photos: Iterable[Path] = (),
        after: Iterable[Path] = (),
        sent: Path | None = None,
    ) -> dict[str, Any]:
        """Send a form without the fields that are None; `sent` goes to a chat, with its type.

        Raises `GatewayRefusal` with the gateway's message.
        """
        form = aiohttp.FormData(default_to_multipart=sent is not None or "kind" in fields)
        for name, value in fields.items():
            if value is not None and value is not False:
                text = "true" if value is True else str(value).encode("utf-8", "replace").decode()
                form.add_field(name, text)
        for field, files in (("photos", photos), ("after_photos", after)):
            for file in files:
                form.add_field(field, _read(file), filename=quoted(file.name), content_type="application/octet-stream")
        if sent is not None:
            form.add_field("file", _read(sent), filename=quoted(sent.name), content_type=guess_type(sent.name)[0])
        answer = await self._ask("POST", path, form)
        if answer is None:
            raise GatewayRefusal(path=path)
        return answer

    async def post_json(self, path: str, body: dict[str, Any]) -> dict[str, Any]:
        """Send JSON. Raises `GatewayRefusal` with the gateway's message."""
        sent = aiohttp.BytesPayload(json.dumps(body, ensure_ascii=False).encode(), content_type="application/json")
        answer = await self._ask("POST", path, sent)
        if answer is None:
            raise GatewayRefusal(path=path)
        return answer

    async def until(
        self, path: str, ready: Callable[[dict[str, Any]], bool], limit_s: float = 15.0
    ) -> dict[str, Any] | None:
        """Poll until the answer is ready; returns the last answer if it never is."""
        end = monotonic() + limit_s
        while True:
            answer = await self.get(path)
            if (answer is not None and ready(answer)) or monotonic() > end:
                return answer
            await asyncio.sleep(0.1)

    async def _ask(self, method: str, path: str, form: Sent | None) -> dict[str, Any] | None:
        assert self._session is not None, "used inside `async with`"
        try:
            async with self._session.request(method, URL(path, encoded=True), data=form, ssl=self._ssl) as response:
                if response.status == 404 and method == "GET":
                    return None
                status, body = response.status, await response.read()
        except (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError) as error:
            raise GatewayAway(address=self._address) from error
        except (aiohttp.ClientError, TimeoutError) as error:
            raise GatewayAway(Name.of("system.gateway.no_answer"), address=self._address) from error
        answer = _object(body)
        if answer is None:
            raise GatewayAway(Name.of("system.gateway.not_ours"), address=self._address)
        if status >= 500:
            raise ServiceAway(str(answer["message"]) if "message" in answer else Name.of("system.gateway.in_trouble"))
        if status >= 400:
            raise GatewayRefusal("\n".join(_fault(fault) for fault in answer.get("faults", [answer])))
        return answer


def quoted(part: str) -> str:
    """One part of an address, whatever it holds."""
    return quote(part, safe="", errors="replace")


def _object(body: bytes) -> dict[str, Any] | None:
    try:
        answer = json.loads(body)
    except ValueError:
        return None
    return answer if isinstance(answer, dict) else None


def _fault(fault: dict[str, Any]) -> str:
    where = f" [{fault['where']}]" if fault.get("where") else ""
    return f"{fault.get('message', 'refused')}{where}"


def _read(file: Path) -> bytes:
    """A picture from disk. Raises `WrongPicture` if it is no file or too large."""
    try:
        about = file.stat()
        if not stat.S_ISREG(about.st_mode):
            raise WrongPicture(Name.of("system.gateway.no_picture"), file=str(file))
        if about.st_size > MOST_BYTES:
            raise WrongPicture(Name.of("system.gateway.too_large"), file=str(file), bytes=about.st_size)
        return file.read_bytes()
    except OSError as error:
        raise WrongPicture(file=str(file), says=error.strerror) from None


def address_of(settings: Settings) -> str:
    """The gateway's address, from the running system. Raises `GatewayAway` when it is unknown."""
    home = Home(settings.home)
    said = home.said().get("gateway", {})
    if "address" in said:
        return str(said["address"])
    if home.living():
        return str(next(iter(home.read()["urls"].values()))).rsplit("/", 1)[0]
    if settings.http_port is not None:
        return settings.address(settings.http_port)
    raise GatewayAway(Name.of("system.gateway.no_gateway"), home=str(settings.home))

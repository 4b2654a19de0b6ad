"""Asking the gateway over HTTP, as any other program would."""

import asyncio
from collections.abc import Callable, Iterable
from pathlib import Path
from time import monotonic
from typing import Any

import aiohttp

from grid36.home import Home
from grid36.settings import Settings
from schemas.errors import ServiceAway, WrongInput


class Refused(WrongInput):
    """The gateway did not take it."""


class GatewayAway(ServiceAway):
    """The gateway does not answer. `grid36 status` says why; nothing was sent."""


class GatewayClient:
    """A session with the running gateway; errors are said in the user's language."""

    def __init__(self, settings: Settings) -> None:
        self._address = address_of(settings)
        self._headers = {"Accept-Language": settings.lang}
        self._session: aiohttp.ClientSession | None = None

    async def __aenter__(self) -> "GatewayClient":
        timeout = aiohttp.ClientTimeout(total=30, connect=3)
        self._session = aiohttp.ClientSession(self._address, headers=self._headers, timeout=timeout)
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._session is not None:
            await self._session.close()

    async def get(self, path: str) -> dict[str, Any] | None:
        """The JSON at `path`; None when there is no such thing."""
        return await self._ask("GET", path, None)

    async def post(
        self, path: str, fields: dict[str, object], photos: Iterable[Path] = (), after: Iterable[Path] = ()
    ) -> dict[str, Any]:
        """Send a form; fields that are None are left out. Raises `Refused` with the gateway's own words."""
        form = aiohttp.FormData()
        for name, value in fields.items():
            if value is not None and value is not False:
                form.add_field(name, "true" if value is True else str(value))
        for field, files in (("photos", photos), ("after_photos", after)):
            for file in files:
                form.add_field(field, file.read_bytes(), filename=file.name, content_type="application/octet-stream")
        answer = await self._ask("POST", path, form)
        if answer is None:
            raise Refused(path=path)
        return answer

    async def until(
        self, path: str, ready: Callable[[dict[str, Any]], bool], limit_s: float = 15.0
    ) -> dict[str, Any] | None:
        """Ask again until the answer is ready; the last answer when it never is."""
        end = monotonic() + limit_s
        while True:
            answer = await self.get(path)
            if (answer is not None and ready(answer)) or monotonic() > end:
                return answer
            await asyncio.sleep(0.1)

    async def _ask(self, method: str, path: str, form: aiohttp.FormData | None) -> dict[str, Any] | None:
        assert self._session is not None, "used inside `async with`"
        try:
            async with self._session.request(method, path, data=form) as response:
                if response.status == 404 and method == "GET":
                    return None
                answer = await response.json(content_type=None)
        except (aiohttp.ClientConnectionError, TimeoutError) as error:
            raise GatewayAway(address=self._address) from error
        except ValueError:
            raise Refused(address=self._address) from None
        if response.status >= 500:
            raise ServiceAway(str(answer.get("message", "The gateway is in trouble. `grid36 status` says more.")))
        if response.status >= 400:
            where = f" [{answer['where']}]" if answer.get("where") else ""
            raise Refused(f"{answer.get('message', answer)}{where}")
        return dict(answer)


def address_of(settings: Settings) -> str:
    """The gateway's address, as the running system says. Raises `ServiceAway` when nothing is known."""
    state = Home(settings.home).read() or {}
    links = state.get("urls") or {}
    if links:
        return str(next(iter(links.values()))).rsplit("/", 1)[0]
    if settings.http_port is not None:
        return f"http://{settings.bind}:{settings.http_port}"
    raise ServiceAway("No gateway is up under this GRID36_HOME. Start it: grid36 up", home=str(settings.home))

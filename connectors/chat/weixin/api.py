"""A thin client of the APIs: calls, uploads, downloads. Tokens are in addresses, so no address is ever logged.

Bodies are UTF-8 as it is: `\\uXXXX` in them would be shown to people.
"""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any, Final

import aiohttp
from pydantic_core import from_json, to_json

from connectors.chat.access_token import AccessToken, Fetch
from connectors.chat.http_client import FAILURES, Away, SharedSession, pieces, whole
from connectors.chat.weixin.faults import OLD_TOKEN, WeixinFault

ANSWER_BYTES: Final = 1_000_000
LIFETIME_S: Final = 7200.0
LONGEST_S: Final = 100_000.0


@dataclass(frozen=True, slots=True)
class MediaUpload:
    """A file that is uploaded."""

    name: str
    content: bytes
    type: str


class WeixinApi:
    """One account of one API. Connections are shared while anybody is inside `connected`."""

    def __init__(self, url: str, fetch: Fetch, *, answer_s: float, proxy: str | None = None) -> None:
        """`fetch` fetches access tokens, and may use `call_once`."""
        self._url, self._answer_s, self._proxy = url.rstrip("/"), answer_s, proxy
        self._token = AccessToken(fetch)
        self._session = SharedSession()
        self.connected = self._session.connected

    async def call(
        self,
        path: str,
        fields: Mapping[str, object] | None = None,
        *,
        query: Mapping[str, str] | None = None,
        upload: MediaUpload | None = None,
    ) -> dict[str, Any]:
        """The answer of a method; a token that is over is fetched anew, once.

        Raises `WeixinFault` and `Away`, and what the fetching of a token raises.
        """
        token = await self._token.get()
        try:
            return await self.call_once(path, fields, query={"access_token": token, **(query or {})}, upload=upload)
        except WeixinFault as fault:
            if fault.code not in OLD_TOKEN:
                raise
            self._token.refused(token)
        token = await self._token.get()
        return await self.call_once(path, fields, query={"access_token": token, **(query or {})}, upload=upload)

    async def call_once(
        self,
        path: str,
        fields: Mapping[str, object] | None = None,
        *,
        query: Mapping[str, str] | None = None,
        upload: MediaUpload | None = None,
    ) -> dict[str, Any]:
        """The same without a token. Raises `WeixinFault` and `Away`."""
        body: dict[str, Any] = {}
        if upload is not None:
            body["data"] = _form(upload)
        elif fields is not None:
            body = {"data": to_json(fields), "headers": {"Content-Type": "application/json; charset=utf-8"}}
        limit = aiohttp.ClientTimeout(total=self._answer_s)
        try:
            async with (
                self.connected() as session,
                session.request(
                    "POST" if body else "GET", f"{self._url}{path}", params=query, timeout=limit, proxy=self._proxy,
                    allow_redirects=False, **body,
                ) as answer,
            ):  # fmt: skip
                return _result(answer.status, await whole(answer.content, ANSWER_BYTES))
        except FAILURES as error:
            raise Away(f"{path}: {type(error).__name__}") from None

    @asynccontextmanager
    async def download(self, path: str, query: Mapping[str, str]) -> AsyncIterator[AsyncIterator[bytes]]:
        """The bytes of a file. Raises `WeixinFault` and `Away`, also on the way."""
        token = await self._token.get()
        limit = aiohttp.ClientTimeout(total=None, sock_connect=self._answer_s, sock_read=self._answer_s)
        async with self.connected() as session:
            try:
                answer = await session.get(
                    f"{self._url}{path}", params={"access_token": token, **query}, timeout=limit, proxy=self._proxy,
                    allow_redirects=False,
                )  # fmt: skip
            except FAILURES as error:
                raise Away(f"{path}: {type(error).__name__}") from None
            async with answer:  # what fails in the hands of the reader is not ours
                if answer.status != 200 or answer.content_type in ("application/json", "text/plain"):
                    await self._no_file(answer, token, path)
                yield pieces(answer.content, path)

    async def _no_file(self, answer: aiohttp.ClientResponse, token: str, path: str) -> None:
        """Raises what was said instead of giving a file."""
        try:
            _result(answer.status, await whole(answer.content, ANSWER_BYTES))
        except WeixinFault as fault:
            if fault.code in OLD_TOKEN:
                self._token.refused(token)  # who tries again gets a new one
            raise
        except FAILURES as error:
            raise Away(f"{path}: {type(error).__name__}") from None
        raise WeixinFault(0, "an answer without a file")


def token_in(answer: Mapping[str, Any]) -> tuple[str, float]:
    """The access token and its lifetime. Raises `Away` where there is none."""
    token, lifetime_s = answer.get("access_token"), answer.get("expires_in", LIFETIME_S)
    if not isinstance(token, str) or not token or not isinstance(lifetime_s, int | float):
        raise Away("no access token came")
    return token, float(lifetime_s) if 0 < lifetime_s <= LONGEST_S else LIFETIME_S


def _form(upload: MediaUpload) -> aiohttp.FormData:
    form = aiohttp.FormData(default_to_multipart=True)
    form.add_field("media", upload.content, filename=upload.name, content_type=upload.type)
    return form


def _result(status: int, body: bytes) -> dict[str, Any]:
    try:
        answer = from_json(body)
    except ValueError:
        answer = None
    code = answer.get("errcode", 0) if isinstance(answer, dict) else None
    if not isinstance(answer, dict) or not isinstance(code, int):
        raise Away(f"status {status}, and not the answer of the API")
    if code != 0:
        raise WeixinFault(code, str(answer.get("errmsg", ""))[:300])
    if status != 200:
        raise Away(f"status {status}")
    return answer

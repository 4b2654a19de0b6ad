"""A thin client of the API: calls, uploads, downloads, and the access token of the application."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any, Final

import aiohttp
from pydantic_core import to_json

from connectors.chat.access_token import AccessToken
from connectors.chat.decoding import decoded
from connectors.chat.http_client import FAILURES, Away, SharedSession, pieces, whole
from connectors.chat.json_values import number_of, text_of
from connectors.doors.feishu.errors import OLD_TOKEN, TOO_MUCH, FeishuFault
from connectors.doors.feishu.options import FeishuOptions

ANSWER_BYTES: Final = 1_000_000
LIFETIME_S: Final = 7200
RESET: Final = "x-ogw-ratelimit-reset"
LONGEST_S: Final = 3600.0

Query = Mapping[str, str]


class FeishuApi:
    """One application. Connections are shared while anybody is inside `connected`."""

    def __init__(self, options: FeishuOptions) -> None:
        self._options, self._url = options, options.url.rstrip("/")
        self._token = AccessToken(self._fetch_token)
        self._session = SharedSession()
        self.connected = self._session.connected

    async def call(
        self, verb: str, path: str, fields: object = None, *, query: Query | None = None, picture: bytes | None = None
    ) -> dict[str, Any]:
        """The whole answer; a token that is over is fetched anew, once. Raises `FeishuFault` and `Away`."""
        for again in (True, False):
            token = await self._token.get()
            body = {"data": _form(picture)} if picture is not None else _json(fields)
            try:
                return await self._once(verb, path, body, token, query)
            except FeishuFault as fault:
                if fault.code not in OLD_TOKEN:
                    raise
                self._token.refused(token)
                if not again:
                    raise
        raise AssertionError("the second try answers or raises")

    @asynccontextmanager
    async def download(self, path: str, query: Query) -> AsyncIterator[AsyncIterator[bytes]]:
        """The bytes of a file. Raises `FeishuFault` and `Away`, also on the way."""
        token = await self._token.get()
        limit = aiohttp.ClientTimeout(total=None, sock_connect=self._options.answer_s, sock_read=self._options.answer_s)
        async with self.connected() as session:
            try:
                answer = await session.get(
                    f"{self._url}{path}", params=query, headers=_bearer(token), timeout=limit,
                    proxy=self._options.proxy, allow_redirects=False,
                )  # fmt: skip
            except FAILURES as error:
                raise Away(f"download: {type(error).__name__}") from None
            async with answer:  # what fails in the hands of the reader is not ours
                if answer.status != 200 or answer.content_type == "application/json":
                    await self._no_file(answer, token)
                yield pieces(answer.content, "download")

    async def _no_file(self, answer: aiohttp.ClientResponse, token: str) -> None:
        try:
            _result(answer, await whole(answer.content, ANSWER_BYTES))
        except FeishuFault as fault:
            if fault.code in OLD_TOKEN:
                self._token.refused(token)  # who tries again gets a new one
            raise
        except FAILURES as error:
            raise Away(f"download: {type(error).__name__}") from None
        raise FeishuFault(0, "an answer without a file")

    async def _fetch_token(self, _: bool) -> tuple[str, float]:
        """The same token comes until half an hour before its end, so nothing can be forced."""
        asked = {"app_id": self._options.app, "app_secret": self._options.secret.get_secret_value()}
        path = "/open-apis/auth/v3/tenant_access_token/internal"
        answer = await self._once("POST", path, _json(asked), "", None)
        token = text_of(answer.get("tenant_access_token"), 5000)
        if not token:
            raise Away("no access token came")
        return token, float(min(number_of(answer.get("expire")) or LIFETIME_S, LIFETIME_S))

    async def _once(
        self, verb: str, path: str, body: Mapping[str, Any], token: str, query: Query | None
    ) -> dict[str, Any]:
        limit = aiohttp.ClientTimeout(total=self._options.answer_s)
        more = {**body, "headers": {**body.get("headers", {}), **_bearer(token)}}
        try:
            async with (
                self.connected() as session,
                session.request(
                    verb, f"{self._url}{path}", params=query, timeout=limit, proxy=self._options.proxy,
                    allow_redirects=False, **more,
                ) as answer,
            ):  # fmt: skip
                return _result(answer, await whole(answer.content, ANSWER_BYTES))
        except FAILURES as error:
            raise Away(f"{verb} {path.split('/')[2]}: {type(error).__name__}") from None


def _bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"} if token else {}


def _json(fields: object) -> dict[str, Any]:
    if fields is None:
        return {}
    return {"data": to_json(fields), "headers": {"Content-Type": "application/json; charset=utf-8"}}


def _form(picture: bytes) -> aiohttp.FormData:
    form = aiohttp.FormData({"image_type": "message"}, default_to_multipart=True)
    form.add_field("image", picture, filename="photo.jpg", content_type="image/jpeg")
    return form


def _result(response: aiohttp.ClientResponse, body: bytes) -> dict[str, Any]:
    """Faults come with status 200 and with others; a busy gateway may say nothing but 429."""
    try:
        answer = decoded(body)
    except ValueError:
        answer = None
    code = answer.get("code") if isinstance(answer, dict) else None
    if response.status == 429:
        code = TOO_MUCH
    if not isinstance(code, int) or response.status >= 500:
        raise Away(f"status {response.status}")
    if code != 0:
        says = text_of(answer.get("msg"), 300) if isinstance(answer, dict) else ""
        raise FeishuFault(code, says, _after_s(response.headers.get(RESET, "")))
    if not isinstance(answer, dict) or response.status != 200:
        raise Away(f"status {response.status}")
    return answer


def _after_s(header: str) -> float | None:
    try:
        seconds = float(header)
    except ValueError:
        return None
    return min(seconds, LONGEST_S) if seconds >= 0 else None  # also of "nan"

"""A thin client of the Bot API: one call, one download. The token is in the address, so no address is ever logged."""

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import quote

import aiohttp
from pydantic import BaseModel, ConfigDict, ValidationError
from pydantic_core import to_json

from connectors.chat.decoding import decoded
from connectors.doors.telegram.errors import ApiFault, NoAnswer
from connectors.doors.telegram.options import TelegramOptions

ANSWER_BYTES: Final = 20_000_000
"""A hundred updates are far below."""
PIECE_BYTES: Final = 64 * 1024
AWAY: Final = (aiohttp.ClientError, OSError, TimeoutError)


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that goes with a call; the call's fields refer to it as `attach://name`."""

    name: str
    content: bytes


class _More(BaseModel):
    model_config = ConfigDict(extra="ignore")

    retry_after: float | None = None
    migrate_to_chat_id: int | None = None


class _Answer(BaseModel):
    model_config = ConfigDict(extra="ignore")

    ok: bool
    result: Any = None
    error_code: int = 0
    description: str = ""
    parameters: _More = _More()


class BotApi:
    """The Bot API for one token. Connections are shared while anybody is inside `connected`."""

    def __init__(self, options: TelegramOptions) -> None:
        self._options = options
        self._token = options.token.get_secret_value()
        self._session: aiohttp.ClientSession | None = None
        self._users = 0

    @asynccontextmanager
    async def connected(self) -> AsyncIterator[aiohttp.ClientSession]:
        """A session that lives as long as its last user."""
        session = self._session = self._session or aiohttp.ClientSession(auto_decompress=True)
        self._users += 1
        try:
            yield session
        finally:
            self._users -= 1
            if self._users == 0:
                self._session = None
                await session.close()

    async def call(
        self, method: str, fields: Mapping[str, object], uploads: Sequence[Upload] = (), *, wait_s: float = 0
    ) -> Any:
        """The result of a method, for which the API may wait `wait_s`. Raises `ApiFault` and `NoAnswer`."""
        address = f"{self._options.url.rstrip('/')}/bot{self._token}/{method}"
        limit = aiohttp.ClientTimeout(total=wait_s + self._options.answer_s)
        body: dict[str, Any] = {"data": _form(fields, uploads)} if uploads else {"json": fields}
        try:
            async with (
                self.connected() as session,
                session.post(
                    address, timeout=limit, proxy=self._options.proxy, allow_redirects=False, **body
                ) as answer,
            ):
                return _result(answer.status, await _limited(answer.content))
        except AWAY as error:
            raise NoAnswer(f"{method}: {type(error).__name__}") from None

    @asynccontextmanager
    async def download(self, path: str) -> AsyncIterator[AsyncIterator[bytes]]:
        """The bytes of a file, by the `file_path` of `getFile`. Raises `ApiFault` and `NoAnswer`, also on the way."""
        address = f"{self._options.url.rstrip('/')}/file/bot{self._token}/{quote(path)}"
        limit = aiohttp.ClientTimeout(total=None, sock_connect=self._options.answer_s, sock_read=self._options.answer_s)
        async with self.connected() as session:
            try:
                answer = await session.get(address, timeout=limit, proxy=self._options.proxy, allow_redirects=False)
            except AWAY as error:
                raise NoAnswer(f"download: {type(error).__name__}") from None
            async with answer:  # what fails in the hands of the reader is not ours
                if answer.status != 200:
                    raise ApiFault(answer.status, "the file was not given")
                yield _pieces(answer.content)


def _form(fields: Mapping[str, object], uploads: Sequence[Upload]) -> aiohttp.FormData:
    form = aiohttp.FormData(default_to_multipart=True)
    for name, value in fields.items():
        form.add_field(name, value if isinstance(value, str) else to_json(value).decode())
    for upload in uploads:
        form.add_field(upload.name, upload.content, filename=f"{upload.name}.jpg", content_type="image/jpeg")
    return form


async def _pieces(content: aiohttp.StreamReader) -> AsyncIterator[bytes]:
    try:
        async for piece in content.iter_chunked(PIECE_BYTES):
            yield piece
    except AWAY as error:
        raise NoAnswer(f"download: {type(error).__name__}") from None


async def _limited(content: aiohttp.StreamReader) -> bytes:
    body = bytearray()
    async for piece in content.iter_chunked(PIECE_BYTES):
        body += piece
        if len(body) > ANSWER_BYTES:
            raise NoAnswer("the answer is too long")
    return bytes(body)


def _result(status: int, body: bytes) -> Any:
    try:
        answer = _Answer.model_validate(decoded(body))
    except (ValueError, ValidationError):
        raise NoAnswer(f"status {status}, and not the answer of a Bot API") from None
    if not answer.ok:
        more = answer.parameters
        says = answer.description[:300]
        raise ApiFault(
            answer.error_code or status, says, retry_after_s=more.retry_after, new_chat=more.migrate_to_chat_id
        )
    return answer.result

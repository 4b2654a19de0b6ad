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
from connectors.chat.http_client import FAILURES, Away, SharedSession, pieces, whole
from connectors.doors.telegram.errors import ApiFault
from connectors.doors.telegram.options import TelegramOptions

ANSWER_BYTES: Final = 20_000_000
"""A hundred updates are far below."""


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
        self._session = SharedSession()
        self.connected = self._session.connected

    async def call(
        self, method: str, fields: Mapping[str, object], uploads: Sequence[Upload] = (), *, wait_s: float = 0
    ) -> Any:
        """The result of a method, for which the API may wait `wait_s`. Raises `ApiFault` and `Away`."""
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
                return _result(answer.status, await whole(answer.content, ANSWER_BYTES))
        except FAILURES as error:
            raise Away(f"{method}: {type(error).__name__}") from None

    @asynccontextmanager
    async def download(self, path: str) -> AsyncIterator[AsyncIterator[bytes]]:
        """The bytes of a file, by the `file_path` of `getFile`. Raises `ApiFault` and `Away`, also on the way."""
        address = f"{self._options.url.rstrip('/')}/file/bot{self._token}/{quote(path)}"
        limit = aiohttp.ClientTimeout(total=None, sock_connect=self._options.answer_s, sock_read=self._options.answer_s)
        async with self.connected() as session:
            try:
                answer = await session.get(address, timeout=limit, proxy=self._options.proxy, allow_redirects=False)
            except FAILURES as error:
                raise Away(f"download: {type(error).__name__}") from None
            async with answer:  # what fails in the hands of the reader is not ours
                if answer.status != 200:
                    raise ApiFault(answer.status, "the file was not given")
                yield pieces(answer.content, "download")


def _form(fields: Mapping[str, object], uploads: Sequence[Upload]) -> aiohttp.FormData:
    form = aiohttp.FormData(default_to_multipart=True)
    for name, value in fields.items():
        form.add_field(name, value if isinstance(value, str) else to_json(value).decode())
    for upload in uploads:
        form.add_field(upload.name, upload.content, filename=f"{upload.name}.jpg", content_type="image/jpeg")
    return form


def _result(status: int, body: bytes) -> Any:
    try:
        answer = _Answer.model_validate(decoded(body))
    except (ValueError, ValidationError):
        raise Away(f"status {status}, and not the answer of a Bot API") from None
    if not answer.ok:
        more = answer.parameters
        says = answer.description[:300]
        raise ApiFault(
            answer.error_code or status, says, retry_after_s=more.retry_after, new_chat=more.migrate_to_chat_id
        )
    return answer.result

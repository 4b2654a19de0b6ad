"""Fetches a file: its address is open to everybody who knows it, its content encrypted with a key of its own."""

import asyncio
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import aiohttp
from pydantic import BaseModel, ConfigDict, ValidationError

from connectors.chat.http_client import FAILURES, at_most, pieces
from connectors.chat.messages import Media
from connectors.chat.platform import TryLater, Unsendable
from connectors.chat.weixin.cipher import (
    BLOCK,
    PADDED_TO,
    CipherError,
    decryptor,
    media_key_of,
    without_padding,
)
from connectors.doors.wecom_robot.options import RobotOptions


class _Encrypted(BaseModel):
    """What a message says of its file."""

    model_config = ConfigDict(extra="ignore")

    url: str
    key: str = ""


@asynccontextmanager
async def fetched(media: Media, options: RobotOptions, trusted: ssl.SSLContext) -> AsyncIterator[AsyncIterator[bytes]]:
    """The pieces of a file. Raises `TryLater` and `Unsendable`, also between two pieces."""
    try:
        file = _Encrypted.model_validate_json(media.ref)
        key = media_key_of(file.key) if file.key else None
    except ValidationError:
        raise Unsendable("there is no file") from None
    except CipherError as error:
        raise Unsendable(f"its key: {error}") from None
    if not file.url.startswith("https://"):
        raise Unsendable("its address is not https")
    limit = aiohttp.ClientTimeout(total=None, sock_connect=options.answer_s, sock_read=options.answer_s)
    async with aiohttp.ClientSession(timeout=limit) as session:
        try:
            answer = await session.get(file.url, proxy=options.proxy, ssl=trusted, allow_redirects=False)
        except (aiohttp.InvalidURL, ValueError):
            raise Unsendable("its address is none") from None
        except FAILURES as error:
            raise TryLater(f"download: {type(error).__name__}") from None
        async with answer:  # what fails in the hands of the reader is not ours
            if answer.status != 200:
                raise (TryLater if answer.status >= 500 else Unsendable)(f"download: status {answer.status}")
            found = at_most(options.download_bytes, pieces(answer.content, "download"))
            yield _decrypted(found, key) if key is not None else found


async def _decrypted(found: AsyncIterator[bytes], key: bytes) -> AsyncIterator[bytes]:
    """In pieces too; the end, which may be padding, waits until it is known to be the end."""
    cipher, held, odd = decryptor(key), b"", 0
    async for piece in found:
        odd = (odd + len(piece)) % BLOCK
        held += cipher.update(piece)
        if len(held) > PADDED_TO:
            yield held[:-PADDED_TO]
            held = held[-PADDED_TO:]
        await asyncio.sleep(0)
    if odd:
        raise Unsendable("the file was cut off")
    try:
        yield without_padding(held)
    except CipherError as error:
        raise Unsendable(f"the file: {error}") from None

"""Fetches a file that somebody sent, in pieces and up to a limit."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from connectors.chat.http_client import Away, at_most
from connectors.chat.messages import Media
from connectors.chat.platform import TooLarge, TryLater, Unsendable
from connectors.doors.telegram.api import BotApi
from connectors.doors.telegram.errors import ApiFault
from connectors.doors.telegram.judging import judged


class _Found(BaseModel):
    """A local Bot API server with `--local` answers a path of its own disk, which is of no use to us."""

    model_config = ConfigDict(extra="ignore")

    file_path: Annotated[str, Field(min_length=1, max_length=500, pattern=r"^[^/]")]
    file_size: int | None = None


@asynccontextmanager
async def fetched(api: BotApi, media: Media, limit: int) -> AsyncIterator[AsyncIterator[bytes]]:
    """The pieces of a file. Raises `TryLater`, `TooLarge` and `Unsendable`, also between two pieces."""
    _check_size(media.bytes, limit)
    try:
        found = _Found.model_validate(await api.call("getFile", {"file_id": media.ref}))
        _check_size(found.file_size, limit)
        async with api.download(found.file_path) as pieces:
            yield at_most(limit, pieces)
    except ValidationError:
        raise Unsendable("Telegram names no file to fetch") from None
    except Away as away:
        raise TryLater(str(away)) from None
    except ApiFault as fault:
        if "file is too big" in fault.says:
            raise TooLarge(limit) from None
        error = judged(fault)
        raise error if isinstance(error, TryLater) else Unsendable(str(fault)) from None


def _check_size(size: int | None, limit: int) -> None:
    if size is not None and size > limit:
        raise TooLarge(limit)

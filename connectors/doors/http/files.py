"""Answers with files: pictures and voice messages by their digests."""

import asyncio
from collections.abc import Awaitable, Callable
from http import HTTPStatus
from typing import Final

from aiohttp import web

from connectors.doors.http.context import GATEWAY
from connectors.intake.recordings.formats import TYPES, UNPLAYABLE
from connectors.intake.refusal import refused
from connectors.photos.store import StoredPhoto

CACHE: Final = "private, max-age=600"  # short, because a file may be erased


async def picture_answer(
    request: web.Request, find: Callable[[str], Awaitable[StoredPhoto | None]]
) -> web.StreamResponse:
    """The JPEG of the digest in the path. Raises `Refused` (404)."""
    digest = request.match_info["digest"]
    photo = await find(digest)
    if photo is None:
        raise refused(HTTPStatus.NOT_FOUND, "unknown_photo", "digest", given=digest[:80])
    answer = web.Response(content_type="image/jpeg", headers={"Cache-Control": CACHE})
    answer.etag = photo.name
    if any(tag.value in {photo.name, "*"} for tag in request.if_none_match or ()):
        answer.set_status(HTTPStatus.NOT_MODIFIED)
    else:
        answer.body = photo.content
    return answer


async def recording_answer(request: web.Request) -> web.StreamResponse:
    """The voice message of the digest in the path, as it came; `?download` and what no browser plays are saved.

    Raises `Refused` (404).
    """
    digest, ending = request.match_info["digest"], request.match_info["ending"]
    file = await asyncio.to_thread(request.app[GATEWAY].recordings.find, digest, ending)
    if file is None:
        raise refused(HTTPStatus.NOT_FOUND, "no_such_recording", "digest", given=digest[:80])
    saved = "download" in request.query or ending in UNPLAYABLE
    headers = {
        "Content-Type": TYPES[ending],
        "Content-Disposition": f'{"attachment" if saved else "inline"}; filename="voice-{digest[:8]}.{ending}"',
        "Cache-Control": CACHE,
    }
    return web.FileResponse(file, headers=headers)

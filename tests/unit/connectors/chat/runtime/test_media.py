"""A photo of a chat waits for the place of the photos, as it waits for its platform."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from connectors.chat.messages import Incoming, Media, MediaKind, SentMedia
from connectors.chat.runtime.media import NOT_FETCHED, MediaStore
from connectors.intake.recordings.store import RecordingStore
from connectors.photos.store import PhotoStore
from tests.worlds.doors import picture
from tests.worlds.town_life import WALKER


@asynccontextmanager
async def fetch(media: Media) -> AsyncIterator[AsyncIterator[bytes]]:
    yield pieces()


async def pieces() -> AsyncIterator[bytes]:
    yield picture()


def incoming() -> Incoming:
    content = SentMedia(media=Media(kind=MediaKind.PHOTO, ref="f1"))
    return Incoming(id="m1", sender=WALKER, chat="c1", t_ms=1, content=content)


async def test_a_photo_is_stored_once_its_place_is_back(tmp_path: Path) -> None:
    folder = tmp_path / "photos"
    folder.write_text("no folder")
    photos = PhotoStore(folder)
    media = MediaStore(fetch, photos, RecordingStore(tmp_path / "recordings"))
    waiting = asyncio.create_task(media.fetched(incoming()))
    await asyncio.sleep(0.2)
    assert not waiting.done()
    folder.unlink()
    content = (await waiting).content
    assert isinstance(content, SentMedia)
    assert content.photo is not None
    assert photos.read(content.photo.digest) is not None
    photos.close()


async def test_who_waits_too_long_is_asked_to_send_it_again(tmp_path: Path) -> None:
    folder = tmp_path / "photos"
    folder.write_text("no folder")
    photos = PhotoStore(folder)
    media = MediaStore(fetch, photos, RecordingStore(tmp_path / "recordings"), patience_s=0)
    content = (await media.fetched(incoming())).content
    assert isinstance(content, SentMedia)
    assert (content.photo, content.trouble) == (None, NOT_FETCHED)
    photos.close()

"""Files of messages: photos go into the photo store, voice into that of recordings, both by digest."""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager
from typing import Final, Protocol

from connectors.chat.messages import Incoming, Media, MediaKind, SentMedia
from connectors.chat.platform import TooLarge, TryLater, Unsendable
from connectors.chat.runtime.backoff import Backoff
from connectors.chat.runtime.side_by_side import where
from connectors.intake.recordings.store import MOST_BYTES, NoRecording, RecordingStore
from connectors.photos.formats import BadPhoto
from connectors.photos.store import PhotoStore

AT_ONCE: Final = 16
_FETCHED: Final = (MediaKind.PHOTO, MediaKind.FILE, MediaKind.VOICE)
PATIENCE_S: Final = 600.0
"""How long a file is tried for; messages of the same person wait for it."""
NOT_FETCHED: Final = "file_not_fetched"
"""The key of what is said of a file that its platform does not give, as in `connectors.intake.messages`."""
TOO_LARGE: Final = "file_too_large"
PHOTO_TOO_LARGE: Final = "photo_too_large"
NO_RECORDING: Final = "not_a_recording"

log = logging.getLogger(__name__)


class Fetch(Protocol):
    """How a platform gives its files."""

    def __call__(self, media: Media) -> AbstractAsyncContextManager[AsyncIterator[bytes]]:
        """See `connectors.chat.platform.Platform.fetch`."""


class MediaStore:
    """Fetches what a message brought."""

    def __init__(
        self, fetch: Fetch, photos: PhotoStore, recordings: RecordingStore, patience_s: float = PATIENCE_S
    ) -> None:
        self._fetch, self._photos, self._recordings, self._patience_s = fetch, photos, recordings, patience_s
        self._room = asyncio.Semaphore(AT_ONCE)

    def wants(self, incoming: Incoming | None) -> bool:
        """Whether there is a file to fetch: a photo, or what may be one, or voice."""
        content = None if incoming is None else incoming.content
        if not isinstance(content, SentMedia) or content.photo or content.recording or content.trouble:
            return False
        return content.media.kind in _FETCHED

    async def fetched(self, incoming: Incoming) -> Incoming:
        """The message with its photo or voice stored, or with the trouble that there was."""
        content = incoming.content
        assert isinstance(content, SentMedia), "a message that is wanted has a file"
        store = self._sound if content.media.kind is MediaKind.VOICE else self._photo
        return incoming.model_copy(update={"content": await self._until_it_is_here(content, store)})

    async def _until_it_is_here(self, content: SentMedia, store: "_Store") -> SentMedia:
        """Try until the platform gives the file, says that it never will, or patience ends."""
        pauses, end_s = Backoff(), asyncio.get_running_loop().time() + self._patience_s
        while True:
            try:
                async with self._room:
                    return await store(content)
            except BadPhoto as bad:
                return content.model_copy(update={"trouble": bad.code, "trouble_limit": bad.limit})
            except TooLarge as large:
                key = TOO_LARGE if content.media.kind is MediaKind.VOICE else PHOTO_TOO_LARGE
                return content.model_copy(update={"trouble": key, "trouble_limit": large.limit_mb})
            except NoRecording:
                return content.model_copy(update={"trouble": NO_RECORDING})
            except Unsendable:
                return content.model_copy(update={"trouble": NOT_FETCHED})
            except TryLater as later:
                pause_s = pauses.next_s() if later.after_s is None else later.after_s
            except Exception as fault:  # noqa: BLE001 - whatever it is, what follows this file waits for it only so long
                log.error("fetching a file failed: %s", where(fault))  # noqa: TRY400 - a traceback may show a token
                pause_s = pauses.next_s()
            if asyncio.get_running_loop().time() + pause_s > end_s:
                return content.model_copy(update={"trouble": NOT_FETCHED})
            await asyncio.sleep(pause_s)

    async def _photo(self, content: SentMedia) -> SentMedia:
        async with self._fetch(content.media) as chunks:
            photo = await self._photos.add(chunks)
        return content.model_copy(update={"photo": photo, "trouble": "" if photo else NOT_FETCHED})

    async def _sound(self, content: SentMedia) -> SentMedia:
        raw = bytearray()
        async with self._fetch(content.media) as chunks:
            async for chunk in chunks:
                raw += chunk
                if len(raw) > MOST_BYTES:
                    return content.model_copy(update={"trouble": TOO_LARGE})
        recording = await asyncio.to_thread(self._recordings.add, bytes(raw), content.media.seconds)
        return content.model_copy(update={"recording": recording})


class _Store(Protocol):
    """Fetches and stores the file of a message."""

    async def __call__(self, content: SentMedia) -> SentMedia:
        """The message that names what was stored. Raises `BadPhoto`, `NoRecording`, `TryLater` or `Unsendable`."""

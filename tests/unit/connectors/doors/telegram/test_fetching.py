"""Files that people sent: in pieces, up to a limit."""

import pytest

from connectors.chat.messages import Media, MediaKind
from connectors.chat.platform import TooLarge, TryLater, Unsendable
from tests.worlds.telegram.bot import bot_at
from tests.worlds.telegram.server import FakeTelegram, Refusal

CONTENT = bytes(range(256)) * 2000


def photo(telegram: FakeTelegram, content: bytes = CONTENT, bytes_said: int | None = None) -> Media:
    return Media(kind=MediaKind.PHOTO, ref=telegram.mail.store(content)["file_id"], bytes=bytes_said)


async def fetch(telegram: FakeTelegram, media: Media, limit: int = 20_971_520) -> bytes:
    async with bot_at(telegram, download_bytes=limit).fetch(media) as pieces:
        return b"".join([piece async for piece in pieces])


async def test_a_file_arrives_whole(telegram: FakeTelegram) -> None:
    assert await fetch(telegram, photo(telegram)) == CONTENT


async def test_a_file_that_is_gone(telegram: FakeTelegram) -> None:
    with pytest.raises(Unsendable, match="wrong file_id"):
        await fetch(telegram, Media(kind=MediaKind.PHOTO, ref="file-99"))


async def test_a_file_that_says_it_is_too_large_is_not_asked_for(telegram: FakeTelegram) -> None:
    with pytest.raises(TooLarge, match="20971520"):
        await fetch(telegram, photo(telegram, bytes_said=20_971_521))
    assert telegram.made == []


async def test_a_file_of_which_telegram_says_it_is_too_large(telegram: FakeTelegram) -> None:
    with pytest.raises(TooLarge):
        await fetch(telegram, photo(telegram, bytes(20_971_521)))


async def test_a_file_that_is_larger_than_it_says_is_cut_off(telegram: FakeTelegram) -> None:
    media = photo(telegram)
    telegram.sizes_lie = True
    with pytest.raises(TooLarge, match="100000"):
        await fetch(telegram, media, 100_000)


async def test_a_telegram_that_is_away_is_tried_later(telegram: FakeTelegram) -> None:
    telegram.refuse("getFile", Refusal(429, "Too Many Requests: retry after 3", retry_after=3))
    with pytest.raises(TryLater) as caught:
        await fetch(telegram, photo(telegram))
    assert caught.value.after_s == 3
    telegram.off = True
    with pytest.raises(TryLater):
        await fetch(telegram, photo(telegram))


async def test_a_path_on_the_disk_of_a_local_server_is_of_no_use(telegram: FakeTelegram) -> None:
    telegram.local = True
    with pytest.raises(Unsendable, match="no file"):
        await fetch(telegram, photo(telegram))


async def test_a_fault_of_the_reader_stays_its_own(telegram: FakeTelegram) -> None:
    """A full disk is no reason to ask Telegram again."""
    with pytest.raises(OSError, match="disk full"):
        async with bot_at(telegram).fetch(photo(telegram)):
            raise OSError("disk full")


async def test_a_file_that_breaks_off_is_tried_later(telegram: FakeTelegram) -> None:
    media = photo(telegram)
    telegram.breaks_off = True
    with pytest.raises(TryLater):
        await fetch(telegram, media)

"""A thumbnail comes and goes with its photo, and shows what the photo shows."""

import io
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image

from connectors.photos.store import PhotoStore
from connectors.photos.thumbnails import thumbnail
from tests.worlds.doors import picture
from tests.worlds.drawn_photos import street_photo


@pytest.fixture
def store(tmp_path: Path) -> Iterator[PhotoStore]:
    photos = PhotoStore(tmp_path, thumbnail_px=100)
    yield photos
    photos.close()


def plain(name: str) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (64, 48), name).save(out, "JPEG")
    return out.getvalue()


def files_in(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


def colour(content: bytes) -> tuple[int, ...]:
    with Image.open(io.BytesIO(content)) as image:
        pixel = image.convert("RGB").getpixel((image.width // 2, image.height // 2))
    assert isinstance(pixel, tuple)
    return tuple(round(part / 10) for part in pixel)


@pytest.mark.parametrize(("size", "small"), [((1600, 1200), (320, 240)), ((30, 20), (30, 20)), ((1, 1600), (1, 320))])
def test_it_is_small_and_never_larger_than_the_photo(size: tuple[int, int], small: tuple[int, int]) -> None:
    with Image.open(io.BytesIO(thumbnail(picture(*size)))) as image:
        assert (image.size, image.format) == (small, "JPEG")
        assert not image.getexif()


async def test_it_has_the_size_of_the_setting(store: PhotoStore) -> None:
    photo = store.add_bytes(street_photo(clean=True))
    found = await store.find_thumbnail(photo.digest)
    assert found is not None
    with Image.open(io.BytesIO(found.content)) as image:
        assert image.size == (100, 75)
    assert len(found.content) < len(store.read(photo.digest) or b"") / 4


async def test_it_goes_with_its_photo(store: PhotoStore, tmp_path: Path) -> None:
    photo = store.add_bytes(picture())
    store.forget(photo.digest)
    assert await store.find_thumbnail(photo.digest) is None
    assert not files_in(tmp_path)


async def test_who_makes_it_late_does_not_show_what_was_replaced(store: PhotoStore, tmp_path: Path) -> None:
    """One gateway makes the thumbnail of an old photo from what it read, just as the photo is blurred by another."""
    photo = store.add_bytes(plain("red"))
    before = store.read(photo.digest)
    assert before is not None
    store.replace(photo.digest, plain("blue"))
    with PhotoAsItWas(store, before):
        await store.find_thumbnail(photo.digest)
    found = await store.find_thumbnail(photo.digest)
    assert found is not None
    assert colour(found.content) == colour(plain("blue"))


class PhotoAsItWas:
    """While this lasts, the store reads an old content, as a thread does that was slow."""

    def __init__(self, store: PhotoStore, content: bytes) -> None:
        self._store, self._content = store, content

    def __enter__(self) -> None:
        self._store.read = lambda _: self._content  # type: ignore[method-assign, assignment]

    def __exit__(self, *_: object) -> None:
        del self._store.read


@pytest.mark.parametrize("digest", ["", "..", "../../etc/passwd", "A" * 64])
async def test_only_digests_find_thumbnails(store: PhotoStore, digest: str) -> None:
    assert await store.find_thumbnail(digest) is None

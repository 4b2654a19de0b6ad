"""The same picture saved anew is told from one taken after the work."""

import io
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image

from connectors.photos.likeness import only_again
from connectors.photos.store import PhotoStore
from schemas.report import Photo
from tests.worlds.drawn_photos import street_photo


@pytest.fixture
def store(tmp_path: Path) -> Iterator[PhotoStore]:
    photos = PhotoStore(tmp_path)
    yield photos
    photos.close()


def anew(raw: bytes, scale: float, quality: int, kind: str = "JPEG") -> bytes:
    """As a chat program saves it before it sends it on."""
    out = io.BytesIO()
    with Image.open(io.BytesIO(raw)) as image:
        small = image.resize((round(image.width * scale), round(image.height * scale)))
    small.save(out, kind, quality=quality)
    return out.getvalue()


@pytest.mark.parametrize("kind", ["JPEG", "WEBP", "PNG"])
@pytest.mark.parametrize(("scale", "quality"), [(1, 95), (1, 40), (0.9, 75), (0.67, 60), (0.5, 50)])
@pytest.mark.parametrize("clean", [True, False])
def test_a_picture_saved_anew_is_the_same(
    store: PhotoStore, clean: bool, scale: float, quality: int, kind: str
) -> None:
    raw = street_photo(clean=clean, width=1600, height=1200)
    photo, again = store.add_bytes(raw), store.add_bytes(anew(raw, scale, quality, kind))
    assert only_again([again], [photo], store)


@pytest.mark.parametrize("seed", range(5))
def test_a_cleaned_street_from_the_same_spot_is_another_picture(store: PhotoStore, seed: int) -> None:
    before = store.add_bytes(street_photo(clean=False, seed=seed))
    after = store.add_bytes(street_photo(clean=True, seed=seed))
    assert not only_again([after], [before], store)
    assert not only_again([before, after], [before], store), "one of them is new"


def test_a_poster_taken_off_a_wall_is_seen_though_all_else_is_the_same(store: PhotoStore) -> None:
    wall, poster = Image.new("RGB", (640, 480), (170, 165, 160)), Image.new("RGB", (14, 20), (240, 235, 90))
    bare, hung = io.BytesIO(), io.BytesIO()
    wall.save(bare, "JPEG", quality=85)
    wall.paste(poster, (310, 200))
    wall.save(hung, "JPEG", quality=85)
    before, after = (store.add_bytes(each.getvalue()) for each in (hung, bare))
    assert not only_again([after], [before], store)


def test_another_shape_and_a_file_that_is_gone_are_not_the_same(store: PhotoStore) -> None:
    photo = store.add_bytes(anew(street_photo(clean=True), 1, 90))
    with Image.open(io.BytesIO(street_photo(clean=True))) as image:
        out = io.BytesIO()
        image.resize((480, 480)).save(out, "JPEG")
    assert not only_again([store.add_bytes(out.getvalue())], [photo], store)
    assert not only_again([Photo(digest="0" * 64)], [photo], store)

"""What is blurred cannot be recognised, stays blurred, and nothing else of the picture changes."""

import io
from pathlib import Path

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from connectors.photos.blurring import PartOutsideError, PhotoPart, blurred
from connectors.photos.store import PhotoStore
from tests.worlds.drawn_photos import street_photo

STREET = street_photo(clean=True)


def files_in(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


def pixels(content: bytes) -> "np.ndarray[tuple[int, ...], np.dtype[np.int16]]":
    with Image.open(io.BytesIO(content)) as image:
        return np.asarray(image.convert("RGB"), dtype=np.int16)


def board(size: int = 400, cell: int = 20) -> bytes:
    """Black and white squares, which any blur that can be undone would still show."""
    squares = np.indices((size, size)) // cell
    out = io.BytesIO()
    Image.fromarray(((squares.sum(axis=0) % 2) * 255).astype(np.uint8)).save(out, "JPEG", quality=90)
    return out.getvalue()


def test_a_blurred_part_shows_nothing_and_the_rest_is_as_it_was() -> None:
    before, after = pixels(board()), pixels(blurred(board(), [PhotoPart(100, 100, 200, 200)]))
    inside, outside = after[110:290, 110:290], np.abs(after - before)[:90]
    assert int(inside.max() - inside.min()) < 60
    assert int(outside.max()) < 40


@given(st.integers(-700, 700), st.integers(-700, 700), st.integers(-9, 1400), st.integers(-9, 1400))
def test_any_box_blurs_or_is_refused(left: int, top: int, width: int, height: int) -> None:
    """640 × 480 pixels."""
    within = width > 0 and height > 0 and left < 640 and top < 480 and left + width > 0 and top + height > 0
    try:
        after = blurred(STREET, [PhotoPart(left, top, width, height)])
    except PartOutsideError:
        assert not within
    else:
        assert within
        assert pixels(after).shape == pixels(STREET).shape


async def test_a_blurred_photo_is_shown_everywhere_and_for_good(tmp_path: Path) -> None:
    """Its thumbnail, too; whoever sends the photo again gets the same digest, and does not bring it back."""
    store = PhotoStore(tmp_path)
    photo = store.add_bytes(STREET)
    small = await store.find_thumbnail(photo.digest)
    after = blurred(store.read(photo.digest) or b"", [PhotoPart(0, 0, 640, 480)])
    store.replace(photo.digest, after)
    assert store.add_bytes(STREET) == photo
    assert store.read(photo.digest) == after
    now = await store.find_thumbnail(photo.digest)
    assert small is not None
    assert now is not None
    assert small.content != now.content
    assert len(files_in(tmp_path)) == 2
    assert store.digest_of(STREET) == photo.digest
    assert store.digest_of(b"no photo") is None
    store.close()

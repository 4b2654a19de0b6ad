import asyncio
import hashlib
import io
import struct
import zlib
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from PIL import ExifTags, Image, PngImagePlugin

from connectors.photos import MAX_BYTES, SIDE, BadPhoto, PhotoStore
from schemas.report import Photo
from tests.doors import picture

ZONE = ZoneInfo("Asia/Shanghai")


@pytest.fixture
def store(tmp_path: Path) -> Iterator[PhotoStore]:
    photos = PhotoStore(tmp_path / "photos", ZONE)
    yield photos
    photos.close()


def with_exif(**tags: object) -> bytes:
    exif = Image.Exif()
    inner, gps = exif.get_ifd(ExifTags.IFD.Exif), exif.get_ifd(ExifTags.IFD.GPSInfo)
    for name, value in tags.items():
        if name.startswith("GPS"):
            gps[ExifTags.GPS[name]] = value
        elif name == "Orientation":
            exif[ExifTags.Base[name]] = value
        else:
            inner[ExifTags.Base[name]] = value
    return picture(exif=exif)


def stored(store: PhotoStore, photo: Photo) -> bytes:
    path = store.find(photo.digest)
    assert path is not None
    return path.read_bytes()


def huge_png(width: int, height: int) -> bytes:
    """A PNG of some bytes that claims a size."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"0")) + chunk(b"IEND", b"")


def test_a_photo_is_named_by_what_is_stored(store: PhotoStore) -> None:
    photo = store.add_bytes(picture())
    assert hashlib.sha256(stored(store, photo)).hexdigest() == photo.digest
    assert store.add_bytes(picture()) == photo


def test_position_and_time_become_fields_and_leave_the_file(store: PhotoStore) -> None:
    photo = store.add_bytes(
        with_exif(
            DateTimeOriginal="2026:11:22 07:57:00", OffsetTimeOriginal="+08:00", Make="Camera", UserComment=b"phone 1",
            GPSLatitudeRef="N", GPSLatitude=(24.0, 27.0, 39.6), GPSLongitudeRef="E", GPSLongitude=(118.0, 4.0, 55.2),
        )
    )  # fmt: skip
    assert photo.lon == pytest.approx(118.082)
    assert photo.lat == pytest.approx(24.461)
    assert photo.taken_ms == 1_795_305_420_000
    with Image.open(io.BytesIO(stored(store, photo))) as image:
        assert not image.getexif()
        assert not {"exif", "comment", "icc_profile", "xmp"} & image.info.keys()


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_every_format_becomes_a_jpeg_without_extras(store: PhotoStore, kind: str) -> None:
    """A JPEG comment, XMP or a PNG text would be copied by a plain save."""
    extras: dict[str, Any] = {"comment": b"secret"} if kind == "JPEG" else {"xmp": b"<x>secret</x>"}
    if kind == "PNG":
        text = PngImagePlugin.PngInfo()
        text.add_text("Author", "secret")
        extras = {"pnginfo": text}
    content = stored(store, store.add_bytes(picture(kind=kind, **extras)))
    with Image.open(io.BytesIO(content)) as image:
        assert (image.format, image.size) == ("JPEG", (60, 40))
        assert set(image.info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density"}
    assert b"secret" not in content


def test_a_photo_taken_sideways_stands_upright(store: PhotoStore) -> None:
    photo = store.add_bytes(with_exif(Orientation=6))
    with Image.open(io.BytesIO(stored(store, photo))) as image:
        assert image.size == (40, 60)
        red, _, blue = image.convert("RGB").getpixel((20, 5))  # type: ignore[misc] # a pixel of an RGB image
        assert red > blue


def test_a_large_photo_becomes_small(store: PhotoStore) -> None:
    with Image.open(io.BytesIO(stored(store, store.add_bytes(picture(4000, 3000))))) as image:
        assert image.size == (SIDE, SIDE * 3 // 4)


def test_transparency_becomes_white_paper(store: PhotoStore) -> None:
    out = io.BytesIO()
    Image.new("RGBA", (20, 20), (0, 0, 0, 0)).save(out, "PNG")
    with Image.open(io.BytesIO(stored(store, store.add_bytes(out.getvalue())))) as image:
        assert image.getpixel((5, 5)) == (255, 255, 255)


@pytest.mark.parametrize("mode", ["1", "L", "P", "LA", "I;16", "CMYK"])
def test_every_colour_mode_is_taken(store: PhotoStore, mode: str) -> None:
    out = io.BytesIO()
    Image.new(mode, (20, 20)).save(out, "JPEG" if mode == "CMYK" else "PNG")
    assert store.add_bytes(out.getvalue()).digest


def test_a_time_without_an_offset_is_of_the_regions_zone(store: PhotoStore) -> None:
    assert store.add_bytes(with_exif(DateTimeOriginal="2026:11:22 07:57:00")).taken_ms == 1_795_305_420_000


@pytest.mark.parametrize(
    "tags",
    [
        {"DateTimeOriginal": "0000:00:00 00:00:00"},
        {"DateTimeOriginal": "0001:01:01 00:00:00"},
        {"DateTimeOriginal": "garbage", "OffsetTimeOriginal": "+99:99"},
        {"GPSLatitudeRef": "N", "GPSLatitude": (99.0, 0.0, 0.0), "GPSLongitudeRef": "E", "GPSLongitude": (1.0, 0, 0)},
        {"GPSLatitudeRef": "N", "GPSLatitude": (0.0, 0.0, 0.0), "GPSLongitudeRef": "E", "GPSLongitude": (0.0, 0, 0)},
        {"GPSLatitude": (1.0, 1.0), "GPSLongitude": (1.0, 1.0)},
    ],
)
def test_broken_exif_is_no_exif(store: PhotoStore, tags: dict[str, object]) -> None:
    photo = store.add_bytes(with_exif(**tags))
    assert photo == Photo(digest=photo.digest)


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        (b"not a picture", "photo_unreadable"),
        (b"GIF89a" + b"\0" * 50, "photo_unreadable"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "photo_unreadable"),
        (picture()[:300], "photo_unreadable"),
        (picture(300, 300)[:-900], "photo_broken"),
        (huge_png(20_000, 20_000), "photo_too_many_pixels"),
        (huge_png(10_000, 10_000), "photo_too_many_pixels"),
        (huge_png(8_000, 6_500), "photo_too_many_pixels"),
        (huge_png(100, 100), "photo_broken"),
        (b"\xff" * (MAX_BYTES + 1), "photo_too_large"),
    ],
    ids=["text", "gif", "svg", "head", "cut", "400MP", "100MP", "52MP", "empty", "15MB"],
)
def test_what_is_no_photo_is_refused_by_name(store: PhotoStore, tmp_path: Path, raw: bytes, code: str) -> None:
    with pytest.raises(BadPhoto) as refusal:
        store.add_bytes(raw)
    assert refusal.value.code == code
    assert not list((tmp_path / "photos").rglob("*.jpg"))


def test_a_progressive_photo_is_taken_and_one_with_scans_without_end_is_not(store: PhotoStore) -> None:
    """Each scan is work for every pixel: 200 kB of scans kept a thread busy for half a minute, 15 MB for hours."""
    progressive = io.BytesIO()
    with Image.open(io.BytesIO(picture())) as image:
        image.save(progressive, "JPEG", progressive=True)
    raw = progressive.getvalue()
    last = raw[raw.rindex(b"\xff\xda") : -2]
    assert store.add_bytes(raw).digest
    assert store.add_bytes(raw[:-2] + last * 30 + raw[-2:] + last * 200).digest, (
        "what follows the picture is never decoded"
    )
    with pytest.raises(BadPhoto) as refused:
        store.add_bytes(raw[:-2] + last * 60 + raw[-2:])
    assert refused.value.code == "photo_unreadable"


async def test_too_many_bytes_end_the_reading(store: PhotoStore) -> None:
    """An endless upload is cut off at the limit, not read to its end."""
    read = 0

    async def endless() -> AsyncIterator[bytes]:
        nonlocal read
        while True:
            read += 1_000_000
            yield b"\xff" * 1_000_000

    with pytest.raises(BadPhoto):
        await store.add(endless())
    assert read <= MAX_BYTES + 1_000_000


async def test_an_empty_field_of_a_form_is_no_photo(store: PhotoStore) -> None:
    async def nothing() -> AsyncIterator[bytes]:
        yield b""

    assert await store.add(nothing()) is None


async def test_the_same_photo_from_many_at_once_is_one_file(store: PhotoStore, tmp_path: Path) -> None:
    raw = picture(800, 600)
    photos = await asyncio.gather(*(asyncio.to_thread(store.add_bytes, raw) for _ in range(8)))
    assert len({photo.digest for photo in photos}) == 1
    assert [path.suffix for path in (tmp_path / "photos").rglob("*.*")] == [".jpg"]


@pytest.mark.parametrize("digest", ["", "..", "../../etc/passwd", "A" * 64, "a" * 63, "a" * 64])
def test_only_digests_find_photos(store: PhotoStore, digest: str) -> None:
    assert store.find(digest) is None

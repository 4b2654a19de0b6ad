import asyncio
import hashlib
import io
import tempfile
import warnings
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pillow_heif
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import ExifTags, Image, PngImagePlugin

from connectors.intake.messages import message
from connectors.photos.formats import SIDE, BadPhoto, PhotoLimits
from connectors.photos.store import PhotoStore
from schemas.names import Language
from schemas.report import Photo
from tests.worlds.doors import picture

ZONE = ZoneInfo("Asia/Shanghai")


SIGNS = (
    b"\xff\xd8\xff", b"\xff\xd8\xff\xe1\x00\x20Exif\0\0MM\0*", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR",
    b"RIFF\x40\0\0\0WEBPVP8 ",
    b"\0\0\0\x18ftypavif", b"\0\0\0\x18ftypheic\0\0\0\0mif1heic\0\0\0\x40meta", b"GIF89a", b"II*\0", b"%PDF", b"",
)  # fmt: skip


def _drawn(kind: str) -> bytes:
    out = io.BytesIO()
    Image.effect_noise((40, 30), 60).convert("RGB").save(out, kind)
    return out.getvalue()


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
    content = store.read(photo.digest)
    assert content is not None
    return content


def saved(width: int, height: int, kind: str = "JPEG", mode: str = "RGB", **save: Any) -> bytes:
    """A flat picture."""
    out = io.BytesIO()
    Image.new(mode, (width, height)).save(out, kind, **save)
    return out.getvalue()


def heic(width: int = 64, height: int = 48, **save: Any) -> bytes:
    """A picture as phones save it, with a red left half."""
    out = io.BytesIO()
    with Image.open(io.BytesIO(picture(width, height))) as image:
        pillow_heif.from_pillow(image).save(out, quality=90, **save)
    return out.getvalue()


def refusal(store: PhotoStore, raw: bytes) -> tuple[str, int]:
    with pytest.raises(BadPhoto) as refused:
        store.add_bytes(raw)
    return refused.value.code, refused.value.limit


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
    assert photo == Photo(digest=photo.digest, dhash=photo.dhash)


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        (b"not a picture", "photo_unreadable"),
        (b"GIF89a" + b"\0" * 50, "photo_unreadable"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "photo_unreadable"),
        (picture()[:300], "photo_unreadable"),
        (b"\x89PNG\r\n\x1a\n", "photo_unreadable"),
        (heic()[:100], "photo_unreadable"),
        (picture(300, 300)[:-900], "photo_broken"),
        (b"\x00\x00\x27\x0a" + b"\0" * 96, "photo_is_map"),
        (b'{"type": "FeatureCollection", "features": []}', "photo_is_map"),
        (b"\x00\x00\x00\x18ftypmp42\x00\x00\x00\x00mp42isom", "photo_is_film"),
        (b"\x00\x00\x00\x18ftypcrx \x00\x00\x00\x01crx isom", "photo_is_raw"),
        (b"II*\x00\x08\x00\x00\x00", "photo_is_raw"),
        (b"%PDF-1.7", "photo_is_document"),
        (b"PK\x03\x04\x14\x00", "photo_is_document"),
    ],
    ids=["text", "gif", "svg", "head", "png head", "heic head", "cut", "shapefile", "geojson", "film", "raw", "tiff",
         "pdf", "zip"],
)  # fmt: skip
def test_what_is_no_photo_is_refused_by_name(store: PhotoStore, tmp_path: Path, raw: bytes, code: str) -> None:
    """With advice that fits it, in both languages."""
    assert refusal(store, raw) == (code, 0)
    assert message(code, Language.EN)
    assert not list((tmp_path / "photos").rglob("*.jpg"))


@pytest.mark.parametrize("size", [(8160, 6120), (8160, 6144), (8192, 6144), (9248, 6944), (16382, 3628)])
def test_what_phones_take_is_taken(store: PhotoStore, size: tuple[int, int]) -> None:
    """50 and 64 megapixels, and a wide panorama."""
    with Image.open(io.BytesIO(stored(store, store.add_bytes(saved(*size, quality=20))))) as image:
        assert max(image.size) == SIDE
        assert image.width / image.height == pytest.approx(size[0] / size[1], rel=0.01)


@pytest.mark.parametrize("mode", ["RGB", "L"])
def test_108_megapixels_are_decoded_small(tmp_path: Path, mode: str) -> None:
    """108 megapixels need as little memory as 8; a progressive one is kept whole and is refused sooner."""
    store = PhotoStore(tmp_path / "photos", ZONE, limits=PhotoLimits(memory=70_000_000))
    assert store.add_bytes(saved(12000, 9000, mode=mode, quality=20)).digest
    assert refusal(store, saved(8160, 6144, mode=mode, quality=20, progressive=True))[0] == "photo_too_many_pixels"
    assert refusal(store, saved(4096, 3072, "PNG", mode))[0] == "photo_too_many_pixels"
    store.close()


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "AVIF"])
def test_a_picture_over_the_limit_of_pixels_is_refused_before_it_is_decoded(tmp_path: Path, kind: str) -> None:
    store = PhotoStore(tmp_path / "photos", ZONE, limits=PhotoLimits(pixels=2_000_000))
    assert store.add_bytes(saved(1000, 1000, kind)).digest
    assert refusal(store, saved(2000, 1100, kind)) == ("photo_too_many_pixels", 2)
    store.close()


def test_heic_is_taken_upright_with_its_position_and_time(store: PhotoStore) -> None:
    exif = Image.Exif()
    exif.get_ifd(ExifTags.IFD.Exif)[ExifTags.Base.DateTimeOriginal] = "2026:11:22 07:57:00"
    exif.get_ifd(ExifTags.IFD.GPSInfo).update({1: "N", 2: (24.0, 27.0, 39.6), 3: "E", 4: (118.0, 4.0, 55.2)})
    photo = store.add_bytes(heic(exif=exif.tobytes()))
    assert photo.lon == pytest.approx(118.082)
    assert photo.taken_ms == 1_795_305_420_000
    with Image.open(io.BytesIO(stored(store, photo))) as image:
        assert (image.format, image.size) == ("JPEG", (64, 48))
        red, _, blue = image.convert("RGB").getpixel((5, 20))  # type: ignore[misc] # a pixel of an RGB image
        assert red > blue
        assert not image.getexif()


async def in_chunks(raw: bytes, most: int = 1000) -> AsyncIterator[bytes]:
    for at in range(0, len(raw), most):
        yield raw[at : at + most]


@pytest.mark.parametrize("form", ["jpeg", "heic"])
async def test_the_film_of_a_motion_photo_does_not_count(tmp_path: Path, form: str) -> None:
    """Nor does a second picture behind the first; only what is sent altogether has a limit of its own."""
    alone = picture(300, 300) if form == "jpeg" else heic(300, 300)
    film = b"\x00\x00\x00\x18ftypmp42" + b"\0" * 60_000
    behind = film if form == "jpeg" else len(film).to_bytes(4, "big") + b"mpvd" + film[8:]
    store = PhotoStore(tmp_path / "photos", ZONE, limits=PhotoLimits(bytes=len(alone) + 100, with_film=100_000))
    photo = store.add_bytes(alone)
    assert store.add_bytes(alone + behind) == photo
    assert await store.add(in_chunks(alone + behind)) == photo
    with pytest.raises(BadPhoto) as refused:
        await store.add(in_chunks(alone + behind + behind))
    assert refused.value.code == "photo_too_large"
    store.close()


def test_a_second_picture_in_one_file_is_left_aside(store: PhotoStore) -> None:
    """As in the files of phones with several lenses or a map of brightness."""
    out = io.BytesIO()
    with Image.open(io.BytesIO(picture())) as first:
        first.save(out, "MPO", save_all=True, append_images=[Image.new("RGB", (60, 40), "green")])
    with Image.open(io.BytesIO(stored(store, store.add_bytes(out.getvalue())))) as image:
        red, green, _ = image.convert("RGB").getpixel((5, 20))  # type: ignore[misc] # a pixel of an RGB image
        assert red > green


def test_nothing_is_warned_of_in_the_log(tmp_path: Path) -> None:
    """Neither of a large picture nor of EXIF that is cut off."""
    exif = with_exif(Make="Camera", DateTimeOriginal="2026:11:22 07:57:00")
    at = exif.index(b"Exif\0\0") + 6
    with warnings.catch_warnings(record=True) as warned:
        warnings.simplefilter("always")
        store = PhotoStore(tmp_path / "photos", ZONE)
        for raw in (exif[: at + 8] + b"\xff\x00" + exif[at + 10 :], saved(12000, 9000, quality=10)):
            assert store.add_bytes(raw).digest
        store.close()
    assert warned == []


def test_a_progressive_photo_is_taken_and_one_of_too_many_scans_is_not(store: PhotoStore, tmp_path: Path) -> None:
    """Each scan is work for every pixel. What follows the picture is never decoded, and does not count."""
    raw = saved(60, 40, progressive=True)
    assert store.add_bytes(raw + raw * 9).digest
    few = PhotoStore(tmp_path / "few", ZONE, limits=PhotoLimits(scans=3))
    assert refusal(few, raw) == ("photo_unreadable", 0)
    assert few.add_bytes(saved(60, 40)).digest
    few.close()


async def test_too_many_bytes_end_the_reading(store: PhotoStore) -> None:
    """An endless upload is cut off at the limit, not read to its end."""
    read, most = 0, PhotoLimits().bytes

    async def endless() -> AsyncIterator[bytes]:
        nonlocal read
        while True:
            read += 1_000_000
            yield b"\xff" * 1_000_000

    with pytest.raises(BadPhoto):
        await store.add(endless())
    assert read <= most + 1_000_000


@given(st.sampled_from(SIGNS), st.binary(max_size=400))
def test_any_bytes_are_a_photo_or_refused(sign: bytes, rest: bytes) -> None:
    """Whatever follows the first bytes of a format, nothing but `BadPhoto` is raised, in bounded memory."""
    _stored_or_refused(sign + rest)


def _stored_or_refused(raw: bytes) -> None:
    with tempfile.TemporaryDirectory() as folder:
        store = PhotoStore(Path(folder), limits=PhotoLimits(memory=50_000_000))
        try:
            assert store.read(store.add_bytes(raw).digest)
        except BadPhoto as fault:
            assert message(fault.code, Language.EN, limit=fault.limit)  # noqa: PT017 - a photo is as good
        finally:
            store.close()


DAMAGED = {kind: _drawn(kind) for kind in ("JPEG", "PNG", "WEBP", "AVIF")} | {"HEIC": heic()}


@given(st.data(), st.sampled_from(sorted(DAMAGED)))
def test_a_damaged_photo_is_a_photo_or_refused(data: st.DataObject, kind: str) -> None:
    raw = bytearray(DAMAGED[kind])
    for at in data.draw(st.lists(st.integers(0, len(raw) - 1), min_size=1, max_size=6)):
        raw[at] = data.draw(st.integers(0, 255))
    del raw[data.draw(st.integers(1, len(raw))) :]
    _stored_or_refused(bytes(raw))


async def test_an_empty_field_of_a_form_is_no_photo(store: PhotoStore) -> None:
    async def nothing() -> AsyncIterator[bytes]:
        yield b""

    assert await store.add(nothing()) is None


async def test_the_same_photo_from_many_at_once_is_one_file(store: PhotoStore, tmp_path: Path) -> None:
    raw = picture(800, 600)
    photos = await asyncio.gather(*(asyncio.to_thread(store.add_bytes, raw) for _ in range(8)))
    assert len({photo.digest for photo in photos}) == 1
    names = {f"{photos[0].digest}.jpg", f"{photos[0].digest}.small.jpg"}
    assert {path.name for path in (tmp_path / "photos").rglob("*.*")} == names


@pytest.mark.parametrize("digest", ["", "..", "../../etc/passwd", "A" * 64, "a" * 63, "a" * 64])
def test_only_digests_find_photos(store: PhotoStore, digest: str) -> None:
    assert store.read(digest) is None

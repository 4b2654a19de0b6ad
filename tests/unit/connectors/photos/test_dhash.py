"""Copies of a picture resemble it; a cleaned street, another street, and what shows too little do not."""

import io
from itertools import combinations

import pytest
from PIL import Image, ImageDraw, ImageEnhance

from connectors.photos.dhash import dhash
from schemas.likeness import alike
from tests.worlds.drawn_photos import street_photo

SEEDS = range(12)


def street(*, clean: bool, seed: int) -> Image.Image:
    return Image.open(io.BytesIO(street_photo(clean=clean, seed=seed)))


def stamped(image: Image.Image) -> Image.Image:
    copy = image.copy()
    ImageDraw.Draw(copy).text((400, 450), "2026-11-30 07:57", fill="white")
    return copy


def saved(image: Image.Image, kind: str, quality: int, scale: float = 1) -> Image.Image:
    out = io.BytesIO()
    image.resize((round(image.width * scale), round(image.height * scale))).save(out, kind, quality=quality)
    return Image.open(io.BytesIO(out.getvalue()))


@pytest.mark.parametrize("seed", SEEDS)
def test_a_copy_resembles_its_picture(seed: int) -> None:
    image = street(clean=True, seed=seed)
    copies = [
        saved(image, "JPEG", 40),
        saved(image, "WEBP", 60),
        saved(image, "JPEG", 75, 0.5),
        stamped(image),
        ImageEnhance.Brightness(image).enhance(1.15),
    ]
    assert all(alike(dhash(image), dhash(copy)) for copy in copies)


def test_streets_before_and_after_and_of_other_places_do_not() -> None:
    before, after = ([dhash(street(clean=clean, seed=seed)) for seed in SEEDS] for clean in (False, True))
    assert None not in before + after
    assert not [pair for pair in (*combinations(before, 2), *zip(before, after, strict=True)) if alike(*pair)]


@pytest.mark.parametrize("shade", ["black", "white", (120, 119, 121)])
def test_a_wall_and_the_night_resemble_nothing(shade: str | tuple[int, int, int]) -> None:
    flat = dhash(Image.new("RGB", (640, 480), shade))
    assert flat is None
    assert not alike(flat, flat)


@pytest.mark.parametrize("size", [(1, 1), (1, 900), (3, 2), (17, 16)])
def test_any_size_has_an_answer(size: tuple[int, int]) -> None:
    assert dhash(Image.new("RGB", size)) is None

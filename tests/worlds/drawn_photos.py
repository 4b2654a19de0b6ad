"""Invented photos: a paved street with an oil stain, and the same street clean."""

import io
import random

from PIL import ExifTags, Image, ImageDraw, ImageFilter


def street_photo(*, clean: bool, seed: int = 7, width: int = 640, height: int = 480) -> bytes:
    """A JPEG of a pavement in perspective, with a dark stain unless `clean`."""
    chance = random.Random(seed)
    image = Image.new("RGB", (width, height), (168, 190, 205))
    draw = ImageDraw.Draw(image)
    view = random.Random(f"view {seed}")  # where it was taken from
    horizon = round(height * view.uniform(0.25, 0.42))
    far = width * view.uniform(0.25, 0.75)
    draw.rectangle((0, horizon - 60, width, horizon), fill=(120, 140, 118))
    for left in range(0, width, 90):
        top = horizon - chance.randint(60, 130)
        draw.rectangle((left, top, left + 80, horizon), fill=(chance.randint(150, 200), 150, chance.randint(120, 150)))
    draw.rectangle((0, horizon, width, height), fill=(171, 168, 160))
    for i in range(12):
        y = horizon + (height - horizon) * (i / 12) ** 1.7
        draw.line((0, y, width, y), fill=(146, 143, 136), width=2)
        x = width * i / 11
        draw.line((far + (x - far) * 0.2, horizon, far + (x - far) * 2.2, height), fill=(146, 143, 136))
    if not clean:
        stain = Image.new("L", (width, height), 0)
        spots = ImageDraw.Draw(stain)
        for _ in range(28):
            x, y = chance.gauss(width * 0.5, width * 0.1), chance.gauss(height * 0.74, height * 0.05)
            size = chance.randint(14, 60)
            spots.ellipse(
                (x - size * 1.6, y - size * 0.5, x + size * 1.6, y + size * 0.5), fill=chance.randint(150, 225)
            )
        image.paste((48, 42, 36), mask=stain.filter(ImageFilter.GaussianBlur(5)))
    else:
        draw.polygon([(470, 430), (500, 330), (530, 430)], fill=(240, 190, 60), outline=(120, 90, 20))
    out = io.BytesIO()
    image.save(out, "JPEG", quality=85)
    return out.getvalue()


def camera_photo() -> bytes:
    """Taken upright by a camera whose sensor lies, with time and position."""
    exif = Image.Exif()
    exif[ExifTags.Base.Orientation] = 6
    exif.get_ifd(ExifTags.IFD.Exif)[ExifTags.Base.DateTimeOriginal] = "2026:11:19 07:21:00"
    place = exif.get_ifd(ExifTags.IFD.GPSInfo)
    place[ExifTags.GPS.GPSLatitudeRef], place[ExifTags.GPS.GPSLatitude] = "N", (24.0, 27.0, 46.8)
    place[ExifTags.GPS.GPSLongitudeRef], place[ExifTags.GPS.GPSLongitude] = "E", (118.0, 4.0, 58.8)
    out = io.BytesIO()
    Image.effect_noise((3200, 2400), 60).convert("RGB").save(out, "JPEG", quality=90, exif=exif)
    return out.getvalue()

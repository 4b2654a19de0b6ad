"""Reads where and when a photo was taken."""

import contextlib
import math
from datetime import datetime, tzinfo

from PIL import ExifTags, Image


def exif_of(image: Image.Image, zone: tzinfo) -> tuple[int | None, tuple[float, float] | None]:
    """(time taken in ms, (lon, lat) in WGS-84), as far as the photo says it; a time without a zone is in `zone`."""
    try:
        exif = image.getexif()
        return _taken(exif.get_ifd(ExifTags.IFD.Exif), zone), _where(exif.get_ifd(ExifTags.IFD.GPSInfo))
    except Exception:  # noqa: BLE001 - EXIF is a bonus; broken EXIF is none
        return None, None


def _taken(tags: dict[int, object], zone: tzinfo) -> int | None:
    text, offset = tags.get(ExifTags.Base.DateTimeOriginal), tags.get(ExifTags.Base.OffsetTimeOriginal)
    with contextlib.suppress(ValueError, OverflowError):
        time = datetime.strptime(str(text).strip("\0 "), "%Y:%m:%d %H:%M:%S").replace(tzinfo=zone)
        with contextlib.suppress(ValueError):
            time = datetime.strptime(f"{text} {str(offset).strip()}", "%Y:%m:%d %H:%M:%S %z")
        return round(time.timestamp() * 1000)
    return None


def _where(tags: dict[int, object]) -> tuple[float, float] | None:
    lat = _degrees(tags.get(ExifTags.GPS.GPSLatitude), tags.get(ExifTags.GPS.GPSLatitudeRef) == "S")
    lon = _degrees(tags.get(ExifTags.GPS.GPSLongitude), tags.get(ExifTags.GPS.GPSLongitudeRef) == "W")
    if lat is None or lon is None or not (abs(lat) <= 90 and abs(lon) <= 180) or (lat == 0 and lon == 0):
        return None
    return lon, lat


def _degrees(parts: object, negative: bool) -> float | None:
    if not isinstance(parts, tuple) or len(parts) != 3:
        return None
    degrees = float(parts[0]) + float(parts[1]) / 60 + float(parts[2]) / 3600
    return (-degrees if negative else degrees) if math.isfinite(degrees) else None

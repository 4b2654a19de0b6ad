"""Whether a place is in mainland China, where maps and phones use GCJ-02: by a rough outline and the time zone."""

from collections.abc import Iterable
from typing import Final

import shapely

from grid36.files.region.map_axes import zones

_LINKS: Final = {"PRC", "Asia/Chongqing", "Asia/Chungking", "Asia/Harbin", "Asia/Kashgar"}
"""Older names of Chinese time zones."""
# Degrees, drawn by hand to some 50 km along land borders; nearer than that the time zone decides.
_OUTLINE: Final = shapely.Polygon(
    [
        (73.6, 39.4), (76.0, 40.5), (80.2, 42.2), (80.4, 45.0), (82.5, 45.2), (83.0, 47.2), (85.6, 47.2), (86.8, 49.1),
        (88.0, 48.9), (91.0, 46.9), (90.9, 45.2), (95.4, 44.2), (97.2, 42.8), (101.8, 42.5), (105.0, 41.6),
        (109.5, 42.5), (112.0, 43.8), (111.9, 45.0), (114.5, 45.4), (116.3, 46.4), (119.8, 46.8), (118.0, 47.9),
        (115.6, 47.9), (116.7, 49.8), (119.3, 50.1), (120.8, 53.2), (123.6, 53.5), (126.0, 52.7), (127.5, 50.2),
        (130.7, 48.9), (131.0, 47.7), (134.7, 48.3), (133.1, 45.1), (131.0, 44.9), (131.2, 43.5), (130.6, 42.4),
        (129.7, 42.45), (128.1, 42.0), (126.9, 41.75), (124.4, 40.1), (124.0, 39.5), (121.0, 38.5), (123.2, 37.4),
        (120.5, 35.5), (122.8, 31.5), (122.9, 29.5), (120.2, 25.9), (119.0, 24.9), (118.45, 24.55), (118.2, 24.2),
        (116.5, 22.6), (113.0, 21.3), (111.2, 19.5), (110.0, 18.0), (108.3, 18.5), (108.4, 21.5), (106.7, 22.0),
        (105.3, 23.3), (103.9, 22.6), (102.4, 22.7), (101.7, 21.2), (100.1, 21.5), (99.1, 22.2), (97.6, 24.0),
        (98.7, 26.5), (98.3, 27.6), (97.0, 28.3), (94.0, 29.1), (91.7, 27.8), (89.0, 27.5), (86.0, 28.0), (81.5, 30.2),
        (78.8, 32.0), (78.5, 34.5), (75.8, 36.9), (74.6, 37.3),
    ]
)  # fmt: skip
_OTHER_DATUM: Final = shapely.MultiPolygon(
    [
        shapely.Polygon(  # Hong Kong
            [
                (113.82, 22.13), (113.82, 22.40), (113.92, 22.44), (113.98, 22.48), (114.03, 22.503), (114.08, 22.513),
                (114.12, 22.532), (114.17, 22.552), (114.23, 22.545), (114.45, 22.555), (114.50, 22.13),
            ]
        ),
        shapely.Polygon(  # Macao
            [(113.536, 22.108), (113.536, 22.213), (113.56, 22.217), (113.61, 22.20), (113.61, 22.108)]
        ),
    ]
)  # fmt: skip


def in_mainland(zone: str, points: Iterable[tuple[float, float]]) -> bool:
    """Whether any of these WGS-84 positions seems to lie there; a time zone of another country says no."""
    country = "CN" if zone in _LINKS else zones().get(zone, ("", None))[0]
    if country not in {"", "CN"}:
        return False
    there = shapely.points(list(points))
    area = shapely.buffer(_OUTLINE, 0.7) if country else _OUTLINE
    return bool((shapely.intersects(area, there) & ~shapely.intersects(_OTHER_DATUM, there)).any())

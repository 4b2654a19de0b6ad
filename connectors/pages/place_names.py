"""Places as their reader calls them: the log holds the region's Chinese label, and the region knows both names."""

import re
from typing import Final

from schemas.names import Language
from schemas.place import PlaceFound
from schemas.region import Region

SIDES: Final = {"(单)": " (odd)", "(双)": " (even)"}
_HOUSE: Final = re.compile(r"(\d[^号]*)号")


def place_label(region: Region, place: PlaceFound, language: Language) -> str:
    """`湖滨南路12-8号`, or `12-8 Hubin South Road`; what has no other name stays as it is."""
    return label_in(region, place.label, place.segment, language)


def label_in(region: Region, label: str, segment: str | None, language: Language) -> str:
    """The same for a label alone; `segment` is where it lies, if anywhere."""
    if language is Language.ZH:
        return label
    known = next((each for each in region.segments if each.id == segment), None) if segment else None
    if known is not None and label.startswith(known.road.zh):
        return _address(known.road.to(language), label.removeprefix(known.road.zh).strip())
    names = (*(each.name for each in region.landmarks), *(each.name for each in region.grids))
    return next((name.to(language) for name in names if name.zh == label), label)


def _address(road: str, rest: str) -> str:
    if house := _HOUSE.fullmatch(rest):
        return f"{house[1]} {road}"
    for zh, en in SIDES.items():
        rest = rest.replace(zh, en)
    return f"{road} {rest}".strip()

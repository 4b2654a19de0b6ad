"""Labels of places in the reader's language: the log holds the Chinese label, the region has both names."""

import re
from collections.abc import Iterator, Mapping
from typing import Final

from schemas.names import Language, Name
from schemas.place import PlaceFound
from schemas.region import Region

SIDES: Final = {"(单)": " (odd)", "(双)": " (even)"}
LONGEST: Final = 500
"""Characters of a label in a sentence."""
_HOUSE: Final = re.compile(r"(\d[^号]*)号")


def place_label(region: Region, place: PlaceFound, language: Language) -> str:
    """`湖滨南路12-8号`, or `12-8 Hubin South Road`; what has no other name stays as it is."""
    return label_in(region, place.label, place.segment, language)


def label_in(region: Region, label: str, segment: str | None, language: Language) -> str:
    """The same for a label alone; `segment` is the road segment it is on, if any."""
    if language is Language.ZH:
        return label
    known = next((each for each in region.segments if each.id == segment), None) if segment else None
    on_road = _on_road(label, known.road, language) if known is not None else None
    return on_road or next((name.to(language) for name in other_names(region) if name.zh == label), label)


def label_name(label: str, road: Name | None, others: Mapping[str, Name]) -> Name:
    """A label in both languages; `road` is the one it lies on, `others` are `other_names` by their Chinese."""
    other = others.get(label)
    english = (_on_road(label, road, Language.EN) if road else None) or (other.en if other else label)
    return Name(zh=label[:LONGEST] or "–", en=english[:LONGEST])


def other_names(region: Region) -> Iterator[Name]:
    """What labels can be besides addresses: landmarks, then grids."""
    yield from (each.name for each in region.landmarks)
    yield from (each.name for each in region.grids)


def _on_road(label: str, road: Name, language: Language) -> str | None:
    return _address(road.to(language), label.removeprefix(road.zh).strip()) if label.startswith(road.zh) else None


def _address(road: str, rest: str) -> str:
    if house := _HOUSE.fullmatch(rest):
        return f"{house[1]} {road}"
    for zh, en in SIDES.items():
        rest = rest.replace(zh, en)
    return f"{road} {rest}".strip()

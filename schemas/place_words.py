"""Describes in words how a place was found, and what else was given that means another place."""

from collections.abc import Callable
from typing import Final

from schemas.names import Language, Name
from schemas.place import FoundBy, PlaceFound

_BY: Final = {
    FoundBy.COORDINATES: Name(zh="定位", en="position"),
    FoundBy.ADDRESS: Name(zh="地址", en="address"),
    FoundBy.CODE: Name(zh="编号", en="code"),
    FoundBy.WORDS: Name(zh="文字", en="text"),
    FoundBy.PHOTO: Name(zh="照片定位", en="photo's position"),
}


def elsewhere_words(
    place: PlaceFound, label_in: Callable[[str, str | None, Language], str] | None = None
) -> Name | None:
    """What decided the place and what disagrees with it; None when everything agrees.

    `label_in` gives the label of a place on a segment in a language; without it labels stay as they are.
    """
    if not place.elsewhere:
        return None
    by = _BY[place.by]
    zh, en = [f"以{by.zh}为准"], [f"the {by.en} counts"]
    for other in place.elsewhere:
        name, known = _BY[other.by], other.metres is not None
        label = label_in(other.label, other.segment, Language.EN) if label_in else other.label
        zh.append(f"{name.zh}指向“{other.label}”" + (f"，相距{other.metres}米" if known else ""))
        en.append(f"the {name.en} says “{label}”" + (f", {other.metres} m away" if known else ""))
    return Name(zh="；".join(zh), en="; ".join(en))

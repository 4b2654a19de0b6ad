"""Describes in words how a place was found, and what else was given that means another place."""

from collections.abc import Callable

from schemas.names import Language, Name
from schemas.place import FoundBy, PlaceFound


def elsewhere_words(
    place: PlaceFound, label_in: Callable[[str, str | None, Language], str] | None = None
) -> Name | None:
    """What decided the place and what disagrees with it; None when everything agrees.

    `label_in` gives the label of a place on a segment in a language; without it labels stay as they are.
    """
    if not place.elsewhere:
        return None
    parts = [Name.of("words.place.counts", by=_by(place.by))]
    for other in place.elsewhere:
        english = label_in(other.label, other.segment, Language.EN) if label_in else other.label
        facts = {"by": _by(other.by), "label": Name(zh=other.label or "–", en=english)}
        if other.metres is None:
            parts.append(Name.of("words.place.says", **facts))
        else:
            parts.append(Name.of("words.place.says_at", metres=other.metres, **facts))
    return Name.joined("；", "; ", parts)


def _by(found: FoundBy) -> Name:
    return Name.of(f"words.place.{found}")

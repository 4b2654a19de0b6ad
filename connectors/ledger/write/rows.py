"""Extra rows of texts and events: which photos they name, and which photos are proof."""

from collections.abc import Iterable, Mapping
from typing import Any

from schemas.order import Written


def picture_rows(texts: Iterable[Written]) -> list[tuple[object, ...]]:
    """Rows of `pictures`: text, digest, time; recordings are in there, too."""
    rows: list[tuple[object, ...]] = []
    for text in texts:
        digests = [photo.digest for photo in text.photos] + [recording.digest for recording in text.recordings]
        rows += [(text.id, digest, text.at_ms) for digest in digests]
    return rows


def proof_rows(event: Mapping[str, Any]) -> Iterable[tuple[object, ...]]:
    """Rows of `proofs` for one event: digest, case, time, hash. Only photos that the event marks as proof count."""
    number, photos = event.get("case"), event.get("now", {}).get("photos")
    return (
        [(photo["digest"], number, event["t_ms"], photo.get("dhash")) for photo in photos] if number and photos else ()
    )

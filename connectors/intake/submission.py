"""What somebody submits at a door, before any of it is checked."""

from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any, Final

from connectors.intake.refusal import refused
from schemas.report import MAX_BYTES, Photo

PHOTO_FIELDS: Final = {"photos": "photos", "photo": "photos", "after_photos": "after_photos", "after": "after_photos"}
"""Names of photo fields in forms, and what they mean."""


@dataclass(slots=True)
class Submission:
    """The fields as they came (JSON values, or strings from a form) and the photos, already stored."""

    fields: dict[str, Any] = field(default_factory=dict)
    photos: dict[str, tuple[Photo, ...]] = field(default_factory=dict)


def too_large(where: str = "") -> Exception:
    """The refusal (413) of what is over 64 kB without its photos."""
    return refused(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "too_large", where, limit=MAX_BYTES)

"""A body as it was sent: raw fields, and photos that are stored already. JSON names its photos by digest."""

from dataclasses import dataclass, field
from typing import Any, Final, TypeVar
from zoneinfo import ZoneInfo

from pydantic import BaseModel
from pydantic_core import from_json

from connectors.intake.context import Gateway
from connectors.intake.refusal import bad
from connectors.intake.validation import validated
from connectors.photos.store import PhotoStore
from schemas.report import Photo

M = TypeVar("M", bound=BaseModel)

PHOTO_FIELDS: Final = {"photos": "photos", "photo": "photos", "after_photos": "after_photos", "after": "after_photos"}
"""Names of photo fields in bodies, and what they mean."""
MOST_PHOTOS: Final = 10


@dataclass(slots=True)
class Body:
    """The raw fields (JSON values, or strings from a form) and the photos, already stored."""

    fields: dict[str, Any] = field(default_factory=dict)
    photos: dict[str, tuple[Photo, ...]] = field(default_factory=dict)

    def add(self, name: str, *photos: Photo) -> None:
        """Photos of the field `name` without repetitions, in order. Raises `Refused` for too many."""
        every = {photo.digest: photo for photo in (*self.photos.get(name, ()), *photos)}
        self.photos[name] = tuple(every.values())
        if sum(map(len, self.photos.values())) > MOST_PHOTOS:
            raise bad("too_many_photos", name, limit=MOST_PHOTOS)


async def json_body(body: bytes, photos: PhotoStore) -> Body:
    """Read a JSON object, where null counts as absent. Raises `Refused`."""
    try:
        body.decode()
    except UnicodeDecodeError:
        raise bad("not_utf8") from None
    try:
        fields = from_json(body, allow_inf_nan=False)
    except ValueError:
        raise bad("bad_json") from None
    if not isinstance(fields, dict):
        raise bad("not_an_object")
    fields = {name: value for name, value in fields.items() if value is not None}
    sent = Body({name: value for name, value in fields.items() if name not in PHOTO_FIELDS})
    for name in fields.keys() & PHOTO_FIELDS.keys():
        sent.add(PHOTO_FIELDS[name], *await _named(fields[name], name, photos))
    return sent


async def _named(digests: object, where: str, photos: PhotoStore) -> list[Photo]:
    """Photos uploaded earlier, by digest."""
    if not isinstance(digests, list) or not all(isinstance(digest, str) for digest in digests):
        raise bad("wrong_type", where, wanted="[SHA-256, …]")
    found = []
    for digest in digests:
        photo = await photos.named(digest)
        if photo is None:
            raise bad("unknown_photo", where, given=digest[:80])
        found.append(photo)
    return found


def typed_body(gateway: Gateway, kind: type[M], body: Body, **path: str) -> M:
    """A body as typed values, with `path`, the fields that stand elsewhere. Raises `Refused` with every mistake."""
    for name in body.photos.keys() - kind.model_fields.keys():
        raise bad("unknown_field", name, known=", ".join(sorted(kind.model_fields)))
    photos = {name: photos for name, photos in body.photos.items() if name in kind.model_fields}
    known = PHOTO_FIELDS if "photos" in kind.model_fields else ()
    return validated(kind, body.fields | path | photos, ZoneInfo(gateway.region.zone), also_known=known)

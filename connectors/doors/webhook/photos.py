"""Photos in the JSON of a submission: base64, stored one after the other."""

import base64
import binascii
from collections.abc import AsyncIterator, Mapping
from http import HTTPStatus
from typing import Any, Final

from connectors.intake.refusal import bad, refused
from connectors.photos.formats import BadPhoto
from connectors.photos.store import PhotoStore
from schemas.report import Photo

FIELDS: Final = ("photos", "after_photos")
MOST: Final = 10


async def with_photos(fields: Mapping[str, Any], store: PhotoStore) -> dict[str, Any]:
    """The fields with stored photos in place of base64. Raises `Refused`."""
    found = {name: fields[name] for name in FIELDS if name in fields}
    for name, given in found.items():
        if not isinstance(given, list) or not all(isinstance(each, str) for each in given):
            raise bad("wrong_type", name, wanted='["base64", …]')
    if sum(map(len, found.values())) > MOST:
        raise bad("too_many_photos", next(iter(found)), limit=MOST)
    stored = {name: tuple([await _stored(name, each, store) for each in given]) for name, given in found.items()}
    return {**fields, **stored}


async def _stored(name: str, encoded: str, store: PhotoStore) -> Photo:
    try:
        photo = await store.add(_one(base64.b64decode(encoded, validate=True)))
    except (binascii.Error, ValueError):
        raise bad("photo_unreadable", name) from None
    except BadPhoto as fault:
        status = HTTPStatus.REQUEST_ENTITY_TOO_LARGE if fault.code == "photo_too_large" else HTTPStatus.BAD_REQUEST
        raise refused(status, fault.code, name, limit=fault.limit) from None
    if photo is None:
        raise bad("photo_unreadable", name)
    return photo


async def _one(content: bytes) -> AsyncIterator[bytes]:
    yield content

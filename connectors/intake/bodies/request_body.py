"""Reads request bodies: JSON or forms, with photos streamed into the photo store one at a time."""

from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any, Final
from urllib.parse import parse_qsl

from aiohttp import BodyPartReader, MultipartReader, web
from aiohttp.http_exceptions import HttpProcessingError

from connectors.intake.bodies.body import PHOTO_FIELDS, Body, json_body
from connectors.intake.refusal import bad, refused
from connectors.intake.submission import TOO_LARGE, too_large
from connectors.photos.formats import BadPhoto
from connectors.photos.store import PhotoStore
from schemas.report import MAX_BYTES

MOST_PARTS: Final = 120
"""The hundred cases of `connectors.intake.submission.MOST_CASES`, and the fields beside them."""
BROKEN: Final = (HttpProcessingError, ValueError, AssertionError, LookupError, RuntimeError, RuntimeWarning)
"""What aiohttp raises for a malformed form; the last one only where warnings are errors."""


@dataclass(frozen=True, slots=True)
class FormShape:
    """What a form may have besides fields of text that come once."""

    photo_fields: Mapping[str, str] = field(default_factory=lambda: PHOTO_FIELDS)
    """Names of files, and what they mean."""
    repeated: Callable[[str], bool] = lambda _: False
    """Whether a field may come several times."""
    most: int = MAX_BYTES
    """Bytes without files."""
    too_large: str = TOO_LARGE
    """The code of the refusal of a larger one."""


async def read_body(request: web.Request, photos: PhotoStore, *, most: int = MAX_BYTES, large: str = TOO_LARGE) -> Body:
    """Read the body of a POST of at most so many bytes, files not counted; `large` is the code for a larger one.

    Raises `Refused` if it is malformed, too large, or of another content type.
    """
    _check_plain(request)
    if request.content_type == "application/json":
        return await json_body(await _whole(request, most, large), photos)
    return await _read_form(request, FormShape(most=most, too_large=large), photos)


async def read_plain(request: web.Request, most: int, large: str = TOO_LARGE) -> bytes:
    """The body as it came. Raises `Refused` if it is compressed, or has more than `most` bytes (code `large`)."""
    _check_plain(request)
    return await _whole(request, most, large)


async def read_form(request: web.Request, shape: FormShape, photos: PhotoStore) -> Body:
    """The same, where JSON is not taken; fields that may come several times are lists of strings."""
    _check_plain(request)
    return await _read_form(request, shape, photos)


async def _read_form(request: web.Request, shape: FormShape, photos: PhotoStore) -> Body:
    match request.content_type:
        case "application/x-www-form-urlencoded":
            return Body(_without_empty(await _form(request, shape)))
        case "multipart/form-data":
            return await _from_parts(request, shape, photos)
    raise refused(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, "wrong_content_type", "Content-Type")


def _check_plain(request: web.Request) -> None:
    if "Content-Encoding" in request.headers:  # a small compressed body must not expand into a large one
        raise refused(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, "wrong_content_type", "Content-Encoding")


async def _whole(request: web.Request, most: int, large: str = TOO_LARGE) -> bytes:
    body = bytearray()
    async for chunk in request.content.iter_chunked(1 << 16):
        body += chunk
        if len(body) > most:
            raise too_large(most=most, code=large)
    return bytes(body)


async def _form(request: web.Request, shape: FormShape) -> Mapping[str, Any]:
    body = await _whole(request, shape.most, shape.too_large)
    try:
        text = body.decode("ascii")
        pairs = web_form(text)
    except UnicodeDecodeError:
        raise bad("not_utf8") from None
    except ValueError:
        raise bad("bad_form") from None
    fields: dict[str, Any] = {}
    for name, value in pairs:
        _set(fields, name, value, shape)
    return fields


def _set(fields: dict[str, Any], name: str, value: str, shape: FormShape) -> None:
    if shape.repeated(name):
        fields.setdefault(name, []).append(value)
    elif name in fields:
        raise bad("given_twice", name[:80])
    else:
        fields[name] = value


def web_form(text: str) -> list[tuple[str, str]]:
    """The pairs of a URL-encoded form. Raises `ValueError` (of which `UnicodeDecodeError` is one)."""
    return parse_qsl(text, keep_blank_values=True, errors="strict", max_num_fields=MOST_PARTS)


async def _from_parts(request: web.Request, shape: FormShape, photos: PhotoStore) -> Body:
    sent, left = Body(), shape.most
    try:
        reader = await request.multipart()
        count = 0
        while (part := await reader.next()) is not None:
            count += 1
            if count > MOST_PARTS or isinstance(part, MultipartReader) or not part.name:
                raise bad("bad_form")
            if part.name in shape.photo_fields and (_is_file(part) or not shape.repeated(part.name)):
                await _take_photo(part, sent, shape, photos)
            elif _is_file(part):
                raise bad("file_in_wrong_field", part.name[:80])
            else:
                left -= await _take_text(part, sent, shape, left)
    except BROKEN:
        raise bad("bad_form") from None
    sent.fields = _without_empty(sent.fields)
    return sent


def _is_file(part: BodyPartReader) -> bool:
    """True for a file; only photo fields accept one."""
    kind = part.headers.get("Content-Type", "")
    return kind.startswith(("image/", "video/")) or (bool(part.filename) and not kind.startswith("text/"))


async def _take_photo(part: BodyPartReader, sent: Body, shape: FormShape, store: PhotoStore) -> None:
    name = str(part.name)
    try:
        photo = await store.add(_chunks(part))
    except BadPhoto as fault:
        status = HTTPStatus.REQUEST_ENTITY_TOO_LARGE if fault.code == "photo_too_large" else HTTPStatus.BAD_REQUEST
        raise refused(status, fault.code, name, limit=fault.limit) from None
    if photo is not None:
        sent.add(shape.photo_fields[name], photo)


async def _take_text(part: BodyPartReader, sent: Body, shape: FormShape, left: int) -> int:
    name, body = str(part.name), bytearray()
    async for chunk in _chunks(part):
        body += chunk
        if len(body) > left:
            raise too_large(name[:80], shape.most, shape.too_large)
    try:
        _set(sent.fields, name, body.decode(), shape)
    except UnicodeDecodeError:
        raise bad("not_utf8", name[:80]) from None
    return len(body) + len(name)


async def _chunks(part: BodyPartReader) -> AsyncIterator[bytes]:
    while chunk := await part.read_chunk(1 << 16):
        yield chunk


def _without_empty(fields: Mapping[str, Any]) -> dict[str, Any]:
    """Drop empty fields: in a form, empty means absent."""
    given = {
        n: [each for each in v if each.strip()] if isinstance(v, list) else v.strip() and v for n, v in fields.items()
    }
    return {name: value for name, value in given.items() if value}

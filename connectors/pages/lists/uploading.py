"""Reads the forms of the lists pages: fields, and a workbook that is bounded before it is in memory."""

from http import HTTPStatus
from typing import Final, NamedTuple

from aiohttp import BodyPartReader, web

from connectors.intake.bodies.request_body import BROKEN
from connectors.intake.refusal import bad, refused
from connectors.lists.workbook_file import MOST_BYTES, check_workbook_file, is_dmn, shortened, too_large_workbook

WORKBOOK: Final = "workbook"
MOST_PARTS: Final = 80
MOST_FIELD: Final = 20_000
"""Bytes of a field."""


class ListForm(NamedTuple):
    """What a form of these pages sent; without a file, its name and content are empty."""

    fields: dict[str, str]
    file: str = ""
    content: bytes = b""


async def read_form(request: web.Request) -> ListForm:
    """Read it. Raises `Refused`: no form, or too large."""
    if request.content_type != "multipart/form-data" or "Content-Encoding" in request.headers:
        raise refused(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, "wrong_content_type", "Content-Type")
    fields, file, content = {}, "", b""
    try:
        reader, count = await request.multipart(), 0
        while (part := await reader.next()) is not None:
            count += 1
            if count > MOST_PARTS or not isinstance(part, BodyPartReader) or not part.name:
                raise bad("bad_form")
            if part.name == WORKBOOK:
                file, content = shortened(part.filename or ""), await _bounded(part, MOST_BYTES)
            else:
                fields[part.name[:80]] = (await _bounded(part, MOST_FIELD)).decode().strip()
    except BROKEN:
        raise bad("bad_form") from None
    return ListForm(fields, file, content)


async def read_upload(request: web.Request) -> ListForm:
    """A form with a workbook or a DMN file. Raises `Refused` for anything else, and for another kind of file."""
    form = await read_form(request)
    if not is_dmn(form.file):
        check_workbook_file(form.file, form.content)
    return form


async def _bounded(part: BodyPartReader, most: int) -> bytes:
    body = bytearray()
    while chunk := await part.read_chunk(1 << 16):
        body += chunk
        if len(body) > most:
            raise too_large_workbook()
    return bytes(body)

"""Blurs parts of a photo: its page has a grid over the photo, whose fields are chosen; it works without script."""

import io
import re
from collections.abc import Iterable, Sequence
from http import HTTPStatus
from typing import Final, Protocol

import htpy as h
from aiohttp import web
from PIL import Image

from connectors.doors.http.context import GATEWAY
from connectors.intake.bodies.request_body import read_body
from connectors.intake.numbers import looks_like_case_number
from connectors.pages.html.inputs import button, form
from connectors.pages.html.layout import nothing, notice, page
from connectors.pages.html.viewer import Viewer
from connectors.photos.blurring import PhotoPart

COLUMNS, ROWS = 12, 9
FIELD: Final = re.compile(r"f(\d{1,2})-(\d{1,2})")


class Blur(Protocol):
    """What does the work."""

    async def __call__(self, digest: str, parts: Sequence[PhotoPart]) -> None:
        """Blur these parts of the photo of a digest, if there is one."""


BLUR: Final = web.AppKey("blur", Blur)


async def show(request: web.Request) -> web.StreamResponse:
    """`/photo/{digest}?case=`: the photo under the grid."""
    return await _page(Viewer.of(request))


async def post(request: web.Request) -> web.StreamResponse:
    """Blur the chosen fields, then back to the page of the case."""
    viewer, digest = Viewer.of(request), request.match_info["digest"]
    photos = request.app[GATEWAY].photos
    body = await read_body(request, photos)
    chosen = [found for name in body.fields if (found := FIELD.fullmatch(name))]
    photo = await photos.find(digest)
    if photo is None or not chosen:
        return await _page(viewer, wanting=True)
    with Image.open(io.BytesIO(photo.content)) as image:
        parts = _parts(image.size, ((int(each[1]), int(each[2])) for each in chosen))
    if not parts:
        return await _page(viewer, wanting=True)
    await request.app[BLUR](digest, parts)
    raise web.HTTPSeeOther(_back(request))


async def _page(viewer: Viewer, *, wanting: bool = False) -> web.Response:
    words, digest = viewer.words, viewer.request.match_info["digest"]
    if await viewer.gateway.photos.find(digest) is None:
        return nothing(viewer, words("blur.title"), words("blur.no_photo"), HTTPStatus.NOT_FOUND)
    fields = [_field(viewer, column, row) for row in range(ROWS) for column in range(COLUMNS)]
    picture = h.img(src=f"/photos/{digest}.jpg", alt=words("blur.alt"))
    return page(
        viewer,
        words("blur.title"),
        notice("bad", words("blur.choose")) if wanting else None,
        h.p(".quiet")[words("blur.lead")],
        form(
            str(viewer.request.rel_url),
            h.div(".blurring")[picture, h.div(".fields")[fields]],
            button(words("blur.send"), "check", "main big"),
            class_="act blur",
        ),
        h.p[h.a(".button", href=_back(viewer.request))[words("back")]],
        name="blur",
        role="supervisor",
        script=False,
        styles=("blur.css",),
        status=HTTPStatus.BAD_REQUEST if wanting else HTTPStatus.OK,
    )


def _field(viewer: Viewer, column: int, row: int) -> h.VoidElement:
    label = viewer.words("blur.field", column=column + 1, row=row + 1)
    return h.input(type="checkbox", name=f"f{column}-{row}", value="1", aria_label=label, title=label)


def _parts(size: tuple[int, int], fields: Iterable[tuple[int, int]]) -> list[PhotoPart]:
    """These fields of the grid in pixels, each a little larger, so that none of a picture stays between two."""
    width, height = size[0] / COLUMNS, size[1] / ROWS
    return [
        PhotoPart(int(column * width), int(row * height), int(width) + 2, int(height) + 2)
        for column, row in fields
        if column < COLUMNS and row < ROWS
    ]


def _back(request: web.Request) -> str:
    number = request.query.get("case", "")
    return f"/case/{number}?role=supervisor" if looks_like_case_number(number) else "/supervisor"

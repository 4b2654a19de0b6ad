"""photo: blurring by hand."""

import re
from typing import Final

import click

from connectors.photos.blurring import PhotoPart
from connectors.photos.places import photo_files
from connectors.photos.store import DIGEST, PhotoStore
from grid36.cli.options import as_json, say, settings_of
from grid36.cli.terminal.help_texts import Group, option
from grid36.cli.terminal.misuse import Misuse
from grid36.gateway.blurring import blur_photo
from grid36.machine.home import Home
from schemas.errors import WrongInput
from schemas.names import Language, Name

BOX: Final = re.compile(r"(\d{1,5}),(\d{1,5}),(\d{1,5}),(\d{1,5})")


class UnknownPhotoError(WrongInput):
    """There is no photo of this digest. The address of a photo on the pages has it: /photos/DIGEST.jpg."""


@click.group(cls=Group, help="command.photo.help")
def photo() -> None:
    """Stored photos."""


@photo.command(help="command.photo.blur.help")
@click.argument("digest")
@option("--box", "boxes", multiple=True, required=True, metavar="X,Y,W,H", help="command.photo.blur.box")
@as_json
def blur(digest: str, boxes: tuple[str, ...], as_json: bool) -> None:
    """Blur parts of a photo for good."""
    wanted = [_box(each) for each in boxes]
    settings = settings_of()
    store = PhotoStore(photo_files(settings.photo_address), thumbnail_px=settings.thumbnail_px)
    try:
        copies = blur_photo(store, Home(settings.home).doors, digest, wanted) if DIGEST.fullmatch(digest) else None
    finally:
        store.close()
    if copies is None:
        raise UnknownPhotoError(digest=digest[:80])
    done = Name.of("command.answer.blurred", n=len(wanted), copies=copies)
    answer = {"photo": digest, "boxes": [list(box) for box in wanted], "copies": copies}
    say(answer, as_json, lambda _: click.echo(done.to(Language(settings.lang))))


def _box(text: str) -> PhotoPart:
    found = BOX.fullmatch(text.replace(" ", ""))
    if found is None:
        raise Misuse(Name.of("command.photo.blur.not_a_box", given=text[:40]))
    return PhotoPart(*map(int, found.groups()))

"""photo: blurring by hand."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import click

from connectors.photos.blurring import PhotoPart, with_grid
from connectors.photos.places import photo_files
from connectors.photos.store import PhotoStore
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


@photo.command(help="command.photo.save.help")
@click.argument("digest")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@option("--grid", "lined", is_flag=True, help="command.photo.save.grid")
def save(digest: str, file: Path, lined: bool) -> None:
    """Write a photo to a file."""
    with _store() as store:
        content = store.read(digest)
    if content is None:
        raise UnknownPhotoError(digest=digest[:80])
    file.write_bytes(with_grid(content) if lined else content)


@photo.command(help="command.photo.blur.help")
@click.argument("digest")
@option("--box", "boxes", multiple=True, required=True, metavar="X,Y,W,H", help="command.photo.blur.box")
@as_json
def blur(digest: str, boxes: tuple[str, ...], as_json: bool) -> None:
    """Blur parts of a photo for good."""
    wanted = [_box(each) for each in boxes]
    settings = settings_of()
    with _store() as store:
        copies = blur_photo(store, Home(settings.home).doors, digest, wanted)
    if copies is None:
        raise UnknownPhotoError(digest=digest[:80])
    done = Name.of("command.answer.blurred", n=len(wanted), copies=copies)
    answer = {"photo": digest, "boxes": [list(box) for box in wanted], "copies": copies}
    say(answer, as_json, lambda _: click.echo(done.to(Language(settings.lang))))


@contextmanager
def _store() -> Iterator[PhotoStore]:
    settings = settings_of()
    store = PhotoStore(photo_files(settings.photo_address), thumbnail_px=settings.thumbnail_px)
    try:
        yield store
    finally:
        store.close()


def _box(text: str) -> PhotoPart:
    found = BOX.fullmatch(text.replace(" ", ""))
    if found is None:
        raise Misuse(Name.of("command.photo.blur.not_a_box", given=text[:40]))
    return PhotoPart(*map(int, found.groups()))

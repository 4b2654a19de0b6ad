"""Blurring by hand: it needs the home, no running system."""

from functools import partial
from pathlib import Path

import pytest
from PIL import Image

from connectors.doors.browser.platform import FILES
from connectors.photos.store import PhotoStore
from grid36.cli import run
from grid36.machine.home import Home
from tests.worlds.commands import answer_of
from tests.worlds.drawn_photos import street_photo

pytestmark = pytest.mark.usefixtures("home")
told = partial(answer_of, "photo blur")
STREET = street_photo(clean=True)


def test_a_part_is_blurred_in_the_store_and_in_the_chat(home: Home, capsys: pytest.CaptureFixture[str]) -> None:
    """Also in what was sent, EXIF and all, and again in both when another part follows."""
    store = PhotoStore(home.folder / "photos")
    photo = store.add_bytes(STREET)
    before = store.read(photo.digest)
    sent, other = home.folder / "doors" / "browser" / FILES / "a", home.folder / "doors" / "browser" / FILES / "b"
    sent.parent.mkdir(parents=True)
    sent.write_bytes(STREET)
    other.write_bytes(b"a voice message")
    box = ("--box", "10,20,100,80")
    assert told(capsys, photo.digest, *box) == {"photo": photo.digest, "boxes": [[10, 20, 100, 80]], "copies": 1}
    once = store.read(photo.digest)
    assert once not in (None, before)
    assert sent.read_bytes() == once
    assert told(capsys, photo.digest, *box, "--box", "300,20,100,80")["copies"] == 1
    assert sent.read_bytes() == store.read(photo.digest) != once
    assert other.read_bytes() == b"a voice message"
    assert store.add_bytes(STREET).digest == photo.digest
    assert store.read(photo.digest) == sent.read_bytes()
    store.close()


def test_a_photo_is_saved_with_lines_to_find_a_part_by(home: Home, tmp_path: Path) -> None:
    store = PhotoStore(home.folder / "photos")
    photo = store.add_bytes(STREET)
    plain, lined = tmp_path / "plain.jpg", tmp_path / "lined.jpg"
    assert run(["photo", "save", photo.digest, str(plain)]) == 0
    assert plain.read_bytes() == store.read(photo.digest)
    assert run(["photo", "save", photo.digest, str(lined), "--grid"]) == 0
    with Image.open(plain) as before, Image.open(lined) as after:
        assert before.size == after.size
        assert before.convert("RGB").getpixel((200, 250)) != after.convert("RGB").getpixel((200, 250))
    assert run(["photo", "save", "0" * 64, str(plain)]) != 0
    store.close()


@pytest.mark.parametrize("digest", ["0" * 64, "../x", "photo"])
def test_what_is_no_photo_is_named(digest: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["photo", "blur", digest, "--box", "1,1,1,1"]) != 0
    assert "no photo of this digest" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("box", "said"), [("1,2,3", "no part of a photo"), ("a", "no part of a photo"), ("9000,1,5,5", "not within")]
)
def test_what_is_no_part_is_named_and_nothing_changes(
    home: Home, box: str, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    store = PhotoStore(home.folder / "photos")
    photo = store.add_bytes(STREET)
    before = store.read(photo.digest)
    assert run(["photo", "blur", photo.digest, "--box", "1,1,9,9", "--box", box]) != 0
    assert said in capsys.readouterr().err
    assert store.read(photo.digest) == before
    store.close()

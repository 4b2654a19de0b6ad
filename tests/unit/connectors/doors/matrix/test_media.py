from typing import Any

import pytest

from connectors.chat.messages import MediaKind, SentMedia, Unreadable
from connectors.doors.matrix.media import read_media

MXC = "mxc://city.test/AbC-1_2"


@pytest.mark.parametrize(
    ("name", "mime", "kind"),
    [
        ("m.image", "", MediaKind.PHOTO),
        ("m.audio", "", MediaKind.VOICE),
        ("m.video", "", MediaKind.VIDEO),
        ("m.sticker", "image/png", MediaKind.STICKER),
        ("m.file", "application/pdf", MediaKind.FILE),
        ("m.file", "Image/HEIC", MediaKind.PHOTO),
        ("m.file", "audio/ogg", MediaKind.VOICE),
        ("m.file", "", MediaKind.FILE),
    ],
)
def test_the_kind_of_a_file(name: str, mime: str, kind: MediaKind) -> None:
    read = read_media(name, {"url": MXC, "info": {"mimetype": mime, "size": 7}})
    assert isinstance(read, SentMedia)
    assert (read.media.kind, read.media.ref, read.media.bytes) == (kind, MXC, 7)


@pytest.mark.parametrize(
    ("names", "words"),
    [
        ({"body": "a.jpg"}, ""),
        ({"body": "a.jpg", "filename": "a.jpg"}, ""),
        ({"body": "井盖坏了", "filename": "a.jpg"}, "井盖坏了"),
    ],
)
def test_a_body_beside_a_file_name_is_a_caption(names: dict[str, str], words: str) -> None:
    read = read_media("m.image", {"url": MXC, **names})
    assert isinstance(read, SentMedia)
    assert read.text == words


@pytest.mark.parametrize(
    "content", [{}, {"url": "https://elsewhere/a.jpg"}, {"url": "mxc://a/../b"}, {"url": 3}, {"file": {"url": MXC}}]
)
def test_without_an_address_on_matrix_it_cannot_be_read(content: dict[str, Any]) -> None:
    assert read_media("m.image", content) == Unreadable(name="m.image")

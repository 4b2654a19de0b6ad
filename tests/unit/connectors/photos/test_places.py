"""Where photos are is said by a folder or the address of a bucket; everything else is refused by name."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.photos.bucket import BucketFiles
from connectors.photos.files import PhotoAddressError
from connectors.photos.folder import FolderFiles
from connectors.photos.places import photo_files

PARTS = st.sampled_from(
    [
        "city",
        "/",
        "?",
        "endpoint=",
        "http://127.0.0.1:1",
        "&",
        "region=eu",
        "@",
        ":",
        "#",
        "[",
        "]",
        "%00",
        "x",
    ]
)


@pytest.mark.parametrize(
    "where",
    ["s3://city", "s3://city/photos/2026", "s3://city?region=eu-1", "s3://city/a?endpoint=http://127.0.0.1:1&region=x"],
)
def test_a_bucket(where: str) -> None:
    assert isinstance(photo_files(where), BucketFiles)


@pytest.mark.parametrize("where", ["photos", "/srv/photos", "/srv/s3://x"])
def test_a_folder(where: str) -> None:
    assert isinstance(photo_files(where), FolderFiles)
    assert isinstance(photo_files(Path(where)), FolderFiles)


@pytest.mark.parametrize(
    "where",
    [
        "s3://",
        "s3:///prefix",
        "s3://key:secret@city",
        "s3://city?secret=x",
        "s3://city?endpoint=ftp://x",
        "s3://city?endpoint=127.0.0.1",
        "s3://city:1",
        "s3://[",
    ],
)
def test_what_is_no_place(where: str) -> None:
    with pytest.raises(PhotoAddressError) as wrong:
        photo_files(where)
    assert "secret" not in str(wrong.value)


@given(st.lists(PARTS | st.text(max_size=3), max_size=8).map("".join))
def test_any_address_is_read_or_refused(where: str) -> None:
    try:
        photo_files("s3://" + where)
    except PhotoAddressError:
        return

"""Voice messages: known by their first bytes, kept when they are submitted, gone when nobody wants them."""

import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.intake.recordings.formats import TYPES, format_of
from connectors.intake.recordings.store import NoRecording, RecordingStore
from schemas.report import Recording

OGG = b"OggS\0\2 a few words"


@pytest.mark.parametrize(
    ("start", "ending"),
    [
        (b"OggS\0\2", "ogg"), (b"#!AMR\n", "amr"), (b"#!AMR-WB\n", "amr"), (b"\2#!SILK_V3", "silk"),
        (b"#!SILK_V3", "silk"), (b"\x1a\x45\xdf\xa3", "webm"), (b"\0\0\0\x1cftypM4A ", "m4a"), (b"ID3\4", "mp3"),
        (b"\xff\xfb\x90", "mp3"), (b"\xff\xf1\x50", "aac"), (b"RIFF\x24\0\0\0WAVEfmt ", "wav"), (b"fLaC", "flac"),
        (b"", ""), (b"\xff", ""), (b"<html>", ""), (b"MZ", ""), (b"\xff\xd8\xff\xe0", ""), (b"RIFF\0\0\0\0AVI ", ""),
    ],
)  # fmt: skip
def test_its_format_by_its_first_bytes(start: bytes, ending: str) -> None:
    assert format_of(start) == ending


@given(st.binary(max_size=64))
def test_of_anything_a_known_format_or_none(raw: bytes) -> None:
    assert format_of(raw) in {"", *TYPES}


def test_it_waits_until_it_is_submitted_and_is_kept_then(tmp_path: Path) -> None:
    store = RecordingStore(tmp_path)
    recording = store.add(OGG, seconds=4)
    path = store.find(recording.digest, "ogg")
    assert path is not None
    assert path.parent.name == "waiting"
    assert store.keep([recording])
    assert store.keep([recording]), "sent twice"
    kept = store.find(recording.digest, recording.format)
    assert kept is not None
    assert (kept.parent.name, kept.read_bytes()) == (recording.digest[:2], OGG)
    assert not path.exists()
    assert store.prune(before_s=1e12) == 0


def test_what_nobody_submits_goes_by_its_age(tmp_path: Path) -> None:
    store = RecordingStore(tmp_path)
    recording = store.add(OGG)
    assert store.prune(before_s=1000) == 0
    path = store.find(recording.digest, "ogg")
    assert path is not None
    os.utime(path, (999, 999))
    assert store.prune(before_s=1000) == 1
    assert not store.keep([recording])


def test_forgetting_removes_it_wherever_it_is(tmp_path: Path) -> None:
    store = RecordingStore(tmp_path)
    kept, waits = store.add(OGG), store.add(OGG + b"!")
    store.keep([kept])
    for each in (kept, waits):
        assert store.stored_s(each.digest) is not None
        store.forget(each.digest)
        assert store.find(each.digest, "ogg") is None
        assert store.stored_s(each.digest) is None
    store.forget("../../etc")
    assert store.find("../../etc/passwd", "ogg") is None


def test_what_is_no_sound_is_refused_and_a_wild_length_left_out(tmp_path: Path) -> None:
    store = RecordingStore(tmp_path)
    with pytest.raises(NoRecording):
        store.add(b"<html>")
    assert store.add(OGG, seconds=-3) == Recording(digest=store.add(OGG).digest, format="ogg")

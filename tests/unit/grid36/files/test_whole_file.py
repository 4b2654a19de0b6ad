"""A file is written whole or not at all."""

import os
from pathlib import Path

import pytest

from grid36.files.whole_file import whole_file


class Broke(Exception):
    """Something went wrong half-way."""


def break_half_way(file: Path) -> None:
    with whole_file(file) as new:
        new.write_text("half")
        raise Broke


@pytest.mark.parametrize("before", [None, "mine"])
def test_what_fails_half_way_leaves_what_was_there(tmp_path: Path, before: str | None) -> None:
    file = tmp_path / "answers.csv"
    if before is not None:
        file.write_text(before)
    with pytest.raises(Broke):
        break_half_way(file)
    assert {each.name: each.read_text() for each in tmp_path.iterdir()} == ({file.name: before} if before else {})


def test_it_is_there_at_the_end_only_and_keeps_its_rights_and_links(tmp_path: Path) -> None:
    file, link = tmp_path / "answers.csv", tmp_path / "link.csv"
    file.write_text("old")
    file.chmod(0o640)
    link.symlink_to(file)
    with whole_file(link) as new:
        new.write_text("new")
        assert new.suffix == ".csv"
        assert file.read_text() == "old"
    assert file.read_text() == "new"
    assert file.stat().st_mode & 0o777 == 0o640
    assert link.is_symlink()
    assert len(list(tmp_path.iterdir())) == 2


def test_a_place_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError) as caught, whole_file(tmp_path / "nowhere" / "x.csv"):
        pass
    assert caught.value.filename == str(tmp_path / "nowhere" / "x.csv")


def test_a_device_is_written_to() -> None:
    with whole_file(Path(os.devnull)) as new:
        new.write_text("gone")
    assert not Path(os.devnull).is_file()

"""The list of refused rows overwrites nothing that is read, and an old one does not outlive its reasons."""

from collections.abc import Callable
from pathlib import Path

import pytest

from grid36.platform_files.refused_file import RefusedFile
from grid36.replay.file.reasons import WrongFile

FAULT = {"row": 3, "id": "=7", "error": "cells", "message": "x"}


def linked(source: Path) -> Path:
    link = source.with_name("link.csv")
    link.symlink_to(source)
    return link


def hard(source: Path) -> Path:
    link = source.with_name("hard.csv")
    link.hardlink_to(source)
    return link


@pytest.mark.parametrize("spelt", [Path, linked, hard, lambda source: source.parent / "b" / ".." / source.name])
def test_it_is_never_the_file_that_is_read(spelt: Callable[[Path], Path], tmp_path: Path) -> None:
    source = tmp_path / "a.csv"
    (tmp_path / "b").mkdir()
    source.write_text("x")
    with pytest.raises(WrongFile):
        RefusedFile(spelt(source), source)
    assert source.read_text() == "x"


def test_a_place_where_nothing_can_be_written_is_found_at_once(tmp_path: Path) -> None:
    source = tmp_path / "a.csv"
    source.touch()
    for path in (tmp_path / "none" / "b.csv", source / "b.csv"):
        with pytest.raises(OSError, match=r"b\.csv"):
            RefusedFile(path, source)
    RefusedFile(tmp_path / "b.csv", source)
    assert list(tmp_path.iterdir()) == [source]


def test_a_list_of_an_earlier_run_goes_when_nothing_is_refused(tmp_path: Path) -> None:
    source, path = tmp_path / "a.csv", tmp_path / "a.csv.refused.csv"
    source.touch()
    first = RefusedFile(path, source)
    first.add([FAULT])
    first.close()
    assert path.read_text("utf-8-sig").splitlines() == ["row,id,error,where,message", "3,'=7,cells,,x"]
    RefusedFile(path, source).close()
    assert not path.exists()


def test_a_file_that_is_no_such_list_stays(tmp_path: Path) -> None:
    source, other = tmp_path / "a.csv", tmp_path / "other.csv"
    source.touch()
    other.write_text("row,id\n1,2\n")
    RefusedFile(other, source).close()
    assert other.read_text() == "row,id\n1,2\n"

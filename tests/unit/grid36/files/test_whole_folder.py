"""A folder is made whole or not at all."""

from pathlib import Path

import pytest

from grid36.files.whole_folder import whole_folder


class Broke(Exception):
    """Something went wrong half-way."""


def break_half_way(folder: Path) -> None:
    with whole_folder(folder) as new:
        (new / "half.txt").write_text("half")
        raise Broke


@pytest.mark.parametrize("there", [False, True])
def test_what_fails_half_way_leaves_nothing(tmp_path: Path, there: bool) -> None:
    folder = tmp_path / "a" / "b"
    if there:
        folder.mkdir(parents=True)
        (folder / "kept.txt").write_text("mine")
    before = sorted(tmp_path.rglob("*"))
    with pytest.raises(Broke):
        break_half_way(folder)
    assert sorted(tmp_path.rglob("*")) == before


@pytest.mark.parametrize("there", [False, True])
def test_what_was_made_stands_beside_what_was_there(tmp_path: Path, there: bool) -> None:
    folder = tmp_path / "a" / "b"
    if there:
        folder.mkdir(parents=True)
        (folder / "kept.txt").write_text("mine")
    with whole_folder(folder) as new:
        (new / "made.txt").write_text("made")
        assert not (folder / "made.txt").exists()
    assert sorted(file.name for file in folder.iterdir()) == (["kept.txt", "made.txt"] if there else ["made.txt"])
    assert [each.name for each in folder.parent.iterdir()] == ["b"]

"""A region's files read by a process apart are those read here, and so are their faults."""

from pathlib import Path
from shutil import copytree

import pytest

from grid36.settings import Settings, data_folder
from grid36.system.region_files import files_apart, files_of
from schemas.content import content_address
from schemas.errors import Grid36Error


async def test_a_process_apart_reads_the_same() -> None:
    """To the content hash, by which the log knows them."""
    here, apart = files_of(Settings()), await files_apart(Settings())
    assert apart == here
    assert content_address(apart.region) == content_address(here.region)
    assert content_address(apart.rulebook) == content_address(here.rulebook)


async def test_what_is_wrong_is_said_as_if_it_was_read_here(tmp_path: Path) -> None:
    """With its words and its place, though the process that read it is gone."""
    folder = copytree(data_folder("regions") / "example", tmp_path / "street")
    (folder / "region.yaml").write_text("zone: Nowhere/Else\n", encoding="utf-8")
    settings = Settings(region=folder)
    with pytest.raises(Grid36Error) as here:
        files_of(settings)
    with pytest.raises(type(here.value)) as apart:
        await files_apart(settings)
    assert str(apart.value) == str(here.value)

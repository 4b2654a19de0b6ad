"""Region and rulebook in a folder, read here or in a process apart: `python -m grid36.system.region_files FOLDER`."""

import asyncio
import sys
from pathlib import Path

from grid36.settings import Settings, data_folder
from schemas.codec import decode, encode
from schemas.models import LogModel
from schemas.region import Region
from schemas.rulebook import Rulebook


class Files(LogModel):
    """Region and rulebook in a folder."""

    region: Region
    rulebook: Rulebook


def region_folder(settings: Settings) -> Path:
    """The region that was named, else the example street."""
    return settings.region or data_folder("regions") / "example"


def files_of(settings: Settings) -> Files:
    """The content of the region's folder. Raises the errors of its files, each with all mistakes."""
    return _read(region_folder(settings))


async def files_apart(settings: Settings) -> Files:
    """The same, read by a process that ends: what reads and checks files takes 10 to 30 MB for good."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "grid36.system.region_files", str(region_folder(settings)),
        stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.DEVNULL,
    )  # fmt: skip
    try:
        said, _ = await process.communicate()
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    if process.returncode:
        return await asyncio.to_thread(files_of, settings)  # which says what is wrong with them
    return await asyncio.to_thread(decode, Files, said)


def _read(folder: Path) -> Files:
    # only here: a command on a system that was created reads no folder, and their checks are most of its start
    from grid36.files.region.load import load_region
    from grid36.files.rulebook import load_rulebook

    return Files(region=load_region(folder), rulebook=load_rulebook(folder))


if __name__ == "__main__":
    sys.stdout.buffer.write(encode(_read(Path(sys.argv[1]))))

"""One job: files in a folder in, files out. It runs in a process of its own (`grid36/lists/child.py`)."""

from pathlib import Path

from grid36.lists.job_folder import CONVERSION


async def do_job(folder: Path) -> None:
    """Convert, check or answer what is asked, and leave the answer in the folder."""
    # each loads only what it needs: what checks and decides takes half a second, for which an edited row would wait
    if (folder / CONVERSION).exists():
        from grid36.lists.converting import convert

        return convert(folder)
    from grid36.lists.checking import check_draft_in

    return await check_draft_in(folder)

"""Makes a folder completely or not at all: filled under a temporary name, renamed at the end."""

import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def whole_folder(folder: Path) -> Iterator[Path]:
    """An empty folder to fill; what stands in it moves to `folder` when all went well, else nothing is left.

    `folder` may be there, with other files than those that are made. Raises `OSError` where it cannot be written.
    """
    real = folder.resolve()
    parents = [each for each in (real, *real.parents) if not each.exists()]
    real.parent.mkdir(parents=True, exist_ok=True)
    beside = real if real.is_dir() else real.parent
    new = beside / f".{real.name}.{secrets.token_hex(4)}.new"
    moved: list[Path] = []
    try:
        new.mkdir()
        yield new
        if not real.exists():
            new.rename(real)
        else:
            for file in sorted(new.iterdir()):
                file.rename(real / file.name)
                moved.append(real / file.name)
            new.rmdir()
    except BaseException:
        for file in moved:
            file.unlink(missing_ok=True)
        shutil.rmtree(new, ignore_errors=True)
        for parent in parents:
            if parent.is_dir() and not any(parent.iterdir()):
                parent.rmdir()
        raise

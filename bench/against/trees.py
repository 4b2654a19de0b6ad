"""The tree to compare with: a folder as it is, or a commit in a worktree and environment of its own for the time."""

import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

HERE = Path(__file__).resolve().parents[2]
FETCHED = (".kafka", ".web", ".stamps")
"""What `bin/setup` fetches; where the other tree asks for the same, it need not be fetched again."""


@contextmanager
def tree(against: str) -> Iterator[Path]:
    """The folder `against`, which must be set up, or a worktree of the commit `against`, set up here."""
    if Path(against).is_dir():
        yield Path(against).resolve()
        return
    with tempfile.TemporaryDirectory(prefix="grid36-against-") as folder:
        root = Path(folder) / "tree"
        _git("worktree", "add", "--detach", str(root), against)
        try:
            for name in FETCHED:
                with suppress(FileNotFoundError):
                    shutil.copytree(HERE / name, root / name)
            subprocess.run(["bin/setup", "all"], cwd=root, check=True)
            yield root
        finally:
            _git("worktree", "remove", "--force", str(root))


def commit(root: Path) -> str:
    """The short name of what is checked out there."""
    return _git("-C", str(root), "describe", "--always", "--dirty", "--abbrev=7").strip()


def _git(*arguments: str) -> str:
    return subprocess.run(["git", *arguments], cwd=HERE, check=True, capture_output=True, text=True).stdout

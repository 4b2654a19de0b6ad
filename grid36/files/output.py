"""Files that a command writes at its end: found out at its beginning whether it can."""

from pathlib import Path


def check_writable(path: Path) -> None:
    """Raises `OSError` with its name if it cannot be written; changes nothing, and leaves no file where none was."""
    path = path.resolve()
    new = not path.exists()
    with path.open("ab"):
        pass
    if new:
        path.unlink()

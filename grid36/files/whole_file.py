"""Writes a file completely or not at all: under a temporary name beside it, renamed at the end."""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from shutil import copymode


@contextmanager
def whole_file(path: Path) -> Iterator[Path]:
    """Where to write what becomes `path` when all went well; else what was there stays, and nothing new is left.

    A device or a pipe is written to directly. Raises `OSError` with the name of `path` where it cannot be written.
    """
    real = path.resolve()
    if real.exists() and not real.is_file():
        yield real
        return
    new = real.with_name(f".{real.stem[:100]}.{secrets.token_hex(4)}.new{real.suffix}")
    try:
        try:
            new.touch(exist_ok=False)
            if real.exists():
                copymode(real, new)
        except OSError as error:
            raise type(error)(error.errno, error.strerror, str(path)) from None
        yield new
        new.replace(real)
    except BaseException:
        new.unlink(missing_ok=True)
        raise

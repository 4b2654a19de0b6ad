"""Stores one file after the other, and prints the key of each that is stored: `python -m ... WHERE`. It is killed."""

import hashlib
import itertools
import random
import sys

from connectors.photos.places import photo_files


def content(n: int) -> bytes:
    """Some 200 kB that look like nothing else."""
    return random.Random(n).randbytes(200_000)


def main(where: str) -> None:
    """Store until the end."""
    files = photo_files(where)
    for n in itertools.count():
        made = content(n)
        key = f"ab/{hashlib.sha256(made).hexdigest()}.jpg"
        files.add(key, made)
        print(key, flush=True)  # noqa: T201 - what a test reads


if __name__ == "__main__":
    main(sys.argv[1])

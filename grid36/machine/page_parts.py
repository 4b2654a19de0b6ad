"""Unpacks what the pages load of others from its jars: `python -m grid36.machine.page_parts FOLDER_OF_JARS`.

Each file is named with its SHA-256 in `connectors/pages/third_party/manifest.json`; any other content is refused.
"""

import gzip
import json
import sys
from hashlib import sha256
from pathlib import Path
from typing import Any, Final
from zipfile import ZipFile

from schemas.errors import Grid36Error

FOLDER: Final = Path(__file__).parents[2] / "connectors" / "pages" / "third_party"
MANIFEST: Final = "manifest.json"


class WrongPartError(Grid36Error):
    """A file in a jar is not the one that is expected: its hash differs. Remove .web and run make setup again."""


def unpack(jars: Path, folder: Path = FOLDER) -> list[str]:
    """Write the files of the manifest in `folder` beside it; their names. Raises `WrongPartError`, `OSError`."""
    parts: dict[str, dict[str, Any]] = json.loads((folder / MANIFEST).read_bytes())
    contents: dict[str, bytes] = {}
    for part in parts.values():
        with ZipFile(jars / part["jar"]) as jar:
            for name, file in part["files"].items():
                contents[name] = jar.read(file["from"])
                if sha256(contents[name]).hexdigest() != file["sha256"]:
                    raise WrongPartError(name=name, jar=part["jar"])
    for name, content in contents.items():
        (folder / name).write_bytes(content)
        (folder / f"{name}.gz").write_bytes(gzip.compress(content, mtime=0))  # sent to who takes it
    return sorted(contents)


if __name__ == "__main__":
    sys.stdout.write(" ".join(unpack(Path(sys.argv[1]))) + "\n")

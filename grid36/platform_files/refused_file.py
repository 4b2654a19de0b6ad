"""The list of refused rows: each with its number, its id and the reason, and nothing else that it says."""

import csv
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from grid36.files.output import check_writable
from grid36.platform_files.tables import table_cell
from grid36.replay.file.reasons import WrongFile
from schemas.names import Name

FIELDS: Final = ("row", "id", "error", "where", "message")
ENCODING: Final = "utf-8-sig"


class RefusedFile:
    """The list of one run: made anew by its first refused row, and gone after a run without any."""

    def __init__(self, path: Path, source: Path) -> None:
        """Raises `WrongFile` if `path` is the file that is read, `OSError` if it cannot be written."""
        if path.exists() and path.samefile(source):
            raise WrongFile(Name.of("command.import.refused_is_file"), file=str(path))
        check_writable(path)
        self.path = path
        self.listed = 0

    def add(self, faults: Sequence[Mapping[str, Any]]) -> None:
        """On disk on return."""
        if not faults:
            return
        new = not self.listed
        with self.path.open("w" if new else "a", encoding=ENCODING if new else "utf-8", newline="") as file:
            table = csv.DictWriter(file, FIELDS)
            if new:
                table.writeheader()
            table.writerows({name: table_cell(str(value)) for name, value in fault.items()} for fault in faults)
        self.listed += len(faults)

    def close(self) -> None:
        """After the last row: a list that an earlier run left says nothing any more. Only one of ours is removed."""
        if not self.listed and self.path.is_file() and not self.path.is_symlink() and _is_ours(self.path):
            self.path.unlink()


def _is_ours(path: Path) -> bool:
    with path.open("rb") as file:
        return file.readline(200).decode(ENCODING, "replace").strip() == ",".join(FIELDS)

"""How far a reader of a topic has come, in a file of its own: Kafka forgets a group that stays away for long."""

import json
import os
from collections.abc import Mapping
from pathlib import Path


class Bookmark:
    """The next offset of each partition of one topic, kept in a small JSON file; None as the file keeps nothing."""

    def __init__(self, file: Path | None, topic: str) -> None:
        self._file, self._topic = file, topic

    def read(self) -> dict[int, int]:
        """Next offset by partition; empty when nothing was kept, of another topic, or what was cannot be read."""
        if self._file is None:
            return {}
        try:
            kept = json.loads(self._file.read_text(encoding="utf-8"))
            offsets = kept["next"] if kept["topic"] == self._topic else {}
            return {int(partition): int(offset) for partition, offset in offsets.items()}
        except (OSError, ValueError, TypeError, KeyError, AttributeError):
            return {}

    def write(self, offsets: Mapping[int, int]) -> None:
        """Keep these, whole or not at all: the process may be killed here."""
        if self._file is None:
            return
        self._file.parent.mkdir(parents=True, exist_ok=True)
        new = self._file.with_suffix(f".{os.getpid()}.new")
        new.write_text(json.dumps({"topic": self._topic, "next": offsets}), encoding="utf-8")
        new.replace(self._file)

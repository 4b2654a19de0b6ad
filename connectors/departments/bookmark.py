"""Stores a reader's position in a file, because Kafka discards the offsets of groups that are inactive for long."""

import json
import os
from collections.abc import Mapping
from pathlib import Path


class Bookmark:
    """The next offset of each partition of one topic, in a small JSON file; without a file it stores nothing."""

    def __init__(self, file: Path | None, topic: str) -> None:
        self._file, self._topic = file, topic

    def read(self) -> dict[int, int]:
        """Next offset by partition; empty when the file is missing, unreadable or of another topic."""
        if self._file is None:
            return {}
        try:
            saved = json.loads(self._file.read_text(encoding="utf-8"))
            offsets = saved["next"] if saved["topic"] == self._topic else {}
            return {int(partition): int(offset) for partition, offset in offsets.items()}
        except (OSError, ValueError, TypeError, KeyError, AttributeError):
            return {}

    def write(self, offsets: Mapping[int, int]) -> None:
        """Store the offsets atomically: the process may be killed at any moment."""
        if self._file is None:
            return
        self._file.parent.mkdir(parents=True, exist_ok=True)
        new = self._file.with_suffix(f".{os.getpid()}.new")
        new.write_text(json.dumps({"topic": self._topic, "next": offsets}), encoding="utf-8")
        new.replace(self._file)

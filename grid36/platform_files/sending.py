"""Sends the rows of a file to the gateway, part by part; what was sent before is known there, so it can be repeated."""

import csv
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from pathlib import Path
from typing import Any, Final

from grid36.gateway.client import GatewayClient, quoted
from grid36.platform_files.rows import FileRow
from schemas.names import Language
from texts.catalogue import say

AT_ONCE: Final = 500
FIELDS: Final = ("row", "id", "error", "where", "message")

Shown = Callable[[Counter[str]], None]


async def send_rows(
    gateway: GatewayClient, platform: str, rows: Iterable[FileRow], refused: Path, language: Language, shown: Shown
) -> Counter[str]:
    """How many rows became what. Refused ones are listed in the file `refused`, without what else they say.

    `shown` is called after each part. Raises what the client raises: run it again then.
    """
    counts, path = Counter[str](), f"/api/platforms/{quoted(platform)}/rows"
    for part in _parts(iter(rows)):
        sent = [row for row in part if row.cells is not None]
        cells = {"error": "cells", "message": say(language, "command.import.cells")}
        faults = [_fault(row, cells) for row in part if row.cells is None]
        answer = await gateway.post_json(path, {"rows": [row.cells for row in sent]}) if sent else {"rows": []}
        for row, taken in zip(sent, answer["rows"], strict=True):
            counts[taken["became"]] += 1
            counts["unused_position"] += bool(taken.get("unused_position"))
            if taken["became"] == "refused":
                faults.append(_fault(row, taken))
        counts["refused"] += len(part) - len(sent)
        if faults:
            _write(refused, faults, new=not counts["listed"])
            counts["listed"] += len(faults)
        counts["rows"] += len(part)
        shown(counts)
    return counts


def _parts(rows: Iterator[FileRow]) -> Iterator[list[FileRow]]:
    while part := list(islice(rows, AT_ONCE)):
        yield part


def _fault(row: FileRow, taken: dict[str, Any]) -> dict[str, Any]:
    return {"row": row.number, "id": "", **{name: taken[name] for name in FIELDS if name in taken}}


def _write(path: Path, faults: list[dict[str, Any]], *, new: bool) -> None:
    with path.open("w" if new else "a", encoding="utf-8-sig" if new else "utf-8", newline="") as file:
        table = csv.DictWriter(file, FIELDS)
        if new:
            table.writeheader()
        table.writerows(faults)

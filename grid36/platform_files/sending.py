"""Sends the rows of a file to the gateway, part by part; what was sent before is known there, so it can be repeated."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from typing import Any, Final

from grid36.gateway.client import GatewayClient, quoted
from grid36.platform_files.refused_file import FIELDS, RefusedFile
from grid36.platform_files.rows import FileRow
from schemas.names import Language
from texts.catalogue import say

AT_ONCE: Final = 500
MOST_ID: Final = 60
"""Of an id that a row gives, as much is listed."""

Shown = Callable[[Counter[str]], None]


async def send_rows(
    gateway: GatewayClient,
    platform: str,
    rows: Iterable[FileRow],
    refused: RefusedFile,
    language: Language,
    shown: Shown,
) -> Counter[str]:
    """How many rows became what. Those that are refused are added to `refused`.

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
        refused.add(sorted(faults, key=lambda fault: fault["row"]))
        counts["rows"] += len(part)
        shown(counts)
    refused.close()
    return counts


def _parts(rows: Iterator[FileRow]) -> Iterator[list[FileRow]]:
    while part := list(islice(rows, AT_ONCE)):
        yield part


def _fault(row: FileRow, taken: dict[str, Any]) -> dict[str, Any]:
    said: dict[str, Any] = {name: taken[name] for name in FIELDS if name in taken}
    return {"row": row.number, **said, "id": row.id[:MOST_ID]}

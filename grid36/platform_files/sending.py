"""Sends the rows of a file to the gateway, part by part; what was sent before is known there, so it can be repeated."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from typing import Any, Final

from connectors.platforms.cells import LONGEST_ID
from grid36.gateway.client import GatewayClient, quoted
from grid36.platform_files.ids import wrong_cells
from grid36.platform_files.refused_file import FIELDS, RefusedFile
from grid36.platform_files.rows import FileRow
from schemas.errors import ServiceAway
from schemas.names import Language

AT_ONCE: Final = 500
MOST_CHARACTERS: Final = 1_000_000

Shown = Callable[[Counter[str]], None]


class ImportStopped(ServiceAway):
    """The gateway takes no more rows at present. Those that are counted here are safe: run the same command again."""


async def send_rows(
    gateway: GatewayClient,
    platform: str,
    rows: Iterable[FileRow],
    refused: RefusedFile,
    language: Language,
    shown: Shown,
    at_once: int = AT_ONCE,
) -> Counter[str]:
    """How many rows became what. Those that are refused are added to `refused`.

    `shown` is called after each part. Raises what the client raises, and `ImportStopped` after the first part.
    """
    counts, path = Counter[str](), f"/api/platforms/{quoted(platform)}/rows"
    for part in _parts(iter(rows), at_once):
        sent = [row for row in part if row.cells is not None]
        faults = [_fault(row, wrong_cells(language)) for row in part if row.cells is None]
        try:
            answer = await gateway.post_json(path, {"rows": [row.cells for row in sent]}) if sent else {"rows": []}
        except ServiceAway as fault:
            if not counts["rows"]:
                raise
            raise ImportStopped(rows=counts["rows"], says=fault.say(language)) from fault
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


def _parts(rows: Iterator[FileRow], at_once: int) -> Iterator[list[FileRow]]:
    """So many rows, or fewer where they are long: the gateway bounds what comes at once."""
    part, size = list[FileRow](), 0
    for row in rows:
        long = sum(len(str(cell)) for cell in (row.cells or {}).values())
        if part and (len(part) == at_once or size + long > MOST_CHARACTERS):
            yield part
            part, size = [], 0
        part.append(row)
        size += long
    if part:
        yield part


def _fault(row: FileRow, taken: dict[str, Any]) -> dict[str, Any]:
    said: dict[str, Any] = {name: taken[name] for name in FIELDS if name in taken}
    return {"row": row.number, **said, "id": row.id[:LONGEST_ID]}

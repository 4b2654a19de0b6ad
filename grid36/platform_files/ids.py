"""The ids of a platform's file, read as its rows are when they are taken over."""

from collections.abc import Iterable
from typing import Any, NamedTuple

from connectors.intake.refusal import Refused
from connectors.platforms.cells import own_id
from grid36.platform_files.rows import FileRow
from schemas.names import Language
from schemas.platform import NeighbourPlatform
from texts.catalogue import say


class ReadIds(NamedTuple):
    """The ids in the order of the rows, and each row that names none for certain, with the reason."""

    ids: list[str]
    unread: list[dict[str, Any]]


def read_ids(rows: Iterable[FileRow], platform: NeighbourPlatform, language: Language) -> ReadIds:
    """The ids of all rows."""
    found = ReadIds([], [])
    for row in rows:
        if row.cells is None:
            found.unread.append({"row": row.number, **wrong_cells(language)})
            continue
        try:
            found.ids.append(own_id(platform, row.cells))
        except Refused as refusal:
            found.unread.append({"row": row.number, **refusal.answer(language)})
    return found


def wrong_cells(language: Language) -> dict[str, str]:
    """Why a row with more cells than the header is not read, as the gateway refuses rows."""
    return {"error": "cells", "message": say(language, "command.import.cells")}

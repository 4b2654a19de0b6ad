"""Small files and mappings, read as a replay reads them before anything is sent."""

from pathlib import Path
from typing import Any

import pytest

from grid36.replay.file.mapping import Mapping
from grid36.replay.file.reasons import WrongFile
from grid36.replay.file.rows import PastRow, RowFault
from grid36.replay.file.source import SourceFile
from grid36.replay.plan import ReplayPlan, make_plan
from schemas.region import Box

PLACES: dict[str, Any] = {"latitude": "lat", "longitude": "lon", "datum": "wgs84"}
IN_ONE: dict[str, Any] = {"latitude": "where", "longitude": "where", "datum": "wgs84"}


def a_mapping(**more: Any) -> Mapping:
    return Mapping.model_validate({"id": "id", "reported_at": {"column": "created", "zone": "Asia/Shanghai"}, **more})


def write(folder: Path, content: str | bytes) -> Path:
    path = folder / "cases.csv"
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def rows_of(folder: Path, content: str | bytes, *, box: Box | None = None, **more: Any) -> list[PastRow | RowFault]:
    with SourceFile(write(folder, content), a_mapping(**more), box) as source:
        return [row for _, row in source.rows()]


def row_of(folder: Path, content: str | bytes, *, box: Box | None = None, **more: Any) -> PastRow:
    (row,) = rows_of(folder, content, box=box, **more)
    assert isinstance(row, PastRow)
    return row


def plan_of(folder: Path, content: str | bytes, **more: Any) -> ReplayPlan:
    """The plan, of a file that is closed again: for what was counted."""
    with SourceFile(write(folder, content), a_mapping(**more)) as source:
        return make_plan(source)


def refusal(folder: Path, content: str | bytes, *, box: Box | None = None, **more: Any) -> str:
    """The words with which a file is refused, in English; there are Chinese ones, too."""
    with pytest.raises(WrongFile) as caught:
        rows_of(folder, content, box=box, **more)
    words = caught.value.words
    assert any("\u4e00" <= character <= "\u9fff" for character in words.zh)
    return words.en

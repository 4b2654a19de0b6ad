"""What becomes a workbook in a process of its own: the same workbook, the same words for what cannot be read."""

import asyncio
import subprocess
import sys
from pathlib import Path

import pytest

from connectors.lists.desk import UncheckedWorkbook
from connectors.lists.errors import CheckFailed, RowElsewhere, RowUnreadable
from connectors.lists.question import ListQuestion
from grid36.files.dmn.faults import DmnUnreadable
from grid36.files.dmn.read import read_dmn
from grid36.files.dmn.write import write_dmn
from grid36.files.rulebook import load_rulebook
from grid36.lists.check_process import ListChecks
from grid36.lists.job_folder import CONVERSION, ChangedRow, Conversion, ExplainJob
from grid36.lists.row_editing import row_of, with_row
from schemas.errors import Grid36Error
from schemas.names import Language
from schemas.rulebook import Rulebook
from tests.strategies.broken_books import example
from tests.unit.grid36.lists.test_check_process import KNOWN
from tests.worlds.list_checks import check_here

BOOK = example()[1]
JSON = BOOK.model_dump_json()
ENGLISH = Conversion(language=Language.EN)
TABLES = write_dmn(BOOK)
OTHER = TABLES.replace(b'"street-lighting"', b'"parks"')
NO_DMN = b"<html/>"


def lists_in(made: UncheckedWorkbook, folder: Path) -> Rulebook:
    """What the files say."""
    folder.mkdir()
    (folder / "lists.xlsx").write_bytes(made.workbook)
    (folder / "rulebook.yaml").write_text(made.yaml, encoding="utf-8")
    return load_rulebook(folder)


def said_of(fault: Grid36Error) -> tuple[type, list[str]]:
    return type(fault), [fault.say(language) for language in Language]


async def test_tables_become_a_workbook_in_a_process_apart(tmp_path: Path) -> None:
    assert OTHER != TABLES
    made = await ListChecks(tmp_path / "checks").convert(ENGLISH, JSON, OTHER)
    assert lists_in(made, tmp_path / "made") == read_dmn(OTHER, BOOK) != BOOK
    assert list((tmp_path / "checks").iterdir()) == []


@pytest.mark.parametrize(
    "tables",
    [
        NO_DMN,
        b"\xff\xfe",
        b'<!DOCTYPE x [<!ENTITY a "a">]><x/>',
        b" " * 5_000_001,
        TABLES.replace(b"<text>", b"<text>("),
    ],
    ids=["other", "noise", "entities", "large", "cells"],
)
async def test_what_is_wrong_with_tables_is_said_as_if_they_were_read_here(tables: bytes, tmp_path: Path) -> None:
    """In both languages, with the places, and how many more there are."""
    with pytest.raises(DmnUnreadable) as here:
        read_dmn(tables, BOOK)
    with pytest.raises(DmnUnreadable) as apart:
        await ListChecks(tmp_path / "checks", run=check_here).convert(ENGLISH, JSON, tables)
    assert said_of(apart.value) == said_of(here.value)


async def test_a_fault_comes_back_from_a_process_apart(tmp_path: Path) -> None:
    with pytest.raises(DmnUnreadable) as apart:
        await ListChecks(tmp_path / "checks").convert(ENGLISH, JSON, NO_DMN)
    assert "根元素是 html，不是 DMN" in apart.value.say(Language.ZH)
    assert list((tmp_path / "checks").iterdir()) == []


async def test_an_edited_row_is_written_and_its_faults_are_said(tmp_path: Path) -> None:
    checks = ListChecks(tmp_path / "checks", run=check_here)
    row = row_of(BOOK, "categories", 0, Language.EN)
    at = next(n for n, each in enumerate(row.cells) if each.title == "resolve")

    def edit(text: str, id: str = row.id) -> ChangedRow:
        cells = [each.text for each in row.cells]
        return ChangedRow(sheet="categories", number=0, id=id, cells=(*cells[:at], text, *cells[at + 1 :]))

    def here(edited: ChangedRow) -> Rulebook:
        return with_row(BOOK, edited.sheet, edited.number, edited.id, edited.cells, Language.EN)

    made = await checks.convert(Conversion(language=Language.EN, row=edit("6 小时")), JSON)
    assert lists_in(made, tmp_path / "made") == here(edit("6 小时")) != BOOK
    for edited, kind in ((edit("soon"), RowUnreadable), (edit("6h", "other"), RowElsewhere)):
        with pytest.raises(kind) as expected:
            here(edited)
        with pytest.raises(kind) as apart:
            await checks.convert(Conversion(language=Language.EN, row=edited), JSON)
        assert said_of(apart.value) == said_of(expected.value)


async def test_a_row_waits_for_no_check(tmp_path: Path) -> None:
    """A DMN file, which may be large, does."""
    begun, go_on, order = asyncio.Event(), asyncio.Event(), list[str]()

    async def run(room: Path, limit_s: float) -> None:
        if not (room / CONVERSION).exists():
            begun.set()
            await go_on.wait()
        await check_here(room, limit_s)

    async def noted(name: str, tables: bytes | None) -> None:
        await checks.convert(ENGLISH, JSON, tables)
        order.append(name)

    async def check() -> None:
        question = ListQuestion(text="a broken lamp", at_ms=1)
        await checks.explain(ExplainJob(question=question, language=Language.EN), KNOWN, None)
        order.append("check")

    checks = ListChecks(tmp_path / "checks", run=run)
    async with asyncio.TaskGroup() as group:
        group.create_task(check())
        await begun.wait()
        group.create_task(noted("tables", TABLES))
        await noted("row", None)
        go_on.set()
    assert order == ["row", "check", "tables"]


async def test_what_became_too_large_is_not_read(tmp_path: Path) -> None:
    with pytest.raises(CheckFailed):
        await ListChecks(tmp_path / "checks", run=check_here, most_converted=1_000).convert(ENGLISH, JSON)


def test_a_gateway_loads_nothing_that_reads_or_writes_such_files(tmp_path: Path) -> None:
    """Neither at its start nor for a DMN file that somebody sends."""
    code = """
import asyncio, sys
from pathlib import Path
import grid36.gateway.run
from grid36.lists.check_process import ListChecks
from grid36.lists.job_folder import Conversion
from schemas.names import Language
folder = Path(sys.argv[1])
job, (book, tables) = Conversion(language=Language.EN), [folder / name for name in ("book", "tables")]
made = asyncio.run(ListChecks(folder / "checks").convert(job, book.read_text("utf-8"), tables.read_bytes()))
print(len(made.workbook) > 0, sorted({"openpyxl", "defusedxml", "grid36.files.dmn.read"} & set(sys.modules)))
"""
    (tmp_path / "book").write_text(JSON, encoding="utf-8")
    (tmp_path / "tables").write_bytes(TABLES)
    done = subprocess.run([sys.executable, "-c", code, str(tmp_path)], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "True []"

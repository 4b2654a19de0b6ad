"""grid36 import and grid36 platform: a file of a platform becomes cases, and what became of them a table."""

import asyncio
import csv
import json
import os
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook

from grid36.cli import run
from grid36.gateway.client import GatewayClient
from grid36.platform_files.refused_file import RefusedFile
from grid36.platform_files.rows import file_rows
from grid36.platform_files.sending import ImportStopped, send_rows
from grid36.replay.file.reasons import WrongFile
from grid36.settings import Settings
from schemas.names import Language
from tests.worlds.platforms import ADDRESS, OTHER_ADDRESS, PlatformTown, platform_town
from tests.worlds.small_town import example_street

HOTLINE = next(each for each in example_street().region.platforms if each.code == "hotline")
HEAD = ["工单编号", "诉求内容", "诉求地址", "诉求类型"]
ROWS = [
    ["20261130000000001", "路面有油污", ADDRESS, "报修"],
    ["20261130000000002", "第一行\n第二行，带逗号", ADDRESS, "?"],
]


def as_csv(path: Path, rows: list[list[Any]], encoding: str = "utf-8-sig", separator: str = ",") -> Path:
    with path.open("w", encoding=encoding, newline="") as file:
        csv.writer(file, delimiter=separator).writerows(rows)
    return path


def as_workbook(path: Path, rows: list[list[Any]]) -> Path:
    book = Workbook()
    for row in rows:
        book.active.append(row)  # type: ignore[union-attr]  # a new workbook has a sheet
    book.active.merge_cells("A1:D1")  # type: ignore[union-attr]
    book.save(path)
    return path


WAYS: list[Callable[[Path, list[list[Any]]], Path]] = [
    lambda folder, rows: as_csv(folder / "a.csv", rows),
    lambda folder, rows: as_csv(folder / "a.csv", rows, "gb18030"),
    lambda folder, rows: as_csv(folder / "a.csv", rows, "utf-8", ";"),
    lambda folder, rows: as_workbook(folder / "a.xlsx", rows),
]


@pytest.mark.parametrize("write", WAYS, ids=["utf-8", "gb18030", "semicolons", "workbook"])
def test_a_file_is_read_below_its_header(write: Callable[[Path, list[list[Any]]], Path], tmp_path: Path) -> None:
    """Titles above it and empty rows are passed over; the numbers are those that a spreadsheet program shows."""
    title = ["某日工单明细", None, None, None] if write is WAYS[3] else HEAD
    head = [title, HEAD] if write is WAYS[3] else [HEAD, ["", "", "", ""]]
    found = [(row.number, row.cells) for row in file_rows(write(tmp_path, [*head, *ROWS]), HOTLINE)]
    assert found == [(3, dict(zip(HEAD, ROWS[0], strict=True))), (4, dict(zip(HEAD, ROWS[1], strict=True)))]


def test_what_a_spreadsheet_program_does_to_cells(tmp_path: Path) -> None:
    """Dates become text, long numbers show that they were rounded, zeros in front stay."""
    cells = [202611300000000012, datetime(2026, 11, 30, 9, 5), 7, 1.5]  # noqa: DTZ001 - as workbooks keep times
    path = as_workbook(tmp_path / "a.xlsx", [["title"], HEAD, cells])
    (row,) = file_rows(path, HOTLINE)
    assert row.cells == dict(zip(HEAD, ["2.02611300000000E+17", "2026-11-30 09:05:00", 7, 1.5], strict=True))


@pytest.mark.parametrize(
    "rows",
    [
        [["a", "b"], ["1", "2"]],
        [HEAD, ["202611300000000000", "x", "y", ""], ["202611310000000000", "x", "y", ""]],
    ],
)
def test_a_file_without_the_column_or_with_rounded_ids_is_refused(rows: list[list[str]], tmp_path: Path) -> None:
    with pytest.raises(WrongFile):
        list(file_rows(as_csv(tmp_path / "a.csv", rows), HOTLINE))


def test_a_workbook_that_is_none_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.xlsx").write_bytes(b"no workbook")
    with pytest.raises(WrongFile):
        list(file_rows(tmp_path / "a.xlsx", HOTLINE))


@asynccontextmanager
async def commanded(folder: Path, patch: pytest.MonkeyPatch) -> AsyncIterator[PlatformTown]:
    """A town that the commands of this process talk to, in English."""
    async with platform_town(folder) as world:
        world.town.gateway.key = "k"
        home = folder / "home"
        home.mkdir()
        (home / "key").write_text("k")
        (home / "key").chmod(0o600)
        for name, value in {"HOME": str(home), "LANG": "en", "HTTP_PORT": world.town.url.rsplit(":", 1)[1]}.items():
            patch.setenv(f"GRID36_{name}", value)
        yield world


async def command(*words: object) -> int:
    return await asyncio.to_thread(run, [str(word) for word in words])


async def test_refused_rows_are_listed_with_their_reasons(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file that is sent again is known, and its refused rows are listed again."""
    path = as_csv(tmp_path / "a.csv", [HEAD, *ROWS, ["3", "x", "y", "", "too many"]])
    async with commanded(tmp_path, monkeypatch):
        settings, refused = Settings(), tmp_path / "refused.csv"
        for became in ("new", "known"):
            async with GatewayClient(settings) as gateway:
                rows, listed = file_rows(path, HOTLINE), RefusedFile(refused, path)
                counts = await send_rows(gateway, "hotline", rows, listed, Language.EN, lambda _: None)
            assert (counts["rows"], counts[became], counts["refused"]) == (3, 1, 2)
            with refused.open(encoding="utf-8-sig", newline="") as file:
                told = list(csv.DictReader(file))
            assert [(row["row"], row["id"], row["error"], row["where"]) for row in told] == [
                ("3", "20261130000000002", "platform_word", "诉求类型"), ("4", "3", "cells", ""),
            ]  # fmt: skip
            assert all(row["message"] for row in told)


async def test_an_import_is_exit_code_1_only_while_rows_are_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The list of them goes with the reasons; a broken file, or no place for the list, sends nothing."""
    path, listed = tmp_path / "a.csv", tmp_path / "a.csv.refused.csv"
    async with commanded(tmp_path, monkeypatch) as world:
        as_csv(path, [HEAD, ROWS[0], ["2", '路面"油污', ADDRESS, "报修"]])
        path.write_text(path.read_text("utf-8-sig") + '3,"路灯不亮', encoding="utf-8")
        assert await command("import", "hotline", path) == 2
        as_csv(path, [HEAD, *ROWS])
        assert await command("import", "hotline", path, "--refused", tmp_path / "none" / "x.csv") == 2
        assert await command("import", "hotline", path, "--refused", path) == 2
        assert (world.town.reports, listed.exists()) == ([], False)
        capsys.readouterr()
        assert await command("import", "hotline", path) == 1
        said = capsys.readouterr()
        assert (listed.exists(), "2 of 2 rows" in said.err, "Refused: 1" in said.out) == (True, True, True)
        as_csv(path, [HEAD, *ROWS[:1]])
        assert await command("import", "hotline", path) == 0
        assert not listed.exists()


async def test_an_import_that_is_cut_off_says_how_far_it_came(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Run again, it knows what was taken, and goes on."""
    path = as_csv(tmp_path / "a.csv", [HEAD, ROWS[0], ["2", "路灯不亮", OTHER_ADDRESS, "报修"]])
    async with commanded(tmp_path, monkeypatch):
        listed = RefusedFile(tmp_path / "refused.csv", path)
        for cut in (True, False):
            async with relayed(monkeypatch) as hang_up, GatewayClient(Settings()) as gateway:
                shown = (lambda _, hang_up=hang_up: hang_up()) if cut else (lambda _: None)
                sending = send_rows(gateway, "hotline", file_rows(path, HOTLINE), listed, Language.ZH, shown, at_once=1)
                if cut:
                    with pytest.raises(ImportStopped) as stopped:
                        await sending
                    assert "行数：1" in stopped.value.say(Language.ZH)
                    assert "再次运行" in stopped.value.say(Language.ZH)
                else:
                    counts = await sending
                    assert (counts["known"], counts["new"]) == (1, 1)


@asynccontextmanager
async def relayed(patch: pytest.MonkeyPatch) -> AsyncIterator[Callable[[], None]]:
    """The line to the gateway, and how to cut it."""
    own, open_ends = os.environ["GRID36_HTTP_PORT"], list[asyncio.StreamWriter]()

    async def copy(source: asyncio.StreamReader, sink: asyncio.StreamWriter) -> None:
        with suppress(ConnectionError):
            while part := await source.read(1 << 16):
                sink.write(part)

    async def relay(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        there, back = await asyncio.open_connection("127.0.0.1", int(own))
        open_ends.extend((writer, back))
        await asyncio.gather(copy(reader, back), copy(there, writer))

    async with await asyncio.start_server(relay, "127.0.0.1", 0) as server:

        def hang_up() -> None:
            server.close()
            for each in open_ends:
                each.transport.abort()

        patch.setenv("GRID36_HTTP_PORT", str(server.sockets[0].getsockname()[1]))
        try:
            yield hang_up
        finally:
            hang_up()
            patch.setenv("GRID36_HTTP_PORT", own)


async def test_the_file_of_a_day_is_compared_by_the_ids_that_are_taken_over(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Zeros in front, whole numbers of workbooks; a row that names none for certain is said, and is no agreement."""
    head = [*HEAD, "来电时间"]
    rows: list[list[Any]] = [
        [7, "路面有油污", ADDRESS, "报修", "2026-11-30 09:00"],
        ["008", "路灯不亮", OTHER_ADDRESS, "报修", "2026-11-30 09:00"],
    ]
    path = as_workbook(tmp_path / "a.xlsx", [["title"], head, *rows])
    async with commanded(tmp_path, monkeypatch) as world:
        assert await command("import", "hotline", path) == 0
        assert sorted(each.theirs for each in world.mapped("hotline")) == ["008", "7"]
        assert await command("platform", "compare", "hotline", "2026-11-30", path) == 0
        as_csv(
            tmp_path / "b.csv",
            [head, rows[0], ['="008"', *rows[1][1:]], ["2.02611E+17", "x"], ["", "y"], ["9", "a", "b", "", "", "f"]],
        )
        capsys.readouterr()
        assert await command("platform", "compare", "hotline", "2026-11-30", tmp_path / "b.csv") == 1
        said = capsys.readouterr().out
        assert "2 there, 2 here" in said
        assert [f"row {n}" in said for n in (3, 4, 5, 6)] == [False, True, True, True]


async def test_a_table_that_cannot_be_written_is_found_before_outcomes_are_asked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("GRID36_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("GRID36_LANG", "en")
    assert await command("platform", "outcomes", "hotline", "--csv", tmp_path / "none" / "x.csv") == 2
    assert "x.csv" in capsys.readouterr().err


def test_keys_of_a_platform(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("GRID36_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("GRID36_LANG", "en")
    assert run(["platform", "key", "hotline", "new", "--json"]) == 0
    made = json.loads(capsys.readouterr().out)
    assert run(["platform", "key", "hotline", "list", "--json"]) == 0
    assert [each["id"] for each in json.loads(capsys.readouterr().out)["keys"]] == [made["id"]]
    assert run(["platform", "key", "hotline", "revoke"]) == 0
    assert run(["platform", "key", "nowhere", "new"]) == 2
    assert "district" in capsys.readouterr().err

"""Statistics as files: they hold what the page shows, harmless to spreadsheet programs; open data names nobody."""

import csv
import io
from datetime import timedelta
from typing import Any

from aiohttp import ClientSession
from openpyxl import load_workbook

from connectors.ledger.queries.statistics.open_data import open_cases
from connectors.ledger.span import Span
from connectors.pages.statistics.csv_lines import LINES, csv_pieces
from tests.browser.reading_pages import text_of
from tests.unit.connectors.pages.statistics.test_page import PERIOD, lines
from tests.worlds.builders import HOMES, START, LogBuilder, ledger_of
from tests.worlds.small_town import Town
from tests.worlds.town_life import live_through


async def file_of(browser: ClientSession, address: str, kind: str) -> bytes:
    """What is sent, as a file to be saved."""
    async with browser.get(address, headers={"Accept-Language": "en"}) as answer:
        assert answer.status == 200
        assert answer.content_type == kind
        assert answer.headers["Content-Disposition"].startswith('attachment; filename="grid36-')
        return await answer.read()


def rows_of(file: bytes) -> list[list[str]]:
    """The lines of a CSV file."""
    assert file.startswith(b"\xef\xbb\xbf")
    assert file.endswith(b"\r\n")
    return list(csv.reader(io.StringIO(file.decode("utf-8-sig"), newline=""), strict=True))


async def test_both_files_have_the_rows_and_figures_of_the_page(town: Town, browser: ClientSession) -> None:
    live_through(town)
    for query in (f"metric=p50_s&by=community&{PERIOD}", f"view=metrics&by=grid&{PERIOD}"):
        page = lines(await text_of(browser, f"/statistics?{query}", "en"))
        head, *rows = rows_of(await file_of(browser, f"/statistics.csv?{query}", "text/csv"))
        sheets = load_workbook(io.BytesIO(await file_of(browser, f"/statistics.xlsx?{query}", XLSX)))
        written = [[cell.value for cell in row] for row in sheets["Statistics"].iter_rows()]
        assert written[0] == head
        assert [row[0] for row in written[1:]] == [row[0] for row in rows]
        shown = [name.partition(". ")[2] or name for name, cells in page.items() if cells and cells[-1] != ""][1:]
        assert len(rows) == len(shown)
        assert [row[0].split(" 20")[0] for row in rows] == [name.split(" 20")[0] for name in shown]
        for line, cells in zip(rows, written[1:], strict=True):
            for title, text, value in zip(head[2:], line[2:], cells[2:], strict=True):
                number: Any = value.total_seconds() if isinstance(value, timedelta) else value
                assert (text or None) == number or abs(float(text) - float(number)) < 0.001, title
        told = [[cell.value for cell in row] for row in sheets["What is counted"].iter_rows(max_row=3)]
        assert told == [["Kind", "Problem"], ["From day", "2026-10-15"], ["To day", "2026-11-30"]]
    async with browser.get("/statistics.csv?from=x") as answer:
        assert answer.status == 400


XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def test_no_text_is_a_formula_and_pieces_make_one_file() -> None:
    rows: list[list[str | float | None]] = [["=1+1", -1.5, None], ["@x", 'a"b,\r\nc', "+"]] * LINES
    pieces = list(csv_pieces(["名称", "b", "c"], rows))
    assert len(pieces) == 2
    found = rows_of(b"".join(pieces))
    assert found[:3] == [["名称", "b", "c"], ["'=1+1", "-1.5", ""], ["'@x", 'a"b,\r\nc', "'+"]]
    assert len(found) == 2 * LINES + 1
    assert rows_of(next(csv_pieces(["a"], ()))) == [["a"]]


async def test_open_data_has_each_case_of_the_kind_and_nobody_in_it(town: Town, browser: ClientSession) -> None:
    """Neither words nor people, the place to about a hundred metres."""
    life = live_through(town)
    head, *rows = rows_of(await file_of(browser, f"/statistics/cases.csv?{PERIOD}", "text/csv"))
    table = [dict(zip(head, row, strict=True)) for row in rows]
    asked = {case.number for case in town.street.cases.values() if case.kind == "problem" and not case.self_handled}
    assert {row["number"] for row in table} == asked
    closed = next(row for row in table if row["number"] == life.numbers["closed"])
    assert [closed[name] for name in ("state", "outcome", "on_time")] == ["closed", "fixed", "1"]
    assert (closed["submitted"][:10], closed["resolved"][-6:]) == ("2026-11-19", "+08:00")
    text = "\n".join(",".join(row) for row in rows)
    people = [person.id for person in town.gateway.region.persons]
    names = [name for person in town.gateway.region.persons for name in (person.name.zh, person.name.en)]
    assert [word for word in (*people, *names, "湖滨南路", "垃圾桶满溢") if word and word in text] == []
    assert all(len(row[axis].partition(".")[2]) <= 3 for row in table for axis in ("lon", "lat"))


def test_open_data_comes_page_by_page_each_case_once(tmp_path: Any) -> None:
    """Also of cases of one moment; what lies outside the period, stubs and other kinds are left out."""
    log = LogBuilder()
    wanted = {log.open(HOMES[n % 3], START + n // 4) for n in range(30)}
    log.open(HOMES[0], START - 1)
    log.open(HOMES[0], START + 100)
    log.open(HOMES[0], START, kind="question")
    log.open(HOMES[0], START, state="moved")
    ledger, found, span = ledger_of(log, tmp_path / "l.sqlite"), list[str](), Span(START, START + 100)
    page = open_cases(ledger, span, "problem", limit=7)
    while page:
        found += [each.number for each in page]
        page = open_cases(ledger, span, "problem", page[-1], limit=7)
    assert sorted(found) == sorted(wanted)

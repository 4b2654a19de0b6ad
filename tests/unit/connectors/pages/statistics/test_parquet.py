"""Statistics as Parquet, read by an engine that shares no code with the writer."""

import sys
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pytest
from aiohttp import ClientSession

from tests.browser.reading_pages import text_of
from tests.unit.connectors.pages.statistics.test_files import file_of, rows_of
from tests.unit.connectors.pages.statistics.test_page import PERIOD
from tests.worlds.small_town import Town
from tests.worlds.town_life import live_through, work_together

TYPE = "application/vnd.apache.parquet"


async def read(browser: ClientSession, query: str, folder: Path) -> tuple[dict[str, str], list[dict[str, Any]]]:
    """The columns with their types, and the rows, as DuckDB sees them."""
    file = folder / "t.parquet"
    file.write_bytes(await file_of(browser, f"/statistics.parquet?{query}&{PERIOD}", TYPE))
    with duckdb.connect() as engine:
        found = engine.execute("SELECT * FROM read_parquet(?)", [str(file)])
        types = {name: str(kind) for name, kind, *_ in found.description or ()}
        return types, [dict(zip(types, row, strict=True)) for row in found.fetchall()]


async def test_months_are_days_counts_whole_numbers_and_times_seconds(
    town: Town, browser: ClientSession, tmp_path: Path
) -> None:
    """The same figures as the CSV of the same address, one row for each group and period."""
    live_through(town)
    types, rows = await read(browser, "metric=mean_s&by=grid", tmp_path)
    assert types == {
        "code": "VARCHAR", "name": "VARCHAR", "period": "VARCHAR", "first_day": "DATE", "last_day": "DATE",
        "mean_s": "DOUBLE", "mean_s_n": "BIGINT", "mean_verifying_s": "DOUBLE", "mean_verifying_s_n": "BIGINT",
    }  # fmt: skip
    head, *lines = rows_of(await file_of(browser, f"/statistics.csv?metric=mean_s&by=grid&{PERIOD}", "text/csv"))
    assert len(rows) == 5 * len(lines)
    for line in lines:
        group = [row for row in rows if (row["code"] or "", row["code"] is None) == (line[1], line[0] == "All")]
        told = [[row[name] for name in list(types)[5:]] for row in group]
        wanted = [[float(text) if text else None for text in line[at : at + 4]] for at in range(4, len(head), 4)]
        assert told == wanted
    months = [(row["first_day"], row["last_day"]) for row in rows if row["period"] == "month" and row["code"] is None]
    assert months == [(date(2026, 10, 15), date(2026, 10, 31)), (date(2026, 11, 1), date(2026, 11, 30))]


@pytest.mark.parametrize("query", ["view=metrics&by=community", "view=category&metric=on_time_rate", "by=person"])
async def test_every_table_can_be_had(town: Town, browser: ClientSession, tmp_path: Path, query: str) -> None:
    """A share with its part and its whole, from which it follows; what has no figure is null."""
    work_together(live_through(town))
    types, rows = await read(browser, query, tmp_path)
    assert rows[-1]["code"] is None
    for row in rows:
        for name in [name for name in types if name.endswith("_rate")]:
            if row[name] is not None:
                assert row[name] == pytest.approx(row[f"{name}_part"] / row[f"{name}_n"], abs=0.0001)
            else:
                assert not row[f"{name}_n"] or "person" in query


async def test_without_the_extra_it_is_refused_by_name_and_not_offered(
    town: Town, browser: ClientSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    live_through(town)
    assert "/statistics.parquet" in await text_of(browser, f"/statistics?{PERIOD}")
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    assert "grid36[parquet]" in await text_of(browser, f"/statistics.parquet?{PERIOD}", "en", status=501)
    assert "/statistics.parquet" not in await text_of(browser, f"/statistics?{PERIOD}")

"""Workbooks as a steward sends them: the list in force, with some cells changed."""

from collections.abc import Mapping
from io import BytesIO
from typing import Any

from aiohttp import ClientSession, FormData
from openpyxl import Workbook, load_workbook

KIND = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def opened(workbook: bytes) -> Workbook:
    """As a spreadsheet program opens it."""
    return load_workbook(BytesIO(workbook))


def edited(workbook: bytes, sheet: str, id: str, cells: Mapping[str, Any]) -> bytes:
    """With the cells of one row changed, by the titles of their columns."""
    book = opened(workbook)
    rows = book[sheet]
    titles = [str(cell.value).rstrip("*") for cell in rows[1]]
    row = next(row for row in rows.iter_rows(min_row=2) if row[0].value == id)
    for title, value in cells.items():
        row[titles.index(title)].value = value
    return saved(book)


def saved(book: Workbook) -> bytes:
    """As a file."""
    out = BytesIO()
    book.save(out)
    return out.getvalue()


async def upload(
    browser: ClientSession, workbook: bytes, by: str, *, name: str = "十二月清单.xlsx", lang: str = "zh-CN"
) -> tuple[int, str, str]:
    """Send it by the form of the page; status, address and page that it ends on."""
    form = FormData(quote_fields=False)
    form.add_field("by", by, content_type="text/plain")
    form.add_field("workbook", BytesIO(workbook), filename=name, content_type=KIND)
    headers = {"Origin": str(browser._base_url).rstrip("/"), "Accept-Language": lang}
    async with browser.post("/lists/drafts", data=form, headers=headers) as answer:
        return answer.status, str(answer.url.path), await answer.text()

"""Decision tables leave the page as DMN and come back as a draft that is checked like a workbook."""

from aiohttp import ClientSession

from tests.browser.reading_pages import text_of
from tests.worlds.workbooks import upload

STEWARD = "list-steward"


async def test_tables_go_out_and_come_back_changed(browser: ClientSession) -> None:
    page = await text_of(browser, f"/lists?as={STEWARD}")
    assert 'href="/lists/in-force.dmn"' in page
    async with browser.get("/lists/in-force.dmn") as answer:
        tables = (await answer.read()).decode()
        assert answer.headers["Content-Disposition"].endswith(".dmn")
    assert 'xmlns="https://www.omg.org/spec/DMN/20230324/MODEL/"' in tables
    async with browser.get("/lists/in-force.dmn?version=1.3") as answer:
        assert 'xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/"' in await answer.text()
    status, where, page = await upload(browser, tables.encode(), STEWARD, name="街道.dmn")
    assert (status, "与现行清单相同" in page) == (200, True)
    other = tables.replace('<text>"street-lighting"</text>', '<text>"parks"</text>')
    assert other != tables
    status, where, page = await upload(browser, other.encode(), STEWARD, name="street.dmn")
    assert (status, where.startswith("/lists/drafts/")) == (200, True)
    assert "没有错误，可以启用" in page
    assert "<del>street-lighting</del> → <ins>parks</ins>" in page
    status, _, page = await upload(browser, other.replace("urgent", "&quot;").encode(), STEWARD, name="street.dmn")
    assert status == 400
    assert "决策 routing，第 " in page

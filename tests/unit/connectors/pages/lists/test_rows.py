"""One row of a draft is changed in a form, without a spreadsheet program, and checked like an uploaded workbook."""

import re
from html import unescape

from aiohttp import ClientSession

from connectors.doors.http.context import LISTS
from connectors.lists.desk import UncheckedWorkbook
from tests.browser.reading_pages import post, send, text_of
from tests.worlds.small_town import Town

STEWARD = "list-steward"


def fields_of(page: str) -> dict[str, str]:
    """All fields of the form of a row, as a browser would send them unchanged."""
    found = re.search(r'<form[^>]*class="act edit".*?</form>', page, re.S)
    assert found is not None
    fields = {
        name: unescape(value)
        for name, value in re.findall(r'<input type="(?:hidden|text)" name="([^"]+)" value="([^"]*)">', found[0])
    }
    fields |= {n: unescape(v) for n, v in re.findall(r'<textarea name="([^"]+)"[^>]*>(.*?)</textarea>', found[0], re.S)}
    for name, inner in re.findall(r'<select name="([^"]+)">(.*?)</select>', found[0], re.S):
        chosen = re.search(r'<option value="([^"]*)" selected>', inner)
        fields[name] = chosen[1] if chosen else ""
    return fields


def field(page: str, title: str) -> str:
    """The name of the field below a title."""
    found = re.search(rf'<span class="label">{title}<small>.*?name="(cell-\d+)"', page, re.S)
    assert found is not None, title
    return found[1]


async def begun(browser: ClientSession) -> str:
    """A draft that begins as the list in force; its address."""
    await text_of(browser, f"/lists?as={STEWARD}")
    where, page = await post(browser, "/lists/drafts/in-force", by=STEWARD)
    assert "与现行清单相同" in page
    return where


def row_in(page: str, id: str) -> str:
    found = re.search(rf'<option value="(\w+\.\d+)">{re.escape(id)} ', page)
    assert found is not None
    return found[1]


async def test_a_row_is_changed_in_a_form_and_checked(town: Town, browser: ClientSession) -> None:
    where = await begun(browser)
    draft = await text_of(browser, where)
    row = row_in(draft, "P03")
    page = await text_of(browser, f"{where}/row?row={row}")
    verdict, lead = field(page, "结论"), field(page, "主办")
    fields = fields_of(page) | {verdict: "可办理", lead: "no-such-body"}
    await send(browser, f"{where}/row", **fields)
    page = await text_of(browser, where)
    assert "有错误，不能启用" in page
    assert "no-such-body" in page
    page = await text_of(browser, f"{where}/row?row={row}")
    await send(browser, f"{where}/row", **fields_of(page) | {lead: "parks"})
    page = await text_of(browser, where)
    assert "没有错误，可以启用" in page
    assert "<del>不可办理</del> → <ins>可办理</ins>" in page
    assert "修改了草稿" in await text_of(browser, "/lists")
    assert len(await town.app[LISTS].drafts.of(STEWARD)) == 1


async def test_what_cannot_be_read_is_said_above_the_form_with_what_was_typed(browser: ClientSession) -> None:
    where = await begun(browser)
    page = await text_of(browser, f"{where}/row?row={row_in(await text_of(browser, where), 'greasy-pavement')}")
    limit = field(page, "处置时限")
    _, page = await post(browser, f"{where}/row", **fields_of(page) | {limit: "soon"})
    assert "处置时限：" in page
    assert 'value="soon"' in page
    _, page = await post(browser, f"{where}/row", **fields_of(page) | {"id": "other"})
    assert "这一行已不在" in page
    await text_of(browser, f"{where}/row?row=items.99999", status=409)
    await text_of(browser, f"{where}/row?row=policy.x", status=404)
    await text_of(browser, f"/lists/drafts/none/row?row=items.0&as={STEWARD}", status=404)


async def test_of_two_changes_of_one_list_the_second_is_not_kept_over_the_first(
    town: Town, browser: ClientSession
) -> None:
    """Two forms that are sent at the same moment: who comes second is told to choose the row again."""
    where, drafts = await begun(browser), town.app[LISTS].drafts
    await text_of(browser, where)
    id = where.rpartition("/")[2]
    seen = await drafts.rulebook(STEWARD, id)
    assert seen is not None
    first, second = (UncheckedWorkbook(content, "name: x") for content in (b"first", b"second"))
    assert await drafts.change(STEWARD, id, seen, first, "row a")
    assert not await drafts.change(STEWARD, id, seen, second, "row b")
    assert not await drafts.change("somebody-else", id, seen, second, "row b")

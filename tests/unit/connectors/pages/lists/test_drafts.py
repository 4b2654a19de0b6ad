"""A draft from its upload to its end: checked, with remarks, kept, bounded, and nobody else's."""

import asyncio
import re
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile
from zoneinfo import ZoneInfo

from aiohttp import ClientSession

from connectors.doors.http.context import LISTS
from connectors.lists.drafts import MOST_DRAFTS, ListDrafts
from grid36.lists.check_process import ListChecks
from grid36.lists.desk import GatewayListDesk
from grid36.settings import Settings
from schemas.days import day_of
from schemas.names import Language
from tests.browser.reading_pages import send, text_of
from tests.worlds.list_checks import check_here
from tests.worlds.outside import signed_in
from tests.worlds.proved_town import spoil
from tests.worlds.small_town import Town, small_town
from tests.worlds.town_life import BOSS, OWNER
from tests.worlds.workbooks import edited, opened, saved, upload

STEWARD = "list-steward"


async def in_force(browser: ClientSession, lang: str = "zh-CN") -> bytes:
    async with browser.get("/lists/in-force.xlsx", headers={"Accept-Language": lang}) as answer:
        assert (answer.status, "attachment" in answer.headers["Content-Disposition"]) == (200, True)
        return await answer.read()


async def test_a_workbook_with_faults_comes_back_with_remarks_and_corrected_it_can_be_activated(
    town: Town, browser: ClientSession
) -> None:
    page = await text_of(browser, f"/lists?as={STEWARD}")
    assert "现行清单" in page
    assert 'href="/lists/in-force.xlsx"' in page
    right = edited(await in_force(browser), "事项", "P03", {"结论": "可办理", "主办": "parks"})
    wrong = edited(right, "事项", "P03", {"主办": "no-such-body"})
    status, where, page = await upload(browser, wrong, STEWARD)
    assert (status, where.startswith("/lists/drafts/")) == (200, True)
    assert "有错误，不能启用" in page
    assert "no-such-body" in page
    assert "→" in page, "with what to do"
    async with browser.get(f"{where}/workbook.xlsx") as answer:
        remarked = opened(await answer.read())
    remarks = [cell.comment.text for row in remarked["事项"].iter_rows() for cell in row if cell.comment]
    assert len(remarks) == 1
    assert "问题" in remarked.sheetnames
    status, where, page = await upload(browser, right, STEWARD, lang="en")
    assert "It has no errors and can be activated" in page
    assert re.search(r"<dt>verdict</dt><dd><del>refuse</del> → <ins>handle</ins>", page)
    page = await text_of(browser, "/lists", "en")
    assert (page.count('href="/lists/drafts/'), "no errors" in page) == (2, True)
    await send(browser, f"{where}/erase", by=STEWARD)
    await text_of(browser, where, status=404)
    assert right not in (town.folder / "lists.sqlite").read_bytes()


async def test_a_draft_outlives_its_gateway_and_is_checked_again_against_another_list(
    town: Town, browser: ClientSession
) -> None:
    """Kept before it is checked; a check of yesterday, or against another list, is made anew."""
    lists = town.app[LISTS]
    id = await lists.drafts.add(STEWARD, "清单.xlsx", await in_force(browser), town.gateway.language)
    (draft,) = await lists.drafts.of(STEWARD)
    assert (draft.id, draft.check) == (id, None), "a gateway was killed here"
    page = await text_of(browser, f"/lists/drafts/{id}?as={STEWARD}")
    assert "与现行清单相同" in page
    await text_of(browser, f"/lists?as={STEWARD}")
    first = await lists.drafts.checked(STEWARD, id)
    first_item, *items = town.gateway.rulebook.items
    other = first_item.model_copy(update={"basis": "another basis"})
    town.gateway.rulebook = town.gateway.rulebook.model_copy(update={"items": (other, *items)})
    again = await lists.drafts.checked(STEWARD, id)
    assert first is not None
    assert again is not None
    assert first.check is not None
    assert again.check is not None
    assert (first.check.rows_in_all, again.check.rows_in_all) == (0, 1)


async def test_a_draft_that_is_changed_while_it_is_checked_is_checked_anew(town: Town, browser: ClientSession) -> None:
    """A change waits for no check, and a check of what was there before is not kept for it."""
    begun, go_on, rooms = asyncio.Event(), asyncio.Event(), list[Path]()

    async def run(room: Path, limit_s: float) -> None:
        rooms.append(room)
        begun.set()
        await go_on.wait()
        await check_here(room, limit_s)

    lists, clock = town.app[LISTS], town.gateway.clock
    id = await lists.drafts.add(STEWARD, "清单.xlsx", await in_force(browser), town.gateway.language)
    await lists.drafts.checked(STEWARD, id)
    seen = await lists.drafts.rulebook(STEWARD, id)
    assert seen is not None
    row = await lists.desk.row(seen, "items", 0, Language.ZH)
    first_item, *items = town.gateway.rulebook.items
    other = first_item.model_copy(update={"basis": "another basis"})
    town.gateway.rulebook = town.gateway.rulebook.model_copy(update={"items": (other, *items)})
    desk = GatewayListDesk(town.gateway, Settings(home=town.folder), "", ListChecks(town.folder / "slow", run=run))
    slow = ListDrafts(lists.file, desk, clock, lambda: day_of(clock(), ZoneInfo(town.gateway.region.zone)))
    checking = asyncio.create_task(slow.checked(STEWARD, id))
    await begun.wait()
    cells = ["another basis" if each.title == "依据" else each.text for each in row.cells]
    made = await lists.desk.with_row(seen, "items", 0, row.id, cells, Language.ZH)
    assert await slow.change(STEWARD, id, seen, made, row.id)
    go_on.set()
    draft = await checking
    assert draft is not None
    assert draft.check is not None
    assert (len(rooms), draft.check.rows_in_all) == (2, 0)


async def test_what_is_no_workbook_is_refused_in_words(town: Town, browser: ClientSession) -> None:
    good = await in_force(browser)
    macros = BytesIO(good)
    with ZipFile(macros, "a") as parts:
        parts.writestr("xl/vbaProject.bin", b"x")
    for content, name, words in (
        (b"", "", "请选择一个"),
        (good, "清单.xls", "不是 .xlsx 工作簿"),
        (b"id,name\n", "清单.xlsx", "不是 .xlsx 工作簿"),
        (macros.getvalue(), "清单.xlsx", "含有宏"),
        (good + b"0" * 10_000_000, "清单.xlsx", "超过 10 MB"),
    ):
        status, _, page = await upload(browser, content, STEWARD, name=name)
        assert (status >= 400, words in page, 'href="/lists"' in page) == (True, True, True), words
    assert await town.app[LISTS].drafts.of(STEWARD) == []


async def test_a_file_that_cannot_be_used_is_said_on_the_page(town: Town, browser: ClientSession) -> None:
    spoil(town.folder / "lists.sqlite")
    page = await text_of(browser, f"/lists?as={STEWARD}", status=503)
    assert "草稿和启用记录的文件不能使用" in page


async def test_everybody_keeps_a_few_drafts_that_nobody_else_sees(town: Town, browser: ClientSession) -> None:
    lists, content = town.app[LISTS], await in_force(browser)
    ids = [await lists.drafts.add(STEWARD, f"{n}.xlsx", content, town.gateway.language) for n in range(MOST_DRAFTS)]
    status, _, page = await upload(browser, content, STEWARD)
    assert (status, "最多保留" in page) == (409, True)
    await text_of(browser, f"/lists/drafts/{ids[0]}?as={BOSS}", status=404)
    await send(browser, f"/lists/drafts/{ids[0]}/erase", by=BOSS)
    assert len(await lists.drafts.of(STEWARD)) == MOST_DRAFTS, "of others nothing is erased"


async def test_only_who_decides_about_the_list_sees_it_and_only_in_their_own_name(tmp_path: Path) -> None:
    async with small_town(tmp_path / "signed", demo=False) as town:
        for person, status in ((STEWARD, 200), (BOSS, 200), (OWNER, 403)):
            headers = {"Cookie": f"session={await signed_in(town, person)}", "Accept": "text/html"}
            async with ClientSession(town.url, headers=headers) as browser:
                async with browser.get("/lists") as answer:
                    assert (person, answer.status) == (person, status)
                if status == 200:
                    sent, _, page = await upload(browser, saved(opened(await in_force(browser))), "street-chief")
                    assert (sent, "只能用自己的" in page or "name" in page) == (403, True)

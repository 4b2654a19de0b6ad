"""A standing remedy from a hot spot: the form, the one case it becomes, its cases, and whether it helped."""

import asyncio
import csv
import io
import re
from html import unescape
from pathlib import Path

from aiohttp import ClientSession

from connectors.ledger.queries.recurrence.remedies import remedies
from schemas.case import Case, State
from schemas.command import Act
from tests.browser.reading_pages import text_of
from tests.worlds.outside import signed_in
from tests.worlds.small_town import Town, small_town
from tests.worlds.town_life import BOSS, Life, litter

WORDS = "这个路口的垃圾桶每天清运两次"


def rows_of(page: str) -> str:
    return page.partition("<tbody")[2].partition("</tbody>")[0]


async def way_to(browser: ClientSession, path: str, page: str = "/hot-spots") -> str:
    """The address in the row of the only hot spot that begins like this."""
    (address,) = re.findall(rf'href="({path}\?[^"]*)"', rows_of(await text_of(browser, page, "en")))
    return unescape(address)


async def form_of(browser: ClientSession, address: str) -> dict[str, str]:
    """The hidden fields of the form on this page."""
    form = (await text_of(browser, address, "en")).partition('action="/hot-spots/propose"')[2].partition("</form>")[0]
    return {name: unescape(value) for name, value in re.findall(r'name="([a-z]+)" value="([^"]*)"', form)}


async def press(browser: ClientSession, fields: dict[str, str], text: str, status: int = 200) -> tuple[str, str]:
    """The form sent as browsers without script do; the page after it, and where that is."""
    origin = {"Origin": str(browser._base_url).rstrip("/"), "Accept-Language": "en"}
    async with browser.post("/hot-spots/propose", data=fields | {"text": text}, headers=origin) as answer:
        assert answer.status == status, await answer.text()
        return await answer.text(), answer.url.raw_path_qs


async def proposed(town: Town, browser: ClientSession) -> Case:
    """The remedy that becomes of the form in the only row."""
    await press(browser, await form_of(browser, await way_to(browser, "/hot-spots/propose")), WORDS)
    town.step()
    (parent,) = the_remedies(town)
    return parent


def the_remedies(town: Town) -> list[Case]:
    return remedies(town.gateway.ledger)


def done(town: Town, life: Life, number: str) -> None:
    """Its owner does it, and who proposed it confirms it."""
    life.numbers["remedy"] = number
    life.act("remedy", Act.RESOLVE, photos=(life.proof(90),), note="已改为每天两次")
    life.act("remedy", Act.VERIFY, town.street.cases[number].reporter)


async def test_a_hot_spot_becomes_one_case_with_all_of_its_cases(town: Town, browser: ClientSession) -> None:
    """Who presses twice gets the same one; it names its cases, and each of them names it."""
    life = litter(town)
    address = await way_to(browser, "/hot-spots/propose")
    form = await form_of(browser, address)
    (page, there), (_, also) = await asyncio.gather(press(browser, form, WORDS), press(browser, form, WORDS))
    assert "received" in page or "person responsible" in page
    assert there == also
    town.step()
    (parent,) = the_remedies(town)
    await press(browser, form, WORDS)
    town.step()
    assert the_remedies(town) == [parent]
    collected = [case for case in town.street.cases.values() if case.category == parent.category]
    spots = [case for case in collected if case.place and parent.remedy and case.place.segment == parent.remedy.segment]
    numbers = {case.number for case in spots if case.remedy is None and case.master is None}
    assert parent.remedy is not None
    assert set(parent.remedy.cases) == numbers
    assert (parent.state, parent.reporter, parent.remedy.count) == (State.DISPATCHED, BOSS, len(numbers))
    assert parent.number in await text_of(browser, there, "en")
    shown = await text_of(browser, f"/case/{parent.number}?role=supervisor", "en")
    section = shown.partition('id="remedy"')[2].partition("</section>")[0]
    assert set(re.findall(r'data-case="([^"]+)"', section)) == numbers
    assert "Standing remedy: " in shown
    assert WORDS in shown
    child = await text_of(browser, f"/case/{next(iter(numbers))}?role=supervisor", "en")
    assert f"/case/{parent.number}" in child.partition('id="remedy"')[2].partition("</section>")[0]
    row = rows_of(await text_of(browser, "/hot-spots", "en"))
    assert "standing remedy in work" in row
    assert "/hot-spots/propose" not in row
    assert "<textarea" not in await text_of(browser, address), "while one is open"
    life.report("more", "垃圾桶满溢", "湖滨南路22号")
    later = await text_of(browser, f"/case/{parent.number}?role=supervisor", "en")
    assert life.numbers["more"] in later.partition('id="remedy"')[2], "what is reported meanwhile belongs to it"
    assert f"{len(numbers)}; now: {len(numbers) + 1}" in later


async def test_it_stays_apart_from_problems(town: Town, browser: ClientSession) -> None:
    litter(town)
    before = {row["kind"]: row["opened"] for row in town.gateway.ledger.stats("grid")["rows"] if row["key"] == "G001"}
    parent = await proposed(town, browser)
    assert parent.place is not None
    rows = town.gateway.ledger.stats("grid")["rows"]
    after = {row["kind"]: row["opened"] for row in rows if row["key"] == parent.place.grid}
    assert after["remedy"] == 1
    assert after["problem"] == before.get("problem", after["problem"])
    assert "Standing remedy" in await text_of(browser, "/figures", "en")


async def test_the_row_leads_to_whether_it_helped(town: Town, browser: ClientSession) -> None:
    """From the day on which it was resolved; then another one can be proposed."""
    life = litter(town)
    parent = await proposed(town, browser)
    done(town, life, parent.number)
    assert town.street.cases[parent.number].state is State.CLOSED
    early = await text_of(browser, await way_to(browser, "/hot-spots/remedy"), "en")
    assert "must be over" in early
    town.clock.wait(60 * 24 * 9)
    helped = await way_to(browser, "/hot-spots/remedy")
    assert "&day=2026-11-" in helped
    assert "Not sure" in await text_of(browser, helped, "en")
    of_case = await text_of(browser, f"/case/{parent.number}?role=supervisor", "en")
    assert helped in unescape(of_case)
    assert "<textarea" in await text_of(browser, await way_to(browser, "/hot-spots/propose"), "en")
    async with browser.get("/hot-spots.csv") as answer:
        (line,) = csv.DictReader(io.StringIO(await answer.text("utf-8-sig")))
    assert (line["remedy"], line["remedy_state"]) == (parent.number, "closed")


async def test_what_is_wrong_is_said_beside_the_words(town: Town, browser: ClientSession) -> None:
    """The words stay in the form; a second one for the same days in other words is not sent."""
    litter(town)
    address = await way_to(browser, "/hot-spots/propose")
    form = await form_of(browser, address)
    assert "textarea" in (await press(browser, form, " ", 400))[0]
    page, _ = await press(browser, form | {"by": "patroller-01"}, WORDS, 400)
    assert WORDS in page
    assert "somebody above this grid" in page
    await press(browser, form | {"from": "2026-01-02", "to": "2026-01-01"}, WORDS, 400)
    assert (
        "Nothing of this category"
        in (await press(browser, form | {"from": "2026-01-01", "to": "2026-01-02"}, WORDS, 400))[0]
    )
    await press(browser, form | {"kind": "proposal"}, WORDS, 400)
    await press(browser, form, WORDS)
    page, _ = await press(browser, form, "Other words", 409)
    assert "this one was not sent" in page or "is in work" in page
    town.step()
    page, _ = await press(browser, form | {"to": "2026-11-24"}, "Of other days", 409)
    assert "is in work" in page
    assert len(the_remedies(town)) == 1
    async with browser.get("/hot-spots/propose?segment=none&category=none") as answer:
        assert answer.status == 404
    await text_of(browser, re.sub("from=[^&]*", "from=x", address), status=400)
    await text_of(browser, f"{address}&other=1", status=400)


async def test_only_who_is_above_the_grid_is_offered_the_form(tmp_path: Path) -> None:
    """An inspector sees the hot spot, and reads who may propose."""
    async with small_town(tmp_path, demo=False) as town:
        litter(town)
        found = {}
        for person in ("street-chief", "inspector-1"):
            cookies = {"session": await signed_in(town, person)}
            async with ClientSession(town.url, cookies=cookies) as own:
                page = await text_of(own, await way_to(own, "/hot-spots/propose"), "en")
                found[person] = "<textarea" in page, "somebody above this grid" in page
        assert found == {"street-chief": (True, False), "inspector-1": (False, True)}
        cookies = {"session": await signed_in(town, "street-chief")}
        async with ClientSession(town.url, cookies=cookies) as own:
            form = await form_of(own, await way_to(own, "/hot-spots/propose"))
            await press(own, form | {"by": "duty-desk"}, WORDS, 403)
        assert the_remedies(town) == []

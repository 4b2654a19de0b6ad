"""A subcategory on the pages: chosen by whoever reports or corrects, and shown behind its category."""

from aiohttp import ClientSession

from schemas.command import Act
from tests.browser.reading_pages import send, text_of
from tests.worlds.small_town import Town
from tests.worlds.town_life import Life

HEAD = "head-01"


async def test_it_is_shown_and_corrected_where_a_category_is(town: Town, browser: ClientSession) -> None:
    life = Life(town)
    number = life.report("cover", "这里没有井盖", "湖滨南路12号")
    assert town.street.cases[number].assignee == HEAD
    await text_of(browser, f"/handler?as={HEAD}")
    page = await text_of(browser, f"/case/{number}?role=handler", "en")
    assert "Manhole cover / Missing cover" in page
    assert 'value="manhole-loose"' in page
    await send(browser, f"/case/{number}/acts?role=handler", act=Act.CORRECT, by=HEAD, category="manhole-loose")
    town.step()
    case = town.street.cases[number]
    assert (case.category, case.subcategory, case.urgent_by) == ("manhole", "manhole-loose", ())
    assert case.assignee == "officer-municipal-works"

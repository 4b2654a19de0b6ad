"""What is urgent is said so by whoever reports, and shown wherever somebody chooses what to do first."""

from aiohttp import ClientSession

from tests.browser.reading_pages import text_of
from tests.worlds.small_town import Town
from tests.worlds.town_life import WALKER, Life


async def test_it_is_asked_for_and_shown(town: Town, browser: ClientSession) -> None:
    life = Life(town)
    urgent = life.report("hole", "这里有坑", "湖滨南路12号", urgent=True)
    plain = life.report("road", "路面脏", "湖滨南路12号")
    cases = town.street.cases
    assert [bool(cases[number].urgent_by) for number in (urgent, plain)] == [True, False]
    assert 'name="urgent"' in await text_of(browser, "/reporter")
    for number, times in ((urgent, 1), (plain, 0)):
        assignee = cases[number].assignee
        assert (await text_of(browser, f"/case/{number}?role=handler&as={assignee}")).count(">紧急<") == times
    for page in ("/supervisor", f"/handler?as={cases[urgent].assignee}", f"/reporter?as={WALKER}"):
        assert (await text_of(browser, page)).count(">紧急<") == 1

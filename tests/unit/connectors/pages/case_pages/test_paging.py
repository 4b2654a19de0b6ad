"""Pages of the supervisor's list: forward and back without a hole while cases change, and a wrong place in words."""

import html
import re
from http import HTTPStatus

import pytest
from aiohttp import ClientSession
from hypothesis import given
from hypothesis import strategies as st

from connectors.intake.refusal import Refused
from connectors.pages.case_pages.paging import BEGINNING, PagePlace, read_page
from connectors.pages.fragments.supervisor_list import SHOWN
from schemas.case import Case, State
from tests.browser.reading_pages import text_of
from tests.worlds.small_town import Town
from tests.worlds.town_life import Life


@given(st.integers(0, 12), st.integers(1, 4))
def test_pages_forward_and_back_are_the_whole_list(length: int, size: int) -> None:
    """Each page knows exactly whether there are pages beside it; back from the end leads to the first page."""
    whole = [Case(number=f"{n:02}", home="", report="", state=State.SUBMITTED, submitted_ms=n) for n in range(length)]

    def ask(at: tuple[int, str] | None, back: bool, limit: int) -> list[Case]:
        if back:
            return [case for case in whole if at is not None and (case.submitted_ms, case.number) < at][-limit:]
        return [case for case in whole if at is None or (case.submitted_ms, case.number) > at][:limit]

    def at(case: Case) -> tuple[int, str]:
        return case.submitted_ms, case.number

    page, seen = read_page(ask, BEGINNING, size), list[Case]()
    assert not page.before
    while True:
        seen += page.cases
        assert page.behind == (seen != whole)
        if not page.behind:
            break
        page = read_page(ask, PagePlace(at(page.cases[-1])), size)
        assert page.before
    assert seen == whole
    for n, case in enumerate(whole):
        page = read_page(ask, PagePlace(at(case), back=True), size)
        begin = max(0, n - size)
        assert page.cases == whole[begin : begin + size]
        assert (page.before, page.behind) == (begin > 0, begin + size < length)


@pytest.mark.parametrize("query", [{"before": "yesterday"}, {"after": "12"}, {"after": "1,<b>"}, {"before": "1, 2"}])
def test_what_is_no_place_is_refused(query: dict[str, str]) -> None:
    with pytest.raises(Refused) as refusal:
        PagePlace.of(query)
    assert refusal.value.faults[0].code == "list_place"


def links(page: str) -> dict[str, str]:
    """The addresses of the pages beside a page."""
    return {rel: html.unescape(to) for rel, to in re.findall(r'<a class="button" rel="(\w+)" href="([^"]+)"', page)}


def shown(page: str) -> list[str]:
    return re.findall(r'<li[^>]* data-case="([^"]+)"', page)


async def test_the_list_goes_on_and_back_while_a_case_arrives(town: Town, browser: ClientSession) -> None:
    """A case that arrives meanwhile moves no other one from page to page; a wrong place is told, with a way out."""
    life = Life(town)
    for n in range(SHOWN + 3):
        life.report(f"n{n}", "路面有油污", f"晨光街{n + 1}号")
    first = await text_of(browser, "/supervisor?state=all", "en")
    assert list(links(first)) == ["next"]
    life.report("new", "路面有油污", "晨光街2号")
    second = await text_of(browser, links(first)["next"], "en")
    assert len(shown(first)) == SHOWN
    assert len(shown(second)) == 3
    assert list(links(second)) == ["prev"]
    assert "Newer cases" in second
    back = await text_of(browser, links(second)["prev"], "en")
    assert shown(back) == shown(first)
    assert set(links(back)) == {"prev", "next"}
    newest = await text_of(browser, links(back)["prev"], "en")
    assert shown(newest) == [life.numbers["new"], *shown(first)[:-1]]
    assert list(links(newest)) == ["next"]
    async with browser.get("/supervisor?before=yesterday", headers={"Accept-Language": "en"}) as answer:
        assert answer.status == HTTPStatus.BAD_REQUEST
        assert "is no place in this list" in await answer.text()

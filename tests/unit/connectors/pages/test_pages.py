"""The pages as the server draws them: complete without script, safe, light, in both languages."""

import asyncio
import re
from html.parser import HTMLParser
from pathlib import Path

import htpy as h
import pytest
from aiohttp import ClientSession
from markupsafe import Markup

from connectors.ledger.queries.counters import ClosedToday, Counters, Figures
from connectors.pages.app import ASSETS, FOLDER
from connectors.pages.html.region_map import MOST_BYTES, pin_map, whole
from connectors.pages.html.rendering import rendered
from schemas.case import State
from schemas.command import Act
from schemas.names import Language, Name
from schemas.place import Coordinates, PlaceGiven
from schemas.region import Box, Grid, Region
from schemas.remit import WHOLE, Remit
from schemas.report import Report, Reporter, ReportKind
from schemas.system import Mode
from tests.browser.reading_pages import post, text_of, weight
from tests.worlds.doors import picture
from tests.worlds.small_town import MORNING, Town, small_town
from tests.worlds.town_life import BOSS, OWNER, WALKER, Life, live_through

MOST_PAGE_BYTES = 100_000
EVIL = '<script>alert(1)</script><img src=x onerror="alert(2)">\'"&'


class Shape(HTMLParser):
    """What matters of a page: its elements, whether they nest, ids, labels."""

    VOID = {"br", "hr", "img", "input", "link", "meta"}

    def __init__(self, page: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None], tuple[str, ...]]] = []
        self._open: list[str] = []
        self.feed(page)
        assert self._open == [], "every element is closed"

    def handle_starttag(self, name: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((name, dict(attrs), tuple(self._open)))
        if name not in self.VOID:
            self._open.append(name)

    def handle_endtag(self, name: str) -> None:
        assert self._open.pop() == name

    def named(self, *names: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes, _ in self.elements if name in names]


def addresses(town: Town) -> list[str]:
    life = live_through(town)
    number = life.numbers
    roles = [
        f"/case/{number[name]}?role={role}" for name in number for role in ("", "reporter", "handler", "supervisor")
    ]
    fixed = [
        "/", f"/reporter?as={WALKER}", "/handler?choose=1", f"/handler?as={OWNER}", f"/supervisor?as={BOSS}",
        "/supervisor?state=all", "/supervisor?late=1", "/supervisor?state=closed&department=sanitation",
        "/figures", "/proposals?role=supervisor", "/push?as=officer-parks",
    ]  # fmt: skip
    return fixed + roles


@pytest.mark.parametrize("language", ["zh-CN", "en"])
async def test_every_page_is_whole_light_and_labelled(town: Town, browser: ClientSession, language: str) -> None:
    """Nesting, one h1, no inline script or style, ids once, a label or name for every control, at most 100 kB."""
    for address in addresses(town):
        page = await text_of(browser, address, tongue=language)
        assert weight(page) <= MOST_PAGE_BYTES, address
        shape = Shape(page)
        assert shape.named("html")[0]["lang"] == language
        assert len(shape.named("h1")) == 1
        ids = [str(each["id"]) for _, each, _ in shape.elements if "id" in each]
        assert len(ids) == len(set(ids)), address
        for name, attributes, context in shape.elements:
            assert "style" not in attributes
            assert not [key for key in attributes if key.startswith("on")]
            if name in {"input", "select", "textarea"} and attributes.get("type") != "hidden":
                assert "label" in context, (address, attributes)
            if name == "img":
                assert attributes["alt"]
            if name == "script":
                assert str(attributes.get("src")).startswith("/assets/") or attributes["type"] == "application/json"


async def test_assets_are_served_by_name_only(browser: ClientSession) -> None:
    for name in ASSETS:
        async with browser.get(f"/assets/{name}") as answer:
            assert answer.status == 200
            assert "default-src 'self'" in answer.headers["Content-Security-Policy"]
    for wrong in ("pages.po", "..%2Fassets.py", "none.js"):
        async with browser.get(f"/assets/{wrong}") as answer:
            assert answer.status == 404


async def test_language_by_address_cookie_and_header(browser: ClientSession) -> None:
    assert "上报问题" in await text_of(browser, "/reporter", tongue="zh")
    assert "Report a problem" in await text_of(browser, "/reporter", tongue="en-GB,zh;q=0.5")
    assert "Report a problem" in await text_of(browser, "/reporter?lang=en", tongue="zh")
    assert "My jobs" in await text_of(browser, "/handler", tongue="zh")
    assert "督办" in await text_of(browser, "/supervisor?lang=zh-CN")


async def test_user_text_is_never_markup(town: Town, browser: ClientSession) -> None:
    """In words, notes, addresses, the pseudonym and the query."""
    report = Report(
        id="r-evil", text=EVIL, place=PlaceGiven(address="湖滨南路12号 " + EVIL), reporter=Reporter(id=WALKER),
        door="web", received_ms=MORNING, category="greasy-pavement",
    )  # fmt: skip
    number = town.report(report)
    town.street.act(number, Act.ASK, OWNER, note=EVIL)
    town.tell()
    pages = [f"/case/{number}?role={role}" for role in ("", "reporter", "handler", "supervisor")]
    pages += [
        f"/reporter?as={WALKER}",
        f"/handler?as={OWNER}",
        "/supervisor",
        f"/reporter?report={EVIL.replace('&', '')}",
    ]
    for address in pages:
        page = await text_of(browser, address)
        assert "<script>alert" not in page
        assert "<img src=x" not in page
        Shape(page)
    assert "&lt;script&gt;alert(1)" in await text_of(browser, f"/case/{number}")


def test_what_html_forbids_is_left_out_of_a_page() -> None:
    """Control characters and lone surrogates, wherever somebody wrote them; all the rest is escaped."""
    evil = EVIL + "a\x00\x1b\x7fb\ud800c\r\n\td"
    whole = rendered(h.html(lang=evil)[h.body[evil, [evil, (evil, [evil])], None, False]])
    assert whole.startswith("<!doctype html>")
    assert "<script" not in whole
    assert whole.count("abc\n\td") == 5
    assert whole.encode()
    Shape(whole)


def test_a_page_is_rendered_as_htpy_would() -> None:
    """Whatever can be a child: texts, marked texts, numbers, lists, nothing, void elements, generators, functions."""
    children: list[h.Node] = [EVIL, Markup("<i>x</i>"), 3, None, True, False, [h.br, ("a", [h.b["b"]])], State.CLOSED]
    children += [h.input(name=EVIL, disabled=True), h.fragment["c", None], lambda: h.i["d"], h.textarea, h.p(".q")]
    whole = h.html(lang="en")[h.body[children, h.ul[(h.li[n] for n in range(3))]]]
    again = h.html(lang="en")[h.body[children, h.ul[[h.li[n] for n in range(3)]]]]
    assert rendered(whole).replace("\n", "", 1) == str(again)


async def test_the_whole_way_without_script(town: Town, browser: ClientSession) -> None:
    """Report, receipt, number, done with after-photo, fixed: forms and pages alone."""
    await text_of(browser, f"/reporter?as={WALKER}&lang=zh-CN")
    where, page = await post(
        browser,
        "/reporter/reports",
        reporter=WALKER,
        text="路面油污",
        address="湖滨南路12-8号",
        photos=picture(),
        kind="problem",
    )
    assert where.startswith("/reporter?report=")
    assert "已收到" in page or "已派遣" in page
    town.step()
    page = await text_of(browser, where)
    number = next(iter(town.street.cases))
    assert number in page
    assert "路段负责人01" in page
    assert "11:21" in page  # four hours from 7:21
    await text_of(browser, f"/handler?as={OWNER}")
    where, page = await post(browser, f"/case/{number}/acts?role=handler", act="resolve", by=OWNER)
    town.step()
    assert "此类案件须上传处置后照片" in await text_of(browser, where)
    town.clock.wait(36)
    where, _ = await post(browser, f"/case/{number}/acts?role=handler", act="resolve", by=OWNER, photos=picture(70))
    town.step()
    assert "已完成" in await text_of(browser, where)
    page = await text_of(browser, "/reporter")
    assert "问题解决了吗" in page
    assert "36 分钟" in page
    where, _ = await post(browser, f"/case/{number}/acts?role=reporter", act="verify", by=WALKER)
    town.step()
    assert town.street.cases[number].state is State.CLOSED
    assert "结案" in await text_of(browser, where)


async def test_a_refused_form_is_answered_with_a_page_that_leads_back(browser: ClientSession) -> None:
    where, page = await post(browser, "/reporter/reports", text="")
    assert where == "/reporter/reports"
    assert 'href="/reporter"' in page
    where, page = await post(browser, "/case/nonsense/acts?role=handler", act="resolve", by="x")
    assert 'href="/handler"' in page
    where, page = await post(browser, "/case/nonsense/acts?role=//evil.example", act="resolve", by="x")
    assert 'href="/"' in page
    assert 'href="//' not in page


async def test_forms_of_other_sites_are_refused(browser: ClientSession) -> None:
    async with browser.post(
        "/reporter/reports", data={"text": "x"}, headers={"Origin": "http://evil.example"}
    ) as answer:
        assert answer.status == 403


async def test_candidates_are_buttons_and_answering_places_the_report(town: Town, browser: ClientSession) -> None:
    """Two segments of a street match; choosing one moves the report to its home, in the same card."""
    await text_of(browser, f"/reporter?as={WALKER}")
    where, _ = await post(browser, "/reporter/reports", reporter=WALKER, text="路面油污", address="西门街")
    town.step()
    page = await text_of(browser, where)
    codes = re.findall(r'name="code" value="([^"]+)"', page)
    assert len(codes) in (2, 3)
    report = next(iter(town.street.cases.values())).report
    await post(browser, f"/reporter/reports/{report}/supplement", reporter=WALKER, code=codes[0])
    town.step()
    page = await text_of(browser, where)
    assert "已派遣" in page
    assert 'name="code"' not in page


async def test_a_road_of_many_segments_is_answered_by_a_house_number(town: Town, browser: ClientSession) -> None:
    """Five segments, of which three are buttons; the number lies on the last."""
    await text_of(browser, f"/reporter?as={WALKER}")
    where, _ = await post(browser, "/reporter/reports", reporter=WALKER, text="路面油污", address="橘灯路")
    town.step()
    page = await text_of(browser, where)
    assert "另有2处也有可能" in page
    (case,) = town.street.cases.values()
    await post(browser, f"/reporter/reports/{case.report}/supplement", reporter=WALKER, address="199号")
    town.step()
    assert "已派遣" in await text_of(browser, where)
    assert {each.place.segment for each in town.street.cases.values() if each.place} == {"JDL-5"}


async def test_places_that_differ_are_on_the_page_of_the_case(town: Town, browser: ClientSession) -> None:
    """The position is on one road, and the text names another."""
    report = Report(
        id="r-two", text="橘灯路45号路面油污", reporter=Reporter(id=WALKER), door="web", received_ms=MORNING,
        place=PlaceGiven(coordinates=Coordinates(lon=118.0808, lat=24.46)),
    )  # fmt: skip
    number = town.report(report)
    town.tell()
    page = await text_of(browser, f"/case/{number}?lang=en")
    assert "the position counts; the text says “45 Orange Lantern Road”" in page


async def test_the_state_decides_what_is_offered(town: Town, browser: ClientSession) -> None:
    life = live_through(town)

    async def acts(name: str, role: str) -> set[str]:
        page = await text_of(browser, f"/case/{life.numbers[name]}?role={role}")
        return set(re.findall(r'name="act" value="([a-z-]+)"', page))

    await text_of(browser, f"/handler?as={OWNER}")
    await text_of(browser, f"/reporter?as={WALKER}")
    assert {"acknowledge", "contact", "resolve", "hand-on", "return", "ask", "raise"} <= await acts("fresh", "handler")
    assert "resolve" not in await acts("closed", "handler")
    assert "approve" in await acts("lamp", "supervisor")
    assert {"urge", "assign"} <= await acts("fresh", "supervisor")
    assert {"verify", "reject"} <= await acts("greasy", "reporter")
    assert "reopen" in await acts("closed", "reporter")
    assert {"answer", "withdraw"} <= await acts("asked", "reporter")
    await text_of(browser, "/reporter?as=rider-02")
    assert "split" in await acts("again", "reporter")
    await text_of(browser, "/handler?as=duty-desk")
    assert "resolve" not in await acts("question", "handler")
    assert "answer" in await acts("question", "handler")


async def test_a_desk_cites_an_item_and_a_person_says_why(town: Town, browser: ClientSession) -> None:
    life = live_through(town)
    await text_of(browser, "/handler?as=officer-street-lighting")
    assert 'name="cite"' in await text_of(browser, f"/case/{life.numbers['lamp']}?role=handler")
    await text_of(browser, f"/handler?as={OWNER}")
    page = await text_of(browser, f"/case/{life.numbers['fresh']}?role=handler")
    assert re.findall(r'name="reason" value="([a-z_]+)"', page) == [
        "wrong_place", "wrong_trade", "already_done", "unsafe",
    ]  # fmt: skip


async def test_jobs_stand_by_their_nearest_deadline(town: Town, browser: ClientSession) -> None:
    life = live_through(town)
    page = await text_of(browser, f"/handler?as={OWNER}")
    jobs = re.findall(r'data-case="([^"]+)"', page)
    names = {number: name for name, number in life.numbers.items()}
    assert [names[number] for number in jobs][:3] == ["fresh", "asked", "rework"]
    assert [names[number] for number in jobs][-1] in {"greasy", "leaves"}


async def test_filters_and_counters(town: Town, browser: ClientSession) -> None:
    life = live_through(town)

    async def shown(query: str) -> set[str]:
        page = await text_of(browser, f"/supervisor{query}")
        return {name for name, number in life.numbers.items() if f'data-case="{number}"' in page}

    assert {"fresh", "late", "lamp"} <= await shown("")
    assert "closed" not in await shown("")
    assert await shown("?late=1") == {"late"}
    assert await shown("?state=needs_information") == {"which"}
    assert "closed" in await shown("?state=closed&department=sanitation")
    assert await shown("?department=street-lighting") == {"lamp"}
    assert await shown("?state=nonsense&department=nonsense") == await shown("")
    page = await text_of(browser, "/supervisor")
    counters = [int(n) for n in re.findall(r'class="count [a-z]+"><b>(\d+)</b>', page)]
    cases = town.street.cases.values()
    closed = sum(case.state is State.CLOSED and not case.self_handled for case in cases)
    over = {State.CLOSED, State.REFUSED, State.MERGED, State.MOVED}
    assert counters == [sum(case.state not in over for case in cases), 1, 1, closed]


async def test_closed_today_follows_midnight_and_reopening(town: Town) -> None:
    life = live_through(town)
    counter, ledger = ClosedToday(), town.gateway.ledger
    closed = sum(c.state is State.CLOSED and not c.self_handled for c in town.street.cases.values())
    assert counter.count(ledger, MORNING - 3_600_000) == closed
    life.act("closed", Act.REOPEN, WALKER, note="又满了")
    assert counter.count(ledger, MORNING - 3_600_000) == closed - 1
    assert counter.count(ledger, town.clock() + 1) == 0


async def test_counters_counted_before_the_last_change_say_when_to_ask_again(town: Town) -> None:
    """An open page would otherwise show an old figure until something else happens."""
    life, counters, ledger = Life(town), Counters(), town.gateway.ledger
    assert counters.ask(ledger, WHOLE, town.clock(), MORNING) == Figures(0, 0, 0, 0)
    life.report("a", "路面油污", "湖滨南路12-8号")
    old = counters.ask(ledger, WHOLE, town.clock(), MORNING)
    assert (old.open, old.again_ms is not None) == (0, True)
    await asyncio.sleep((old.again_ms or 0) / 1000)
    assert counters.ask(ledger, WHOLE, town.clock(), MORNING) == Figures(1, 0, 0, 0)


async def test_counters_of_a_part_add_up_to_those_of_the_region(town: Town) -> None:
    """Open, late, waiting and closed today, grid by grid; a department's are those of its cases."""
    live_through(town)
    town.clock.wait(60 * 5)
    town.step()
    ledger, now, midnight = town.gateway.ledger, town.clock(), MORNING - 3_600_000
    whole = Counters().ask(ledger, WHOLE, now, midnight)
    placed = [each for each in town.street.cases.values() if each.place is None]
    grids = [Remit(grids=frozenset({grid.id})) for grid in town.gateway.region.grids]
    parts = [Counters().ask(ledger, each, now, midnight) for each in grids]
    sums = [sum(getattr(part, name) for part in parts) for name in ("open", "late", "waiting", "closed_today")]
    assert sums == [whole.open - len(placed), whole.late, whole.waiting - len(placed), whole.closed_today]
    assert min(whole.late, whole.closed_today) > 0
    theirs = [each for each in town.street.cases.values() if each.department and each.department.code == "sanitation"]
    desk = Counters().ask(ledger, Remit(departments=frozenset({"sanitation"})), now, midnight)
    assert (desk.open, desk.closed_today) == (sum(each.state is not State.CLOSED for each in theirs), 1)


async def test_reports_are_taken_while_the_ledger_is_away(town: Town, browser: ClientSession, tmp_path: Path) -> None:
    (tmp_path / "ledger.sqlite").rename(tmp_path / "away.sqlite")
    page = await text_of(browser, "/reporter?lang=en")
    assert "Reports are accepted all the same" in page
    assert 'action="/reporter/reports"' in page
    await text_of(browser, "/supervisor")
    await text_of(browser, f"/handler?as={OWNER}")
    await text_of(browser, "/case/350203006-G001-2611-00001", status=503)


async def test_a_system_that_holds_a_past_takes_no_reports(tmp_path: Path) -> None:
    async with small_town(tmp_path, mode=Mode.HISTORY) as town, ClientSession(town.url) as browser:
        page = await text_of(browser, "/reporter?lang=en")
        assert "accepts no new reports" in page
        assert 'action="/reporter/reports"' not in page
        page = await text_of(browser, "/push?as=officer-parks", "en")
        assert "accepts no new reports" in page
        assert 'class="act push"' not in page


async def test_unknown_cases_are_said_so(browser: ClientSession) -> None:
    for number in ("x", "350203006-G001-2611-99999", "%3Cscript%3E-G1-2611-00001"):
        page = await text_of(browser, f"/case/{number}", status=404)
        assert "<script>-" not in page


async def test_somebody_without_a_name_keeps_one_pseudonym(town: Town, browser: ClientSession) -> None:
    first = re.findall(r'data-me="(web-[0-9a-f]+)"', await text_of(browser, "/reporter"))
    assert len(first) == 1
    assert re.findall(r'data-me="(web-[0-9a-f]+)"', await text_of(browser, "/reporter")) == first
    await text_of(browser, f"/reporter?as={WALKER}")
    assert f'data-me="{WALKER}"' in await text_of(browser, "/reporter")
    assert re.findall(r'data-me="(web-[0-9a-f]+)"', await text_of(browser, "/reporter?as=")) == first


def test_a_large_region_is_drawn_coarsely() -> None:
    """Two hundred grids of five hundred points stay light."""

    def ring(n: int) -> tuple[tuple[float, float], ...]:
        west = n * 0.01
        steps = [(west + i * 0.00004, 0.002 * (i % 2)) for i in range(250)]
        return (*steps, *((x, 0.05 - y) for x, y in reversed(steps)), steps[0])

    region = Region(
        code="L", name=Name.same("Large"), zone="UTC", box=Box(west=-1, south=-1, east=5, north=1),
        grids=tuple(Grid(id=f"G{n:03}", name=Name.same(f"G{n}"), polygons=((ring(n),),)) for n in range(200)),
        fallback_owner="x", fallback_department="y",
    )  # fmt: skip
    drawn = pin_map(region, Language.EN, "map")
    assert len(str(drawn)) < MOST_BYTES * 1.2
    at = whole(region)
    assert at.put((at.west, at.north)) == (0, 0)
    x, y = at.put((1.0, 0.02))
    assert at.west + x / at.per_lon == pytest.approx(1.0)
    assert at.north - y / at.per_lat == pytest.approx(0.02)


async def test_a_full_list_stays_light(town: Town, browser: ClientSession) -> None:
    """Forty rows of long names and words, as many as the page shows."""
    for n in range(45):
        town.clock.wait(1)
        report = Report(
            id=f"r-{n}", text="很长的描述" * 60, place=PlaceGiven(code=f"LANE-{n % 30 + 1:02}"), category="noise",
            reporter=Reporter(id=WALKER), door="web", received_ms=town.clock(),
        )  # fmt: skip
        town.report(report)
    town.clock.wait(60 * 24 * 6)
    town.step()
    for address in ("/supervisor", "/supervisor?late=1", "/handler?as=officer-ecology", f"/reporter?as={WALKER}"):
        page = await text_of(browser, address)
        assert weight(page) <= MOST_PAGE_BYTES, address


def test_every_icon_that_is_named_is_drawn() -> None:
    code = "".join(file.read_text(encoding="utf-8") for file in FOLDER.parent.glob("*.py"))
    drawn = set(re.findall(r'id="(\w+)"', (FOLDER / "icons.svg").read_text(encoding="utf-8")))
    assert set(re.findall(r'icon\("(\w+)"\)', code)) <= drawn
    assert set(re.findall(r'pictogram="(\w+)"', code)) <= drawn


async def test_older_cases_follow_on_a_page_of_their_own(town: Town, browser: ClientSession) -> None:
    for n in range(45):
        report = Report(
            id=f"r-{n}", text="噪音", place=PlaceGiven(code="LANE-01"), kind=ReportKind.SUGGESTION, category="medical",
            reporter=Reporter(id=WALKER), door="web", received_ms=MORNING + n,
        )  # fmt: skip
        town.report(report)
    page = await text_of(browser, "/supervisor?state=all")
    older = re.findall(r'href="(/supervisor\?state=all&amp;before=[^"]+)"', page)
    rest = await text_of(browser, older[0].replace("&amp;", "&"))
    first, second = (set(re.findall(r'data-case="([^"]+)"', each)) for each in (page, rest))
    assert (len(first), len(second), first & second) == (40, 5, set())


async def test_a_browser_is_led_back_from_an_address_without_a_page(town: Town, browser: ClientSession) -> None:
    """Programs get their answer as before."""
    for language, said in (("en", "There is nothing at this address."), ("zh-CN", "没有这个地址。")):
        headers = {"Accept-Language": language, "Accept": "text/html,*/*"}
        async with browser.get("/nowhere", headers=headers) as answer:
            page = await answer.text()
        assert (answer.status, answer.content_type) == (404, "text/html")
        assert said in page
        assert 'href="/" class="button"' in page or 'class="button" href="/"' in page
    async with browser.get("/nowhere", headers={"Accept": "*/*"}) as answer:
        assert (await answer.json())["error"] == "unknown_page"


async def test_nobody_yet_is_said_only_while_somebody_is_to_come(town: Town, browser: ClientSession) -> None:
    life = Life(town)
    life.report("done", "占道摆摊，已劝离", "湖滨南路9号", photos=life.shots, after_photos=(life.proof(4),), fixed=True)
    life.report("refused", "反映拖欠工资", "云帆路20号", by="resident-01")
    assert "nobody yet" not in await text_of(browser, "/supervisor?state=all", "en")
    life.report("which", "路灯坏了", "")
    assert (await text_of(browser, "/supervisor?state=all", "en")).count("nobody yet") == 1

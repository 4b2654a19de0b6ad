"""Signs on the page of a case: near neighbours, and whatever else somebody should look at."""

from aiohttp import ClientSession

from schemas.case import State
from schemas.command import Act, Open
from schemas.place import FoundBy, PlaceFound
from schemas.report import Photo, Report, Reporter
from schemas.topics import home
from tests.browser.reading_pages import post, text_of
from tests.worlds.small_town import Town
from tests.worlds.town_life import BOSS, WALKER


def fixed(town: Town, number: str, by: str, letter: str) -> None:
    """Done, with this after-photo."""
    town.street.act(number, Act.RESOLVE, by, at=town.clock(), photos=(Photo(digest=letter * 64),))
    town.tell()


def hole(town: Town, name: str, grid: int, lat: float) -> str:
    """A pothole in a grid of the region, reported now; its case."""
    region = town.gateway.region
    place = PlaceFound(grid=region.grids[grid].id, lon=118.0, lat=lat, label=f"at {name}", by=FoundBy.COORDINATES)
    report = Report(
        id=name, text="路面有坑洞", reporter=Reporter(id=WALKER), door="web", received_ms=town.clock(),
        photos=(Photo(digest="b" * 64),),
    )  # fmt: skip
    town.take(Open(id=name, home=home(region.code, place.grid), report=report, place=place))
    return next(case.number for case in town.street.cases.values() if case.report == name)


async def test_a_neighbour_beyond_the_border_is_joined_with_one_tap(town: Town, browser: ClientSession) -> None:
    """Shown to who works and who watches, in both languages, with the form that joins them; not to the reporter."""
    first = hole(town, "a", 0, 24.0)
    town.clock.wait(5)
    second = hole(town, "b", 1, 24.0001)
    for number, other in ((first, second), (second, first)):
        for tongue, sentence in (("zh-CN", "可能是同一件事"), ("en", "Possibly the same")):
            page = await text_of(browser, f"/case/{number}?role=supervisor&as={BOSS}", tongue=tongue)
            assert sentence in page
            assert f"/case/{other}?role=supervisor" in page
            assert f'value="{first}"' in page, "the younger joins the older"
            assert "11" in page
    assert "可能是同一件事" not in await text_of(browser, f"/case/{first}?role=reporter")
    async with browser.get(f"/api/cases/{second}") as answer:
        told = (await answer.json())["possible_duplicates"]
    assert [(each["case"], each["metres"]) for each in told] == [(first, 11.1)]
    await post(browser, f"/case/{second}/acts?role=supervisor", act=Act.MERGE.value, by=BOSS, to=first)
    town.step()
    assert town.street.cases[second].state is State.MERGED
    assert "可能是同一件事" not in await text_of(browser, f"/case/{first}?role=supervisor")


async def test_hands_and_photos_are_marked_in_the_case_its_timeline_and_the_list(
    town: Town, browser: ClientSession
) -> None:
    """Two hands too many, the report's own photo as proof, and a photo that proved another case."""
    calm, first = hole(town, "calm", 0, 24.0), hole(town, "first", 1, 24.01)
    fixed(town, first, town.street.cases[first].assignee or "", "e")
    second = hole(town, "second", 2, 24.02)
    people = [person.id for person in town.gateway.region.persons if "executor" in person.roles][:2]
    for person in people:
        town.street.act(second, Act.ASSIGN, BOSS, at=town.clock(), to=person)
    town.clock.wait(1)
    fixed(town, second, people[-1], "b")
    town.street.act(second, Act.REJECT, WALKER, at=town.clock())
    fixed(town, second, people[-1], "e")
    page = await text_of(browser, f"/case/{second}?role=supervisor")
    assert "已转派2次" in page
    assert "处置后照片此前已用于" in page
    assert f"/case/{first}?role=supervisor" in page
    timeline = page[page.index('id="timeline"') :]
    assert (timeline.count("多次转派"), timeline.count("照片雷同")) == (1, 1)
    listed = await text_of(browser, "/supervisor?state=all")
    rows = {number: listed[listed.index(f'id="c-{number}"') :].split("</li>")[0] for number in (calm, first, second)}
    assert [row.count("chip alert") for row in rows.values()] == [0, 0, 2]
    async with browser.get(f"/api/cases/{second}") as answer:
        told = await answer.json()
    assert (told["case"]["alerts"], told["case"]["hops"]) == (["hops"], 2)
    assert [(each["case"], each["photo"]) for each in told["reused_photos"]] == [(first, "e" * 64)]


async def test_no_list_of_a_case_grows_without_end(town: Town, browser: ClientSession) -> None:
    """Of many earlier uses of a photo three and a number, which leads to all; of a long timeline both its ends."""
    used = [hole(town, f"used-{n}", n % 3, 24.0 + n / 100) for n in range(6)]
    for number in used:
        fixed(town, number, town.street.cases[number].assignee or "", "e")
    town.clock.wait(1)
    last = hole(town, "last", 0, 24.2)
    for _ in range(80):
        town.street.act(last, Act.URGE, BOSS, at=town.clock())
    fixed(town, last, town.street.cases[last].assignee or "", "e")
    page = await text_of(browser, f"/case/{last}?role=supervisor")
    signs = page[page.index('id="signs"') : page.index('id="what"')]
    assert sum(f"/case/{number}?" in signs for number in used) == 3
    assert "另有 3 件" in signs
    listed = await text_of(browser, f"/supervisor?state=all&photo={'e' * 64}")
    assert [f'id="c-{number}"' in listed for number in (*used, last)] == [True] * 7
    assert page.count('class="urged"') < 60
    assert "timeline=all" in page
    whole = await text_of(browser, f"/case/{last}?role=supervisor&timeline=all")
    assert whole.count('class="urged"') == 80


async def test_a_photo_that_resembles_another_is_shown_to_whoever_verifies(town: Town, browser: ClientSession) -> None:
    """The supervisor sees which case it is, and can open it; the reporter reads a sentence. Nothing is blocked."""
    first, second = hole(town, "first", 0, 24.0), hole(town, "second", 1, 24.01)
    for number, letter in ((first, "e"), (second, "f")):
        town.clock.wait(1)
        photo = Photo(digest=letter * 64, dhash=f"{0xABCD << 200 | ord(letter):064x}")
        by = town.street.cases[number].assignee or ""
        town.street.act(number, Act.RESOLVE, by, at=town.clock(), photos=(photo,))
    town.tell()
    assert town.street.cases[second].state is State.RESOLVED
    page = await text_of(browser, f"/case/{second}?role=supervisor")
    signs = page[page.index('id="signs"') : page.index('id="what"')]
    assert "照片相似" in signs
    assert f"/case/{first}?role=supervisor" in signs
    mine = await text_of(browser, f"/case/{second}?role=reporter&as={WALKER}")
    assert "与此前其他案件的照片相似，请仔细核对" in mine
    assert first not in mine
    listed = await text_of(browser, "/supervisor?state=all")
    assert "照片与他案相似" in listed

"""What is doubtful about a report is shown to those who dispatch and verify; it holds up nothing."""

from aiohttp import ClientSession

from connectors.ledger.queries.doubts import doubts
from schemas.case import State
from schemas.command import Open
from schemas.doubts import DoubtKind
from schemas.place import Coordinates, FoundBy, PlaceFound, PlaceGiven
from schemas.report import ANONYMOUS, Photo, Report, Reporter
from schemas.topics import home
from tests.browser.reading_pages import text_of
from tests.worlds.small_town import Town
from tests.worlds.town_life import BOSS

HERE, THERE = (118.0808, 24.46), (118.1808, 24.46)
DAY_MS = 86_400_000


def sends(town: Town, name: str, at: tuple[float, float], *photos: Photo, by: str = "p-1") -> str:
    """A report from a phone; its case."""
    region = town.gateway.region
    grid = region.grids[0].id
    place = PlaceFound(grid=grid, lon=at[0], lat=at[1], label=name, by=FoundBy.COORDINATES)
    given = PlaceGiven(coordinates=Coordinates(lon=at[0], lat=at[1]))
    report = Report(
        id=name, text=f"路面有坑洞 {name}", reporter=Reporter(id=by), door="chat", received_ms=town.clock(),
        photos=photos, place=given,
    )  # fmt: skip
    town.take(Open(id=name, home=home(region.code, grid), report=report, place=place))
    return next(case.number for case in town.street.cases.values() if case.report == name)


def photo(letter: str, at: tuple[float, float] | None = None, taken_ms: int | None = None) -> Photo:
    lon, lat = at or (None, None)
    return Photo(digest=letter * 64, lon=lon, lat=lat, taken_ms=taken_ms)


def kinds(town: Town, number: str) -> list[DoubtKind]:
    case = town.gateway.ledger.case(number)
    assert case is not None
    return [each.kind for each in doubts(town.gateway.ledger, case)]


async def test_position_and_time_of_photos_are_compared(town: Town, browser: ClientSession) -> None:
    """In the event, as data; on the page, as sentences; not to the reporter. The case goes on."""
    number = sends(town, "r1", HERE, photo("a", THERE, town.clock() - 2 * DAY_MS))
    assert kinds(town, number) == [DoubtKind.FAR_FROM_PHOTO, DoubtKind.OLD_PHOTO]
    opened = town.gateway.ledger.timeline(number)[0]
    assert [each["kind"] for each in opened.facts["doubts"]] == ["far_from_photo", "old_photo"]
    assert town.street.cases[number].state is State.DISPATCHED
    page = await text_of(browser, f"/case/{number}?role=supervisor&as={BOSS}", tongue="en")
    assert "The photo was taken 48 hours before the report." in page
    assert "The photo was taken" not in await text_of(browser, f"/case/{number}?role=reporter", tongue="en")


async def test_a_report_that_fits_raises_no_doubt(town: Town, browser: ClientSession) -> None:
    number = sends(town, "r1", HERE, photo("a", HERE, town.clock()))
    assert kinds(town, number) == []
    assert "doubts" not in town.gateway.ledger.timeline(number)[0].facts


async def test_nobody_reports_from_two_places_at_once(town: Town, browser: ClientSession) -> None:
    """By the time of the photo where it is known: reports may wait on a phone."""
    first = sends(town, "r1", HERE)
    town.clock.wait(1)
    second = sends(town, "r2", THERE)
    assert (kinds(town, first), kinds(town, second)) == ([], [DoubtKind.TOO_FAST])
    page = await text_of(browser, f"/case/{second}?role=supervisor&as={BOSS}", tongue="en")
    assert first in page
    assert kinds(town, sends(town, "r3", THERE, by="p-2")) == []
    town.clock.wait(1)
    waited = sends(town, "r4", HERE, photo("d", taken_ms=town.clock() - 3 * 3_600_000))
    assert kinds(town, waited) == []


async def test_a_photo_that_was_sent_before_is_named(town: Town, browser: ClientSession) -> None:
    first = sends(town, "r1", HERE, photo("a"))
    town.clock.wait(60)
    second = sends(town, "r2", HERE, photo("a"), photo("b"), by="p-2")
    assert (kinds(town, first), kinds(town, second)) == ([], [DoubtKind.PHOTO_AGAIN])
    page = await text_of(browser, f"/case/{second}?role=handler", tongue="zh-CN")
    assert "同一照片此前已用于：" in page
    assert first in page


async def test_a_photo_like_an_earlier_one_of_the_same_person_is_named(town: Town, browser: ClientSession) -> None:
    """Anonymous reports are of many people: of them nothing follows."""
    one, other = photo("a").model_copy(update={"dhash": "f" * 64}), photo("b").model_copy(update={"dhash": "f" * 64})
    sends(town, "r1", HERE, one)
    town.clock.wait(60)
    assert kinds(town, sends(town, "r2", HERE, other)) == [DoubtKind.PHOTO_ALIKE]
    assert kinds(town, sends(town, "r3", HERE, other.model_copy(update={"digest": "c" * 64}), by="p-2")) == []
    sends(town, "r4", HERE, by=ANONYMOUS)
    assert kinds(town, sends(town, "r5", THERE, by=ANONYMOUS)) == []

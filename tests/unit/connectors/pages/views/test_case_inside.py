"""The page of a case for those who work here: clocks, who has had it, who was told; and for everybody the photos."""

import re
from pathlib import Path

from aiohttp import ClientSession

from connectors.chat.conversation.state import Conversation
from connectors.chat.messages import Outgoing, SayKind
from connectors.chat.runtime.storage.conversations import StoredConversation
from connectors.chat.runtime.storage.store import ChatStore
from schemas.command import Act
from tests.browser.reading_pages import text_of, weight
from tests.worlds.outside import HOST, asked, personal_link
from tests.worlds.small_town import Town
from tests.worlds.town_life import BOSS, OWNER, WALKER, Life, live_through

INNER = ('id="clocks"', 'id="course"', 'id="told"')


def part(page: str, id: str) -> str:
    """The section with this id."""
    return page[page.index(f'id="{id}"') :].partition("</section>")[0]


async def test_the_clocks_say_when_each_is_due_and_how_it_stands(town: Town, browser: ClientSession) -> None:
    life = live_through(town)
    page = await text_of(browser, f"/case/{life.numbers['lamp']}?role=supervisor&as={BOSS}", "en")
    clocks = part(page, "clocks")
    assert re.findall(r'class="chip ?([a-z_]*)"', clocks) == ["met", "running", "running"]
    assert clocks.count("<dt>Due</dt>") == 3
    late = part(await text_of(browser, f"/case/{life.numbers['late']}?role=handler&as={OWNER}", "en"), "clocks")
    assert ">late<" in late
    life.act("lamp", Act.APPROVE, "steward-02", minutes=1)
    assert "An approved pause;" in await text_of(browser, f"/case/{life.numbers['lamp']}?role=supervisor", "en")
    assert "已批准缓办，剩余" in await text_of(browser, f"/case/{life.numbers['lamp']}?role=supervisor")


async def test_its_reporter_sees_nothing_of_the_inside(town: Town, browser: ClientSession) -> None:
    life = live_through(town)
    for name in ("greasy", "rework", "closed"):
        page = await text_of(browser, f"/case/{life.numbers[name]}?role=reporter&as={WALKER}")
        assert [inner for inner in INNER if inner in page] == []
        inside = await text_of(browser, f"/case/{life.numbers[name]}")
        assert [inner for inner in INNER if inner not in inside] == []


async def test_nor_does_a_person_of_the_region_who_reported_it_whatever_role_they_ask_for(
    town: Town, browser: ClientSession
) -> None:
    life = live_through(town)
    town.gateway.public_host = HOST
    for person, inner in ((WALKER, 0), (OWNER, len(INNER))):
        link = await personal_link(town, person)
        async with asked(browser, f"/case/{life.numbers['greasy']}?role=handler", link) as answer:
            page = await answer.text()
        assert answer.status == 200
        assert len([each for each in INNER if each in page]) == inner


async def test_an_address_without_a_role_offers_each_what_is_theirs(town: Town, browser: ClientSession) -> None:
    """Whoever follows a bare link to a case that they hold can act on it there; its reporter sees their own page."""
    life = live_through(town)
    town.gateway.public_host = HOST
    offered = dict[str, bool]()
    for person in (OWNER, WALKER):
        async with asked(browser, f"/case/{life.numbers['fresh']}", await personal_link(town, person)) as answer:
            page = await answer.text()
        assert answer.status == 200
        offered[person] = 'value="resolve"' in page
        assert [inner in page for inner in INNER] == [person == OWNER] * len(INNER)
    assert offered == {OWNER: True, WALKER: False}


async def test_the_newest_after_photo_stands_beside_that_of_the_report(town: Town, browser: ClientSession) -> None:
    life = Life(town)
    life.report("greasy", "路面油污", "湖滨南路12-8号", photos=life.shots)
    address = f"/case/{life.numbers['greasy']}?role=reporter&as={WALKER}"
    assert 'class="pair"' not in await text_of(browser, address)
    first, second = life.proof(1), life.proof(2)
    life.act("greasy", Act.RESOLVE, minutes=36, photos=(first,))
    life.act("greasy", Act.REJECT, WALKER, note="墙角还有")
    life.act("greasy", Act.RESOLVE, minutes=12, photos=(second,))
    page = await text_of(browser, address, "en")
    pair = page[page.index('class="pair"') :].partition("</section>")[0]
    assert re.findall(r'href="/photos/(\w+)\.jpg"', pair) == [life.before.digest, second.digest]
    captions = re.findall(r"<figcaption><b>(\w+)</b> <time [^>]*>([\d:]+)</time> <span>([^<]+)", pair)
    assert [each[0] for each in captions] == ["Before", "After"]
    assert captions[1][2] == "Segment supervisor 01"


async def test_an_after_photo_without_one_of_before_stands_alone(town: Town, browser: ClientSession) -> None:
    life = Life(town)
    life.report("leaves", "路面油污", "湖滨南路12-8号")
    life.act("leaves", Act.RESOLVE, photos=(life.proof(1),))
    page = await text_of(browser, f"/case/{life.numbers['leaves']}", "en")
    assert "The report came without a photo." in page
    assert page.count("<figure>") == 1


async def test_it_tells_who_has_had_it_and_how_often_it_changed_hands(town: Town, browser: ClientSession) -> None:
    life = Life(town)
    life.report("greasy", "路面油污", "湖滨南路12-8号")
    life.act("greasy", Act.HAND_ON, to="cleaner-01")
    life.act("greasy", Act.ASSIGN, BOSS, to="supervisor-02")
    course = part(await text_of(browser, f"/case/{life.numbers['greasy']}", "en"), "course")
    assert "<dt>Passed on</dt><dd>1</dd>" in course
    assert re.findall(r"<b>([^<]+)</b>", course) == ["Segment supervisor 01", "Cleaner 01", "Segment supervisor 02"]


async def test_it_tells_who_was_told_by_which_door_and_what_is_not_known(
    town: Town, browser: ClientSession, tmp_path: Path
) -> None:
    life = Life(town)
    number = life.report("greasy", "路面油污", "湖滨南路12-8号", by="rider-01")
    address = f"/case/{number}?role=supervisor&as={BOSS}"
    assert "no message about this case is known" in await text_of(browser, address, "en")
    town.gateway.door_folder = tmp_path / "doors"
    contacts = town.gateway.contacts
    invitation = await contacts.invite(person=OWNER, now_ms=1)
    await contacts.heard("telegram", "tg-7", t_ms=1, chat="c")
    await contacts.bind("telegram", "tg-7", invitation.token, 1)
    store = ChatStore(tmp_path / "doors" / "telegram")
    say = Outgoing(id="m1", chat="c", text="words", kind=SayKind.JOB, case=number)
    await store.add_notice("s1", StoredConversation("tg-7", OWNER, "c", Conversation()), [say], town.clock())
    page = part(await text_of(browser, address, "en"), "told")
    assert "<b>Segment supervisor 01</b><span>Telegram</span>" in page
    assert "on its way" in page
    assert "no message about this case" not in page
    assert "tg-7" not in page
    assert "Not known" in page
    await store.close()


async def test_the_page_stays_light_after_a_long_course(town: Town, browser: ClientSession) -> None:
    life = Life(town)
    number = life.report("greasy", "路面油污", "湖滨南路12-8号", photos=life.shots)
    for n in range(40):
        life.act("greasy", Act.ASSIGN, BOSS, to=f"supervisor-{n % 2 + 2:02}")
    life.act("greasy", Act.RESOLVE, photos=(life.proof(1),))
    for role in ("supervisor", "handler"):
        page = await text_of(browser, f"/case/{number}?role={role}&as={BOSS if role == 'supervisor' else OWNER}")
        assert part(page, "course").count("<li>") == 12
        assert weight(page) <= 90_000, "with a timeline of 60 events"

from collections.abc import Sequence
from pathlib import Path

from connectors.cases.jobs import most_urgent, theirs, urgency
from connectors.cases.reader import Reader
from connectors.chat.conversation.turn import Job
from connectors.chat.knowledge.insight import LedgerInsight
from connectors.chat.messages import Media, MediaKind, SentMedia, SharedPosition, Wrote
from connectors.intake.submission import ActSubmission
from connectors.ledger.queries.cases import Ledger
from schemas.case import State
from schemas.command import Act
from schemas.datum import Datum
from schemas.names import Language
from schemas.people import Role
from schemas.report import Photo
from tests.unit.connectors.chat.knowledge.people import bound, report_by, says, stranger
from tests.worlds.small_town import Town
from tests.worlds.town_life import BOSS, OWNER, WALKER, Life


def numbers(jobs: Sequence[Job]) -> list[str]:
    return [job.case.number for job in jobs]


async def test_a_stranger_has_reports_only(town: Town) -> None:
    who = await stranger(town)
    first, second = report_by(town, who.person, "1"), report_by(town, who.person, "2", "路灯不亮", "晨光街8号")
    known = await LedgerInsight(town.gateway).about(who, says(Wrote(text="hm"), town), "")
    assert (known.person, known.language, known.roles, known.team) == (who.person, Language.ZH, frozenset(), "")
    assert (numbers(known.reports), known.jobs, known.verifying, known.names) == ([second, first], (), (), ())
    assert [job.title for job in known.reports] == ["路灯故障 · 晨光街8号", "路面油污 · 湖滨南路12号"]


async def test_titles_are_in_the_language_of_the_person(town: Town) -> None:
    who = await stranger(town, language=Language.EN)
    report_by(town, who.person, "1")
    known = await LedgerInsight(town.gateway).about(who, None, "")
    assert [job.title for job in known.reports] == ["Greasy pavement · 12 Hubin South Road"]
    assert known.language is Language.EN


async def test_a_member_of_a_team_is_a_volunteer(town: Town) -> None:
    who, book = await stranger(town), town.gateway.contacts
    token = (await book.invite(team="riders-1", now_ms=town.clock())).token
    joined = (await book.bind(who.door, who.sender, token, town.clock())).contact
    known = LedgerInsight(town.gateway).who(joined)
    assert (set(known.roles), known.team, known.person) == ({Role.VOLUNTEER}, "riders-1", who.person)


async def test_who_may_ask_for_a_link_is_known(town: Town) -> None:
    """A person of the region, where there are pages, if nobody reads along."""
    who, other = await bound(town, OWNER), await stranger(town)
    insight = LedgerInsight(town.gateway)
    assert (insight.who(who).listed, insight.who(other).listed, insight.who(who).link_minutes) == (True, False, 0)
    town.gateway.address = "https://city.example"
    for group in (False, True):
        asked = says(Wrote(text="登录"), town).model_copy(update={"group": group})
        known = await insight.about(who, asked, "")
        assert (known.listed, known.link_minutes, known.alone) == (True, 15, not group)


async def test_open_reports_come_before_closed_ones(town: Town) -> None:
    life, who = Life(town), await stranger(town)
    first, second = report_by(town, who.person, "1"), report_by(town, who.person, "2", "垃圾桶满溢", "湖滨南路22号")
    life.numbers["2"] = second
    life.act("2", Act.RESOLVE, photos=(life.proof(1),))
    life.act("2", Act.VERIFY, who.person)
    known = await LedgerInsight(town.gateway).about(who, None, "")
    assert numbers(known.reports) == [first, second]
    assert known.reports[1].case.state is State.CLOSED


async def test_jobs_are_the_most_urgent_first(town: Town) -> None:
    life, who = Life(town), await bound(town, OWNER)
    later = life.report("later", "垃圾桶满溢", "湖滨南路12号")
    urgent = life.report("urgent", "路面油污", "湖滨南路12-8号", urgent=True)
    done = life.report("done", "小广告", "湖滨南路10号")
    life.act("done", Act.RESOLVE, photos=(life.proof(1),))
    known = await LedgerInsight(town.gateway).about(who, None, "")
    cases = town.street.cases
    assert [cases[each].assignee for each in (later, urgent, done)] == [OWNER] * 3
    assert numbers(known.jobs) == sorted([later, urgent], key=lambda each: min(cases[each].deadlines.values()))
    assert Role.SEGMENT_SUPERVISOR in known.roles


async def test_the_page_and_the_chat_have_the_same_jobs(town: Town) -> None:
    """The page reads only those whole that it shows: also what waits for others, and an officer's desk."""
    life = Life(town)
    for n in range(5):
        life.report(f"{n}", "垃圾桶满溢", f"湖滨南路{12 + 2 * n}号", urgent=n == 3)
    life.act("0", Act.RESOLVE, photos=(life.proof(1),))
    ledger = Ledger(town.folder / "ledger.sqlite")
    reader = Reader(town.gateway, Language.EN, town.clock())
    for person in town.gateway.directory.region.persons:
        jobs = sorted(theirs(reader, ledger, person), key=urgency)
        for shown in (2, 30):
            found = most_urgent(reader, ledger, person, shown)
            assert list(found.first) == jobs[:shown]
            assert found.numbers == {case.number for case in jobs}
    ledger.close()


async def test_jobs_are_the_nearest_first_where_a_position_came(town: Town) -> None:
    """Sent as one, or in the photo; GCJ-02 is 500 m off and must be turned back."""
    life, who = Life(town), await bound(town, OWNER)
    both = [life.report("a", "垃圾桶满溢", "湖滨南路2号"), life.report("b", "路面油污", "湖滨南路18号")]
    insight = LedgerInsight(town.gateway)
    for number in both:
        place = town.street.cases[number].place
        assert place is not None
        assert place.lon is not None
        assert place.lat is not None
        shared = SharedPosition(lon=place.lon, lat=place.lat, datum=Datum.WGS84)
        taken = Photo(digest="0" * 64, lon=place.lon, lat=place.lat)
        photo = SentMedia(media=Media(kind=MediaKind.PHOTO, ref="x"), photo=taken)
        for content in (shared, photo):
            known = await insight.about(who, says(content, town), "")
            assert numbers(known.jobs)[0] == number


async def test_who_reported_and_whom_they_were_joined_to_is_asked_for_their_word(town: Town) -> None:
    life, insight = Life(town), LedgerInsight(town.gateway)
    first, second = await stranger(town, "1"), await stranger(town, "2")
    number = life.numbers["one"] = report_by(town, first.person, "one")
    joined = report_by(town, second.person, "two")
    assert town.street.cases[joined].master == number
    assert (await insight.about(first, None, "")).verifying == ()
    life.act("one", Act.RESOLVE, photos=(life.proof(1),))
    for who in (first, second):
        assert numbers((await insight.about(who, None, "")).verifying) == [number]


async def test_nobody_is_asked_to_check_their_own_work(town: Town) -> None:
    """Not under an earlier pseudonym either."""
    life, before = Life(town), await stranger(town, "7")
    number = life.numbers["own"] = report_by(town, before.person, "own")
    who = await bound(town, OWNER, "7")
    assert town.street.cases[number].assignee == OWNER
    life.act("own", Act.RESOLVE, photos=(life.proof(1),))
    insight = LedgerInsight(town.gateway)
    known = await insight.about(who, None, "")
    assert (known.verifying, numbers(known.reports)) == ((), [number])
    act = ActSubmission(id="a-1", case=number, act=Act.VERIFY, by=OWNER)
    assert await insight.signed(who, act) == act


async def test_who_was_bound_later_answers_for_old_reports_under_the_old_pseudonym(town: Town) -> None:
    life, before = Life(town), await stranger(town, "7")
    number = life.numbers["old"] = report_by(town, before.person, "old")
    who = await bound(town, WALKER, "7")
    life.act("old", Act.RESOLVE, photos=(life.proof(1),))
    insight = LedgerInsight(town.gateway)
    assert numbers((await insight.about(who, None, "")).verifying) == [number]
    signed = await insight.signed(who, ActSubmission(id="a-1", case=number, act=Act.VERIFY, by=WALKER))
    assert isinstance(signed, ActSubmission)
    assert signed.by == before.person
    life.act("old", Act.VERIFY, signed.by)
    assert town.street.cases[number].state is State.CLOSED


async def test_work_is_handed_to_those_of_the_segment_first(town: Town) -> None:
    life, who = Life(town), await bound(town, OWNER)
    number = life.report("job", "路面油污", "湖滨南路12号")
    insight = LedgerInsight(town.gateway)
    of_the_job = (await insight.about(who, None, number)).names
    assert [id for id, _ in of_the_job[:2]] == ["cleaner-01", "cleaner-06"]
    off_today = (await insight.about(who, None, "")).names
    beside = {id for each in town.gateway.region.segments if each.owner == OWNER for id in each.executors}
    assert {id for id, _ in off_today[: len(beside)]} == beside
    assert OWNER not in [id for id, _ in off_today]
    assert 0 < len(off_today) <= 20


async def test_what_is_reported_most_is_offered_first(town: Town) -> None:
    life, who = Life(town), await stranger(town)
    for n in range(3):
        life.report(f"lamp-{n}", "路灯不亮", f"晨光街{2 * n + 2}号")
    categories = (await LedgerInsight(town.gateway).about(who, None, "")).categories
    rulebook = town.gateway.rulebook
    assert categories[0][0] == "street-light"
    assert categories[-1][0] == rulebook.default_category
    assert len(categories) == len(rulebook.categories)


async def test_without_a_ledger_it_is_known_who_it_is(town: Town, tmp_path: Path) -> None:
    who = await bound(town, OWNER)
    town.gateway.ledger = Ledger(tmp_path / "none.sqlite")
    known = await LedgerInsight(town.gateway, page=lambda contact: f"/{contact.person}").about(who, None, "x")
    assert (known.person, known.jobs, known.reports) == (OWNER, (), ())
    assert (known.quoted_case, known.page) == ("x", f"/{OWNER}")


async def test_the_form_is_known_where_it_is_reached_and_needed(town: Town) -> None:
    who = await bound(town, OWNER)
    town.gateway.public_url = "https://city.example"
    known = [LedgerInsight(town.gateway, positions=able).who(who) for able in (True, False)]
    assert [(each.positions, each.form) for each in known] == [(True, ""), (False, "https://city.example/form")]
    town.gateway.public_url = ""
    assert LedgerInsight(town.gateway, positions=False).who(who).form == ""


async def test_only_who_may_call_departments_is_offered_what_to_whistle_for(town: Town) -> None:
    insight, rulebook = LedgerInsight(town.gateway), town.gateway.rulebook
    office = (await insight.about(await bound(town, BOSS), None, "")).whistles
    assert [id for id, _ in office] == [each.id for each in rulebook.whistles]
    assert (await insight.about(await bound(town, OWNER), None, "")).whistles == ()

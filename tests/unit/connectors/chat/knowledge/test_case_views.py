import asyncio
from dataclasses import replace
from pathlib import Path

import pytest

from connectors.chat.conversation.job_messages import FOR_THE_DUTY
from connectors.chat.conversation.notices import CaseView
from connectors.chat.knowledge.insight import LedgerInsight
from connectors.ledger.connection import LedgerAway
from connectors.ledger.queries.cases import Ledger
from schemas.case import State
from schemas.command import Act
from schemas.event import EventType
from schemas.names import Language
from tests.unit.connectors.chat.knowledge.people import event_of, events, reply
from tests.worlds.small_town import Town, new_ledger
from tests.worlds.town_life import BOSS, OWNER, WALKER, Life

E = EventType


async def view(town: Town, number: str, kind: EventType, language: Language = Language.ZH) -> CaseView:
    return await LedgerInsight(town.gateway).view(reply(event_of(town, number, kind)), language)


async def test_a_job_says_what_where_by_when_and_how(town: Town) -> None:
    life = Life(town)
    number = life.report("job", "门前路面油污，很滑", "湖滨南路12-8号", photos=life.shots)
    seen = await view(town, number, E.DISPATCHED)
    assert (seen.text, seen.place, seen.who) == ("门前路面油污，很滑", "湖滨南路12-8号", "路段负责人01")
    assert seen.category is not None
    assert seen.category.to(Language.EN) == "Greasy pavement"
    assert (seen.before, seen.after, seen.took) == ((life.before.digest,), (), "")
    assert seen.due.startswith("今天 ")
    assert seen.guide
    english = await view(town, number, E.DISPATCHED, Language.EN)
    assert (english.place, english.due[:6]) == ("12-8 Hubin South Road", "today ")


async def test_a_case_is_as_it_was_right_after_the_event(town: Town) -> None:
    """Also when much happened since: a door that was closed for a day says what was true then."""
    life = Life(town)
    number = life.report("job", "路面油污", "湖滨南路12号", photos=life.shots)
    life.act("job", Act.RESOLVE, photos=(life.after,), note="已冲洗", minutes=20)
    life.act("job", Act.REJECT, WALKER, note="还有一块")
    life.act("job", Act.RESOLVE, photos=(life.proof(9),), note="再次冲洗")
    views = [await LedgerInsight(town.gateway).view(reply(each), Language.ZH) for each in events(town, number)]
    by_type = [(each.type, seen.case.state, seen.words) for each, seen in zip(events(town, number), views, strict=True)]
    assert by_type == [
        (E.OPENED, State.SUBMITTED, "路面油污"),
        (E.DISPATCHED, State.DISPATCHED, "路面油污"),
        (E.RESOLVED, State.RESOLVED, "已冲洗"),
        (E.REWORK_ORDERED, State.REWORK, "还有一块"),
        (E.RESOLVED, State.RESOLVED, "再次冲洗"),
    ]
    assert [each.after for each in views[2:4]] == [(life.after.digest,)] * 2
    assert views[4].after != views[2].after
    assert views[2].took == "20 分钟"
    assert views[-1].case == town.gateway.ledger.case(number)


async def test_erased_words_are_not_said(town: Town) -> None:
    life = Life(town)
    number = life.report("job", "路面油污", "湖滨南路12号", photos=life.shots)
    life.act("job", Act.ERASE, WALKER)
    seen = await view(town, number, E.TEXT_ERASED)
    assert (seen.text, seen.before) == ("", ())


async def test_a_ledger_that_is_behind_is_waited_for(town: Town, tmp_path: Path) -> None:
    life = Life(town)
    number = life.report("job", "路面油污", "湖滨南路12号")
    known, news = events(town, number), reply(event_of(town, number, E.DISPATCHED))
    (tmp_path / "behind").mkdir()
    behind = new_ledger(tmp_path / "behind", "e2")
    town.gateway.ledger = Ledger(tmp_path / "behind" / "ledger.sqlite")
    seen = asyncio.create_task(LedgerInsight(town.gateway, patience_s=30).view(news, Language.ZH))
    await asyncio.sleep(0.05)
    assert not seen.done()
    behind.take(*known)
    for text in town.street.written(number):
        behind.write(text)
    assert (await seen).text == "路面油污"
    behind.close()


async def test_after_a_while_what_the_event_says_is_enough(town: Town, tmp_path: Path) -> None:
    """Without the words, which only the ledger has."""
    life = Life(town)
    number = life.report("job", "路面油污", "湖滨南路12号")
    life.act("job", Act.RESOLVE, photos=(life.after,), note="已冲洗")
    opened, dispatched, resolved = events(town, number)
    (tmp_path / "behind").mkdir()
    behind = new_ledger(tmp_path / "behind", "e2")
    behind.take(opened, dispatched)
    town.gateway.ledger = Ledger(tmp_path / "behind" / "ledger.sqlite")
    seen = await LedgerInsight(town.gateway, patience_s=0).view(reply(resolved), Language.ZH)
    assert (seen.case.state, seen.case.assignee, seen.place) == (State.RESOLVED, OWNER, "湖滨南路12号")
    assert (seen.words, seen.text) == ("", "")
    behind.close()


async def test_without_a_ledger_only_a_new_case_is_known(town: Town, tmp_path: Path) -> None:
    life = Life(town)
    number = life.report("job", "路面油污", "湖滨南路12号")
    opened, dispatched = (reply(each) for each in events(town, number))
    town.gateway.ledger = Ledger(tmp_path / "none.sqlite")
    insight = LedgerInsight(town.gateway, patience_s=0)
    seen = await insight.view(opened, Language.ZH)
    assert (seen.case.number, seen.case.reporter, seen.case.state) == (number, WALKER, State.SUBMITTED)
    with pytest.raises(LedgerAway):
        await insight.view(dispatched, Language.ZH)


async def test_who_verifies_is_told_what_the_after_photo_resembles(town: Town) -> None:
    """The reporter's own photo, the photo of another case, and a copy of it; the event of a new one says nothing."""
    life = Life(town)
    copy = life.after.model_copy(update={"digest": "c" * 64})
    used = [("plain", life.after), ("same", life.before), ("reused", life.after), ("alike", copy)]
    signs: list[str] = []
    for name, photo in used:
        number = life.report(name, "路面油污", f"湖滨南路{2 * len(signs) + 2}号", photos=life.shots)
        life.act(name, Act.RESOLVE, photos=(photo,))
        signs.append((await view(town, number, E.RESOLVED)).photo_sign)
        assert (await view(town, number, E.DISPATCHED)).photo_sign == ""
    assert signs == ["", "same", "reused", "alike"]


async def test_what_waited_is_told_of_the_case_as_it_is_now(town: Town) -> None:
    """With the words that are there now; until the ledger has read the event, nothing."""
    life = Life(town)
    number = life.report("job", "路面油污", "湖滨南路12号", photos=life.shots)
    life.act("job", Act.RESOLVE, photos=(life.after,), minutes=20)
    life.act("job", Act.ERASE, WALKER)
    insight, dispatched = LedgerInsight(town.gateway), event_of(town, number, E.DISPATCHED)
    seen = await insight.view_now(reply(dispatched), Language.ZH)
    assert (seen.case.state, seen.text, seen.known) == (State.RESOLVED, "", True)
    ahead = dispatched.model_copy(update={"n": dispatched.n + 1000})
    with pytest.raises(LedgerAway):
        await insight.view_now(reply(ahead), Language.ZH)


async def test_who_is_on_duty_is_offered_what_they_may_do(town: Town) -> None:
    life = Life(town)
    number = life.report("job", "路面油污", "湖滨南路12号", photos=life.shots)
    asked = reply(event_of(town, number, E.DISPATCHED))
    rights = []
    for person in (BOSS, WALKER):
        called = replace(asked, recipient=replace(asked.recipient, to="on_duty", person=person))
        rights.append((await LedgerInsight(town.gateway).view(called, Language.ZH)).may & set(FOR_THE_DUTY))
    assert Act.URGE in rights[0]
    assert Act.RESOLVE not in rights[0] | rights[1]
    assert (await LedgerInsight(town.gateway).view(asked, Language.ZH)).may == frozenset()

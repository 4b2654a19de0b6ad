"""What is only good to know waits in the night and when somebody has heard enough for a day."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.chat.conversation.quiet_hours import QuietHours, digest, is_night, waits_until
from connectors.chat.conversation.talk import Talk
from connectors.chat.conversation.turn import Say
from schemas.case import UrgentBy
from schemas.event import EventType
from tests.worlds.chats import Chatting, case, view

ZONE = ZoneInfo("Asia/Shanghai")


def at(hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 11, 30, hour, minute, tzinfo=ZONE)


@pytest.mark.parametrize(
    ("now", "until"),
    [
        (at(23, 30), at(7) + timedelta(days=1)),
        (at(3), at(7)),
        (at(6, 59), at(7)),
        (at(7), None),
        (at(12), None),
        (at(21, 59), None),
    ],
)
def test_the_night_ends_in_the_morning(now: datetime, until: datetime | None) -> None:
    assert waits_until(now, 0, QuietHours()) == until


def test_over_the_budget_news_is_gathered() -> None:
    assert waits_until(at(12), 19, QuietHours()) is None
    assert waits_until(at(12), 20, QuietHours()) == at(16)


@given(st.timedeltas(timedelta(), timedelta(days=400)), st.integers(0, 23), st.integers(0, 23))
def test_nothing_waits_longer_than_a_day_or_into_the_night(after: timedelta, begins: int, ends: int) -> None:
    quiet, now = QuietHours(begins=begins, ends=ends), datetime(2026, 1, 1, tzinfo=UTC) + after
    until = waits_until(now, 0, quiet)
    if until is not None:
        assert timedelta() < until - now <= timedelta(days=1)
        assert begins == ends or not is_night(until, quiet)


def test_several_become_one_message() -> None:
    chat = Chatting()
    talk = Talk(chat.state, chat.knowledge, "morning")
    digest(talk, [Say("One.\nmore"), Say("Two.")])
    (say,) = talk.turn().say
    assert say.text == "2 updates:\n· One.\n· Two."


def test_jobs_and_results_are_never_news() -> None:
    chat = Chatting()
    chat.hears(EventType.DISPATCHED, view())
    chat.hears(EventType.RESOLVED, view())
    chat.hears(EventType.DISPATCHED, view(case(assignee="p-rider")), to="assignee")
    assert [each.is_news for each in chat.said] == [False, False, False]
    chat.hears(EventType.CLOSED, view(), to="assignee")
    assert chat.said[-1].is_news


def test_what_is_urgent_wakes_the_superior() -> None:
    chat = Chatting()
    chat.hears(EventType.ESCALATED, view(), to="superior")
    chat.hears(EventType.ESCALATED, view(case(urgent_by=(UrgentBy.WORDS,))), to="superior")
    assert [each.is_news for each in chat.said] == [True, False]

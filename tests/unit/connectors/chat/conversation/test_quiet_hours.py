"""What may wait in somebody's quiet hours, and when they heard enough for a day."""

from typing import get_args
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.chat.conversation.quiet_hours import HOUR_MS, Availability, waits_until_ms
from connectors.chat.messages import SayKind
from connectors.replies.reply import ReplyTo
from schemas.case import Deadline, UrgentBy
from schemas.event import EventType
from schemas.quiet import MessageRule, is_within
from tests.worlds.chats import Chatting, case, view

ZONE = ZoneInfo("Asia/Shanghai")
NOON, NIGHT, MORNING = 1_764_475_200_000, 1_764_518_400_000, 1_764_543_600_000
"""30 November 2025, 12:00 and 24:00 in Shanghai, and 7:00 of the next day."""
URGENT = case(urgent_by=(UrgentBy.WORDS,))


def person(now_ms: int, sent_today: int = 0, *, on_duty: bool = False, budget: int = 20) -> Availability:
    return Availability(now_ms, ZONE, MessageRule(budget=budget), sent_today, on_duty)


@pytest.mark.parametrize("kind", [SayKind.JOB, SayKind.REQUEST, SayKind.NOTICE, SayKind.NEWS])
def test_in_the_night_work_and_changes_wait_for_the_morning(kind: SayKind) -> None:
    assert waits_until_ms(kind, "assignee", case(), person(NIGHT)) == MORNING
    assert waits_until_ms(kind, "assignee", case(), person(NOON)) is None
    assert waits_until_ms(kind, "assignee", case(), person(NIGHT, on_duty=True)) is None


@pytest.mark.parametrize("kind", [SayKind.JOB, SayKind.REQUEST, SayKind.NOTICE])
def test_what_is_urgent_does_not_wait(kind: SayKind) -> None:
    assert waits_until_ms(kind, "assignee", URGENT, person(NIGHT)) is None


def test_work_of_which_something_is_due_before_the_morning_does_not_wait() -> None:
    due = case(deadlines={Deadline.ACCEPT: MORNING - 1, Deadline.ARCHIVE: NIGHT})
    assert waits_until_ms(SayKind.JOB, "assignee", due, person(NIGHT)) is None
    later = case(deadlines={Deadline.ACCEPT: MORNING, Deadline.ARCHIVE: NIGHT})
    assert waits_until_ms(SayKind.JOB, "assignee", later, person(NIGHT)) == MORNING


def test_over_the_budget_only_news_is_gathered() -> None:
    assert waits_until_ms(SayKind.NEWS, "assignee", case(), person(NOON, 19)) is None
    assert waits_until_ms(SayKind.NEWS, "assignee", case(), person(NOON, 20)) == NOON + 4 * HOUR_MS
    for kind in set(SayKind) - {SayKind.NEWS}:
        assert waits_until_ms(kind, "assignee", case(), person(NOON, 1000)) is None


kinds = st.sampled_from(list(SayKind))
relations = st.sampled_from(get_args(ReplyTo))


@given(kinds, relations, st.integers(0, 3 * 24 * HOUR_MS), st.integers(0, 50), st.booleans())
def test_laws_of_waiting(kind: SayKind, to: ReplyTo, after: int, sent: int, on_duty: bool) -> None:
    """Nothing waits for longer than a day, or into quiet hours; some kinds and some people never wait."""
    now = NOON + after
    until = waits_until_ms(kind, to, case(), person(now, sent, on_duty=on_duty))
    if until is None:
        return
    assert kind not in {SayKind.ANSWER, SayKind.REFUSAL, SayKind.VERIFY, SayKind.DIGEST}
    assert not (kind is SayKind.JOB and on_duty)
    assert kind is SayKind.NEWS or to not in {"reporter", "follower"}
    assert 0 < until - now <= 24 * HOUR_MS
    assert not is_within(MessageRule().quiet, until, ZONE)


def test_of_what_kind_messages_are() -> None:
    chat = Chatting()
    chat.hears(EventType.DISPATCHED, view())
    chat.hears(EventType.RESOLVED, view())
    chat.hears(EventType.REFUSED, view())
    chat.hears(EventType.DISPATCHED, view(case(assignee="p-rider")), to="assignee")
    chat.hears(EventType.CLOSED, view(), to="assignee")
    chat.hears(EventType.ACKNOWLEDGED, view(), to="assignee", by="p-rider")
    chat.hears(EventType.ESCALATED, view(), to="superior")
    chat.hears(EventType.ESCALATED, view(URGENT), to="superior")
    chat.hears(EventType.REQUEST_DENIED, view(), to="assignee")
    chat.hears(EventType.DEADLINE_MISSED, view(), to="assignee")
    assert [each.kind.value for each in chat.said] == [
        "notice", "verify", "refusal", "job", "news", "answer", "news", "notice", "refusal", "notice",
    ]  # fmt: skip

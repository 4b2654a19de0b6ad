"""The morning: one message of what changed, then the work that is still theirs."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.chat.conversation.digest import MOST_LINES, Morning, PostponedReply, current, digest
from connectors.chat.conversation.state import Conversation
from connectors.chat.conversation.turn import Knowledge, Say
from connectors.chat.messages import SayKind
from connectors.replies.reply import Recipient, Reply, ReplyTo
from schemas.case import State
from schemas.event import EventType
from schemas.names import Language
from schemas.pending import Request
from schemas.people import Role
from tests.worlds.builders import START, event
from tests.worlds.chats import case, view

ME = "cleaner-1"
KNOWLEDGE = Knowledge(ME, Language.EN, START, roles=frozenset({Role.EXECUTOR}))


def number(n: int) -> str:
    return f"demo-G001-2611-{n:05}"


def morning(type: EventType, kind: SayKind, n: int = 1, to: ReplyTo = "assignee", **now: Any) -> Morning:
    """Something that waited; `now` is how its case is."""
    fields = {"assignee": ME, **now}
    recipient = Recipient("chat", ME, to, "r-1", Language.EN)
    made = event(type, case=number(n), n=n)
    return Morning(
        PostponedReply(Reply(f"0-{n}-{type}", recipient, number(n), made), kind), view(case(number(n), **fields))
    )


def job(n: int = 1, type: EventType = EventType.DISPATCHED, **now: Any) -> Morning:
    return morning(type, SayKind.JOB, n, **now)


def news(n: int = 1, **now: Any) -> Morning:
    return morning(EventType.CLOSED, SayKind.NEWS, n, **{"state": State.CLOSED, **now})


def said(*mornings: Morning, knowledge: Knowledge = KNOWLEDGE) -> list[Say]:
    return [*digest(Conversation(), mornings, knowledge, "morning").say]


def test_one_message_of_several_with_numbers_and_the_way_to_see_them() -> None:
    (say,) = said(news(1), news(2), morning(EventType.DEADLINE_MISSED, SayKind.NOTICE, 3))
    assert say.kind is SayKind.DIGEST
    assert say.text.splitlines()[0] == "3 updates:"
    assert [number(n) in line for n, line in enumerate(say.text.splitlines()[1:], 1)] == [True] * 3
    assert [each.label for each in say.buttons] == ["My jobs"]


def test_a_single_one_is_what_it_would_have_been() -> None:
    (say,) = said(news())
    assert say.text.startswith("Checked and closed:")
    assert say.kind is SayKind.NEWS


def test_of_very_many_the_rest_is_counted() -> None:
    (say,) = said(*(news(n) for n in range(MOST_LINES + 3)))
    assert say.text.splitlines()[-1] == "3 more."
    assert len(say.text.splitlines()) == MOST_LINES + 2


def test_jobs_come_as_themselves_after_the_digest() -> None:
    """Complete, with their buttons."""
    found = said(job(1), news(2), job(3), news(4))
    assert [each.kind for each in found] == [SayKind.DIGEST, SayKind.JOB, SayKind.JOB]
    assert [each.case for each in found[1:]] == [number(1), number(3)]
    assert all(each.buttons for each in found)


@pytest.mark.parametrize(
    "now",
    [
        {"assignee": "somebody-else"},
        {"state": State.CLOSED},
        {"state": State.RESOLVED},
        {"state": State.MERGED, "master": number(9)},
        {"state": State.MOVED},
    ],
)
def test_a_job_that_is_over_or_somebody_elses_is_not_announced(now: dict[str, Any]) -> None:
    """Nor is what was to be said of its end: they never heard of it."""
    lost = morning(EventType.DISPATCHED, SayKind.NEWS, **now)
    assert said(job(**now), lost) == []


def test_who_knew_of_a_job_hears_that_it_is_no_longer_theirs() -> None:
    (say,) = said(morning(EventType.HANDED_ON, SayKind.NEWS, assignee="somebody-else"))
    assert say.text.startswith("No longer yours:")


def test_what_was_taken_away_and_given_back_is_said_once() -> None:
    lost = morning(EventType.HANDED_ON, SayKind.NEWS)
    (say,) = said(lost, job(type=EventType.TAKEN_OVER))
    assert say.kind is SayKind.JOB


def test_of_several_changes_of_a_case_the_last_is_said() -> None:
    late = morning(EventType.DEADLINE_MISSED, SayKind.NOTICE)
    (say,) = said(late, morning(EventType.EXTENDED, SayKind.NOTICE))
    assert say.text.startswith("Extension approved")
    (say,) = said(job(), job(type=EventType.REWORK_ORDERED))
    assert say.text.startswith("Sent back")


def test_a_request_that_somebody_else_decided_is_not_asked() -> None:
    asked = morning(EventType.PAUSE_REQUESTED, SayKind.REQUEST, to="decider", assignee="c")
    assert said(asked) == []
    request = Request(kind="pause", by="c", asked_ms=START, hours=2)
    (say,) = said(morning(EventType.PAUSE_REQUESTED, SayKind.REQUEST, to="decider", assignee="c", request=request))
    assert [each.label for each in say.buttons] == ["Approve", "Deny"]


TYPES = [
    (EventType.DISPATCHED, SayKind.JOB), (EventType.REWORK_ORDERED, SayKind.JOB), (EventType.CLOSED, SayKind.NEWS),
    (EventType.DISPATCHED, SayKind.NEWS), (EventType.DEADLINE_MISSED, SayKind.NOTICE),
    (EventType.EXTENDED, SayKind.NOTICE),
    (EventType.URGED, SayKind.REQUEST),
]  # fmt: skip
mornings = st.lists(
    st.builds(
        lambda pair, n: morning(pair[0], pair[1], n, assignee=ME if n % 2 else "other"),
        st.sampled_from(TYPES), st.integers(1, 6),
    ),
    max_size=20,
)  # fmt: skip


@given(mornings)
def test_laws_of_the_morning(waited: list[Morning]) -> None:
    """One digest at most; no work in it; no job twice, or of a case that is not theirs; all that matters is counted."""
    left, found = current(waited, (ME,)), said(*waited)
    gathered = [each for each in left if not each.is_work]
    work = [each for each in left if each.is_work]
    assert len(found) == len(work) + bool(gathered)
    jobs = [say.case for say in found if say.kind is SayKind.JOB]
    assert len(set(jobs)) == len(jobs)
    assert all(int(number_[-5:]) % 2 for number_ in jobs)
    if len(gathered) > 1:
        assert found[0].kind is SayKind.DIGEST
        assert found[0].text.startswith(f"{len(gathered)} updates:")
    newest = {
        each.case.number: each for each in waited if each.waiting.kind is SayKind.JOB and each.case.assignee == ME
    }
    assert set(newest) == set(jobs), "the last job of each case that is theirs is announced"

"""Two messages for who reported; the job and its button for who handles it; nothing that is not worth a message."""

import pytest

from connectors.chat.conversation.case_view import PhotoSign
from connectors.chat.conversation.notices import TO_REPORTERS
from connectors.intake.submission import ActSubmission, SupplementSubmission
from schemas.case import State
from schemas.command import Act, Outcome, Trouble
from schemas.event import Because, EventType
from schemas.place import Candidate, FoundBy, PlaceFound
from tests.worlds.chats import NUMBER, Chatting, case, texts, view


def test_a_reporter_hears_twice_receipt_and_result() -> None:
    chat = Chatting()
    chat.hears(EventType.OPENED, view())
    chat.hears(EventType.DISPATCHED, view(due="today 11:21"))
    chat.hears(EventType.ACKNOWLEDGED, view())
    chat.hears(EventType.CONTACTED, view())
    chat.hears(EventType.RESOLVED, view(case(outcome=Outcome.FIXED, resolved_ms=1), took="36 min", after=("a" * 64,)))
    assert texts(chat.said) == [
        f"Received: Greasy pavement · Hubin South Road 12-8\nNumber {NUMBER}. Chen (sample) is responsible; "
        "due today 11:21.",
        f"Done: Greasy pavement · Hubin South Road 12-8 ({NUMBER}), after 36 min.\nIs it fixed?",
    ]
    assert chat.labels == ["Fixed", "Not fixed"]
    assert chat.said[-1].photos == ("a" * 64,)


def test_fixed_is_one_tap() -> None:
    chat = Chatting()
    chat.hears(EventType.RESOLVED, view())
    chat.taps("Fixed")
    (act,) = chat.submitted
    assert isinstance(act, ActSubmission)
    assert (act.act, act.case, act.by) == (Act.VERIFY, NUMBER, "p-rider")


def test_not_fixed_asks_what_is_wrong() -> None:
    chat = Chatting()
    chat.hears(EventType.RESOLVED, view())
    chat.writes("Not fixed")
    chat.writes("Still greasy in the middle.")
    (act,) = chat.submitted
    assert isinstance(act, ActSubmission)
    assert (act.act, act.note) == (Act.REJECT, "Still greasy in the middle.")


def test_a_result_is_not_sent_to_whoever_did_it() -> None:
    chat = Chatting()
    chat.hears(EventType.RESOLVED, view(), by="p-rider")
    assert chat.said == []


def test_the_receipt_is_not_repeated_when_somebody_else_gets_the_case() -> None:
    chat = Chatting()
    chat.hears(EventType.DISPATCHED, view(case(hops=1)))
    assert chat.said == []


def test_one_of_several_places_is_one_tap() -> None:
    candidates = (
        Candidate(code="S001", label="Hubin South Road", lon=118.08, lat=24.46),
        Candidate(code="S002", label="Hubin North Road 12"),
    )
    waiting = case(state=State.NEEDS_INFORMATION, trouble=Trouble(reason="ambiguous", candidates=candidates))
    chat = Chatting()
    chat.hears(EventType.INFORMATION_NEEDED, view(waiting))
    assert chat.labels == ["Hubin South Road", "Hubin North Road 12", "None of these"]
    chat.taps("Hubin North Road 12")
    (more,) = chat.submitted
    assert isinstance(more, SupplementSubmission)
    assert (more.report, more.code, more.address) == (waiting.report, "S002", "Hubin North Road 12")


def test_a_position_answers_the_question_for_the_place() -> None:
    chat = Chatting()
    chat.hears(EventType.INFORMATION_NEEDED, view(case(state=State.NEEDS_INFORMATION)))
    chat.shares_position()
    (more,) = chat.submitted
    assert isinstance(more, SupplementSubmission)
    assert more.lon == 118.1


def test_merged_says_so_and_one_tap_splits() -> None:
    chat = Chatting()
    because = Because(code="duplicate", zh="已并案", en="It is the same as case 7.")
    chat.hears(EventType.MERGED, view(case(state=State.MERGED)), because=because)
    assert chat.last.startswith("It is the same as case 7.")
    chat.taps("Not the same")
    assert [each.act for each in chat.submitted if isinstance(each, ActSubmission)] == [Act.SPLIT]


def test_a_question_is_answered_with_words() -> None:
    chat = Chatting()
    chat.hears(EventType.ASKED, view(words="Which side of the road?"))
    chat.writes("The north side.")
    (act,) = chat.submitted
    assert isinstance(act, ActSubmission)
    assert (act.act, act.note) == (Act.ANSWER, "The north side.")


def test_the_job_has_all_that_is_needed() -> None:
    place = PlaceFound(grid="G001", label="x", by=FoundBy.COORDINATES, lon=118.08, lat=24.46)
    chat = Chatting()
    chat.knows(person="cleaner-1")
    mine = case(assignee="cleaner-1", place=place)
    chat.hears(
        EventType.DISPATCHED,
        view(mine, text="greasy pavement", due="today 11:21", guide="Wash with hot water.", before=("b" * 64,)),
        to="assignee",
    )
    assert chat.last == (
        f"New job: Greasy pavement · Hubin South Road 12-8\nNumber {NUMBER}, due today 11:21.\n"
        "The reporter says: greasy pavement\nHow to: Wash with hot water.\nWhen done, answer with a photo."
    )
    assert chat.labels[:3] == ["Sign", "Done", "Not mine"]
    assert chat.said[0].pin is not None
    assert chat.said[0].photos == ("b" * 64,)


def test_lines_that_would_be_empty_are_left_out() -> None:
    chat = Chatting()
    chat.knows(person="cleaner-1")
    chat.hears(EventType.DISPATCHED, view(case(assignee="cleaner-1"), due="today 11:21"), to="assignee")
    assert "How to" not in chat.last
    assert "reporter says" not in chat.last


def test_whoever_loses_a_job_hears_it() -> None:
    chat = Chatting()
    chat.hears(EventType.DISPATCHED, view(case(assignee="somebody-else")), to="assignee")
    assert chat.last.startswith("No longer yours")


def test_what_was_not_possible_is_said_with_its_reason() -> None:
    chat = Chatting()
    because = Because(code="too_late", zh="太晚了", en="It is closed already.")
    chat.hears(EventType.ACTION_REFUSED, view(), by="p-rider", because=because)
    assert chat.last == "That was not possible: It is closed already."


@pytest.mark.parametrize("type", [type for type in EventType if type not in TO_REPORTERS])
def test_the_rest_waits_under_my_reports(type: EventType) -> None:
    if type in (EventType.ACTION_REFUSED, EventType.COMMAND_PARKED):
        return
    chat = Chatting()
    chat.hears(type, view())
    assert chat.said == []


def test_an_addition_is_confirmed_only_where_no_receipt_follows() -> None:
    chat = Chatting()
    chat.hears(EventType.SUPPLIED, view(case(state=State.NEEDS_INFORMATION)), by="p-rider")
    assert chat.said == []
    chat.hears(EventType.SUPPLIED, view(case(dispatched_ms=1)), by="p-rider")
    assert chat.last == "Added."


def test_who_is_on_duty_gets_the_job_of_somebody_who_is_off() -> None:
    """With what they may do, and whose job it is."""
    chat = Chatting()
    chat.hears(EventType.DISPATCHED, view(case(assignee="boss"), may=frozenset({Act.URGE}), due="today"), to="on_duty")
    assert chat.last.startswith("Urgent, and you are on duty:")
    assert chat.last.endswith("Chen (sample) has the job and is off now.")
    assert chat.labels == ["Urge"]
    chat.hears(EventType.DEADLINE_MISSED, view(case(assignee="boss")), to="on_duty")
    assert chat.last.startswith("Overdue:")
    assert chat.labels == []


def test_who_is_woken_hears_why() -> None:
    chat = Chatting()
    chat.hears(EventType.DISPATCHED, view(case(assignee="p-rider"), woken="urgent"), to="assignee")
    assert chat.last.splitlines()[-1].startswith("You are told in your quiet hours because it is urgent")


@pytest.mark.parametrize(
    ("sign", "said"),
    [
        ("same", "Please look closely: the after-photo is one from before, or resembles one."),
        ("reused", "Please look closely: this after-photo was used for another case before."),
        ("alike", "Please look closely: this after-photo resembles one that was used for another case before."),
    ],
)
def test_who_verifies_is_told_of_an_after_photo_that_was_seen_before(sign: PhotoSign, said: str) -> None:
    """It says so between what was done and the question; the buttons are the same."""
    chat = Chatting()
    chat.hears(EventType.RESOLVED, view(photo_sign=sign, words="Swept."))
    assert texts(chat.said)[0].splitlines()[1:] == ["Swept.", said, "Is it fixed?"]
    assert chat.labels == ["Fixed", "Not fixed"]

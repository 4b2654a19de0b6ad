"""A voice message is a part of a report or an act; nobody is told that the bot understood it."""

from connectors.chat.messages import MediaKind
from connectors.intake.submission import ActSubmission, ReportSubmission, SupplementSubmission
from schemas.command import Act
from schemas.event import EventType
from schemas.names import Name
from tests.worlds.chats import NUMBER, Chatting, photo, recording, view


def test_it_goes_along_with_words_and_place() -> None:
    chat = Chatting()
    chat.speaks()
    assert chat.last.startswith("I cannot listen to voice messages, but yours goes along")
    assert "write one line" in chat.last
    chat.writes("greasy pavement")
    chat.shares_position()
    chat.wait(10)
    (report,) = chat.submitted
    assert isinstance(report, ReportSubmission)
    assert (report.text, report.recordings) == ("greasy pavement", (recording(),))
    assert len(chat.said) == 1


def test_with_words_there_nobody_asks_for_more() -> None:
    chat = Chatting()
    chat.writes("greasy pavement")
    chat.speaks()
    assert chat.last.endswith("a person will hear it.")
    chat.speaks("w")
    chat.shares_position()
    chat.wait(10)
    (report,) = chat.submitted
    assert isinstance(report, ReportSubmission)
    assert report.recordings == (recording(), recording("w"))
    assert len(chat.said) == 1, "once a draft"


def test_voice_and_place_alone_become_a_report_when_the_reporter_says_so() -> None:
    """Sure, or a question: the category is asked for, and whoever listens will know."""
    chat = Chatting()
    chat.knows(categories=(("dirt", Name(zh="暴露垃圾", en="Litter")),))
    chat.speaks()
    chat.shares_position()
    chat.wait(10)
    assert chat.labels == ["Litter", "Submit", "Discard"]
    chat.wait(3600)
    assert chat.submitted == []
    assert chat.last == "This is not reported yet: 1 voice message, with a position. Report it?"
    chat.taps("Litter")
    (report,) = chat.submitted
    assert isinstance(report, ReportSubmission)
    assert (report.text, report.category, report.recordings) == ("", "dirt", (recording(),))


def test_voice_alone_is_asked_for_place_and_a_line_and_not_thanked_for_a_photo() -> None:
    chat = Chatting()
    chat.speaks()
    chat.wait(10)
    assert chat.last == "Where is it, and what is wrong? Send the position or the address, and write one line."


def test_what_the_platform_wrote_down_is_words_with_the_recording() -> None:
    chat = Chatting()
    chat.sends_photo()
    chat.speaks(transcript="greasy pavement")
    chat.shares_position()
    (report,) = chat.submitted
    assert isinstance(report, ReportSubmission)
    assert (report.text, report.photos, report.recordings) == ("greasy pavement", (photo(),), (recording(),))


def test_an_answer_may_be_spoken() -> None:
    chat = Chatting()
    chat.hears(EventType.ASKED, view(words="Which door?"))
    chat.speaks()
    (act,) = chat.submitted
    assert isinstance(act, ActSubmission)
    assert (act.act, act.case, act.recordings) == (Act.ANSWER, NUMBER, (recording(),))


def test_in_answer_to_a_message_of_a_case_it_is_about_that_case() -> None:
    chat = Chatting()
    chat.knows(quoted_case=NUMBER)
    chat.speaks()
    (act,) = chat.submitted
    assert isinstance(act, ActSubmission)
    assert (act.act, act.recordings) == (Act.ANSWER, (recording(),))


def test_what_a_waiting_report_lacks_may_be_spoken() -> None:
    chat = Chatting()
    chat.hears(EventType.INFORMATION_NEEDED, view())
    chat.speaks()
    (more,) = chat.submitted
    assert isinstance(more, SupplementSubmission)
    assert more.recordings == (recording(),)


def test_the_job_plays_what_the_reporter_said() -> None:
    chat = Chatting()
    chat.hears(EventType.DISPATCHED, view(recordings=(recording(),)), "assignee")
    assert not chat.said[-1].recordings, "it is somebody else's"
    chat.knows(person="p-cleaner")
    mine = view(recordings=(recording(),))
    chat.hears(
        EventType.HANDED_ON,
        view(mine.case.model_copy(update={"assignee": "p-cleaner"}), recordings=(recording(),)),
        "assignee",
    )
    assert chat.said[-1].recordings == (recording(),)
    assert "The reporter left a voice message." in chat.last


def test_others_hear_what_was_said_with_an_answer_and_not_the_one_who_said_it() -> None:
    chat = Chatting()
    chat.hears(EventType.ANSWERED, view(spoken=(recording(),)), "assignee", by="p-walker")
    assert chat.said[-1].recordings == (recording(),)
    chat.hears(EventType.ANSWERED, view(spoken=(recording(),)), "reporter", by="p-rider")
    assert not chat.said[-1].recordings


def test_without_its_sound_it_cannot_be_kept_and_the_person_hears_so() -> None:
    chat = Chatting()
    chat.sends(MediaKind.VOICE)
    assert chat.last == "I cannot listen to voice messages. Please write a few words or send a photo."

"""Whoever handles a case does it in the chat: a photo finishes a job, a tap asks for what an act needs."""

from connectors.intake.submission import ActSubmission, CoverSubmission, ReportSubmission
from schemas.command import Act, Outcome, ReturnReason
from schemas.names import Name
from tests.worlds.chats import Chatting, photo

FIRST = "demo-G001-2611-00001"


def cleaner(*titles: str) -> Chatting:
    chat = Chatting()
    chat.has_jobs(*titles or ("Greasy pavement",))
    return chat


def act(chat: Chatting) -> ActSubmission:
    (made,) = chat.submitted
    assert isinstance(made, ActSubmission)
    return made


def test_a_photo_in_answer_to_a_job_finishes_it() -> None:
    chat = cleaner()
    chat.knows(quoted_case=FIRST)
    chat.sends_photo("after")
    done = act(chat)
    assert (done.act, done.case, done.after_photos) == (Act.RESOLVE, FIRST, (photo("after"),))
    assert chat.said == []


def test_a_photo_out_of_the_blue_gets_one_question() -> None:
    chat = cleaner("Greasy pavement", "Broken lamp", "Full bin", "Pothole")
    chat.sends_photo("after")
    assert chat.labels == ["Done: Greasy pavement", "Done: Broken lamp", "Done: Full bin", "A new report"]
    chat.taps("Done: Broken lamp")
    assert (act(chat).act, act(chat).case) == (Act.RESOLVE, "demo-G001-2611-00002")
    assert len(chat.said) == 1


def test_or_it_is_a_new_report() -> None:
    chat = cleaner()
    chat.sends_photo("oil", "oil on the road")
    chat.shares_position()
    chat.taps("A new report")
    (report,) = chat.submitted
    assert isinstance(report, ReportSubmission)
    assert (report.text, report.lon, report.photos) == ("oil on the road", 118.1, (photo("oil"),))


def test_the_other_photos_of_an_album_belong_to_the_same_job() -> None:
    chat = cleaner()
    chat.knows(quoted_case=FIRST)
    chat.sends_photo("after", album="9")
    chat.knows(quoted_case="", jobs=())
    chat.sends_photo("more", album="9")
    acts = [each for each in chat.submitted if isinstance(each, ActSubmission)]
    assert [(each.act, each.case) for each in acts] == [(Act.RESOLVE, FIRST), (Act.ANSWER, FIRST)]


def test_done_asks_for_the_photo() -> None:
    chat = cleaner()
    chat.writes("jobs")
    chat.taps("Done: Greasy pavement")
    assert chat.last == "Send the after-photo."
    chat.sends_photo("after")
    assert act(chat).after_photos == (photo("after"),)


def test_nothing_found_needs_words() -> None:
    chat = cleaner()
    chat.writes("jobs")
    chat.taps("Done: Greasy pavement")
    chat.taps("Nothing found")
    chat.writes("The pavement is dry.")
    assert (act(chat).outcome, act(chat).note) == (Outcome.NOTHING_FOUND, "The pavement is dry.")


def job_message(chat: Chatting, pressed: Act) -> None:
    """The button of the job's own message."""
    from connectors.chat.conversation.state import Choice, Verb
    from connectors.chat.conversation.talk import Talk

    talk = Talk(chat.state, chat.knowledge, "job")
    talk.write("job", [Choice(label=str(pressed), verb=Verb.ACT, case=FIRST, act=pressed)])
    turn = talk.turn()
    chat.state = turn.state
    chat.said += turn.say
    chat.taps(str(pressed))


def test_not_mine_asks_why_and_for_words() -> None:
    chat = cleaner()
    job_message(chat, Act.RETURN)
    chat.taps("Wrong place")
    chat.writes("That is the north side.")
    made = act(chat)
    assert (made.reason, made.note, made.case) == (ReturnReason.WRONG_PLACE, "That is the north side.", FIRST)


def test_more_time_can_be_typed() -> None:
    chat = cleaner()
    job_message(chat, Act.REQUEST_EXTENSION)
    chat.writes("48 hours")
    chat.writes("The part has to be ordered.")
    assert (act(chat).hours, act(chat).note) == (48, "The part has to be ordered.")


def test_hand_on_names_a_person() -> None:
    chat = cleaner()
    chat.knows(names=(("crew-1", Name.same("Sample Crew")),))
    job_message(chat, Act.HAND_ON)
    chat.writes("sample crew")
    assert (act(chat).act, act(chat).to) == (Act.HAND_ON, "crew-1")


def test_off_today_with_somebody_who_stands_in() -> None:
    chat = cleaner()
    chat.knows(names=(("crew-1", Name.same("Sample Crew")),))
    chat.writes("off today")
    chat.taps("Sample Crew")
    (cover,) = chat.submitted
    assert isinstance(cover, CoverSubmission)
    assert (cover.person, cover.cover) == ("p-rider", "crew-1")


def test_never_mind_ends_the_question() -> None:
    chat = cleaner()
    job_message(chat, Act.RETURN)
    chat.taps("Never mind")
    chat.writes("good morning")
    assert chat.submitted == []


def test_the_three_scores_of_a_report_in() -> None:
    chat = cleaner()
    job_message(chat, Act.RATE_REPORT_IN)
    for score in (5, 4, 3):
        chat.taps(str(score))
    made = act(chat)
    assert (made.cooperation, made.professionalism, made.responsibility) == (5, 4, 3)


def test_the_words_of_a_button_in_answer_to_its_message_are_that_button() -> None:
    chat = cleaner("Greasy pavement", "Broken lamp")
    chat.writes("jobs")
    chat.knows(quoted_case="demo-G001-2611-00002")
    chat.writes("Done: Broken lamp")
    chat.sends_photo("after")
    assert (act(chat).act, act(chat).case) == (Act.RESOLVE, "demo-G001-2611-00002")

"""Photo, words and position in any order become one report; what is missing is asked for, one thing at a time."""

from itertools import permutations

import pytest

from connectors.chat.conversation.state import Asking
from connectors.chat.messages import MediaKind
from connectors.intake.submission import ActSubmission, ReportSubmission, SupplementSubmission
from schemas.people import Role
from schemas.trust import TrustLevel
from tests.worlds.chats import Chatting, photo


def send_in(order: tuple[str, ...], *, pause_s: float = 1) -> Chatting:
    chat = Chatting()
    for each in order:
        {"photo": chat.sends_photo, "text": lambda: chat.writes("greasy pavement"), "place": chat.shares_position}[
            each
        ]()
        chat.wait(pause_s)
    return chat


@pytest.mark.parametrize("order", [*permutations(["photo", "text", "place"])])
@pytest.mark.parametrize("pause_s", [0, 1, 30])
def test_in_any_order_and_at_any_pace_it_is_one_report(order: tuple[str, ...], pause_s: float) -> None:
    chat = send_in(order, pause_s=pause_s)
    chat.wait(600)
    whole = [each for each in chat.submitted if isinstance(each, ReportSubmission)]
    more = [each for each in chat.submitted if isinstance(each, SupplementSubmission)]
    assert len(whole) == 1
    assert all(each.report == whole[0].id for each in more)
    parts: list[ReportSubmission | SupplementSubmission] = [*whole, *more]
    assert {p.digest for each in parts for p in each.photos} == {photo().digest}
    assert [each.text for each in parts if each.text] == ["greasy pavement"]
    assert [each.lon for each in parts if each.lon is not None] == [118.1]


def test_a_complete_draft_is_sent_at_once() -> None:
    chat = send_in(("photo", "text", "place"), pause_s=0)
    assert len(chat.submitted) == 1
    assert chat.said == []  # the receipt comes with the decision


def test_nobody_is_asked_while_still_sending() -> None:
    chat = send_in(("photo", "text"), pause_s=2)
    assert chat.said == []


def test_a_missing_place_is_asked_for_once() -> None:
    chat = send_in(("photo", "text"))
    chat.wait(10)
    assert chat.last.startswith("Where is it?")
    chat.writes("Hubin South Road 12-8")
    (report,) = chat.submitted
    assert isinstance(report, ReportSubmission)
    assert (report.text, report.address) == ("greasy pavement", "Hubin South Road 12-8")


def test_without_an_answer_a_photo_with_words_is_sent_all_the_same() -> None:
    chat = send_in(("photo", "text"))
    chat.wait(300)
    assert len(chat.submitted) == 1


def test_words_alone_are_never_sent_or_dropped_without_asking() -> None:
    chat = Chatting()
    chat.writes("somebody should look at this")
    chat.wait(3600)
    assert chat.submitted == []
    assert chat.last == "This is not reported yet: “somebody should look at this”. Report it?"
    assert chat.labels == ["Submit", "Discard"]
    chat.taps("Submit")
    assert len(chat.submitted) == 1


def test_a_number_is_as_good_as_a_button() -> None:
    chat = Chatting()
    chat.writes("somebody should look at this")
    chat.wait(3600)
    chat.writes("２")
    assert (chat.submitted, chat.last) == ([], "All right, nothing was reported.")


def test_a_photo_that_comes_late_belongs_to_the_report() -> None:
    chat = Chatting()
    chat.writes("greasy pavement")
    chat.shares_position()
    chat.wait(10)
    chat.sends_photo()
    report, more = chat.submitted
    assert isinstance(more, SupplementSubmission)
    assert more.report == report.id


def test_an_album_is_one_report() -> None:
    chat = Chatting()
    chat.shares_position()
    chat.sends_photo("a", "greasy pavement", album="7")
    chat.sends_photo("b", album="7")
    chat.sends_photo("c", album="7")
    chat.wait(5)
    (report,) = chat.submitted
    assert isinstance(report, ReportSubmission)
    assert len(report.photos) == 3


def test_two_problems_in_one_breath_are_two_reports_if_the_person_says_so() -> None:
    chat = Chatting()
    chat.sends_photo("a", "greasy pavement")
    chat.sends_photo("b", "broken lamp")
    assert chat.labels == ["The same", "Another one"]
    chat.taps("Another one")
    chat.shares_position()
    texts = [each.text for each in chat.submitted if isinstance(each, ReportSubmission)]
    assert texts == ["greasy pavement", "broken lamp"]


def test_an_edit_changes_the_draft_and_a_withdrawn_message_leaves_it() -> None:
    chat = Chatting()
    chat.writes("gresy", message="one")
    chat.sends_photo(message="two")
    chat.edits("one", "greasy pavement")
    chat.takes_back("two")
    chat.shares_position()
    chat.wait(10)
    (report,) = chat.submitted
    assert isinstance(report, ReportSubmission)
    assert (report.text, report.photos) == ("greasy pavement", ())


@pytest.mark.parametrize("first", ["photo", "words", "voice"])
def test_where_no_position_can_be_sent_none_is_asked_for_and_the_form_is_offered(first: str) -> None:
    chat = Chatting()
    chat.knows(positions=False, form="https://city.example/form")
    {"photo": chat.sends_photo, "words": lambda: chat.writes("greasy pavement"), "voice": chat.speaks}[first]()
    chat.wait(10)
    assert "position" not in chat.last
    assert "address" in chat.last
    assert chat.said[-1].link == "https://city.example/form"


def test_an_edit_of_what_was_used_already_is_answered_truthfully() -> None:
    chat = Chatting()
    chat.writes("my reports", message="asked")
    chat.edits("asked", "my jobs")
    assert chat.last.startswith("That message was acted on already")
    assert chat.submitted == []


def test_an_edit_of_what_waits_for_an_answer_counts() -> None:
    chat = Chatting()
    chat.has_jobs("Oil")
    chat.sends_photo(text="clean", message="m-photo")
    chat.edits("m-photo", "clean now")
    chat.taps("Done: Oil")
    (act,) = chat.submitted
    assert isinstance(act, ActSubmission)
    assert act.note == "clean now"


def test_an_edit_after_the_report_is_an_addition() -> None:
    chat = send_in(("photo", "text", "place"), pause_s=0)
    chat.edits("m2", "greasy pavement, and slippery")
    assert isinstance(chat.submitted[1], SupplementSubmission)
    assert chat.last == "That message was reported already; your change was passed on as an addition."


def test_what_is_forwarded_is_reported_only_after_a_question() -> None:
    chat = Chatting()
    chat.sends_photo(text="oil at Hubin South Road 12", forwarded=True)
    chat.shares_position()
    chat.wait(3600)
    assert chat.submitted == []
    assert chat.labels == ["Submit", "Discard"]


@pytest.mark.parametrize("kind", [kind for kind in MediaKind if kind is not MediaKind.PHOTO])
def test_what_cannot_be_used_gets_a_truthful_answer(kind: MediaKind) -> None:
    chat = Chatting()
    chat.sends(kind)
    assert len(chat.said) == 1
    assert chat.submitted == []


def test_a_voice_message_with_its_words_is_words() -> None:
    chat = Chatting()
    chat.shares_position()
    chat.sends(MediaKind.VOICE, "greasy pavement")
    chat.wait(10)
    assert [each.text for each in chat.submitted if isinstance(each, ReportSubmission)] == ["greasy pavement"]


def test_a_greeting_is_no_report() -> None:
    chat = Chatting()
    chat.writes("Hello!")
    chat.wait(3600)
    assert chat.submitted == []
    assert len(chat.said) == 1


def test_when_nothing_comes_of_a_report_for_a_while_the_person_hears_that_it_is_safe() -> None:
    chat = send_in(("photo", "text", "place"), pause_s=0)
    chat.wait(60)
    (safe,) = chat.said
    assert safe.text.startswith("Received and safely stored as chat-3.")


def test_somebody_with_several_roles_reports_as_patroller() -> None:
    chat = Chatting()
    chat.knows(roles=frozenset({Role.EXECUTOR, Role.PATROLLER}))
    chat.writes("greasy pavement")
    chat.shares_position()
    chat.wait(10)
    assert [each.reporter_kind for each in chat.submitted if isinstance(each, ReportSubmission)] == [Role.PATROLLER]


@pytest.mark.parametrize(("roles", "most"), [(frozenset(), 12), (frozenset({Role.VOLUNTEER}), 60)])
def test_whoever_reports_more_than_people_do_is_asked_and_never_refused(roles: frozenset[Role], most: int) -> None:
    chat = Chatting()
    chat.knows(roles=roles)

    def reports() -> None:
        chat.sends_photo(f"photo-{chat.count}", "greasy pavement")
        chat.shares_position()

    for _ in range(most):
        reports()
    assert (len(chat.submitted), chat.said) == (most, [])
    reports()
    minutes = 60 // most
    assert chat.last == (
        f"That is more than {most} reports an hour. Is this really a new problem? In {minutes} min we do not ask again."
    )
    chat.taps("Submit")
    assert len(chat.submitted) == most + 1
    chat.wait(3601)
    reports()
    assert len(chat.submitted) == most + 2


def test_reports_of_whoever_is_little_trusted_are_confirmed() -> None:
    chat = Chatting()
    chat.knows(trust=TrustLevel(12, confirm=True))
    chat.sends_photo("a", "greasy pavement")
    chat.shares_position()
    assert (chat.submitted, chat.state.asking) == ([], Asking.SUBMIT)
    chat.taps("Submit")
    assert len(chat.submitted) == 1


def test_a_draft_has_an_end_and_what_does_not_fit_is_said() -> None:
    chat = Chatting()
    for n in range(41):
        chat.sends_photo(str(n), forwarded=True)
    assert len(chat.state.draft) == 40
    assert chat.last.startswith("Not added:")
    chat.taps("Submit")
    (report,) = chat.submitted
    assert isinstance(report, ReportSubmission)
    assert len(report.photos) == 40


def test_words_that_would_be_cut_are_not_taken() -> None:
    chat = Chatting()
    chat.writes("x" * 4001)
    assert (chat.state.draft, chat.last.startswith("This message is too long")) == ((), True)
    chat.writes("y" * 4000)
    chat.writes("z")
    assert [each.text[0] for each in chat.state.draft] == ["y"]
    assert chat.last.startswith("Not added:")
    chat.edits("m2", "y" * 3999)
    chat.edits("m2", "w")
    chat.writes("v" * 3999)
    assert chat.last.startswith("Not added:")
    chat.writes("u")
    chat.edits("m2", "y" * 4000)
    assert chat.last.startswith("Not added:")
    assert chat.state.draft[0].text == "w"

"""A turn that is written down is read back as it was."""

import pytest

from connectors.chat.conversation.state import Asking, Conversation
from connectors.chat.conversation.turn import Say, Turn
from connectors.chat.messages import Button, Pin
from connectors.chat.runtime.decided import from_json, to_json
from connectors.intake.submission import (
    ActSubmission,
    CoverSubmission,
    ReportSubmission,
    Submission,
    SupplementSubmission,
)
from connectors.intake.validation import validated
from schemas.command import Act, Outcome, Rating, ReturnReason
from schemas.datum import Datum
from schemas.names import Language
from schemas.people import Role
from schemas.report import Photo, ReportKind

PHOTO = Photo(digest="a" * 64, taken_ms=5, lon=118.0, lat=24.0)
SUBMISSIONS = (
    ReportSubmission(
        id="chat-1", kind=ReportKind.COMPLAINT, text="井盖\n坏了", lat=24.46, lon=118.08, datum=Datum.GCJ02,
        reporter="p-1", reporter_kind=Role.VOLUNTEER, reporter_lang=Language.EN, urgent=True, photos=(PHOTO,),
        attributes={"depth": "deep"}, change={"id": "item-1", "zh": "井盖"},
    ),
    SupplementSubmission(id="chat-2", report="chat-1", text="在门口", code="G01"),
    ActSubmission(
        case="T-G01-2511-00001", act=Act.RETURN, by="p1", reason=ReturnReason.WRONG_PLACE, outcome=Outcome.FIXED,
        rating=Rating.SATISFIED, hours=3, until=1_790_000_000_000, cooperation=4,
    ),
    CoverSubmission(person="p1", by="p1", from_ms=1_790_000_000_000, until=1_790_000_100_000),
)  # fmt: skip


@pytest.mark.parametrize("submission", SUBMISSIONS, ids=lambda each: type(each).__name__)
def test_each_kind_of_submission_comes_back(submission: Submission) -> None:
    turn = Turn(Conversation(), (submission,))
    again = from_json(to_json(turn))
    assert again == turn
    assert again.submit[0].model_fields_set == submission.model_fields_set


def test_a_form_with_words_for_numbers_comes_back_too() -> None:
    """What a door read from text is typed already."""
    read = validated(ReportSubmission, {"text": "a", "lat": "24.5", "lon": "118", "datum": "wgs84", "fixed": "yes"})
    assert from_json(to_json(Turn(Conversation(), (read,)))).submit == (read,)


def test_state_and_words_come_back() -> None:
    said = Say("Fixed?", (Button(label="Yes", value="v"),), ("a" * 64,), Pin(lon=1, lat=2), "https://here", "T-1")
    turn = Turn(Conversation(language=Language.EN, asking=Asking.WORDS, wake_ms=7), (), (said, Say("Thanks")))
    assert from_json(to_json(turn)) == turn

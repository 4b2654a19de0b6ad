from connectors.chat.conversation.state import Conversation, DraftPart
from connectors.chat.conversation.turn import Turn
from connectors.chat.runtime.storage.sources import Made
from connectors.chat.runtime.traced import made
from connectors.intake.submission import ReportSubmission
from tests.worlds.chats import photo


def drafted(*messages: str, held: tuple[str, ...] = ()) -> Conversation:
    return Conversation(
        draft=tuple(DraftPart(message=each, text="words") for each in messages),
        held=tuple(DraftPart(message=each, photo=photo()) for each in held),
    )


def key(message: str) -> str:
    return f"k-{message}"


def test_a_report_is_made_of_the_messages_that_its_draft_lost() -> None:
    turn = Turn(Conversation(), (ReportSubmission(text="words"),))
    assert made(drafted("1", "2"), turn, "chat-3", key) == Made(("chat-3",), ("k-1", "k-2"))


def test_what_stays_in_the_draft_is_no_part_of_what_was_submitted() -> None:
    turn = Turn(drafted("1"), (ReportSubmission(text="words"), ReportSubmission(id="own", text="words")))
    assert made(drafted("1", held=("2",)), turn, "chat-3", key) == Made(("chat-3", "own"), ("k-2",), ("k-1",))


def test_a_turn_that_submits_nothing_made_nothing() -> None:
    assert made(drafted("1"), Turn(Conversation()), "chat-3", key) == Made()
    assert made(Conversation(), Turn(drafted("1")), "chat-1", key) == Made(waiting=("k-1",))

"""What a turn made of which messages: pure."""

from collections.abc import Callable

from connectors.chat.conversation.state import Conversation
from connectors.chat.conversation.turn import Turn
from connectors.chat.runtime.storage.sources import Made


def submission_id(id: str | None, source: str, n: int) -> str:
    """Under which id the submission `n` of a turn is accepted; `id` is its own."""
    return id or (f"{source}-{n}" if n else source)


def made(before: Conversation, turn: Turn, source: str, key_of: Callable[[str], str]) -> Made:
    """`source` names the turn; `key_of` gives the key of a message by its platform's id."""
    texts = tuple(submission_id(each.id, source, n) for n, each in enumerate(turn.submit))
    after = _messages(turn.state)
    gone = _messages(before) - after if texts else set[str]()
    return Made(texts, tuple(sorted(map(key_of, gone))), tuple(sorted(map(key_of, after))))


def _messages(state: Conversation) -> set[str]:
    return {part.message for part in (*state.draft, *state.held)}

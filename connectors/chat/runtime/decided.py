"""A turn as JSON: what follows from a message is written down before it is submitted.

After a crash the same turn goes on, whatever is known by then: nothing is submitted twice, and nothing else.
"""

from typing import Any, Final

from pydantic import BaseModel, TypeAdapter

from connectors.chat.conversation.state import Conversation
from connectors.chat.conversation.turn import Say, Turn
from connectors.intake.submission import (
    ActSubmission,
    CoverSubmission,
    ReportSubmission,
    Submission,
    SupplementSubmission,
)

_KINDS: Final[dict[str, type[Submission]]] = {
    kind.__name__: kind for kind in (ReportSubmission, SupplementSubmission, ActSubmission, CoverSubmission)
}


class _Decided(BaseModel):
    """How a turn is written down: submissions by the name of their class."""

    state: Conversation
    submit: list[tuple[str, dict[str, Any]]]
    say: tuple[Say, ...]


_JSON: Final = TypeAdapter(_Decided)


def to_json(turn: Turn) -> str:
    """Write a turn down."""
    submit = [(type(each).__name__, each.model_dump(mode="json", exclude_unset=True)) for each in turn.submit]
    return _JSON.dump_json(_Decided(state=turn.state, submit=submit, say=turn.say)).decode()


def from_json(written: str) -> Turn:
    """The turn that was written down."""
    decided = _JSON.validate_json(written)
    submit = tuple(_KINDS[name].model_validate(fields) for name, fields in decided.submit)
    return Turn(decided.state, submit, decided.say)

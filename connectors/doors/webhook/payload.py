"""What is posted for a reply: `{"type", "timestamp", "data"}`, as Standard Webhooks has it; pure."""

from datetime import UTC, datetime
from hashlib import sha256
from typing import Final

from pydantic_core import to_json

from connectors.replies.reply import Reply
from schemas.names import Language
from schemas.report import ANONYMOUS

SHOWN: Final = (
    "state", "category", "outcome", "department", "urgent_ms", "resolved_ms", "closed_ms", "moved_to", "master",
)  # fmt: skip
"""Fields of the case that the receiver is told of, where the event sets them; no person among them."""


def body_of(reply: Reply) -> bytes:
    """The JSON, the same each time."""
    event, to = reply.event, reply.recipient
    why = None if event.because is None else event.because.zh if to.language is Language.ZH else event.because.en
    data = {
        "id": reply.id,
        "report": to.report,
        "reporter": to.person,
        "relation": to.to,
        "language": to.language,
        "case": reply.case,
        "event": event.type,
        "t_ms": event.t_ms,
        "why": why,
        "now": {name: event.now[name] for name in SHOWN if name in event.now},
    }
    timestamp = datetime.fromtimestamp(event.t_ms / 1000, UTC).isoformat().replace("+00:00", "Z")
    return to_json({"type": f"case.{event.type}", "timestamp": timestamp, "data": data})


def lane_of(reply: Reply) -> str:
    """What is delivered in order: all of one person, or of one report where nobody is named."""
    to = reply.recipient
    return to.report if to.person == ANONYMOUS else to.person


def message_id(reply: str) -> str:
    """The `webhook-id` of a reply, the same on every try."""
    return f"msg_{sha256(reply.encode()).hexdigest()[:32]}"

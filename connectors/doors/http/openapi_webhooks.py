"""Of the OpenAPI document: what is posted to subscribers, and how a subscription stands."""

from collections.abc import Mapping
from typing import Any, Final

from connectors.subscriptions.subscription import StopReason, SubscriptionState
from schemas.case_facts import FACTS_END_KIND, FACTS_KIND
from schemas.order import FINISHED_KIND, ORDER_KIND

Json = dict[str, Any]

_TEXT: Final[Json] = {"type": "string"}
_COUNT: Final[Json] = {"type": "integer", "minimum": 0}
_TIME: Final[Json] = {"type": "integer", "description": "Milliseconds UTC."}
_FLAG: Final[Json] = {"type": "boolean"}

SUBSCRIPTION_VIEW: Final[Json] = {
    "type": "object",
    "description": "What is empty or unknown is left out.",
    "properties": {
        **dict.fromkeys(("id", "department", "category", "area", "case", "url", "made_by", "next_event"), _TEXT),
        **dict.fromkeys(("made_ms", "since_ms", "last_ms", "trouble_ms", "next_ms"), _TIME),
        **dict.fromkeys(("sent", "waiting", "dead", "dead_gone"), _COUNT),
        **dict.fromkeys(("batch", "words"), _FLAG),
        "state": {"enum": [*SubscriptionState]},
        "why": _TEXT | {"description": f"What is wrong with the subscriber; if it stopped: {', '.join(StopReason)}."},
        "says": _TEXT | {"description": "The same in words."},
        "resumes_at": {
            "type": "object",
            "additionalProperties": _COUNT,
            "description": "Of one that stopped: by partition of its topic, the offset where it goes on.",
        },
    },
    "required": ["id", "url", "state", "sent", "waiting", "dead"],
}
_HEADERS: Final[Mapping[str, str]] = {
    "webhook-id": "The same on every try.",
    "webhook-timestamp": "Seconds UTC, of this try.",
    "webhook-signature": "`v1,` and base64 of HMAC-SHA256 over `id.timestamp.body`; blanks between several.",
}


def webhooks() -> Json:
    """Signed by Standard Webhooks, in the structured mode of CloudEvents."""
    return {
        "order": _posted("An order of a department, as in its topic", ORDER_KIND, FINISHED_KIND, "OrderView"),
        "case": _posted("The facts of a case", FACTS_KIND, FACTS_END_KIND, "CaseFactsView"),
    }


def _posted(summary: str, kind: str, end: str, data: str) -> Json:
    event: Json = {
        "type": "object",
        "required": ["specversion", "id", "source", "type", "subject", "time"],
        "properties": {
            "specversion": {"const": "1.0"},
            "id": _TEXT | {"description": "The same whenever it comes again."},
            "source": _TEXT,
            "type": {"enum": [kind, end]},
            "subject": _TEXT | {"description": "The number of the case."},
            "time": _TEXT | {"format": "date-time"},
            "datacontenttype": {"const": "application/json"},
            "data": {"$ref": f"#/components/schemas/{data}", "description": f"Not in `{end}`."},
        },
    }
    content = {
        "application/cloudevents+json": {"schema": event},
        "application/cloudevents-batch+json": {"schema": {"type": "array", "items": event}},
    }
    headers = [
        {"name": name, "in": "header", "required": True, "schema": _TEXT, "description": said}
        for name, said in _HEADERS.items()
    ]
    answers = {
        "2XX": {"description": "It is stored."},
        "410": {"description": "Send nothing more."},
        "default": {"description": "Anything else is tried again for days."},
    }
    return {
        "post": {
            "summary": summary,
            "security": [],
            "parameters": headers,
            "requestBody": {"required": True, "content": content},
            "responses": answers,
        }
    }

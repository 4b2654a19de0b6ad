"""CloudEvents 1.0.2 in the structured mode of their HTTP binding, one or a batch; pure."""

from collections.abc import Mapping, Sequence
from hashlib import sha256
from typing import Final, NamedTuple

from pydantic_core import to_json

EVENT_TYPE: Final = "application/cloudevents+json; charset=utf-8"
BATCH_TYPE: Final = "application/cloudevents-batch+json; charset=utf-8"
SOURCE: Final = "grid36/subscriptions"
TEST_KIND: Final = "grid36.test"
"""CloudEvents type of what the operator sends to try a subscription."""
_PREFIX: Final = "ce_"


class Document(NamedTuple):
    """One event as it goes out."""

    id: str
    subject: str
    """The case: documents of one case go out in order."""
    body: bytes


class OutgoingMessage(NamedTuple):
    """One request."""

    id: str
    """The `webhook-id`, the same on every try."""
    content_type: str
    body: bytes


def document(attributes: Mapping[str, str], data: bytes | None) -> Document:
    """An event of these CloudEvents attributes; `data` is JSON, None where there is none."""
    named = {"specversion": "1.0", **attributes}
    if data is None:
        return Document(named["id"], named["subject"], to_json(named))
    head = to_json(named | {"datacontenttype": "application/json"})
    return Document(named["id"], named["subject"], head[:-1] + b',"data":' + data + b"}")


def attributes_of(headers: Sequence[tuple[str, bytes]]) -> dict[str, str]:
    """The attributes of a record of the log, which has them in Kafka's binary mode."""
    return {name.removeprefix(_PREFIX): value.decode() for name, value in headers if name.startswith(_PREFIX)}


def message_of(subscription: str, documents: Sequence[Document], *, batch: bool) -> OutgoingMessage:
    """What carries these documents, one unless `batch`. Its id is made of theirs and the subscription's."""
    ids = "\n".join([subscription, *(each.id for each in documents)])
    id = f"msg_{sha256(ids.encode()).hexdigest()[:32]}"
    if batch:
        return OutgoingMessage(id, BATCH_TYPE, b"[" + b",".join([each.body for each in documents]) + b"]")
    return OutgoingMessage(id, EVENT_TYPE, documents[0].body)

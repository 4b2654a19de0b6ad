"""Events as they go out: read by the CloudEvents library, and named so that a repeat is known."""

import json

from cloudevents.core.formats.json import JSONFormat
from cloudevents.core.v1.event import CloudEvent

from connectors.standard_webhooks.signatures import ID
from connectors.subscriptions.documents import BATCH_TYPE, EVENT_TYPE, Document, attributes_of, document, message_of
from schemas.codec import cloud_event

HEADERS = cloud_event(event_id="water/供-1/3", source="grid36/orders", kind="grid36.order", t_ms=1_763_800_000_123)
ATTRIBUTES = attributes_of(HEADERS) | {"subject": "供-1"}


def test_the_library_of_cloudevents_reads_an_event() -> None:
    made = document(ATTRIBUTES, '{"case": "供-1"}'.encode())
    event = JSONFormat().read(CloudEvent, made.body)
    assert (event.get_id(), event.get_source(), event.get_type()) == ("water/供-1/3", "grid36/orders", "grid36.order")
    assert (event.get_subject(), event.get_data()) == ("供-1", {"case": "供-1"})
    assert event.get_time().isoformat() == "2025-11-22T08:26:40.123000+00:00"  # type: ignore[union-attr]


def test_an_event_without_data_has_none() -> None:
    event = JSONFormat().read(CloudEvent, document(ATTRIBUTES, None).body)
    assert event.get_data() is None


def test_several_are_an_array_of_the_same_events() -> None:
    one, two = document(ATTRIBUTES, b"{}"), document(ATTRIBUTES | {"id": "2"}, None)
    message = message_of("sub_1", [one, two], batch=True)
    assert (
        message.content_type.partition(";")[0] == BATCH_TYPE.partition(";")[0] == "application/cloudevents-batch+json"
    )
    assert json.loads(message.body) == [json.loads(one.body), json.loads(two.body)]
    single = message_of("sub_1", [one], batch=False)
    assert (single.content_type, single.body) == (EVENT_TYPE, one.body)


def test_ids_of_requests_differ_by_subscription_and_events() -> None:
    """And each fits into a signature."""
    a, b = Document("a", "c", b"{}"), Document("b", "c", b"{}")
    made = [
        message_of(sub, events, batch=True).id
        for sub in ("sub_1", "sub_2")
        for events in ([a], [b], [a, b], [b, a], [Document("a\nb", "c", b"{}")])
    ]
    assert len(set(made)) == 8, "ids of events have no line breaks"
    assert all(ID.fullmatch(each) for each in made)
    assert message_of("sub_1", [a], batch=False).id == message_of("sub_1", [a], batch=True).id

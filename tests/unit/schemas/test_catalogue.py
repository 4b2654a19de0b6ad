import json
from collections.abc import Iterator
from typing import Any

from schemas.catalogue import CARRIES, asyncapi, json_schema


def test_every_topic_has_a_schema_that_is_json() -> None:
    for topic in CARRIES:
        assert json.loads(json.dumps(json_schema(topic)))


def test_a_schema_says_what_a_report_needs() -> None:
    report = json_schema("reports")["$defs"]["Report"]
    assert {"id", "reporter", "door", "received_ms"} <= set(report["required"])


def test_asyncapi_names_each_topic_once() -> None:
    document = asyncapi("1.2.3")
    assert {c["address"] for c in document["channels"].values()} == set(CARRIES)
    assert document["info"]["version"] == "1.2.3"


def _refs(part: Any) -> Iterator[str]:
    if isinstance(part, dict):
        if isinstance(ref := part.get("$ref"), str):
            yield ref
        part = list(part.values())
    for each in part if isinstance(part, list) else ():
        yield from _refs(each)


def _resolve(document: dict[str, Any], ref: str) -> Any:
    part: Any = document
    for step in ref.removeprefix("#/").split("/"):
        part = part[step]
    return part


def test_every_reference_of_asyncapi_resolves_from_the_root_of_the_document() -> None:
    document = asyncapi("1.2.3")
    refs = set(_refs(document))
    assert len(refs) > 50
    for ref in refs:
        assert ref.startswith("#/")
        assert _resolve(document, ref)


def test_asyncapi_has_no_discriminator_objects() -> None:
    """Its own parser takes only a property's name there; each choice has its `type` as a constant anyway."""
    document = asyncapi("1.2.3")
    assert '"discriminator"' not in json.dumps(document)
    choices = document["channels"]["commands"]["messages"]["commands"]["payload"]["oneOf"]
    for choice in choices:
        assert "const" in _resolve(document, choice["$ref"])["properties"]["type"]


def messages(document: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Channel, name and message."""
    for channel, each in document["channels"].items():
        for name, message in each["messages"].items():
            yield channel, name, message


def test_asyncapi_says_which_messages_are_cloud_events() -> None:
    with_headers = {(channel, name) for channel, name, message in messages(asyncapi("1.2.3")) if "headers" in message}
    assert with_headers == {
        ("reports", "reports"),
        ("events", "events"),
        ("department", "department"),
        ("department", "finished"),
        ("answers", "answers"),
        ("proofs", "proofs"),
    }


def test_asyncapi_says_what_keys_are_and_what_a_tombstone_means() -> None:
    document = asyncapi("1.2.3")
    keys = {name: message["bindings"]["kafka"]["key"]["description"] for _, name, message in messages(document)}
    assert keys.keys() == {*document["channels"], "finished", "erased"}
    assert keys["department"] == keys["finished"] == "case number"
    tombstones = {name: each["summary"] for _, name, each in messages(document) if each["payload"] == {"type": "null"}}
    assert tombstones == {
        "finished": "A tombstone. The case needs nothing more from this department.",
        "erased": "A tombstone. This text was erased.",
    }

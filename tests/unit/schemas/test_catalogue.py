import json

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

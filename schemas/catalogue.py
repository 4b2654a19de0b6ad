"""What each topic carries, as JSON Schema (2020-12) and as one AsyncAPI 3 document, made from the models."""

from typing import Any, Final

from pydantic import TypeAdapter

from schemas.case import Case
from schemas.command import COMMAND
from schemas.event import Event
from schemas.measure import Measure
from schemas.order import Order, Written
from schemas.report import INCOMING

DEPARTMENT: Final = "department.{code}"

CARRIES: Final[dict[str, tuple[str, TypeAdapter[Any]]]] = {
    "reports": ("What comes through a door; key = report id.", INCOMING),
    "commands": ("Everything that can change a case; key = home.", COMMAND),
    "events": ("What happened, the record of the system; key = home.", TypeAdapter(Event)),
    "texts": ("What people wrote and photographed; key = text id; erased by a tombstone.", TypeAdapter(Written)),
    "cases": ("State of the step `cases`, values under `case/<number>`.", TypeAdapter(Case)),
    "measures": ("Counts, sums and histograms; key = partition/figure.", TypeAdapter(Measure)),
    DEPARTMENT: ("The whole present order of a case; key = case number; a tombstone ends it.", TypeAdapter(Order)),
}
"""Topic address to what it carries."""


def json_schema(topic: str) -> dict[str, Any]:
    """JSON Schema of the values of a topic, `department.{code}` for the departments' topics."""
    return CARRIES[topic][1].json_schema()


def asyncapi(version: str) -> dict[str, Any]:
    """The AsyncAPI 3.0 document of all topics of release `version`."""
    channels: dict[str, Any] = {}
    for topic, (said, adapter) in CARRIES.items():
        name = topic.split(".")[0]
        channels[name] = {
            "address": topic,
            "description": said,
            "messages": {
                name: {
                    "contentType": "application/json",
                    "payload": {
                        "schemaFormat": "application/schema+json;version=draft-2020-12",
                        "schema": adapter.json_schema(),
                    },
                }
            },
        }
    channels["department"]["parameters"] = {"code": {"description": "Code of the department."}}
    return {
        "asyncapi": "3.0.0",
        "info": {
            "title": "Grid36",
            "version": version,
            "description": "CloudEvents 1.0 in Kafka's binary mode. Read with isolation.level=read_committed.",
        },
        "channels": channels,
    }

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

HAVE_HEADERS: Final = frozenset({"reports", "events", DEPARTMENT})
"""Topics whose records are CloudEvents; commands, state and texts carry a key and a value only."""

_HEADERS: Final[dict[str, Any]] = {
    "type": "object",
    "description": "CloudEvents 1.0.2, binary mode of its Kafka binding; each value is UTF-8 text.",
    "required": ["ce_specversion", "ce_id", "ce_source", "ce_type", "ce_time", "content-type"],
    "properties": {
        "ce_specversion": {"const": "1.0"},
        "ce_id": {"type": "string", "description": "Unique within the source."},
        "ce_source": {"type": "string"},
        "ce_type": {"type": "string"},
        "ce_time": {"type": "string", "format": "date-time"},
        "ce_subject": {"type": "string", "description": "The case number, or the report id."},
        "content-type": {"type": "string"},
    },
}


def json_schema(topic: str) -> dict[str, Any]:
    """JSON Schema of the values of a topic, `department.{code}` for the departments' topics."""
    return CARRIES[topic][1].json_schema()


def asyncapi(version: str) -> dict[str, Any]:
    """The AsyncAPI 3.0 document of all topics of release `version`; every `$ref` resolves from its root."""
    payloads, shared = TypeAdapter.json_schemas(
        [(topic, "validation", adapter) for topic, (_, adapter) in CARRIES.items()],
        ref_template="#/components/schemas/{model}",
    )
    channels: dict[str, Any] = {}
    for topic, (said, _) in CARRIES.items():
        name = topic.split(".")[0]
        message = {"contentType": "application/json", "payload": _without_discriminator(payloads[topic, "validation"])}
        if topic in HAVE_HEADERS:
            message["headers"] = {"$ref": "#/components/schemas/CloudEventHeaders"}
        channels[name] = {"address": topic, "description": said, "messages": {name: message}}
    channels["department"]["parameters"] = {"code": {"description": "Code of the department."}}
    return {
        "asyncapi": "3.0.0",
        "info": {
            "title": "Grid36",
            "version": version,
            "description": "CloudEvents 1.0 in Kafka's binary mode. Read with isolation.level=read_committed.",
        },
        "defaultContentType": "application/json",
        "channels": channels,
        "components": {"schemas": _without_discriminator(shared["$defs"]) | {"CloudEventHeaders": _HEADERS}},
    }


def _without_discriminator(schema: Any) -> Any:
    """AsyncAPI wants a property's name there, pydantic writes OpenAPI's object; `type` is a constant in each choice."""
    match schema:
        case dict():
            return {
                key: _without_discriminator(each)
                for key, each in schema.items()
                if key != "discriminator" or not isinstance(each, dict) or "propertyName" not in each
            }
        case list():
            return [_without_discriminator(each) for each in schema]
    return schema

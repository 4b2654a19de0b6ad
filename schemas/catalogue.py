"""What each topic carries, as JSON Schema (2020-12) and as one AsyncAPI 3 document, made from the models."""

from typing import Any, Final, NamedTuple

from pydantic import TypeAdapter

from schemas.action import ANSWER_KIND, Action, ActionAnswer
from schemas.case import Case
from schemas.event import Event
from schemas.measure import Measure
from schemas.order import FINISHED_KIND, ORDER_KIND, Order, Written
from schemas.proof import PROOF_KIND, ProofStatement
from schemas.settling import IN_COMMANDS, IN_REPORTS
from schemas.topics import PROOFS

DEPARTMENT: Final = "department.{code}"
ACTIONS: Final = "actions.{code}"
ANSWERS: Final = "answers.{code}"
_PROOFS: Final[TypeAdapter[Any]] = TypeAdapter(ProofStatement)


class Carried(NamedTuple):
    """What one topic carries."""

    said: str
    key: str
    """What the key of its records is."""
    values: TypeAdapter[Any]
    tombstone: tuple[str, str] | None = None
    """Name and meaning of the message without a value, where there is one."""


CARRIES: Final[dict[str, Carried]] = {
    "reports": Carried("What comes through a door.", "report id", IN_REPORTS),
    "commands": Carried("Everything that can change a case.", "home", IN_COMMANDS),
    "events": Carried("What happened, the record of the system.", "home", TypeAdapter(Event)),
    "texts": Carried(
        "What people wrote and photographed.", "text id", TypeAdapter(Written), ("erased", "This text was erased.")
    ),
    "cases": Carried(
        "State of the step `cases`, values under `case/<number>`.", "name of the value", TypeAdapter(Case)
    ),
    "measures": Carried("Counts, sums and histograms.", "partition/figure", TypeAdapter(Measure)),
    DEPARTMENT: Carried(
        "The whole present order of a case, one topic for each department.",
        "case number",
        TypeAdapter(Order),
        ("finished", "The case needs nothing more from this department."),
    ),
    ACTIONS: Carried("What a department's own program does to its orders.", "case number", TypeAdapter(Action)),
    ANSWERS: Carried("What became of each of these acts.", "case number", TypeAdapter(ActionAnswer)),
    PROOFS: Carried("What went between Grid36 and a partner on a day, by both sides.", "PARTNER|DAY", _PROOFS),
}
"""Topic address to what it carries."""

HAVE_HEADERS: Final = frozenset({"reports", "events", DEPARTMENT, ANSWERS, PROOFS})
"""Topics whose records are CloudEvents; commands, state and texts carry a key and a value only."""

KINDS: Final = {"department": ORDER_KIND, "finished": FINISHED_KIND, "answers": ANSWER_KIND, PROOFS: PROOF_KIND}
"""Messages that always have the same `ce_type`."""

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
        "ce_subject": {"type": "string", "description": "The case number, the report id, or the partner."},
        "content-type": {"type": "string"},
    },
}


def json_schema(topic: str) -> dict[str, Any]:
    """JSON Schema of the values of a topic, `department.{code}` for the departments' topics."""
    return CARRIES[topic].values.json_schema()


def asyncapi(version: str) -> dict[str, Any]:
    """The AsyncAPI 3.0 document of all topics of release `version`; every `$ref` resolves from its root."""
    payloads, shared = TypeAdapter.json_schemas(
        [(topic, "validation", carried.values) for topic, carried in CARRIES.items()],
        ref_template="#/components/schemas/{model}",
    )
    channels: dict[str, Any] = {}
    for topic, carried in CARRIES.items():
        name = topic.split(".")[0]
        messages = {name: _message(topic, name, _without_discriminator(payloads[topic, "validation"]))}
        if carried.tombstone is not None:
            ending, meaning = carried.tombstone
            messages[ending] = _message(topic, ending, {"type": "null"}) | {"summary": f"A tombstone. {meaning}"}
        channels[name] = {"address": topic, "description": carried.said, "messages": messages}
    for channel in channels.values():
        if "{code}" in channel["address"]:
            channel["parameters"] = {"code": {"description": "Code of the department."}}
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


def _message(topic: str, name: str, payload: dict[str, Any]) -> dict[str, Any]:
    key = {"type": "string", "description": CARRIES[topic].key}
    message = {
        "contentType": "application/json",
        "payload": payload,
        "bindings": {"kafka": {"key": key, "bindingVersion": "0.5.0"}},
    }
    if topic in HAVE_HEADERS:
        headers: dict[str, Any] = {"$ref": "#/components/schemas/CloudEventHeaders"}
        if kind := KINDS.get(name):
            headers = {"allOf": [headers, {"properties": {"ce_type": {"const": kind}}}]}
        message["headers"] = headers
    return message


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

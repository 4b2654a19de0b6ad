"""schema: the shapes of all messages, for other systems."""

import json
from typing import Any

import click

from schemas.case import Case
from schemas.command import COMMAND
from schemas.event import Event
from schemas.measure import Measure
from schemas.order import Order, Written
from schemas.report import INCOMING
from schemas.value import Value

MESSAGES: dict[str, type[Value]] = {
    "events": Event,
    "department": Order,
    "texts": Written,
    "cases": Case,
    "measures": Measure,
}


@click.command()
@click.argument("topic", type=click.Choice(["reports", "commands", *MESSAGES]))
def schema(topic: str) -> None:
    """The JSON Schema of what TOPIC carries."""
    click.echo(json.dumps(schema_of(topic), ensure_ascii=False, indent=2))


def schema_of(topic: str) -> dict[str, Any]:
    """JSON Schema (2020-12) of the values in a topic."""
    if topic == "reports":
        return INCOMING.json_schema()
    if topic == "commands":
        return COMMAND.json_schema()
    return MESSAGES[topic].model_json_schema()

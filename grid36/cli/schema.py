"""schema: JSON Schema of all messages, for other systems."""

import json
from importlib.metadata import version

import click

from grid36.cli.terminal.help_texts import command
from schemas.catalogue import CARRIES, DEPARTMENT, asyncapi, json_schema

TOPICS = {"department" if topic == DEPARTMENT else topic: topic for topic in CARRIES}


@command(help="command.schema.help")
@click.argument("topic", type=click.Choice([*TOPICS, "asyncapi"]))
def schema(topic: str) -> None:
    """The JSON Schema of what TOPIC carries; `asyncapi` gives one AsyncAPI 3 document for all of them."""
    answer = asyncapi(version("grid36")) if topic == "asyncapi" else json_schema(TOPICS[topic])
    click.echo(json.dumps(answer, ensure_ascii=False, indent=2))

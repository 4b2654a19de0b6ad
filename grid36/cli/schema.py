"""schema: JSON Schema of all messages, AsyncAPI of the topics, OpenAPI of HTTP API and Open311, for other systems."""

import json
from importlib.metadata import version

import click

from connectors.doors.http.openapi import openapi
from connectors.doors.open311.description import description
from grid36.cli.terminal.help_texts import command
from schemas.catalogue import CARRIES, asyncapi, json_schema

DOCUMENTS = {"asyncapi": asyncapi, "openapi": openapi, "open311": description}
TOPICS = {topic.partition(".")[0]: topic for topic in CARRIES}


@command(help="command.schema.help")
@click.argument("topic", type=click.Choice([*TOPICS, *DOCUMENTS]))
def schema(topic: str) -> None:
    """The JSON Schema of what TOPIC carries; `asyncapi` is one document for all topics, `openapi` for the HTTP API,
    `open311` for the Open311 server."""
    answer = DOCUMENTS[topic](version("grid36")) if topic in DOCUMENTS else json_schema(TOPICS[topic])
    click.echo(json.dumps(answer, ensure_ascii=False, indent=2))

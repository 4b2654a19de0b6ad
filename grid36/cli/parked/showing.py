"""parked show: one parked record wholly."""

from typing import Any

import click

from connectors.intake.parked_records import ParkedItem, content_text
from grid36.cli.options import as_json, asynchronous, say, settings_of
from grid36.cli.parked.listing import when
from grid36.cli.parked.reading import parked_item
from grid36.cli.terminal.help_texts import command
from grid36.cli.terminal.phrases import label, padded, phrase
from schemas.names import Language


@command("show", help="command.parked.show.help")
@click.argument("record")
@as_json
@asynchronous
async def show(record: str, as_json: bool) -> None:
    """All that is known of RECORD, with its content."""
    settings = settings_of()
    item = await parked_item(settings, record)
    say(_answer(item), as_json, lambda answer: _show(answer, Language(settings.lang)))


def _answer(item: ParkedItem) -> dict[str, Any]:
    kept = item.record
    told = {"record": item.id, **kept.model_dump(exclude={"v", "value_b64"}, exclude_none=True)}
    outcomes = [each.model_dump(exclude={"v"}, exclude_none=True) for each in item.outcomes]
    return told | {"content": content_text(kept.value), "whole": kept.is_whole, "outcomes": outcomes}


def _show(answer: dict[str, Any], language: Language) -> None:
    for name in ("record", "topic", "partition", "offset", "t_ms", "error", "reason", "id", "case", "size", "sha256"):
        if name in answer:
            value = when(answer[name]) if name == "t_ms" else answer[name]
            click.echo(f"{padded(label(f'parked_{name}', language), 14)} {value}")
    for each in answer["outcomes"]:
        said = phrase(f"parked_{each['outcome']}", language, by=each["by"])
        click.echo(f"{when(each['t_ms'])}  {said}{each.get('why') or ''} {each.get('reason') or ''}".rstrip())
    click.echo(f"\n{answer['content']}")
    if not answer["whole"]:
        click.echo(phrase("parked_not_whole", language))

"""parked: what could not be processed, and why."""

from datetime import UTC, datetime
from typing import Any

import click

from grid36.cli.options import as_json, asynchronous, say, servers_of, settings_of
from grid36.cli.terminal.help_texts import command, option
from grid36.cli.terminal.phrases import phrase
from grid36.kafka.topics import wait_for_kafka
from schemas.codec import UnreadableError, decode
from schemas.names import Language
from schemas.topics import PARKED
from streams.kafka.topic_reader import TopicReader
from streams.parked import ParkedRecord

LIMIT_S = 15.0


@command(help="command.parked.help")
@option("--limit", type=click.IntRange(1, 10_000), default=50, show_default=True, help="command.parked.limit")
@as_json
@asynchronous
async def parked(limit: int, as_json: bool) -> None:
    """What was set aside because it could not be processed."""
    settings = settings_of()
    servers = servers_of(settings)
    await wait_for_kafka(servers, LIMIT_S)
    rows: list[dict[str, Any]] = []
    async with TopicReader(servers, settings.topic_prefix + PARKED, compacted=True) as tail:
        async for records in tail.to_end():
            rows += [_row(record.value) for record in records if record.value]
    rows.sort(key=lambda row: row["t_ms"])
    say({"count": len(rows), "parked": rows[-limit:]}, as_json, lambda answer: _show(answer, Language(settings.lang)))


def _row(value: bytes) -> dict[str, Any]:
    try:
        kept = decode(ParkedRecord, value)
    except UnreadableError as error:  # written by a newer release
        return {"t_ms": 0, "reason": str(error)}
    return kept.model_dump(exclude={"v", "value_b64"}, exclude_none=True)


def _show(answer: dict[str, Any], language: Language) -> None:
    for row in answer["parked"]:
        when = datetime.fromtimestamp(row["t_ms"] / 1000, UTC).strftime("%Y-%m-%d %H:%M:%SZ")
        where = f"{row.get('topic')}/{row.get('partition')}@{row.get('offset', 'deadline')}"
        click.echo(f"{when}  {where:<24} {row.get('case') or row.get('id') or '-':<28} {row['reason']}")
    count = answer["count"]
    click.echo(phrase("parked_some", language, n=count) if count else phrase("parked_none", language))

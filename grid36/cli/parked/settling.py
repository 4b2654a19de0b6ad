"""parked retry, drop: a person's word on a parked record, which acts once."""

import asyncio
from contextlib import suppress
from typing import Any

import click

from connectors.intake.parked_records import ParkedItem, ParkedRecords, settling_row
from connectors.outbox.store import OutboxRow
from grid36.cli.options import as_json, asynchronous, say, servers_of, settings_of
from grid36.cli.parked.reading import LIMIT_S, parked_item
from grid36.cli.terminal.exit_codes import DONE, NO
from grid36.cli.terminal.help_texts import command, option
from grid36.cli.terminal.phrases import phrase
from grid36.settings import Settings
from schemas.names import Language
from schemas.parked import ParkedOutcome, SettleOutcome
from schemas.settling import Settle
from schemas.topics import PARKED
from streams.kafka.clients import producer as kafka_producer
from streams.kafka.closing import stop_quietly
from streams.kafka.topic_reader import TopicReader

ANSWER_S = 20.0
_by = option("--by", required=True, metavar="NAME", help="command.parked.by")


@command("retry", help="command.parked.retry.help")
@click.argument("record")
@_by
@option("--why", default="", help="command.parked.why")
@as_json
@asynchronous
async def retry(record: str, by: str, why: str, as_json: bool) -> None:
    """Let RECORD be processed as if it came now."""
    await _settle(record, Settle.RETRY, by, why, as_json)


@command("drop", help="command.parked.drop.help")
@click.argument("record")
@_by
@option("--why", required=True, help="command.parked.why")
@as_json
@asynchronous
async def drop(record: str, by: str, why: str, as_json: bool) -> None:
    """Note that RECORD was looked at and nothing will come of it."""
    await _settle(record, Settle.DROP, by, why, as_json)


async def _settle(id: str, settle: Settle, by: str, why: str, as_json: bool) -> None:
    settings = settings_of()
    item = await parked_item(settings, id)
    row = settling_row(item, settle, by, why)
    outcome = await _answered(settings, item, row)
    answer: dict[str, Any] = {"record": id, "outcome": "sent", "reason": ""}
    if outcome is not None:
        answer = {"record": id, "outcome": outcome.outcome.value, "reason": outcome.reason}
    language = Language(settings.lang)
    say(answer, as_json, lambda told: click.echo(phrase(f"parked_{told['outcome']}_now", language, **told)))
    done = outcome is not None and outcome.outcome is not SettleOutcome.FAILED
    raise click.exceptions.Exit(DONE if done else NO)


async def _answered(settings: Settings, item: ParkedItem, row: OutboxRow) -> ParkedOutcome | None:
    """Send it, and wait for what becomes of it; None when no worker answers in time, which is safe to ask again."""
    servers, prefix = servers_of(settings), settings.topic_prefix
    partition, _, offset = item.id.partition("-")
    known, before = ParkedRecords(most=None), len(item.outcomes)
    starts = {int(partition): int(offset)}
    reader = TopicReader(servers, prefix + PARKED, starts, partitions=[int(partition)], compacted=True)
    producer = kafka_producer(servers)
    try:
        async with asyncio.timeout(LIMIT_S):
            await producer.start()
            await producer.send_and_wait(prefix + row.topic, row.value, row.key.encode(), row.partition)
    finally:
        await stop_quietly(producer)
    with suppress(TimeoutError):
        async with asyncio.timeout(ANSWER_S), reader:
            async for records in reader.follow():
                for each in records:
                    known.take(each.partition, each.offset, each.value)
                found = known.get(item.id)
                if found is not None and len(found.outcomes) > before:
                    return found.outcomes[-1]
    return None

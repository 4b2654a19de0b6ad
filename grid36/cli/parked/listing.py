"""parked list: what could not be processed, and why."""

from datetime import UTC, datetime
from typing import Any

import click

from connectors.intake.parked_records import ParkedItem, reason_in
from grid36.cli.options import as_json, asynchronous, say, settings_of
from grid36.cli.parked.reading import all_parked
from grid36.cli.terminal.help_texts import command, option
from grid36.cli.terminal.phrases import phrase
from schemas.names import Language

limited = option("--limit", type=click.IntRange(1, 10_000), default=50, show_default=True, help="command.parked.limit")


@command("list", help="command.parked.list.help")
@limited
@option("--settled", is_flag=True, help="command.parked.list.settled")
@as_json
@asynchronous
async def listed(limit: int, settled: bool, as_json: bool) -> None:
    """What was set aside because it could not be processed, the latest last."""
    settings = settings_of()
    found = await all_parked(settings)
    items = sorted(found.all(), key=lambda item: item.record.t_ms)
    rows = [_row(item) for item in items if settled or item.settled is None]
    answer: dict[str, Any] = {"count": len(rows), "parked": rows[-limit:]}
    if found.unreadable:
        answer["of_a_newer_release"] = found.unreadable
    say(answer, as_json, lambda told: _show(told, Language(settings.lang)))


def _row(item: ParkedItem) -> dict[str, Any]:
    """One record without its content, for programs."""
    row = {"record": item.id, **item.record.model_dump(exclude={"v", "value_b64"}, exclude_none=True)}
    if item.failed:
        row["failed_again"] = item.failed
    if (done := item.settled) is not None:
        row |= {"outcome": done.outcome.value, "by": done.by, "why": done.why, "settled_ms": done.t_ms}
    return row


def when(t_ms: int) -> str:
    """A moment of the log."""
    return datetime.fromtimestamp(t_ms / 1000, UTC).strftime("%Y-%m-%d %H:%M:%SZ")


def _show(answer: dict[str, Any], language: Language) -> None:
    for row in answer["parked"]:
        where = f"{row['topic']}/{row['partition']}@{row.get('offset', 'deadline')}"
        done = phrase(f"parked_{row['outcome']}", language, by=row["by"]) if "outcome" in row else ""
        who = row.get("case") or row.get("id") or "-"
        why = reason_in(row["error"], row["reason"], language)
        click.echo(f"{row['record']:<10} {when(row['t_ms'])}  {where:<24} {who:<28} {done}{why}")
    count = answer["count"]
    click.echo(phrase("parked_some", language, n=count) if count else phrase("parked_none", language))

"""rules versions."""

import json
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import click

from connectors.clock import now_ms
from grid36.cli.options import as_json, asynchronous, say, servers_of, settings_of
from grid36.cli.terminal.help_texts import command
from grid36.system.create import known_in
from grid36.system.versions import Version, versions_in
from schemas.names import Language, Name
from schemas.system import Switched
from streams.rulebooks.activation import NotCreatedError
from streams.rulebooks.topic import Records, read_rulebooks, text_in


@command(help="command.rules.versions.help")
@as_json
@asynchronous
async def versions(as_json: bool) -> None:
    """Every version of the rulebook."""
    settings, t_ms = settings_of(), now_ms()
    records = await read_rulebooks(servers_of(settings), prefix=settings.topic_prefix)
    known = known_in(records, t_ms)
    if known is None:
        raise NotCreatedError
    zone, language = known.region.zone, Language(settings.lang)
    rows = [_version(version, records, zone) for version in versions_in(records, t_ms)]
    say({"versions": rows}, as_json, lambda _: click.echo("\n".join(_line(row, language) for row in rows)))


def _version(version: Version, records: Records, zone: str) -> dict[str, Any]:
    content = json.loads(text_in(records, version.rulebook) or "{}")
    begun = Switched(id="", rulebook=version.rulebook, region=version.region, by="", at_ms=0, effective_ms=0)
    named = {name: content.get(name, "") for name in ("name", "author")}
    row = {"state": version.state.value, **named, **switch_row(version.switch or begun, zone)}
    return row | {"note": row["note"] or content.get("note", "")}


def _line(row: dict[str, Any], language: Language) -> str:
    since = row["from"] or Name.of("command.rules.versions.created_with_system").to(language)
    said = [
        row["version"][:8],
        since,
        Name.of(f"command.rules.versions.state.{row['state']}").to(language),
        row["name"],
        row["by"],
        row["note"],
    ]
    return "  ".join(part for part in said if part)


def switch_row(made: Switched, zone: str) -> dict[str, Any]:
    """A switch for `--json`."""
    return {
        "version": made.rulebook,
        "region": made.region,
        "from": _time(made.effective_ms, zone),
        "from_ms": made.effective_ms,
        "by": made.by,
        "at": _time(made.at_ms, zone),
        "in_flight": made.in_flight,
        "note": made.note,
        "id": made.id,
    }


def _time(t_ms: int, zone: str) -> str | None:
    return datetime.fromtimestamp(t_ms / 1000, ZoneInfo(zone)).isoformat(timespec="seconds") if t_ms else None

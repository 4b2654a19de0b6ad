"""platform outcomes: what became of a platform's cases, for programs and as a table."""

import csv
from datetime import datetime
from pathlib import Path
from typing import Any, Final
from zoneinfo import ZoneInfo

import click

from grid36.cli.options import as_json, asynchronous, say, settings_of
from grid36.cli.platform.known import platform_of
from grid36.cli.terminal.help_texts import command, option
from grid36.cli.terminal.phrases import phrase
from grid36.files.output import check_writable
from grid36.gateway.client import GatewayClient, quoted
from grid36.platform_files.tables import table_cell
from grid36.system.create import region_of
from schemas.names import Language

FIELDS: Final = (
    "id", "case", "state", "their_state", "kind", "submitted_ms", "contacted_ms", "resolved_ms", "closed_ms", "due_ms",
    "on_time", "outcome", "answer", "reason", "department", "master",
)  # fmt: skip


@command("outcomes", help="command.platform.outcomes.help")
@click.argument("platform")
@option("--after", default="", help="command.platform.outcomes.after")
@option("--csv", "file", type=click.Path(path_type=Path, dir_okay=False), help="command.platform.outcomes.csv")
@as_json
@asynchronous
async def outcomes(platform: str, after: str, file: Path | None, as_json: bool) -> None:
    """What became of the cases of PLATFORM (its code)."""
    settings = settings_of()
    language, zone = Language(settings.lang), ZoneInfo(platform_of(settings, platform).zone or region_of(settings).zone)
    if file is not None:
        check_writable(file)
    found: dict[str, dict[str, Any]] = {}
    async with GatewayClient(settings) as gateway:
        more = True
        while more:
            path = f"/api/platforms/{quoted(platform)}/outcomes"
            page = await gateway.get(f"{path}?after={quoted(after)}" if after else path) or {}
            for each in page.get("outcomes", ()):
                found.pop(each["id"], None)
                found[each["id"]] = each
            after, more = page.get("next", after), page.get("more", False)
    rows = list(found.values())
    if file is not None:
        _write(file, rows, zone)

    def told(answer: dict[str, Any]) -> None:
        for each in answer["outcomes"] if file is None else ():
            click.echo(
                f"{each['id']}  {each['case']}  {each.get('their_state') or each['state']}  {each.get('answer', '')}"
            )
        click.echo(phrase("outcomes", language, n=len(answer["outcomes"]), after=answer["next"]))

    say({"outcomes": rows, "next": after}, as_json, told)


def _write(file: Path, rows: list[dict[str, Any]], zone: ZoneInfo) -> None:
    """A table that spreadsheet programs open as it is: times by the clocks there, no text a formula."""
    with file.open("w", encoding="utf-8-sig", newline="") as opened:
        table = csv.writer(opened)
        table.writerow([name.removesuffix("_ms") for name in FIELDS])
        table.writerows([_cell(name, row.get(name), zone) for name in FIELDS] for row in rows)


def _cell(name: str, value: Any, zone: ZoneInfo) -> str:
    if value is None:
        return ""
    if name.endswith("_ms"):
        return datetime.fromtimestamp(value / 1000, zone).strftime("%Y-%m-%d %H:%M:%S")
    text = str(value).lower() if isinstance(value, bool) else str(value)
    return table_cell(text)

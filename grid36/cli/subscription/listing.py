"""subscription list: what there is and how it stands."""

from datetime import datetime
from functools import partial
from typing import Any, Final
from zoneinfo import ZoneInfo

import click

from connectors.subscriptions.standing import every_standing
from connectors.subscriptions.store import with_subscriptions
from grid36.cli.options import as_json, say, settings_of
from grid36.cli.terminal.help_texts import command
from grid36.cli.terminal.phrases import phrase
from grid36.machine.home import Home
from grid36.settings import Settings
from grid36.system.create import region_of
from schemas.names import Language

WHEN: Final = "%Y-%m-%d %H:%M"
WHAT: Final = ("department", "category", "area", "case")


@command("list", help="command.subscription.list.help")
@as_json
def listed(as_json: bool) -> None:
    """All subscriptions."""
    settings = settings_of()
    file = Home(settings.home).subscriptions
    found = with_subscriptions(file, partial(every_standing, language=Language(settings.lang))) if file.exists() else []
    say({"subscriptions": found}, as_json, lambda answer: _show(answer["subscriptions"], settings))


def _show(rows: list[dict[str, Any]], settings: Settings) -> None:
    language = Language(settings.lang)
    if not rows:
        click.echo(phrase("no_subscriptions", language))
    for row in rows:
        what = " ".join(f"{name}={row[name]}" for name in WHAT if name in row)
        click.echo(phrase("subscription_row", language, **row | {"what": what}))
        if row.get("why"):
            since = when(settings, row.get("trouble_ms") or row.get("last_ms") or row["made_ms"])
            click.echo(phrase("subscription_why", language, says=row["says"], since=since))
        if gone := row.get("dead_gone"):
            click.echo(phrase("dead_gone", language, n=gone))


def when(settings: Settings, t_ms: int) -> str:
    """A time in the zone of the region."""
    return datetime.fromtimestamp(t_ms / 1000, ZoneInfo(region_of(settings).zone)).strftime(WHEN)

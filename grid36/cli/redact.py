"""redact: erases the words and pictures of a case, and tells at which doors that is done."""

import asyncio
from typing import Any, Final

import click

from connectors.chat.runtime.erasing import still_there
from connectors.ledger.connection import LedgerAway
from connectors.ledger.queries.cases import Ledger
from connectors.ledger.queries.erased import last_erased
from grid36.cli.options import as_json, asynchronous, say, settings_of
from grid36.cli.people import decided, number_of
from grid36.cli.terminal.help_texts import command, option
from grid36.cli.terminal.phrases import phrase
from grid36.gateway.client import GatewayClient, quoted
from grid36.machine.home import Home
from grid36.settings import Settings
from schemas.command import Act
from schemas.names import Language

PATIENCE_S: Final = 15.0
LOOK_S: Final = 0.2


@command(help="command.redact.help")
@click.argument("case")
@option("--by", required=True, help="command.act.by")
@as_json
@asynchronous
async def redact(case: str, by: str, as_json: bool) -> None:
    """Erase the words and pictures of CASE."""
    settings = settings_of()
    language = Language(settings.lang)
    async with GatewayClient(settings) as gateway:
        number = await number_of(gateway, case)
        path = f"/api/cases/{quoted(number)}/acts"
        sent = await gateway.post(path, {"act": Act.ERASE.value, "by": by, "door": "cli"}, ())
        answer = await decided(gateway, f"{path}/{quoted(str(sent['act']))}", {"act": sent["act"]})
    answer["doors"] = await _doors(settings, number) if answer["state"] != "accepted" else {}
    say(answer, as_json, lambda told: _show(told, language))
    raise click.exceptions.Exit(1 if answer["state"] == "refused" else 0)


async def _doors(settings: Settings, number: str) -> dict[str, str]:
    """Each door that stores conversations here: `done`, or `later` when that takes longer than anybody waits.

    Empty for a case of which nothing was ever erased.
    """
    doors, ledger = Home(settings.home).doors, Ledger(settings.ledger_address)
    end_s = asyncio.get_running_loop().time() + PATIENCE_S
    while True:
        try:
            epoch, seq = await asyncio.to_thread(lambda: (ledger.epoch(), last_erased(ledger, number)))
        except LedgerAway:
            return {}
        if not seq:
            return {}
        waits = await still_there(doors, epoch, seq)
        if not any(waits.values()) or asyncio.get_running_loop().time() > end_s:
            return {door: "later" if left else "done" for door, left in waits.items()}
        await asyncio.sleep(LOOK_S)


def _show(answer: dict[str, Any], language: Language) -> None:
    if answer["state"] == "accepted":
        click.echo(phrase("undecided", language, act=answer["act"]))
    else:
        click.echo(answer["why"] if answer["state"] == "refused" else phrase("redacted", language))
    for door, state in answer["doors"].items():
        click.echo(phrase(f"redacted_{state}", language, door=door))

"""rules propose, rules proposals: list changes from the front line, and their outcomes."""

import json
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import click

from grid36.cli.names import SpokenNames, names_of
from grid36.cli.options import as_json, asynchronous, say, settings_of
from grid36.cli.terminal.case_text import line
from grid36.cli.terminal.exit_codes import No
from grid36.cli.terminal.help_texts import command, option
from grid36.cli.terminal.key_value_option import PAIR, together
from grid36.cli.terminal.language import language
from grid36.cli.terminal.misuse import Misuse
from grid36.cli.terminal.phrases import label, padded, phrase
from grid36.gateway.client import GatewayClient, quoted
from grid36.review.proposal import proposed_fields
from schemas.names import Language, Name


class NoPlace(No):
    """This case has no place yet, so nobody knows whose list it is about. Name a grid: --grid CODE"""


@command(help="command.rules.propose.help")
@option("--item", required=True, help="command.rules.propose.item")
@option("--set", "given", multiple=True, type=PAIR, required=True, help="command.rules.propose.set")
@option("--about", help="command.rules.propose.about")
@option("--grid", "code", help="command.rules.propose.grid")
@option("--by", required=True, help="command.rules.propose.by")
@option("--note", default="", help="command.rules.propose.note")
@option("--id", "report", help="command.rules.propose.id")
@as_json
@asynchronous
async def propose(
    item: str,
    given: tuple[tuple[str, str], ...],
    about: str | None,
    code: str | None,
    by: str,
    note: str,
    report: str | None,
    as_json: bool,
) -> None:
    """Propose a change of the list."""
    if (about is None) == (code is None):
        raise Misuse(Name.of("command.rules.propose.about_or_grid"))
    change = proposed_fields(item, together(given, "--set"))
    async with GatewayClient(settings_of()) as gateway:
        fields: dict[str, object] = {
            "change": json.dumps(change, ensure_ascii=False),
            "code": code or await _grid_of(gateway, str(about)),
            "links": about,
            "reporter": by,
            "text": note or None,
            "id": report,
            "door": "cli",
        }
        sent = await gateway.post("/api/reports", fields)
        path = f"/api/reports/{quoted(str(sent['report']))}"
        status = await gateway.until(path, lambda answer: answer["state"] not in {"accepted", "submitted"}) or {}
        number = status.get("case")
        case = await gateway.get(f"/api/cases/{quoted(str(number))}") if number else None
    answer = {"report": sent["report"], "case": number, "state": status.get("state", "accepted"), "change": change}
    answer["why"] = next((e["why"] for e in reversed((case or {}).get("timeline", [])) if "why" in e), "")
    say(answer, as_json, lambda result: _show_proposed(result, language()))


async def _grid_of(gateway: GatewayClient, about: str) -> str:
    """The grid of a case. Raises `NoPlace`."""
    answer = await gateway.get(f"/api/cases/{quoted(about)}")
    grid = ((answer or {}).get("case", {}).get("place") or {}).get("grid")
    if not isinstance(grid, str):
        raise NoPlace(case=about)
    return grid


def _show_proposed(answer: dict[str, Any], language: Language) -> None:
    for name in ("report", "case", "state", "why"):
        if answer[name]:
            line(label(name, language), answer[name])
    if answer["case"]:
        click.echo(phrase("next_approve", language, case=answer["case"]))


@command(help="command.rules.proposals.help")
@option("--open", "open_only", is_flag=True, help="command.rules.proposals.open")
@as_json
@asynchronous
async def proposals(open_only: bool, as_json: bool) -> None:
    """Proposed changes of the list, newest first."""
    settings = settings_of()
    async with GatewayClient(settings) as gateway:
        answer = await gateway.get("/api/proposals" + ("?open=1" if open_only else "")) or {"proposals": []}
    say(answer, as_json, lambda proposed: _show_proposals(proposed, names_of(settings)))


def _show_proposals(answer: dict[str, Any], names: SpokenNames) -> None:
    zone, language = ZoneInfo(names.region.zone), names.language
    decided = {True: "approved", False: "denied", None: "open"}
    for each in answer["proposals"]:
        click.echo(
            f"{each['case']}  {phrase(decided[each['approved']], language)}  {each['item']} {each.get('name', '')}  "
            + phrase("proposed_by", language, by=each["by"])
        )
        for field, change in each["changes"].items():
            was, new = names.value(field, change["from"]), names.value(field, change["to"])
            click.echo(f"    {names.word('field', field)}: {was} → {new}")
        for event in each["history"]:
            when = datetime.fromtimestamp(event["t_ms"] / 1000, zone).strftime("%Y-%m-%d %H:%M")
            what, who = names.word("event", event["type"]), names.word("by", event["by"])
            click.echo(f"    {when}  {padded(what, 22)} {padded(who, 16)} {event.get('why', '')}")
    if not answer["proposals"]:
        click.echo(phrase("no_proposals", language))

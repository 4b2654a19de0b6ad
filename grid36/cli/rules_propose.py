"""rules propose, rules proposals: changes of the list from the front line, and what became of them."""

import json
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import click

from grid36.cli.failing import No
from grid36.cli.options import as_json, asynchronous, say, settings_of
from grid36.cli.pairs import PAIR, together
from grid36.create import region_of
from grid36.gateway_client import GatewayClient, quoted
from grid36.list_proposal import proposed_fields


class NoPlace(No):
    """This case has no place yet, so nobody knows whose list it is about. Name a grid: --grid CODE"""


@click.command()
@click.option("--item", required=True, help="The list item, by its id; a new one needs name.zh, name.en and verdict.")
@click.option("--set", "given", multiple=True, type=PAIR, required=True, help="What is to change, e.g. verdict=handle.")
@click.option("--about", help="The case that shows why.")
@click.option("--grid", "code", help="Without --about: the grid that it comes from.")
@click.option("--by", required=True, help="Who proposes it; somebody else decides.")
@click.option("--note", default="", help="Why.")
@click.option("--id", "report", help="Your own id: sending it again does no harm.")
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
    """Propose a change of the list 动态调整: a second person approves or denies it, an activation makes it effective.

    \b
    grid36 rules propose --item P03 --set verdict=handle --set lead=parks --about 350203006-G001-2611-00001 --by head-01
    grid36 rules approve NUMBER --by list-steward
    """
    if (about is None) == (code is None):
        raise click.UsageError("Say where it comes from: either --about CASE or --grid CODE.")
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
        told = await gateway.until(path, lambda answer: answer["state"] not in {"accepted", "submitted"}) or {}
        number = told.get("case")
        case = await gateway.get(f"/api/cases/{quoted(str(number))}") if number else None
    answer = {"report": sent["report"], "case": number, "state": told.get("state", "accepted"), "change": change}
    answer["why"] = next((e["why"] for e in reversed((case or {}).get("timeline", [])) if "why" in e), "")
    say(answer, as_json, _show_proposed)


async def _grid_of(gateway: GatewayClient, about: str) -> str:
    """The grid of a case. Raises `NoPlace`."""
    answer = await gateway.get(f"/api/cases/{quoted(about)}")
    grid = ((answer or {}).get("case", {}).get("place") or {}).get("grid")
    if not isinstance(grid, str):
        raise NoPlace(case=about)
    return grid


def _show_proposed(answer: dict[str, Any]) -> None:
    for name in ("report", "case", "state", "why"):
        if answer[name]:
            click.echo(f"  {name:<8} {answer[name]}")
    if answer["case"]:
        click.echo(f"Next: grid36 rules approve {answer['case']} --by PERSON   (another person than --by)")


@click.command()
@click.option("--open", "open_only", is_flag=True, help="Only those that nobody has decided yet.")
@as_json
@asynchronous
async def proposals(open_only: bool, as_json: bool) -> None:
    """Proposed changes of the list, newest first: what they change, who proposed and who decided.

    \b
    grid36 rules proposals
    grid36 rules proposals --open --json
    """
    settings = settings_of()
    async with GatewayClient(settings) as gateway:
        answer = await gateway.get("/api/proposals" + ("?open=1" if open_only else "")) or {"proposals": []}
    zone = ZoneInfo(region_of(settings).zone)
    say(answer, as_json, lambda told: _show_proposals(told, zone))


def _show_proposals(answer: dict[str, Any], zone: ZoneInfo) -> None:
    decided = {True: "approved 已同意", False: "denied 不同意", None: "open 待定"}
    for each in answer["proposals"]:
        click.echo(
            f"{each['case']}  {decided[each['approved']]}  {each['item']} {each.get('name', '')}  by {each['by']}"
        )
        for field, change in each["changes"].items():
            click.echo(f"    {field}: {_plain(change['from'])} → {_plain(change['to'])}")
        for event in each["history"]:
            when = datetime.fromtimestamp(event["t_ms"] / 1000, zone).strftime("%Y-%m-%d %H:%M")
            click.echo(f"    {when}  {event['type']:<22} {event['by']:<16} {event.get('why', '')}")
    if not answer["proposals"]:
        click.echo("No proposals 没有清单调整建议.")


def _plain(value: Any) -> str:
    if isinstance(value, dict):
        return " / ".join(str(part) for part in value.values())
    if isinstance(value, list):
        return ", ".join(map(str, value)) or "-"
    return "-" if value in {None, ""} else str(value)

"""remedy propose, remedy list: standing remedies for hot spots, and the cases that each collects."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import click

from grid36.cli.names import SpokenNames, names_of
from grid36.cli.options import as_json, asynchronous, say, settings_of
from grid36.cli.terminal.case_text import line
from grid36.cli.terminal.help_texts import command, option
from grid36.cli.terminal.language import language
from grid36.cli.terminal.phrases import label, padded, phrase
from grid36.gateway.client import GatewayClient, quoted
from rules.book.labels import STATE_NAMES
from schemas.case import State


@command(help="command.remedy.propose.help")
@option("--segment", required=True, help="command.remedy.propose.segment")
@option("--category", required=True, help="command.remedy.propose.category")
@option("--kind", default="problem", show_default=True, help="command.remedy.propose.kind")
@option("--from", "begin", required=True, help="command.remedy.propose.from")
@option("--to", "end", required=True, help="command.remedy.propose.to")
@option("--text", required=True, help="command.remedy.propose.text")
@option("--by", required=True, help="command.remedy.propose.by")
@as_json
@asynchronous
async def propose(
    segment: str, category: str, kind: str, begin: str, end: str, text: str, by: str, as_json: bool
) -> None:
    """Propose a standing remedy, and wait until somebody has it."""
    fields: dict[str, object] = {
        "segment": segment, "category": category, "kind": kind, "from": begin, "to": end, "text": text, "by": by,
    }  # fmt: skip
    async with GatewayClient(settings_of()) as gateway:
        sent = await gateway.post_json("/api/remedies", fields)
        path = f"/api/reports/{quoted(str(sent['report']))}"
        status = await gateway.until(path, lambda answer: answer["state"] not in {"accepted", "submitted"}) or {}
        number = status.get("case")
        case = await gateway.get(f"/api/cases/{quoted(str(number))}") if number else None
    answer = {"report": sent["report"], "case": number, "state": status.get("state", "accepted")}
    answer["assignee"] = (case or {}).get("case", {}).get("assignee", "")
    answer["why"] = next((e["why"] for e in reversed((case or {}).get("timeline", [])) if "why" in e), "")
    say(answer, as_json, _show_proposed)


def _show_proposed(answer: dict[str, Any]) -> None:
    for name in ("report", "case", "state", "assignee", "why"):
        if answer[name]:
            line(label(name, language()), answer[name])


@command("list", help="command.remedy.list.help")
@option("--open", "open_only", is_flag=True, help="command.remedy.list.open")
@as_json
@asynchronous
async def listed(open_only: bool, as_json: bool) -> None:
    """Standing remedies, newest first."""
    settings = settings_of()
    async with GatewayClient(settings) as gateway:
        answer = await gateway.get("/api/remedies" + ("?open=1" if open_only else "")) or {"remedies": []}
    say(answer, as_json, lambda told: _show(told, names_of(settings)))


def _show(answer: dict[str, Any], names: SpokenNames) -> None:
    zone, spoken = ZoneInfo(names.region.zone), names.language
    for each in answer["remedies"]:
        state = STATE_NAMES[State(each["state"])].to(spoken)
        first, last = (_day(each[name] - less, zone) for name, less in (("from_ms", 0), ("until_ms", 1)))
        what = phrase("remedy_cases", spoken, then=each["count"], now=len(each["cases"]), first=first, last=last)
        where = f"{each['segment']} {names.category(each['category'])}"
        click.echo(f"{each['case']}  {padded(state, 10)} {padded(where, 30)} {what}  {each.get('assignee') or ''}")
    if not answer["remedies"]:
        click.echo(phrase("no_remedies", spoken))


def _day(t_ms: int, zone: ZoneInfo) -> str:
    return datetime.fromtimestamp(t_ms / 1000, zone).date().isoformat()

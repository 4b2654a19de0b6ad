"""rules approve."""

from datetime import date
from typing import Any

import click

from grid36.cli.options import as_json, asynchronous, say, servers_of, settings_of
from grid36.cli.rules.versions import switch_row
from grid36.cli.terminal.days import DAY
from grid36.cli.terminal.exit_codes import No
from grid36.cli.terminal.help_texts import command, option
from grid36.gateway.client import GatewayClient, quoted
from grid36.review.approval import Approval, let_take_effect, made_effective, problems, wishes
from grid36.review.check import as_lines, as_rows
from grid36.settings import Settings
from grid36.system.create import region_of
from rules.routing.list_changes import proposed
from schemas.case import Case
from schemas.change_steps import step_due
from schemas.names import Language, Name
from schemas.system import Switched
from streams.rulebooks.topic import read_rulebooks


class NoProposal(No):
    """This case proposes no change of the list. See what is proposed: grid36 rules proposals"""


class WasDenied(No):
    """This change was denied; the list stays as it is. It may be proposed again: grid36 rules propose"""


@command(help="command.rules.approve.help")
@click.argument("case")
@option("--by", required=True, help="command.rules.approve.by")
@option("--from", "begin", type=DAY, help="command.rules.approve.from")
@option("--note", default="", help="command.rules.approve.note")
@as_json
@asynchronous
async def approve(case: str, by: str, begin: date | None, note: str, as_json: bool) -> None:
    """Approve the change that CASE proposes, and activate the list with it; before that, say yes in its steps."""
    settings = settings_of()
    servers, language = servers_of(settings), Language(settings.lang)
    answer: dict[str, Any]
    known = _case(settings, case)
    item = proposed(known)
    if item is None:
        raise NoProposal(case=case)
    if known.change_approved is False:
        raise WasDenied(case=case)
    if (step := step_due(known.change_steps)) is not None:
        await _approved(settings, known.number, by, None, note)
        answer = {"approved": False, "case": known.number, "item": item.id, "step": step.id}
        agreed = Name.of("command.rules.approve.step", item=item.id, name=item.name, step=step.name)
        say(answer, as_json, lambda _: click.echo(agreed.to(language)))
        return
    approval = Approval(known.number, item, by, begin)
    records = await read_rulebooks(servers, prefix=settings.topic_prefix)
    wished = wishes(approval, records)
    if wrong := await problems(wished, begin):
        answer = {"approved": bool(known.change_approved), "problems": as_rows(wrong)}
        say(answer, as_json, lambda _: click.echo("\n".join(as_lines(wrong, language))))
        raise click.exceptions.Exit(1)
    if not known.change_approved:
        await _approved(settings, known.number, by, begin, note)
    made = await let_take_effect(settings, servers, wished, records) or made_effective(approval, records)
    assert made is not None, "it is made now, or was before"
    zone = region_of(settings).zone
    answer = {"approved": True, "case": known.number, "item": item.id, "already": not wished, **switch_row(made, zone)}
    answer["valid_from"] = _valid_from(wished, item.id, made)
    say(answer, as_json, lambda approved: click.echo(_said(approved, item.name, language)))


def _case(settings: Settings, number: str) -> Case:
    from connectors.ledger.queries.cases import Ledger

    ledger = Ledger(settings.ledger_address)
    found = ledger.case(number) or ledger.case_of_report(number)
    if found is None:
        raise NoProposal(case=number)
    return found


async def _approved(settings: Settings, number: str, by: str, begin: date | None, note: str = "") -> None:
    """Approve it. Raises `No` with the reason when that is refused."""
    async with GatewayClient(settings) as gateway:
        path = f"/api/cases/{quoted(number)}/acts"
        day = None if begin is None else begin.isoformat()
        sent = await gateway.post(path, {"act": "approve-change", "by": by, "door": "cli", "day": day, "note": note})
        answer = await gateway.until(f"{path}/{sent['act']}", lambda status: status["state"] != "accepted") or {}
    if answer.get("state") == "refused":
        raise No(" ".join(event["why"] for event in answer["timeline"] if "why" in event))


def _valid_from(wished: list[Any], item: str, made: Switched) -> str | None:
    """The first day of the new version on the new list."""
    days = [each.valid_from for wish in wished[:1] for each in wish.rulebook.items if each.id == item]
    found: list[date] = [day for day in days if day is not None]
    return max(found).isoformat() if found else None


def _said(answer: dict[str, Any], item: Name, language: Language) -> str:
    if answer["already"]:
        already = Name.of("command.rules.approve.already", item=answer["item"], name=item, begin=answer["from"])
        return already.to(language)
    return Name.of(
        "command.rules.approve.approved",
        item=answer["item"],
        name=item,
        valid_from=answer["valid_from"],
        version=answer["version"][:8],
        begin=answer["from"],
    ).to(language)

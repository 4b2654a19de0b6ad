"""act, cover, case: what people do to cases, from a terminal."""

from collections.abc import Iterable
from typing import Any

import click

from connectors.intake.numbers import looks_like_case_number
from grid36.cli.names import names_of
from grid36.cli.options import as_json, asynchronous, say, settings_of
from grid36.cli.report import photo_option
from grid36.cli.terminal.case_text import show_case
from grid36.cli.terminal.exit_codes import No
from grid36.cli.terminal.help_texts import command, option
from grid36.cli.terminal.key_value_option import PAIR, together
from grid36.cli.terminal.misuse import Misuse
from grid36.cli.terminal.phrases import phrase
from grid36.gateway.client import GatewayClient, quoted
from schemas.command import NOBODY_SAYS, Act, Outcome, Rating, ReturnReason
from schemas.joint import Scores
from schemas.names import Language, Name
from schemas.place import Datum


class UnknownCase(No):
    """There is no case with this number yet. The supervisor's page lists them: grid36 status"""


LONGEST_NUMBER = 300


@command(help="command.act.help")
@click.argument("case")
@click.argument("action", type=click.Choice([a.value for a in Act]), metavar="ACTION")
@option("--by", required=True, help="command.act.by")
@option("--note", help="command.act.note")
@photo_option
@option("--cite", help="command.act.cite")
@option("--reason", type=click.Choice([r.value for r in ReturnReason]), help="command.act.reason")
@option("--to", help="command.act.to")
@option("--score", "scores", multiple=True, type=PAIR, help="command.act.score")
@option("--category", help="command.act.category")
@option("--address", help="command.act.address")
@option("--lat", type=float)
@option("--lon", type=float)
@option("--datum", type=click.Choice([d.value for d in Datum]))
@option("--code", help="command.act.code")
@option("--outcome", type=click.Choice([o.value for o in Outcome if o not in NOBODY_SAYS]))
@option("--rating", type=click.Choice([r.value for r in Rating]), help="command.act.rating")
@option("--hours", type=click.IntRange(1, 24 * 365), help="command.act.hours")
@option("--until", help="command.act.until")
@option("--id", "given", help="command.act.id")
@as_json
@asynchronous
async def act(case: str, action: str, as_json: bool, given: str | None, **fields: Any) -> None:
    """Do something to a case, or to several with commas between."""
    photos = fields.pop("photos")
    fields |= together(fields.pop("scores"), "--score", Scores.model_fields)
    settings = settings_of()
    language = Language(settings.lang)
    async with GatewayClient(settings) as gateway:
        if "," in case:
            if photos:
                raise Misuse(Name.of("command.act.no_photos"))
            several = await _several(gateway, case.split(","), {**fields, "act": action, "id": given, "door": "cli"})
            say(several, as_json, lambda answer: _show_several(answer, language))
            raise click.exceptions.Exit(any(each["state"] == "refused" for each in several["cases"]))
        case = await number_of(gateway, case)
        path = f"/api/cases/{quoted(case)}/acts"
        sent = await gateway.post(path, {**fields, "act": action, "id": given, "door": "cli"}, photos)
        answer = await decided(gateway, f"{path}/{quoted(str(sent['act']))}", {"act": sent["act"]})
    _end(answer, as_json, language, {})


async def _several(gateway: GatewayClient, cases: Iterable[str], fields: dict[str, Any]) -> dict[str, Any]:
    """One act on several cases, as they are now; the outcome of each, with its reasons in `why`."""
    seen: dict[str, object] = {}
    for case in cases:
        number = await number_of(gateway, case.strip())
        known = await gateway.get(f"/api/cases/{quoted(number)}")
        seen[f"case.{number}"] = known["case"]["seq"] if known else 0
    sent = await gateway.post("/api/cases/acts", fields | seen)
    found = await gateway.until(f"/api/cases/acts/{quoted(str(sent['acts']))}", lambda a: a["state"] != "accepted")
    answer: dict[str, Any] = found or {"acts": sent["acts"], "state": "accepted", "cases": []}
    return answer | {"cases": [_with_why(each) for each in answer["cases"]]}


def _show_several(answer: dict[str, Any], language: Language) -> None:
    for each in answer["cases"]:
        click.echo(f"{each['case']}  {_outcome(each, language, {})}")


async def decided(gateway: GatewayClient, path: str, sent: dict[str, Any]) -> dict[str, Any]:
    """The outcome with its reasons in `why`; state `accepted` when it takes longer than anybody waits."""
    answer = await gateway.until(path, lambda a: a["state"] != "accepted") or {**sent, "state": "accepted"}
    return _with_why(answer)


def _with_why(answer: dict[str, Any]) -> dict[str, Any]:
    """The answer with its reasons instead of the events."""
    why = [event["why"] for event in answer.get("timeline", ()) if "why" in event]
    rest = {name: value for name, value in answer.items() if name != "timeline"}
    return {**rest, "why": " ".join(dict.fromkeys(why))}


def _end(answer: dict[str, Any], as_json: bool, language: Language, named: dict[str, str]) -> None:
    """Print the answer, and exit with 1 when it was refused."""
    say(answer, as_json, lambda _: click.echo(_outcome(answer, language, named)))
    raise click.exceptions.Exit(answer["state"] == "refused")


def _outcome(answer: dict[str, Any], language: Language, named: dict[str, str]) -> str:
    state = answer["state"]
    if state == "accepted":
        return phrase("undecided", language, act=answer["act"])
    said = phrase(state, language)
    return named.get(state) or (f"{said}: {answer['why']}" if answer["why"] else said)


async def number_of(gateway: GatewayClient, case: str) -> str:
    """The same case number, or the number of the case of a report id. Raises `UnknownCase`."""
    if not case.strip() or len(case) > LONGEST_NUMBER:
        raise UnknownCase(case=case[:LONGEST_NUMBER])
    if looks_like_case_number(case):
        if await gateway.get(f"/api/cases/{quoted(case)}") is None:
            raise UnknownCase(case=case)
        return case
    path = f"/api/reports/{quoted(case)}"
    report = await gateway.get(path)
    if report is not None and not report["case"]:  # accepted a moment ago
        report = await gateway.until(path, lambda answer: bool(answer["case"]), 5)
    if report is None or not report["case"]:
        raise UnknownCase(case=case)
    return str(report["case"])


@command(help="command.cover.help")
@click.argument("person")
@option("--cover", help="command.cover.cover")
@option("--by", required=True, help="command.cover.by")
@option("--from", "begin", required=True, help="command.cover.from")
@option("--until", required=True, help="command.cover.until")
@as_json
@asynchronous
async def cover(person: str, cover: str | None, by: str, begin: str, until: str, as_json: bool) -> None:
    """Say that PERSON is away and who covers."""
    fields: dict[str, object] = {
        "person": person,
        "cover": cover,
        "by": by,
        "from": begin,
        "until": until,
        "door": "cli",
    }
    settings = settings_of()
    language = Language(settings.lang)
    async with GatewayClient(settings) as gateway:
        sent = await gateway.post("/api/covers", fields)
        answer = await decided(gateway, f"/api/acts/{quoted(str(sent['cover']))}", {"act": sent["cover"]})
    _end(answer, as_json, language, {"done": phrase("registered", language, cover=sent["cover"])})


@command(help="command.case.help")
@click.argument("number")
@as_json
@asynchronous
async def case(number: str, as_json: bool) -> None:
    """The timeline of a case."""
    settings = settings_of()
    async with GatewayClient(settings) as gateway:
        answer = await gateway.get(f"/api/cases/{quoted(await number_of(gateway, number))}")
    if answer is None:
        raise UnknownCase(case=number)
    say(answer, as_json, lambda a: show_case(a, names_of(settings)))

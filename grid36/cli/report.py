"""report: sends a report from a terminal."""

import json
from typing import Any

import click

from grid36.cli.options import FILE, as_json, asynchronous, say, settings_of
from grid36.cli.terminal.case_text import line
from grid36.cli.terminal.help_texts import command, option
from grid36.cli.terminal.key_value_option import PAIR, together
from grid36.cli.terminal.phrases import label, phrase
from grid36.gateway.client import GatewayClient, quoted
from grid36.system.create import region_of
from rules.book.labels import STATE_NAMES
from schemas.case import State
from schemas.names import Language, Name
from schemas.place import Datum
from schemas.region import Region
from schemas.report import ReportKind

photo_option = option("--photo", "photos", multiple=True, type=FILE, help="command.option.photo")


@command(help="command.report.help")
@option("--text", help="command.report.text")
@option("--address", help="command.report.address")
@option("--lat", type=float, help="command.report.lat")
@option("--lon", type=float, help="command.report.lon")
@option("--datum", type=click.Choice([d.value for d in Datum]), help="command.report.datum")
@option("--code", help="command.report.code")
@photo_option
@option(
    "--after-photo", "after", multiple=True, type=FILE,
    help="command.report.after_photo"
)  # fmt: skip
@option("--category", help="command.report.category")
@option("--urgent", is_flag=True, help="command.report.urgent")
@option("--kind", type=click.Choice([k.value for k in ReportKind]), help="command.report.kind")
@option("--as", "reporter", help="command.report.as")
@option("--fixed", is_flag=True, help="command.report.fixed")
@option("--pushed-by", help="command.report.pushed_by")
@option("--item", help="command.report.item")
@option("--attribute", "attributes", multiple=True, type=PAIR, help="command.report.attribute")
@option("--id", "given", help="command.report.id")
@as_json
@asynchronous
async def report(as_json: bool, given: str | None, reporter: str | None, **fields: Any) -> None:
    """Send a report; prints its id, its case, who has it and why."""
    settings = settings_of()
    photos, after = fields.pop("photos"), fields.pop("after")
    named = together(fields.pop("attributes"), "--attribute")
    fields["attributes"] = json.dumps(named, ensure_ascii=False) if named else None
    if all(value is None or value is False for value in fields.values()) and not (photos or after):
        fields |= _example(region_of(settings), Language(settings.lang))
        reporter = reporter or _some_patroller(region_of(settings))
        if not as_json:
            shown = f"--text {fields['text']!r} {_place_words(fields)}"
            click.echo(phrase("example", Language(settings.lang), words=shown))
    async with GatewayClient(settings) as gateway:
        sent = await gateway.post(
            "/api/reports", {**fields, "id": given, "reporter": reporter, "door": "cli"}, photos, after
        )
        status = await gateway.until(
            f"/api/reports/{quoted(str(sent['report']))}", lambda a: a["state"] not in {"accepted", "submitted"}
        )
        answer: dict[str, Any] = {"report": sent["report"], "case": None, "state": "accepted", "why": ""}
        answer |= status or {}
        answer.pop("now", None)
        if status is not None and status["case"]:
            case = await gateway.get(f"/api/cases/{status['case']}")
            answer = {**answer, "case": status["case"], **_outline(case or {})}
    say(answer, as_json, lambda result: _show_report(result, Language(settings.lang)))


def _outline(case: dict[str, Any]) -> dict[str, Any]:
    """The assignee, the deadline and the reason."""
    row, why = case.get("case", {}), [e["why"] for e in case.get("timeline", ()) if "why" in e]
    names = ("state", "category", "assignee", "department", "due_ms", "master", "trouble")
    outline = {name: row[name] for name in names if name in row} | {"why": why[-1] if why else ""}
    return outline | ({"may_be": case["may_be"]} if "may_be" in case else {})


def _show_report(answer: dict[str, Any], language: Language) -> None:
    line(label("report", language), answer["report"])
    if answer["state"] == "parked":
        click.echo(phrase("safe_parked", language, why=answer["why"]))
        return
    if not answer["case"]:
        click.echo(phrase("safe_waits", language, report=answer["report"]))
        return
    state = STATE_NAMES[State(answer["state"])].to(language)
    for name, value in (answer | {"state": state}).items():
        if name in {"case", "state", "category", "assignee", "master"} and value:
            line(label(name, language), value)
    line(label("why", language), answer["why"])
    if other := answer.get("may_be"):
        filed, number = answer["category"], answer["case"]
        click.echo(phrase("may_be", language, category=filed, other=" / ".join(other), case=number))
    click.echo(phrase("next_case", language, case=answer["case"]))


def _example(region: Region, language: Language) -> dict[str, Any]:
    """A report that any region can locate: at a house number if there is one, else in a grid."""
    text = Name.of("command.report.example_text").to(language)
    for segment in region.segments:
        for numbers in segment.numbers:
            return {"text": text, "address": f"{segment.road.zh}{numbers.first}号"}
    return {"text": text, "code": region.grids[0].id}


def _some_patroller(region: Region) -> str | None:
    return next((p.id for p in region.persons if "patroller" in p.roles), None)


def _place_words(fields: dict[str, Any]) -> str:
    return f"--address {fields['address']!r}" if fields.get("address") else f"--code {fields['code']!r}"

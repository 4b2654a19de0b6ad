"""report: what anybody sends, from a terminal."""

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

photo_option = option("--photo", "photos", multiple=True, type=FILE, help=Name(zh="照片。", en="A picture."))


_REPORT = """发送一件上报；显示其编号、案件、责任人和原因。

\b
grid36 report                                    适用于当前地区的示例
grid36 report --text "路面有油污" --address "湖滨南路12号" --as patroller-1
grid36 report --text "路面积水" --lat 24.4512 --lon 118.0826 --datum gcj02 --photo here.jpg
grid36 report --text "核查商户" --code G001 --as officer-parks --pushed-by parks --item P03"""


@command(zh=_REPORT)
@option("--text", help=Name(zh="反映的问题。", en="What is the matter."))
@option(
    "--address",
    help=Name(
        zh="地点，按平常说法：湖滨南路12-8号，或地标。",
        en='Where, as people say it: "12 Hubin South Road", or a landmark.',
    ),
)
@option("--lat", type=float, help=Name(zh="纬度，与 --lon 合用。", en="Latitude, with --lon."))
@option("--lon", type=float, help=Name(zh="经度，与 --lat 合用。", en="Longitude, with --lat."))
@option(
    "--datum",
    type=click.Choice([d.value for d in Datum]),
    help=Name(zh="坐标系；地区未规定时须给出。", en="Datum, where the region does not say it."),
)
@option("--code", help=Name(zh="网格、路段或灯杆的编码。", en="Code of a grid, segment or pole."))
@photo_option
@option(
    "--after-photo", "after", multiple=True, type=FILE,
    help=Name(zh="与 --fixed 合用：处置后照片。", en="With --fixed: the picture after."),
)  # fmt: skip
@option(
    "--category",
    help=Name(
        zh="大类或小类的编号或名称；不给则由文字判定。",
        en="Id or name of a category or subcategory; without it the words decide.",
    ),
)
@option("--urgent", is_flag=True, help=Name(zh="紧急。", en="It cannot wait."))
@option(
    "--kind",
    type=click.Choice([k.value for k in ReportKind]),
    help=Name(zh="默认：problem（问题）。", en="Default: problem."),
)
@option(
    "--as",
    "reporter",
    help=Name(zh="上报人：地区内人员，或任意化名。", en="Who reports: a person of the region, or any pseudonym."),
)
@option(
    "--fixed",
    is_flag=True,
    help=Name(
        zh="现场自行处置：须有 --photo 和 --after-photo。", en="Fixed on the spot: needs --photo and --after-photo."
    ),
)
@option(
    "--pushed-by",
    help=Name(
        zh="下派此任务的部门；--as 为其工作人员。", en="The department that pushes this task down; --as is its officer."
    ),
)
@option(
    "--item", help=Name(zh="与 --pushed-by 合用：所依据的清单事项。", en="With --pushed-by: the list item it cites.")
)
@option(
    "--attribute",
    "attributes",
    multiple=True,
    type=PAIR,
    help=Name(zh="自定义属性，如 land=forest。", en="A free attribute, e.g. land=forest."),
)
@option(
    "--id", "given", help=Name(zh="自定编号：重复发送不会重复登记。", en="Your own id: sending it again does no harm.")
)
@as_json
@asynchronous
async def report(as_json: bool, given: str | None, reporter: str | None, **fields: Any) -> None:
    """Send a report; prints its id, its case, who has it and why.

    \b
    grid36 report                                    an example that works in the loaded region
    grid36 report --text "greasy pavement" --address "12 Hubin South Road" --as patroller-1
    grid36 report --text "flooded road" --lat 24.4512 --lon 118.0826 --datum gcj02 --photo here.jpg
    grid36 report --text "check the shops" --code G001 --as officer-parks --pushed-by parks --item P03
    """
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
        told = await gateway.until(
            f"/api/reports/{quoted(str(sent['report']))}", lambda a: a["state"] not in {"accepted", "submitted"}
        )
        answer: dict[str, Any] = {"report": sent["report"], "case": None, "state": "accepted", "why": ""}
        answer |= told or {}
        answer.pop("now", None)
        if told is not None and told["case"]:
            case = await gateway.get(f"/api/cases/{told['case']}")
            answer = {**answer, "case": told["case"], **_outline(case or {})}
    say(answer, as_json, lambda told: _show_report(told, Language(settings.lang)))


def _outline(case: dict[str, Any]) -> dict[str, Any]:
    """Who has it, by when, and the sentence that says why."""
    row, why = case.get("case", {}), [e["why"] for e in case.get("timeline", ()) if "why" in e]
    names = ("state", "category", "assignee", "department", "due_ms", "master", "trouble")
    told = {name: row[name] for name in names if name in row} | {"why": why[-1] if why else ""}
    return told | ({"may_be": case["may_be"]} if "may_be" in case else {})


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
    """A report that every region can place: a house number where it has one, else the middle of a grid."""
    text = Name(zh="路面有油污", en="greasy pavement").to(language)
    for segment in region.segments:
        for numbers in segment.numbers:
            return {"text": text, "address": f"{segment.road.zh}{numbers.first}号"}
    return {"text": text, "code": region.grids[0].id}


def _some_patroller(region: Region) -> str | None:
    return next((p.id for p in region.persons if "patroller" in p.roles), None)


def _place_words(fields: dict[str, Any]) -> str:
    return f"--address {fields['address']!r}" if fields.get("address") else f"--code {fields['code']!r}"

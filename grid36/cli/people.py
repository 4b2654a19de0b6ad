"""report, act, cover, case: what people do, from a terminal."""

import json
from typing import Any

import click

from connectors.numbers import looks_like_case_number
from grid36.cli.case_text import line, show_case
from grid36.cli.failing import No
from grid36.cli.options import FILE, as_json, asynchronous, say, settings_of
from grid36.cli.pairs import PAIR, together
from grid36.cli.phrases import label, phrase
from grid36.create import region_of
from grid36.gateway_client import GatewayClient, quoted
from rules.terms import STATE_NAMES
from schemas.case import State
from schemas.command import NOBODY_SAYS, Act, Outcome, Rating, ReturnReason
from schemas.joint import Scores
from schemas.names import Language
from schemas.place import Datum
from schemas.region import Region
from schemas.report import ReportKind


class UnknownCase(No):
    """There is no case of this number (yet) 没有此案件. The supervisor's page lists them: grid36 status"""


photo_option = click.option("--photo", "photos", multiple=True, type=FILE, help="A picture.")
LONGEST_NUMBER = 300


@click.command()
@click.option("--text", help="What is the matter.")
@click.option("--address", help='Where, as people say it: "12 Hubin South Road", 湖滨南路12-8号, a landmark.')
@click.option("--lat", type=float, help="Latitude, with --lon.")
@click.option("--lon", type=float, help="Longitude, with --lat.")
@click.option(
    "--datum",
    type=click.Choice([d.value for d in Datum]),
    help="Datum, where the region does not say it.",
)
@click.option("--code", help="Code of a grid, segment or pole.")
@photo_option
@click.option(
    "--after-photo", "after", multiple=True, type=FILE,
    help="With --fixed: the picture after.",
)  # fmt: skip
@click.option("--category", help="Id or name of a category or subcategory; without it the words decide.")
@click.option("--urgent", is_flag=True, help="It cannot wait.")
@click.option("--kind", type=click.Choice([k.value for k in ReportKind]), help="Default: problem.")
@click.option("--as", "reporter", help="Who reports: a person of the region, or any pseudonym.")
@click.option("--fixed", is_flag=True, help="Fixed on the spot: needs --photo and --after-photo.")
@click.option("--pushed-by", help="The department that pushes this task down; --as is its officer.")
@click.option("--item", help="With --pushed-by: the list item it cites.")
@click.option("--attribute", "attributes", multiple=True, type=PAIR, help="A free attribute, e.g. land=forest.")
@click.option("--id", "given", help="Your own id: sending it again does no harm.")
@as_json
@asynchronous
async def report(as_json: bool, given: str | None, reporter: str | None, **fields: Any) -> None:
    """Send a report; prints its id, its case, who has it and why.

    \b
    grid36 report                                    an example that works in the loaded region
    grid36 report --text "greasy pavement" --address "晨光街1号" --as patroller-1
    grid36 report --text "路面积水" --lat 24.4512 --lon 118.0826 --datum gcj02 --photo here.jpg
    grid36 report --text "核查商户" --code G001 --as officer-parks --pushed-by parks --item P03
    """
    settings = settings_of()
    photos, after = fields.pop("photos"), fields.pop("after")
    named = together(fields.pop("attributes"), "--attribute")
    fields["attributes"] = json.dumps(named, ensure_ascii=False) if named else None
    if all(value is None or value is False for value in fields.values()) and not (photos or after):
        fields |= _example(region_of(settings))
        reporter = reporter or _some_patroller(region_of(settings))
        if not as_json:
            click.echo(f"Example: grid36 report --text {fields['text']!r} " + _place_words(fields))
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


def _example(region: Region) -> dict[str, Any]:
    """A report that every region can place: a house number where it has one, else the middle of a grid."""
    for segment in region.segments:
        for numbers in segment.numbers:
            return {"text": "路面有油污 greasy pavement", "address": f"{segment.road.zh}{numbers.first}号"}
    return {"text": "路面有油污 greasy pavement", "code": region.grids[0].id}


def _some_patroller(region: Region) -> str | None:
    return next((p.id for p in region.persons if "patroller" in p.roles), None)


def _place_words(fields: dict[str, Any]) -> str:
    return f"--address {fields['address']!r}" if fields.get("address") else f"--code {fields['code']!r}"


@click.command()
@click.argument("case")
@click.argument("action", type=click.Choice([a.value for a in Act]), metavar="ACTION")
@click.option("--by", required=True, help="Who does it: a person of the region, or the reporter's pseudonym.")
@click.option("--note", help="Words.")
@photo_option
@click.option("--cite", help="The list item a department cites when it returns a case, or the whistle item.")
@click.option("--reason", type=click.Choice([r.value for r in ReturnReason]), help="Why it is returned.")
@click.option("--to", help="Executor (hand-on), person (assign), case (merge), milestone, departments (whistle).")
@click.option("--score", "scores", multiple=True, type=PAIR, help="rate-report-in: cooperation=4, 1 to 5, 3 expected.")
@click.option("--category", help="The right category (correct).")
@click.option("--address", help="The right place (correct).")
@click.option("--lat", type=float)
@click.option("--lon", type=float)
@click.option("--datum", type=click.Choice([d.value for d in Datum]))
@click.option("--code", help="The right place, as a code (correct).")
@click.option("--outcome", type=click.Choice([o.value for o in Outcome if o not in NOBODY_SAYS]))
@click.option(
    "--rating", type=click.Choice([r.value for r in Rating]), help="How content the reporter is (rate, verify)."
)
@click.option("--hours", type=click.IntRange(1, 24 * 365), help="How long (request-pause, request-extension).")
@click.option("--until", help="Instead of --hours: until when, e.g. 2026-11-23T08:00+08:00.")
@click.option("--id", "given", help="Your own id: sending it again does no harm.")
@as_json
@asynchronous
async def act(case: str, action: str, as_json: bool, given: str | None, **fields: Any) -> None:
    """Do something to a case, e.g.

    \b
    grid36 act 350203006-G001-2611-00001 acknowledge --by owner-1
    grid36 act 350203006-G001-2611-00001 resolve --by owner-1 --photo after.jpg
    grid36 act 350203006-G001-2611-00001 verify --by patroller-1

    CASE is a case number, or the id of the report that opened it.
    Actions: acknowledge, contact, milestone, resolve, return, hand-on, request-pause, request-extension, approve, deny,
    resume, verify, reject, reopen, rate, withdraw, correct, ask, answer, urge, raise, assign, merge, split, erase;
    accept an offer; admit, turn-away at the gate; whistle, sign, attend, rate-report-in; approve-change, deny-change.
    Exit code 1 when the case refuses it; the answer says why and what is possible.
    """
    photos = fields.pop("photos")
    fields |= together(fields.pop("scores"), "--score", Scores.model_fields)
    settings = settings_of()
    async with GatewayClient(settings) as gateway:
        case = await _number(gateway, case)
        path = f"/api/cases/{quoted(case)}/acts"
        sent = await gateway.post(path, {**fields, "act": action, "id": given, "door": "cli"}, photos)
        answer = await _decided(gateway, f"{path}/{quoted(str(sent['act']))}", {"act": sent["act"]})
    _end(answer, as_json, Language(settings.lang), {})


async def _decided(gateway: GatewayClient, path: str, sent: dict[str, Any]) -> dict[str, Any]:
    """What became of it, with the reasons in `why`; state `accepted` when that takes longer than anybody waits."""
    answer = await gateway.until(path, lambda a: a["state"] != "accepted") or {**sent, "state": "accepted"}
    why = [event["why"] for event in answer.pop("timeline", ()) if "why" in event]
    return {**answer, "why": " ".join(dict.fromkeys(why))}


def _end(answer: dict[str, Any], as_json: bool, language: Language, named: dict[str, str]) -> None:
    """Say it, and leave with 1 when it was refused."""
    state = answer["state"]
    if state == "accepted":
        told = phrase("undecided", language, act=answer["act"])
    else:
        said = phrase(state, language)
        told = named.get(state) or (f"{said}: {answer['why']}" if answer["why"] else said)
    say(answer, as_json, lambda _: click.echo(told))
    raise click.exceptions.Exit(1 if state == "refused" else 0)


async def _number(gateway: GatewayClient, case: str) -> str:
    """A case number as it is; for the id of a report, the number of its case. Raises `UnknownCase`."""
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


@click.command()
@click.argument("person")
@click.option("--cover", help="Who stands in; without it the person's work goes to the fallback owner.")
@click.option("--by", required=True, help="Who registers it.")
@click.option("--from", "begin", required=True, help="When it begins, e.g. 2026-11-23T08:00+08:00.")
@click.option("--until", required=True, help="When it ends.")
@as_json
@asynchronous
async def cover(person: str, cover: str | None, by: str, begin: str, until: str, as_json: bool) -> None:
    """Say that PERSON is away and who covers. It counts at once, in every grid.

    \b
    grid36 cover owner-1 --cover owner-2 --by steward-01 --from 2026-11-23T08:00 --until 2026-11-24T08:00

    Exit code 1 when it is refused; the answer says why.
    """
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
        answer = await _decided(gateway, f"/api/acts/{quoted(str(sent['cover']))}", {"act": sent["cover"]})
    _end(answer, as_json, language, {"done": phrase("registered", language, cover=sent["cover"])})


@click.command()
@click.argument("number")
@as_json
@asynchronous
async def case(number: str, as_json: bool) -> None:
    """The timeline of a case: what happened, when, by whom and why, and its clocks.

    \b
    grid36 case 350203006-G001-2611-00001
    grid36 case r-2433e8df88384b48 --json

    NUMBER is a case number or a report id.
    """
    settings = settings_of()
    async with GatewayClient(settings) as gateway:
        answer = await gateway.get(f"/api/cases/{quoted(await _number(gateway, number))}")
    if answer is None:
        raise UnknownCase(case=number)
    say(answer, as_json, lambda a: show_case(a, region_of(settings).zone, Language(settings.lang)))
